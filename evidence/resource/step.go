package resource

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// instr applies one instruction to the state.
func (w *walk) instr(st *state, instr ssa.Instruction) effect {
	eff, next := w.effect(st, instr)
	if v, ok := instr.(ssa.Value); ok {
		st.set(v, next)
	}
	return eff
}

func (w *walk) effect(st *state, instr ssa.Instruction) (effect, class) {
	next := unrelated
	switch in := instr.(type) {
	case *ssa.Store:
		return w.store(st, in), unrelated
	case *ssa.MakeClosure:
		return w.captured(st, in), unrelated
	case *ssa.UnOp:
		if in.Op == token.MUL {
			if c, ok := st.cells[cell(in.X)]; ok {
				return keep, c
			}
		}
	case *ssa.Alloc:
		delete(st.cells, in)
		return keep, unrelated
	case ssa.CallInstruction:
		st.fails = st.fails || tellsPipe(st, in)
		st.ended = st.ended || w.th.kind == Body && w.readsAll(st, in)
		st.used = st.used || uses(in) && slices.ContainsFunc(in.Common().Args, func(arg ssa.Value) bool { return st.of(arg).about() })
		e, c := w.called(st, in)
		if e != keep {
			return e, c
		}
		next = c
	case *ssa.ChangeInterface:
		if c := st.of(in.X); c >= isNil {
			return keep, c
		}
	}
	verdict := next != unrelated
	for _, op := range instr.Operands(nil) {
		if *op == nil {
			continue
		}
		c := st.vals[*op]
		if st.cells[*op] == holder {
			c = holder // a variable that is a struct which holds it
		}
		if c.about() {
			st.used = st.used || uses(instr)
			e, n := w.use(w.th, instr, *op, c)
			if e != keep {
				return e, unrelated
			}
			if n == isNil && st.used && !w.th.sent {
				n = unrelated // the error of what was done since
			}
			if n != unrelated && !verdict {
				next = n
			}
		}
	}
	return keep, next
}

// readsAll reports whether a call reads a body to the end, or to an error.
func (w *walk) readsAll(st *state, call ssa.CallInstruction) bool {
	return slices.ContainsFunc(call.Common().Args, func(arg ssa.Value) bool {
		return st.of(arg) == itself && (isReadAll(call) || w.readsParam(w.local(call.Common().StaticCallee()), slices.Index(call.Common().Args, arg)))
	})
}

func isReadAll(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	return ok && (lint.IsFunc(lazyssa.Callee(call), "io", "ReadAll") || lint.IsFunc(lazyssa.Callee(call), "io/ioutil", "ReadAll"))
}

// readsParam reports whether a function of the package reads parameter i, or the body of the response
// that it is, to the end before it returns, unless there is no body.
func (a *analyzer) readsParam(fn *ssa.Function, i int) bool {
	if fn == nil || i >= len(fn.Params) {
		return false
	}
	p := fn.Params[i]
	is, ok := a.read[p]
	if !ok {
		is = readsBody(fn, p)
		a.read[p] = is
	}
	return is
}

func readsBody(fn *ssa.Function, p *ssa.Parameter) bool {
	isBody := func(v ssa.Value) bool {
		v = lazyssa.Strip(v)
		if addr := lazyssa.FieldLoaded(v); addr != nil {
			return addr.X == p && isResponse(addr.X.Type()) && lazyssa.Field(addr).Name() == "Body"
		}
		return v == p
	}
	isRead := func(instr ssa.Instruction) bool { return isReadAll(instr) && isBody(instr.(*ssa.Call).Call.Args[0]) }
	reads, returns := false, true
	for _, b := range fn.Blocks {
		reads = reads || slices.ContainsFunc(b.Instrs, isRead)
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); !ok {
			continue
		}
		read := false
		for d := b; d != nil && !read; d = d.Idom() {
			read = slices.ContainsFunc(d.Instrs, isRead)
		}
		for cond, is := range lazyssa.Conditions(b) {
			cmp, ok := cond.(*ssa.BinOp)
			read = read || ok && isBody(cmp.X) && lazyssa.IsNil(cmp.Y) && (cmp.Op == token.EQL) == is
		}
		returns = returns && read
	}
	return reads && returns
}

// tellsPipe reports whether a call ends a pipe with an error, which who reads from it gets
// instead of the end.
func tellsPipe(st *state, call ssa.CallInstruction) bool {
	args := call.Common().Args
	return lint.IsMethod(lazyssa.Callee(call), "io", "PipeWriter", "CloseWithError") && st.of(args[len(args)-1]) != isNil
}

