package syncmodel

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// block runs instructions until the path forks, ends or enters a new block.
func (e *explorer) block(p *path, depth int) (next []*path, end *Trace) {
	for {
		f := p.top()
		if f.idx == 0 {
			e.phis(f)
		}
		instr := f.block.Instrs[f.idx]
		f.idx++
		if lazyssa.Ends(instr) {
			return nil, p.end(instr.Pos(), true)
		}
		switch v := instr.(type) {
		case *ssa.Phi:
		case *ssa.If:
			return e.branch(p, v)
		case *ssa.Jump:
			return e.enter(p, f.block.Succs[0])
		case *ssa.Panic:
			return nil, p.end(v.Pos(), true) // it crashes or leaves by other means: no claim about what follows
		case *ssa.Return:
			res := make(tuple, len(v.Results))
			for i, r := range v.Results {
				if res[i] = p.eval(r); res[i] == nil && isError(r, v.Block()) {
					res[i] = text(fmt.Sprint("error of ", v.Pos())) // who gets it goes the way of an error
				}
			}
			if f.done != nil {
				p.emit(&Event{Kind: EvAdd, Obj: f.done, N: -1, Instr: v})
			}
			if len(p.frames) == 1 {
				var given []ssa.Instruction
				for _, r := range res {
					if obj, ok := r.(*Object); ok && !p.seenTo(v.Parent(), obj) {
						given = append(given, obj.Site) // other paths may keep it
						continue
					}
					e.escape(p, r)
				}
				end := p.end(v.Pos(), false)
				end.given = given
				return nil, end
			}
			p.frames = p.frames[:len(p.frames)-1]
			if f.call != nil {
				if len(res) == 1 {
					p.top().set(f.call, res[0])
				} else {
					p.top().set(f.call, res)
				}
			}
			return []*path{p}, nil
		case *ssa.RunDefers:
			if n := len(f.defers); n > 0 {
				d := f.defers[n-1]
				f.defers = f.defers[:n-1]
				f.idx-- // until none is left
				if forked := e.invoke(p, d.call, d.fn, d.args, depth, false); forked != nil {
					return forked, nil
				}
				return []*path{p}, nil
			}
		case *ssa.Select:
			return e.selects(p, v), nil
		default:
			if forked := e.step(p, instr, depth); forked != nil {
				return forked, nil
			}
			if e.failed {
				return nil, nil
			}
			if p.top() != f {
				return []*path{p}, nil // a call was entered
			}
			if len(p.trace) > 0 && p.trace[len(p.trace)-1].Kind == EvHang {
				return nil, p.end(instr.Pos(), false)
			}
		}
	}
}

// isError reports whether a value of a block is an error that is there: it has been asked, or is new.
func isError(v ssa.Value, b *ssa.BasicBlock) bool {
	if !lint.IsError(v.Type()) {
		return false
	}
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if last := lazyssa.LastStored(load); last != nil { // a result of a function that defers calls
			v = last
		}
	}
	call, isCall := v.(*ssa.Call)
	if isCall && (lint.IsFunc(lazyssa.Callee(call), "errors", "New") || lint.IsFunc(lazyssa.Callee(call), "fmt", "Errorf")) {
		return true
	}
	if lazyssa.Failed(v, b) {
		return true
	}
	for cond, is := range lazyssa.Conditions(b) {
		if isCall && aboutError(cond) && sameCause(cond.(*ssa.BinOp).X, call) && is == (cond.(*ssa.BinOp).Op == token.NEQ) {
			return true
		}
	}
	return false
}

// sameCause reports whether two values are why one context has ended, of which it has no other once it has.
func sameCause(v ssa.Value, call *ssa.Call) bool {
	asked, ok := v.(*ssa.Call)
	return ok && asked.Call.IsInvoke() && call.Call.IsInvoke() && asked.Call.Value == call.Call.Value &&
		asked.Call.Method == call.Call.Method && lint.IsMethod(call.Call.Method, "context", "Context", "Err")
}

func (f *frame) set(v ssa.Value, x value) {
	if v == nil {
		return
	}
	if t, ok := x.(tuple); ok && !slices.ContainsFunc(t, func(v value) bool { return v != nil }) {
		x = nil
	}
	if x == nil {
		delete(f.env, v)
	} else {
		f.env[v] = x
	}
}

func (e *explorer) phis(f *frame) {
	if f.prev == nil {
		return
	}
	i := slices.Index(f.block.Preds, f.prev)
	vals := make(map[*ssa.Phi]value)
	for _, instr := range f.block.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		vals[phi] = f.eval(phi.Edges[i])
		if _, ok := vals[phi].(number); ok {
			vals[phi] = nil // counters are the business of loops
		}
	}
	for phi, v := range vals {
		f.set(phi, v)
	}
}

func (p *path) eval(v ssa.Value) value { return p.top().eval(v) }

