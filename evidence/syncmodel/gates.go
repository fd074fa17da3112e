package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// A Gate is a goroutine that ends only after others have done something for it: every
// way out of its function leads through a wait.
type Gate struct {
	Go    ssa.CallInstruction // that starts it
	Waits []*Await            // a smallest set without which it can not end
	skip  map[waitKey]bool
	open  map[*ssa.BasicBlock]int // how much of a block is reached without a wait that somebody ends
}

// An Await is what a goroutine waits for: a channel, or the end of a context.
type Await struct {
	At      ssa.Instruction // the receive or select
	Chan    ssa.Value       // nil if it is the end of a context
	Context ssa.Value
	in      *activation // that the values belong to
	key     waitKey
}

// Pos returns where the receive is, also that of a select.
func (a *Await) Pos() token.Pos {
	if sel, ok := a.At.(*ssa.Select); ok {
		return sel.States[a.key.i].Pos
	}
	return a.At.Pos()
}

// waitKey is a receive, or a case of a select.
type waitKey struct {
	at ssa.Instruction
	i  int
}

// activation is a function as it is called from somewhere.
type activation struct {
	fn    *ssa.Function
	args  []ssa.Value
	binds []ssa.Value
	up    *activation
}

// Gates returns the goroutines of the package that end only when others let them, in
// the order of the source.
func (m *Model) Gates() []*Gate {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gatesDone {
		return m.gates
	}
	m.gatesDone = true
	for _, fn := range m.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if act := m.startedBy(call, &activation{fn: fn}); act != nil {
						if g := m.gate(call, act); g != nil {
							m.gates = append(m.gates, g)
						}
					}
				}
			}
		}
	}
	return m.gates
}

// startedBy returns the function of the package that a call starts as a goroutine.
func (m *Model) startedBy(call ssa.CallInstruction, in *activation) *activation {
	c := call.Common()
	if _, ok := call.(*ssa.Go); ok {
		return m.activate(c.Value, c.Args, c.IsInvoke(), in)
	}
	fn := c.StaticCallee()
	if _, plain := call.(*ssa.Call); plain && fn != nil && fn.Name() == "Go" && isSyncMethod(fn) && len(c.Args) == 2 {
		return m.activate(c.Args[1], nil, false, in)
	}
	return nil
}

// startsAny reports whether an instruction starts a goroutine, of whatever function.
func (m *Model) startsAny(instr ssa.Instruction) bool {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	_, isGo := instr.(*ssa.Go)
	return isGo || m.startedBy(call, &activation{fn: call.Parent()}) != nil
}

func (m *Model) activate(fn ssa.Value, args []ssa.Value, invoke bool, in *activation) *activation {
	if invoke {
		return nil
	}
	act := &activation{args: args, up: in}
	switch v := fn.(type) {
	case *ssa.Function:
		act.fn = origin(v)
	case *ssa.MakeClosure:
		act.fn, act.binds = v.Fn.(*ssa.Function), v.Bindings
		if w := m.wrapped(v); w != nil { // a method value
			act.fn, act.args, act.binds = w, v.Bindings, nil
		}
	default:
		return nil
	}
	if !m.inside(act.fn) || len(act.fn.Blocks) == 0 {
		return nil
	}
	return act
}

// wrapped returns the method behind a method value of the package.
func (m *Model) wrapped(mc *ssa.MakeClosure) *ssa.Function {
	fn := mc.Fn.(*ssa.Function)
	if fn.Synthetic == "" || len(mc.Bindings) != 1 {
		return nil
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil
	}
	if w := m.ssa.Pkg.Prog.FuncValue(obj.Origin()); w != nil && m.inside(w) && len(w.FreeVars) == 0 {
		return w
	}
	return nil
}

func (m *Model) gate(call ssa.CallInstruction, act *activation) *Gate {
	g := &Gate{Go: call, skip: make(map[waitKey]bool)}
	ends := func() bool {
		g.Waits, g.open = nil, make(map[*ssa.BasicBlock]int)
		return m.returns(act, g, 4)
	}
	if ends() || len(g.Waits) == 0 || len(g.Waits) > 12 {
		return nil
	}
	for _, s := range g.Waits { // a case that goes on with a loop is not a way out
		g.skip[s.key] = true
		if ends() {
			delete(g.skip, s.key)
		}
	}
	if ends() || len(g.Waits) == 0 {
		return nil // nothing ends it
	}
	return g
}

// returns reports whether a function can return though nobody ends one of its waits.
// It notes the waits on the way, and all that is reached without them.
func (m *Model) returns(act *activation, g *Gate, depth int) (returned bool) {
	shut := make(map[[2]*ssa.BasicBlock]bool) // edges that are taken when a wait has ended
	work := []*ssa.BasicBlock{act.fn.Blocks[0]}
	seen := make(map[*ssa.BasicBlock]bool)
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		for i, instr := range b.Instrs {
			g.open[b] = i + 1
			switch v := instr.(type) {
			case *ssa.Return:
				returned = true
			case *ssa.UnOp:
				if v.Op != token.ARROW {
					continue
				}
				if s := m.signal(v, v.X, act); s != nil && !g.skip[waitKey{v, 0}] {
					s.key.at = v
					g.Waits = append(g.Waits, s)
					if !IsRange(v) {
						continue blocks
					}
					shut[[2]*ssa.BasicBlock{b, b.Succs[1]}] = true
				}
			case *ssa.Select:
				for j, st := range v.States {
					if st.Dir != types.RecvOnly {
						continue
					}
					s := m.signal(v, st.Chan, act)
					if s == nil || g.skip[waitKey{v, j}] {
						continue
					}
					s.key = waitKey{v, j}
					if from := caseOf(v, j); from != nil {
						g.Waits = append(g.Waits, s)
						shut[[2]*ssa.BasicBlock{from, from.Succs[0]}] = true
					}
				}
				if v.Blocking && len(v.States) == 0 {
					continue blocks
				}
			case *ssa.Call:
				if depth == 0 {
					continue
				}
				if callee := m.activate(v.Call.Value, v.Call.Args, v.Call.IsInvoke(), act); callee != nil && !act.has(callee.fn) {
					n := len(g.Waits)
					if !m.returns(callee, g, depth-1) {
						continue blocks
					}
					g.Waits = g.Waits[:n]
				}
			}
		}
		for _, to := range b.Succs {
			if !shut[[2]*ssa.BasicBlock{b, to}] {
				work = append(work, to)
			}
		}
	}
	return returned
}

