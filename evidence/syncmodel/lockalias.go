package syncmodel

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// perhaps notes a lock that is probably the one which is held, though it has another name:
// a method or literal that the object itself leads to takes the lock of an object of its
// type, or an element of the object takes that of the object its pointer leads back to.
func (w *lockWalk) perhaps(s *lockState, call ssa.CallInstruction, a acquisition) {
	if len(a.chain) == 0 || a.class == nil {
		return
	}
	for _, h := range s.held {
		if h.stale || h.Lock == a.lock || h.Lock.Class() != a.class || slices.Contains(a.gone, h.Lock) || len(h.Lock.path) == 0 {
			continue
		}
		if w.leadsTo(call, h, a) || leadsBack(h.Lock, a.lock) {
			a.weak = true
			w.note(call, a, h)
			return
		}
	}
}

// leadsTo reports whether a call is through a function value or interface that the object
// of a lock holds, and the callee knows an object of the type from somewhere else.
func (w *lockWalk) leadsTo(call ssa.CallInstruction, h Hold, a acquisition) bool {
	c := call.Common()
	if c.StaticCallee() != nil || derivedFrom(c.Value, 8) != h.Lock.root {
		return false
	}
	if a.lock == nil {
		return true
	}
	in := a.lock.root.Parent()
	return in != nil && in != w.f
}

// leadsBack reports whether a lock is reached from an element of the object of another
// through a pointer to an object of that type, which is set when the element is made.
func leadsBack(held, other *Place) bool {
	if other == nil || len(other.path) < 3 || other.path[0] == nil || other.path[1] != nil || derivedFrom(other.root, 8) != held.root || other.root == held.root {
		return false
	}
	rest := other.path[2:]
	n := len(held.path) - len(rest)
	return n >= 0 && slices.Equal(held.path[n:], rest)
}

// Nested reports whether one place takes the lock of an object and then that of one of its
// elements, and another that of the element and then that of the object which its pointer,
// set when it is made, leads back to.
func Nested(outer, element, inner, back *Place) bool {
	if outer == nil || element == nil || inner == nil || back == nil {
		return false
	}
	if element.root == outer.root || derivedFrom(element.root, 8) != outer.root || !slices.Equal(element.path, inner.path) || back.root != inner.root {
		return false
	}
	if len(back.path) < 3 || back.path[0] == nil || back.path[1] != nil {
		return false
	}
	rest := back.path[2:]
	n := len(outer.path) - len(rest)
	return n >= 0 && slices.Equal(outer.path[n:], rest)
}

// derivedFrom follows a value that has been taken out of the fields and containers of an
// object back to the object.
func derivedFrom(v ssa.Value, depth int) ssa.Value {
	for range depth {
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v
			}
			if a := variableOf(x.X); a != nil {
				sts := stores(a)
				if len(sts) != 1 {
					return v
				}
				v = sts[0].Val
				continue
			}
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.Index:
			v = x.X
		case *ssa.Lookup:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Next:
			v = x.Iter
		case *ssa.Range:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		default:
			return v
		}
	}
	return v
}