func (f *frame) eval(v ssa.Value) value {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return nilValue{}
		}
		switch v.Value.Kind() {
		case constant.Bool:
			return truth(constant.BoolVal(v.Value))
		case constant.Int:
			if n, ok := constant.Int64Val(v.Value); ok {
				return number(n)
			}
		case constant.String:
			return text(constant.StringVal(v.Value))
		}
		return nil
	case *ssa.Function:
		if origin(v).Blocks != nil {
			return &closure{fn: origin(v)}
		}
		return nil
	}
	return f.env[v]
}

// enter moves a path to a block, minding the bounds of loops.
func (e *explorer) enter(p *path, b *ssa.BasicBlock) ([]*path, *Trace) {
	f := p.top()
	from := f.block
	f.prev, f.block, f.idx = from, b, 0
	loops := e.m.loopsOf(f.fn)
	for l := loops[from]; l != nil; l = l.outer {
		if !l.body[b] {
			delete(f.trips, l) // left
		}
	}
	if l := loops[b]; l != nil && l.header == b && l.body[from] && l.kind != boundLoop {
		if f.trips[l]++; f.trips[l] >= openTrips {
			return nil, p.end(token.NoPos, true)
		}
	}
	return []*path{p}, nil
}

func (e *explorer) branch(p *path, v *ssa.If) (next []*path, end *Trace) {
	f := p.top()
	for _, b := range f.block.Succs { // for range n looks before the first round, too
		if l := e.m.loopsOf(f.fn)[b]; l != nil && l.kind == boundLoop && l.pre == v {
			n, ok := e.trips(l)
			if !ok {
				e.failed = true
				return nil, nil
			}
			if n > 0 {
				f.trips[l] = 1
				return e.enter(p, f.block.Succs[0])
			}
			return e.enter(p, f.block.Succs[1])
		}
	}
	// A loop with a known bound goes round that often and then ends.
	if l := e.m.loopsOf(f.fn)[f.block]; l != nil && l.kind == boundLoop && l.test == v {
		n, ok := e.trips(l)
		if !ok {
			e.failed = true
			return nil, nil
		}
		i := l.exit
		if f.trips[l] < n {
			f.trips[l]++
			i = 1 - l.exit
		}
		return e.enter(p, f.block.Succs[i])
	}
	if known, ok := e.decide(p, v.Cond); ok {
		i := 1
		if known {
			i = 0
		}
		return e.enter(p, f.block.Succs[i])
	}
	key, flip := e.m.condKey(v.Cond)
	if c := e.m.elemCond(v); key == "" && c != nil {
		key, flip = fmt.Sprintf("%s#%d", c.key, f.trips[c.in]), c.flip
	}
	if key != "" {
		if was, ok := p.decided[key]; ok {
			i := 1
			if was != flip {
				i = 0
			}
			return e.enter(p, f.block.Succs[i])
		}
	}
	if len(p.trace) > 0 && e.m.fromReceive(v.Cond) {
		p.dataDep = true
	}
	if e.m.takesTurns(v.Cond) {
		p.turns = true
	}
	if p.spawned {
		for _, x := range e.m.reads(v.Cond) {
			if !slices.Contains(p.asked, x) {
				p.asked = append(slices.Clip(p.asked), x)
			}
		}
	}
	for i := range 2 {
		q := p
		if i == 0 {
			q = p.clone() // the other way goes on with p
		}
		if key != "" {
			q.decided[key] = (i == 0) != flip
		}
		for l := e.m.loopsOf(f.fn)[f.block]; l != nil; l = l.outer {
			if l.kind != boundLoop && !l.body[f.block.Succs[i]] {
				q.guessed[l] = true
			}
		}
		n, t := e.enter(q, q.top().block.Succs[i])
		next = append(next, n...)
		if t != nil {
			end = t
		}
	}
	return next, end
}