// uses reports whether an instruction that has a resource among its operands does more with it
// than to keep it, or to give it its target.
func uses(instr ssa.Instruction) bool {
	switch in := instr.(type) {
	case ssa.CallInstruction:
		if fn := lazyssa.Callee(in); fn != nil {
			return fn.Name() != "Reset"
		}
		return true
	case *ssa.MakeClosure:
		return true
	}
	return false
}

// store follows an assignment.
func (w *walk) store(st *state, in *ssa.Store) effect {
	c := st.of(in.Val)
	switch addr := in.Addr.(type) {
	case *ssa.Alloc:
		if !c.about() {
			if c == unrelated {
				delete(st.cells, addr)
			} else {
				st.cells[addr] = c
			}
			return keep
		}
		e := w.variable(addr, in, c)
		if e == keep {
			st.cells[addr] = c
		}
		return e
	case *ssa.FieldAddr, *ssa.IndexAddr:
		if !c.about() {
			delete(st.cells, cell(addr))
			if c == isNil && tellsError(in.Val.Type()) && !isNilConst(in.Val) {
				st.cells[cell(addr)] = c // the error, in the object of a call that others wait for
			}
			break
		}
		if fa, ok := addr.(*ssa.FieldAddr); ok && st.of(fa.X).about() && isResponse(fa.X.Type()) {
			return keep // its body is wrapped
		}
		if w.inflates(st, in.Val) {
			st.inflated = in.Val
			return keep
		}
		base := baseOf(addr)
		if base == nil || w.shared(base) {
			return take
		}
		st.vals[base] = holder
		return keep
	case *ssa.FreeVar, *ssa.Global:
		if c.about() {
			return take
		}
		if c == unrelated {
			delete(st.cells, addr)
		} else {
			st.cells[addr] = c // an error that others see, too
		}
	default:
		if c.about() {
			return take
		}
	}
	if fa, ok := in.Addr.(*ssa.FieldAddr); ok && st.of(fa.X).about() && isResponse(fa.X.Type()) && lazyssa.Field(fa).Name() == "Body" {
		return take // somebody else knows the old one
	}
	return keep
}

// cell returns the address that stands for all those of one field of one object.
func cell(addr ssa.Value) ssa.Value {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return addr
	}
	isSame := func(instr ssa.Instruction) bool {
		same, ok := instr.(*ssa.FieldAddr)
		return ok && same.X == fa.X && same.Field == fa.Field
	}
	if refs := fa.X.Referrers(); refs != nil {
		return (*refs)[slices.IndexFunc(*refs, isSame)].(ssa.Value)
	}
	for _, b := range fa.Parent().Blocks { // a global variable does not know who refers to it
		if i := slices.IndexFunc(b.Instrs, isSame); i >= 0 {
			return b.Instrs[i].(ssa.Value)
		}
	}
	return addr
}

// cellInfo says what closures do with a variable.
type cellInfo struct {
	deferred []*ssa.Defer // that release what is in it
	wild     effect       // what others do, at any time
}

// variable returns what happens to a resource because it is assigned to a variable that
// closures capture.
func (w *walk) variable(addr *ssa.Alloc, at *ssa.Store, c class) effect {
	info, ok := w.cells[addr]
	if !ok {
		for _, ref := range *addr.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Val == addr {
					info.wild = take
				}
			case *ssa.MakeClosure:
				e := w.body(ref, addr, w.th.kind, true)
				if !called(ref) {
					if e != keep || !sequential(ref) && !harmless(ref) {
						info.wild = take
					}
					continue
				}
				for _, use := range *ref.Referrers() {
					if d, ok := use.(*ssa.Defer); ok && e != keep {
						info.deferred = append(info.deferred, d)
					}
				}
			case *ssa.UnOp, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.DebugRef:
			case *ssa.Call, *ssa.Defer:
				if c != holder { // else it is judged when it is made
					info.wild = take
				}
			default:
				info.wild = take
			}
		}
		w.cells[addr] = info
	}
	if info.wild != keep {
		return info.wild
	}
	for _, d := range info.deferred {
		if d.Block().Dominates(at.Block()) && (d.Block() != at.Block() || slices.Index(d.Block().Instrs, ssa.Instruction(d)) < slices.Index(at.Block().Instrs, ssa.Instruction(at))) {
			w.q.Ends = append(w.q.Ends, d)
			return release
		}
	}
	return keep
}

