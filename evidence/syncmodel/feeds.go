package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Feed is a function that returns a channel without a buffer to which a goroutine that
// it starts sends. Whoever calls it must receive.
type Feed struct {
	Fn     *ssa.Function
	Result int
	Send   ssa.Instruction // waits for a receiver, and for nothing else
}

// Feeds returns the declared functions of the package that are feeds.
func (m *Model) Feeds() (fs []*Feed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fn := range m.ssa.Funcs {
		if fn.Parent() != nil || fn.Object() == nil || !returnsChan(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				mk, ok := instr.(*ssa.MakeChan)
				if !ok {
					continue
				}
				if n, known := m.Capacity(mk); !known || n != 0 {
					continue
				}
				f := &feed{m: m, fn: fn, result: -1, seen: make(map[ssa.Value]bool)}
				if f.follow(mk) && f.result >= 0 && f.send != nil {
					fs = append(fs, &Feed{fn, f.result, f.send})
				}
			}
		}
	}
	return fs
}

func returnsChan(fn *ssa.Function) bool {
	for r := range fn.Signature.Results().Variables() {
		if _, ok := r.Type().Underlying().(*types.Chan); ok {
			return true
		}
	}
	return false
}

// feed follows a channel that a function makes.
type feed struct {
	m      *Model
	fn     *ssa.Function
	result int
	send   ssa.Instruction
	seen   map[ssa.Value]bool
}

// follow reports whether nothing is done with the channel but to return it, and to send to
// it and close it in goroutines of the function.
func (f *feed) follow(v ssa.Value) bool {
	if f.seen[v] {
		return true
	}
	f.seen[v] = true
	for _, ref := range *v.Referrers() {
		ok := false
		switch ref := ref.(type) {
		case *ssa.DebugRef:
			ok = true
		case *ssa.Return:
			f.result, ok = slices.Index(ref.Results, v), ref.Parent() == f.fn
		case *ssa.Send:
			if ok = ref.Chan == v && ref.Parent() != f.fn; ok && f.send == nil {
				f.send = ref
			}
		case *ssa.Select: // it may give up
			ok = ref.Parent() != f.fn && !slices.ContainsFunc(ref.States, func(st *ssa.SelectState) bool {
				return st.Chan == v && st.Dir == types.RecvOnly || st.Send == v
			})
		case *ssa.ChangeType:
			ok = f.follow(ref)
		case *ssa.UnOp: // a load of the variable that holds it
			ok = ref.Op == token.MUL && f.follow(ref)
		case *ssa.Store:
			a, local := ref.Addr.(*ssa.Alloc)
			ok = ref.Addr == v || local && len(stores(a)) == 1 && f.follow(a)
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			ok = f.m.goes(fn) && len(f.m.sites[fn]) == 1
			for i, b := range ref.Bindings {
				if b == v && ok {
					ok = f.follow(fn.FreeVars[i])
				}
			}
		case ssa.CallInstruction:
			ok = f.passed(ref, v)
		}
		if !ok {
			return false
		}
	}
	return true
}

// passed follows the channel into a call.
func (f *feed) passed(call ssa.CallInstruction, v ssa.Value) bool {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return b.Name() == "close"
	}
	fn := c.StaticCallee()
	_, isGo := call.(*ssa.Go)
	if fn == nil || !f.m.inside(fn) || !isGo && call.Parent() == f.fn {
		return false
	}
	fn = origin(fn)
	for i, a := range c.Args {
		if a == v && (i >= len(fn.Params) || !f.follow(fn.Params[i])) {
			return false
		}
	}
	return true
}