func (a *activation) has(fn *ssa.Function) bool {
	for ; a != nil; a = a.up {
		if a.fn == fn {
			return true
		}
	}
	return false
}

// caseOf returns the block that goes on to the body of case i of a select.
func caseOf(sel *ssa.Select, i int) *ssa.BasicBlock {
	for _, ref := range *sel.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || x.Index != 0 {
			continue
		}
		for _, ref := range *x.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL {
				continue
			}
			c, ok := cmp.Y.(*ssa.Const)
			if !ok || c.Value == nil || c.Value.Kind() != constant.Int || c.Int64() != int64(i) {
				continue
			}
			for _, ref := range *cmp.Referrers() {
				if br, ok := ref.(*ssa.If); ok {
					return br.Block()
				}
			}
		}
	}
	return nil
}

// signal returns what a receive from a channel waits for, or nil if that is the clock
// or not known.
func (m *Model) signal(at ssa.Instruction, ch ssa.Value, act *activation) *Await {
	ch, act = m.trace(ch, act)
	if ctx := doneOf(ch); ctx != nil {
		return &Await{At: at, Context: ctx, in: act}
	}
	if _, ok := ch.(*ssa.Call); ok {
		return nil
	}
	if class := m.node(ch); len(class.makes) == 0 {
		return nil
	}
	return &Await{At: at, Chan: ch, in: act}
}

// trace follows a value to where it comes from: through parameters to the arguments of
// the activation, variables that are set once, and functions that only return a field.
func (m *Model) trace(v ssa.Value, act *activation) (ssa.Value, *activation) {
	for range 16 {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.Parameter:
			if act != nil && act.up != nil && x.Parent() == act.fn {
				if i := slices.Index(act.fn.Params, x); i >= 0 && i < len(act.args) {
					v, act = act.args[i], act.up
					continue
				}
			}
		case *ssa.FreeVar:
			if act != nil && act.up != nil && x.Parent() == act.fn && act.binds != nil {
				if i := slices.Index(act.fn.FreeVars, x); i >= 0 && i < len(act.binds) {
					v, act = act.binds[i], act.up
					continue
				}
			}
			if b := lazyssa.Binding(x); b != nil {
				v = b
				continue
			}
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v, act
			}
			addr, at := m.trace(x.X, act)
			if a, ok := addr.(*ssa.Alloc); ok {
				if st := m.settled(a, x); st != nil {
					v, act = st.Val, at
					continue
				}
			}
		case *ssa.Call:
			if res := m.accessor(x); res != nil {
				callee := m.activate(x.Call.Value, x.Call.Args, x.Call.IsInvoke(), act)
				v, act = res, callee
				continue
			}
		}
		return v, act
	}
	return v, act
}

// settled returns the store whose value a load of a local variable gets, if that is sure.
func (m *Model) settled(a *ssa.Alloc, load *ssa.UnOp) *ssa.Store {
	sts := stores(a)
	if len(sts) == 1 {
		return sts[0]
	}
	second := replaced(a)
	switch {
	case second == nil:
	case load.Parent() != a.Parent() || lazyssa.Before(second, load):
		return second
	case lazyssa.Before(load, second) && m.loopsOf(load.Parent())[load.Block()] == nil:
		return sts[0]
	}
	return nil
}

// replaced returns the second store to the variable of a parameter, as in
// ctx, cancel := context.WithCancel(ctx), if there is no other and closures get to see
// the variable only after it.
func replaced(a *ssa.Alloc) *ssa.Store {
	sts := stores(a)
	if len(sts) != 2 || sts[1].Parent() != a.Parent() {
		return nil
	}
	if _, ok := sts[0].Val.(*ssa.Parameter); !ok {
		return nil
	}
	for _, ref := range *a.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); ok && !lazyssa.Before(sts[1], mc) {
			return nil
		}
	}
	return sts[1]
}

// accessor returns the result of a function of the package that does nothing but to
// return something it loads.
func (m *Model) accessor(call *ssa.Call) ssa.Value {
	fn := call.Call.StaticCallee()
	if fn == nil || !m.inside(fn) {
		return nil
	}
	fn = origin(fn)
	if len(fn.Blocks) != 1 || fn.Signature.Results().Len() != 1 {
		return nil
	}
	var res ssa.Value
	for _, instr := range fn.Blocks[0].Instrs {
		switch v := instr.(type) {
		case *ssa.FieldAddr, *ssa.Field, *ssa.UnOp, *ssa.DebugRef, *ssa.ChangeType, *ssa.Alloc, *ssa.Store:
		case *ssa.Return:
			res = v.Results[0]
		default:
			return nil
		}
	}
	return res
}