// harmless reports whether a closure is an argument of calls only, which may be made
// while the resource is open.
func harmless(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		if _, ok := ref.(*ssa.Call); !ok {
			return false
		}
	}
	return true
}

// shared reports whether others may get hold of a new object, except by its being
// returned or sent.
func (w *walk) shared(base ssa.Value) bool {
	if w.asked[base] {
		return false // a result that is set to itself
	}
	w.asked[base] = true
	defer delete(w.asked, base)
	for _, ref := range *base.Referrers() {
		switch in := ref.(type) {
		case *ssa.Return, *ssa.Send:
		case *ssa.Store:
			if in.Val == base && !w.onlyReturned(in.Addr) {
				return true
			}
		case *ssa.MakeClosure:
			if !called(in) {
				return true
			}
		case *ssa.Phi:
			return true
		default:
			if e, _ := w.use(w.th, ref, base, holder); e == take {
				return true
			}
		}
	}
	return false
}

// onlyReturned reports whether an address is that of a result, which a function that
// defers calls returns from there.
func (w *walk) onlyReturned(addr ssa.Value) bool {
	cell, ok := addr.(*ssa.Alloc)
	return ok && lazyssa.OnlyUsed(cell, func(load *ssa.UnOp) bool { return !w.shared(load) }, nil)
}

// captured judges a closure over the resource that is made.
func (w *walk) captured(st *state, mc *ssa.MakeClosure) effect {
	if called(mc) {
		return keep // until it is called
	}
	for _, b := range mc.Bindings {
		if st.cells[b].about() || st.vals[b].about() {
			return w.closure(mc, b, w.th.kind, st.cells[b].about())
		}
	}
	return keep
}

// called judges a call of a closure, and what a call makes of the error.
func (w *walk) called(st *state, in ssa.CallInstruction) (effect, class) {
	c := in.Common()
	if mc, ok := c.Value.(*ssa.MakeClosure); ok {
		if _, started := in.(*ssa.Go); !started {
			for _, b := range mc.Bindings {
				if cell := st.cells[b].about(); cell || st.vals[b].about() {
					if e := w.body(mc, b, w.th.kind, cell); e != keep {
						return e, unrelated
					}
				}
			}
		}
	}
	if w.th.kind == Body && w.endsDialed(c) {
		return release, unrelated
	}
	if w.th.kind == Signals && !c.IsInvoke() && c.StaticCallee() != nil && lint.IsFunc(c.StaticCallee().Object(), "os/signal", "Reset") {
		return release, unrelated
	}
	if w.th.kind == Subscription && w.th.byArg && w.unsubscribes(c) {
		return release, unrelated
	}
	call, ok := in.(*ssa.Call)
	if !ok {
		return keep, unrelated
	}
	for _, arg := range c.Args {
		cl := st.of(arg)
		if cl != isNil && cl != notNil || !tellsError(arg.Type()) {
			continue
		}
		if _, isConst := arg.(*ssa.Const); isConst {
			continue
		}
		switch t := call.Type(); {
		case tellsError(t):
			return keep, cl
		case types.Identical(t.Underlying(), types.Typ[types.Bool]):
			return keep, w.verdict(c, cl)
		}
	}
	return keep, unrelated
}

// unsubscribes reports whether a call ends subscriptions to the object that the
// resource is one to, whatever it takes to name it.
func (w *walk) unsubscribes(c *ssa.CallCommon) bool {
	it, name := receiver(c)
	of, _ := receiver(&w.call.Call)
	if it == nil || of == nil || !types.Identical(it.Type(), of.Type()) {
		return false
	}
	for _, prefix := range []string{"Unsubscribe", "unsubscribe", "Evict", "Remove", "Close", "Stop", "Shutdown"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// verdict returns what a function says of an error.
func (w *walk) verdict(c *ssa.CallCommon, err class) class {
	callee := c.StaticCallee()
	if callee != nil && (lint.IsFunc(callee.Object(), "errors", "Is", "As") ||
		lint.IsFunc(callee.Object(), "os", "IsNotExist", "IsExist", "IsPermission", "IsTimeout")) {
		if err == isNil {
			return isFalse
		}
		return unrelated
	}
	if err == isNil {
		return judged
	}
	return unrelated
}
