package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// stop returns the contract of a function that returns what ends a goroutine: a function
// that closes or sends to its channel, or cancels its context, as nobody else can.
func (m *Model) stop(g *Gate, fn *ssa.Function) *Contract {
	c := &Contract{Fn: fn, Gate: g, Object: -1, Context: -1}
	var end *ender
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover || !lazyssa.Reaches(g.Go.Block(), b) && b != g.Go.Block() {
			continue
		}
		i, e := m.enderIn(ret)
		if e == nil || end != nil && (i != c.Object || e.does != end.does || e.cancels != end.cancels) || !g.Go.Block().Dominates(b) {
			return nil
		}
		c.Object, end = i, e
	}
	if end == nil || slices.ContainsFunc(g.Waits, func(s *Await) bool { return !m.onlyBy(s, end, c) }) {
		return nil
	}
	return c
}

// An ender is a function value that a function returns: one of its literals, or what cancels a
// context.
type ender struct {
	does    *ssa.Function
	cancels *ssa.Extract
}

// enderIn returns the first result of a return that is a function made for the caller alone.
func (m *Model) enderIn(ret *ssa.Return) (int, *ender) {
	for i, r := range ret.Results {
		v, _ := m.trace(r, nil)
		if call, ok := v.(*ssa.Call); ok && isOnceFunc(call) {
			v, _ = m.trace(call.Call.Args[0], nil)
		}
		switch v := v.(type) {
		case *ssa.MakeClosure:
			if m.wrapped(v) == nil && handedBack(v, nil) {
				return i, &ender{does: v.Fn.(*ssa.Function)}
			}
		case *ssa.Extract:
			if v.Index == 1 && cancellable(v) != nil {
				return i, &ender{cancels: v}
			}
		}
	}
	return -1, nil
}

func isOnceFunc(call *ssa.Call) bool {
	return lint.IsFunc(lazyssa.Callee(call), "sync", "OnceFunc") && len(call.Call.Args) == 1
}

// handedBack reports whether nothing is done with a function value but to return it, or to
// call it in the literal by.
func handedBack(v ssa.Value, by *ssa.Function) bool {
	for _, ref := range *v.Referrers() {
		ok := false
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.DebugRef:
			ok = true
		case *ssa.ChangeType:
			ok = handedBack(ref, by)
		case *ssa.Call:
			ok = isOnceFunc(ref) && handedBack(ref, by)
		case *ssa.Store:
			a, local := ref.Addr.(*ssa.Alloc)
			ok = local && ref.Val == v && len(stores(a)) == 1 && !slices.ContainsFunc(*a.Referrers(), func(use ssa.Instruction) bool {
				switch use := use.(type) {
				case *ssa.Store, *ssa.DebugRef:
					return false
				case *ssa.UnOp:
					return !handedBack(use, by)
				case *ssa.MakeClosure:
					return use.Fn != by
				}
				return true
			})
		case *ssa.MakeClosure:
			ok = ref.Fn == by
		}
		if !ok {
			return false
		}
	}
	return true
}

// onlyBy reports whether a wait ends only by what the ender does, or with a context that is a
// parameter of the contract's function, which is noted there.
func (m *Model) onlyBy(s *Await, end *ender, c *Contract) bool {
	if s.Chan != nil {
		made, ok := s.Chan.(*ssa.MakeChan)
		class := m.node(s.Chan)
		if !ok || made.Parent() != c.Fn || len(class.makes) != 1 || class.outside&(MaySend|MayClose) != 0 {
			return false
		}
		ends := false
		for _, op := range class.ops {
			if op.Kind != Close && op.Kind != Send {
				continue
			}
			if end.does == nil || !within(op.Fn, end.does) {
				return false
			}
			u, loop := s.At.(*ssa.UnOp)
			ends = ends || op.Kind == Close || !loop || !IsRange(u)
		}
		return ends
	}
	ctx, _ := m.trace(s.Context, s.in)
	if p, ok := ctx.(*ssa.Parameter); ok {
		i := slices.Index(c.Fn.Params, p)
		return i >= 0 && c.endsWith(i)
	}
	x, ok := ctx.(*ssa.Extract)
	if !ok || x.Index != 0 {
		return false
	}
	call := cancellable(x)
	if call == nil {
		return false
	}
	for _, ref := range *call.Referrers() {
		cancel, ok := ref.(*ssa.Extract)
		if !ok || cancel.Index != 1 {
			continue
		}
		if end.cancels != cancel && end.does == nil || !handedBack(cancel, end.does) {
			return false
		}
		i, ok := m.until(call, c.Fn)
		return ok && c.endsWith(i)
	}
	return false
}

// endsWith notes that the end of a context, a parameter or none (-1), ends the goroutine, too. There
// is room for one.
func (c *Contract) endsWith(i int) bool {
	if i >= 0 && c.Context >= 0 && c.Context != i {
		return false
	}
	c.Context = max(i, c.Context)
	return true
}