// step runs one instruction. It returns paths if it forks.
func (e *explorer) step(p *path, instr ssa.Instruction, depth int) []*path {
	f := p.top()
	switch v := instr.(type) {
	case *ssa.MakeChan:
		n, sym, ok := e.number(v.Size, 6)
		if !ok || n < 0 {
			e.escaped[v] = true
		}
		f.set(v, &Object{Site: v, Cap: n, sym: sym})
	case *ssa.Alloc:
		t := lint.Deref(v.Type())
		addr := p.variable(v, t)
		f.set(v, addr)
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 && len(stores(v)) == 0 {
			p.vars.set(addr.(cell), truth(false))
		}
	case *ssa.Store:
		e.store(p, v)
	case *ssa.FieldAddr:
		f.set(v, p.field(p.eval(v.X), v.Field))
	case *ssa.Field:
		var x value
		if r, ok := p.eval(v.X).(record); ok && v.Field < len(r) {
			x = r[v.Field]
		}
		f.set(v, x)
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			f.set(v, p.load(p.eval(v.X)))
		case token.ARROW:
			return e.receive(p, v)
		default:
			f.set(v, nil)
		}
	case *ssa.Send:
		e.escape(p, p.eval(v.X))
		switch obj := p.eval(v.Chan).(type) {
		case *Object:
			p.emit(&Event{Kind: EvSend, Obj: obj, Instr: v})
		case nilValue:
			return []*path{}
		}
	case *ssa.MakeClosure:
		c := &closure{fn: v.Fn.(*ssa.Function)}
		for _, b := range v.Bindings {
			c.binds = append(c.binds, p.eval(b))
		}
		if !e.m.inside(c.fn) { // a method value such as wg.Done
			e.escape(p, c)
			f.set(v, nil)
			return nil
		}
		f.set(v, c)
	case *ssa.ChangeType:
		f.set(v, p.eval(v.X))
	case *ssa.Extract:
		var x value
		if t, ok := p.eval(v.Tuple).(tuple); ok && v.Index < len(t) {
			x = t[v.Index]
		}
		f.set(v, x)
	case *ssa.BinOp, *ssa.DebugRef:
	case *ssa.Defer:
		c := v.Common()
		d := deferred{call: v, fn: p.eval(c.Value)}
		for _, a := range c.Args {
			d.args = append(d.args, p.eval(a))
		}
		f.defers = append(f.defers, d)
	case ssa.CallInstruction:
		c := v.Common()
		var args []value
		for _, a := range c.Args {
			args = append(args, p.eval(a))
		}
		_, isGo := v.(*ssa.Go)
		return e.invoke(p, v, p.eval(c.Value), args, depth, isGo)
	default:
		for _, op := range instr.Operands(nil) {
			if *op != nil {
				e.escape(p, p.eval(*op))
			}
		}
		if val, ok := instr.(ssa.Value); ok {
			f.set(val, nil)
		}
	}
	return nil
}

// seenTo reports whether a function defers a literal that knows an object: it may do what the way
// back asks for.
func (p *path) seenTo(fn *ssa.Function, obj *Object) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			lit, ok := d.Call.Value.(*ssa.MakeClosure)
			if ok && slices.ContainsFunc(lit.Bindings, func(bind ssa.Value) bool {
				x := p.eval(bind)
				if c, ok := x.(cell); ok {
					x = p.vars.at(c)
				}
				o, ok := x.(*Object)
				return ok && o.Site == obj.Site
			}) {
				return true
			}
		}
	}
	return false
}

// onlySends reports whether a function literal, and those in it, do nothing with a variable but to send to the
// channel in it: whoever gets the literal can do no more.
func (m *Model) onlySends(v *ssa.FreeVar) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && !m.onlySends(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return false
				}
			}
		case *ssa.UnOp:
			for _, use := range *ref.Referrers() {
				switch use := use.(type) {
				case *ssa.DebugRef:
				case *ssa.Send:
					if use.Chan != ref || use.X == ref {
						return false
					}
				case *ssa.Select:
					if slices.ContainsFunc(use.States, func(s *ssa.SelectState) bool {
						return s.Chan == ref && s.Dir != types.SendOnly || s.Send == ref
					}) {
						return false
					}
				default:
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// escape notes that a value is known to unknown code from here on.
func (e *explorer) escape(p *path, v value) {
	switch v := v.(type) {
	case *Object:
		e.escaped[v.Site] = true
	case cancelValue: // with the context itself, nobody can do more than wait
		e.escaped[v.done.Site] = true
	case *closure:
		for i, b := range v.binds {
			if c, ok := b.(cell); ok {
				if obj, ok := p.vars.at(c).(*Object); ok && e.m.onlySends(v.fn.FreeVars[i]) {
					e.fed[obj.Site] = true
					continue
				}
			}
			e.escape(p, b)
		}
	case cell:
		x := p.vars.at(v)
		p.vars.set(v, gone{})
		e.escape(p, x)
	case part:
		e.escape(p, v.addr)
	case structure:
		for i := range v.n {
			if in, ok := p.vars.at(cell(v.base + i)).(part); ok {
				e.escape(p, in)
			} else {
				e.escape(p, cell(v.base+i))
			}
		}
	case record:
		e.escape(p, tuple(v))
	case tuple:
		for _, x := range v {
			e.escape(p, x)
		}
	}
}

// holds reports whether a value leads to an object.
func (p *path) holds(v value) bool { return p.holds2(v, 6) }

func (p *path) holds2(v value, depth int) bool {
	if depth == 0 {
		return true
	}
	switch v := v.(type) {
	case *Object, cancelValue:
		return true
	case ctxValue:
		return v.done != nil
	case *closure:
		return slices.ContainsFunc(v.binds, func(b value) bool { return p.holds2(b, depth-1) })
	case cell:
		return p.holds2(p.vars.at(v), depth-1)
	case part:
		return p.holds2(v.addr, depth-1)
	case structure:
		return slices.ContainsFunc(p.vars.row(v), func(x value) bool { return p.holds2(x, depth-1) })
	case record:
		return slices.ContainsFunc(v, func(x value) bool { return p.holds2(x, depth-1) })
	}
	return false
}
