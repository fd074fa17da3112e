package poolflow

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// Retained is a slice of a pooled object that is cut to no elements on its way
// to the pool, with the elements themselves still there.
type Retained struct {
	Pool    string     // as a reader knows it
	Object  types.Type // what is put back
	Field   *Field     // the slice within the object; nil if the object is a pointer to it
	Slice   types.Type
	Cut     token.Pos // the assignment that cuts it
	Put     token.Pos
	Grown   token.Pos // where elements are added, if that was seen
	Late    bool      // it goes back full: only the next user cuts it
	Escapes bool      // somebody else may still look at the elements
}

// growth is what the package does with the elements of a slice field.
type growth struct {
	at      token.Pos // an append
	refused bool      // the elements are not the field's alone, or are used again
	escapes bool
	wiped   bool // somewhere the elements are set to nothing
}

// growths notes what fn does with slice fields.
func (a *analyzer) growths(fn *ssa.Function) {
	of := func(v *types.Var) *growth {
		g := a.grown[v]
		if g == nil {
			g = new(growth)
			a.grown[v] = g
		}
		return g
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				fa, ok := instr.Addr.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				if _, ok := instr.Val.Type().Underlying().(*types.Slice); !ok {
					continue
				}
				f := lazyssa.Field(fa).Origin()
				switch v := instr.Val; {
				case appended(v):
					if g := of(f); !g.at.IsValid() {
						g.at = instr.Pos()
					}
					if !ownElements(v, f) {
						of(f).refused = true
					}
				case zero(v), made(v), emptied(v) && loaded(lazyssa.Strip(v).(*ssa.Slice).X) == f:
				default:
					of(f).refused = true // somebody else's slice, or cut to some length
				}
			case *ssa.UnOp:
				if _, ok := instr.Type().Underlying().(*types.Slice); !ok || instr.Op != token.MUL {
					continue
				}
				f := loaded(instr)
				if f == nil {
					a.regrows(instr)
					continue
				}
				for _, ref := range *instr.Referrers() {
					switch ref := ref.(type) {
					case *ssa.Slice:
						if regrown(ref) {
							of(f).refused = true
						}
					case *ssa.IndexAddr:
						if elementsReleased(ref) {
							of(f).refused = true
						}
						if elementsZeroed(ref) {
							of(f).wiped = true
						}
					case *ssa.Call:
						if b, ok := ref.Call.Value.(*ssa.Builtin); ok && b.Name() == "clear" {
							of(f).wiped = true
						}
					case *ssa.Store:
						if fa, ok := ref.Addr.(*ssa.FieldAddr); !ok || lazyssa.Field(fa).Origin() != f {
							of(f).escapes = true
						}
					case *ssa.Return, *ssa.MakeInterface, *ssa.MapUpdate, *ssa.Send, *ssa.MakeClosure:
						of(f).escapes = true
					}
				}
			}
		}
	}
}

// regrows notes that a slice behind a pointer is cut to a length of the user's.
func (a *analyzer) regrows(load *ssa.UnOp) {
	switch load.X.(type) {
	case *ssa.Alloc, *ssa.Global, *ssa.IndexAddr:
		return
	}
	for _, ref := range *load.Referrers() {
		if cut, ok := ref.(*ssa.Slice); ok && regrown(cut) {
			a.regrown[types.TypeString(load.Type(), nil)] = true
		}
	}
}

// regrown reports whether a slice is cut to a length that may be more than it had, for
// something else than to clear it.
func regrown(cut *ssa.Slice) bool {
	if cut.High == nil || zero(cut.High) {
		return false
	}
	isCall := func(v ssa.Value, builtin string, accept func(arg ssa.Value) bool) bool {
		call, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		b, ok := call.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == builtin && slices.ContainsFunc(call.Call.Args, accept)
	}
	within := func(n ssa.Value) bool {
		return isCall(n, "len", func(arg ssa.Value) bool { return same(arg, cut.X) })
	}
	if within(cut.High) || isCall(cut.High, "min", within) {
		return false
	}
	return slices.ContainsFunc(*cut.Referrers(), func(ref ssa.Instruction) bool {
		call, ok := ref.(*ssa.Call)
		return !ok || !isCall(call, "clear", func(ssa.Value) bool { return true })
	})
}

// ownElements reports whether an appended slice starts out as field f, or empty.
func ownElements(v ssa.Value, f *types.Var) bool {
	own, seen := true, make(map[ssa.Value]bool)
	var look func(v ssa.Value)
	look = func(v ssa.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Call:
			if len(v.Call.Args) > 0 {
				look(v.Call.Args[0])
			}
		case *ssa.Phi:
			for _, e := range v.Edges {
				look(e)
			}
		case *ssa.Slice:
			look(v.X)
		default:
			own = own && (loaded(v) == f || zero(v) || made(v))
		}
	}
	look(v)
	return own
}

// elementsReleased reports whether what is at an element's address is given
// back or closed: elements with a pool or a life of their own.
func elementsReleased(addr *ssa.IndexAddr) bool {
	for _, ref := range *addr.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if !ok {
			if call, ok := ref.(ssa.CallInstruction); ok && releases(call) {
				return true
			}
			continue
		}
		for _, use := range *load.Referrers() {
			if call, ok := use.(ssa.CallInstruction); ok && releases(call) {
				return true
			}
			if mi, ok := use.(*ssa.MakeInterface); ok {
				for _, use := range *mi.Referrers() {
					if call, ok := use.(ssa.CallInstruction); ok && releases(call) {
						return true
					}
				}
			}
		}
	}
	return false
}

func elementsZeroed(addr *ssa.IndexAddr) bool {
	return slices.ContainsFunc(*addr.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Addr == addr && zero(st.Val)
	})
}

func releases(call ssa.CallInstruction) bool {
	c := call.Common()
	name := ""
	if c.IsInvoke() {
		name = c.Method.Name()
	} else if fn := lazyssa.Callee(call); fn != nil {
		name = fn.Name()
	}
	if ResetName(name) {
		return true
	}
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"put", "close", "return", "dispose", "destroy", "give", "unref", "decref"}, func(verb string) bool { return strings.HasPrefix(name, verb) })
}

// growing returns the slots that code out of sight may have added elements to.
func (w *walk) growing() (m Slots) {
	for i, f := range w.slots {
		if g := w.grown[f.Var().Origin()]; g != nil && g.at.IsValid() {
			m |= slot(i)
		}
	}
	return m
}

// cut notes that slot i is sliced to [:0] with what its user stored still in it.
func (w *walk) cut(st *state, i int, in *ssa.Store) {
	v, ok := lazyssa.Strip(in.Val).(*ssa.Slice)
	if !ok || !emptied(v) || w.skip.Has(i) {
		st.reset(slot(i))
		return
	}
	kept := (st.full | st.keeps).Has(i)
	switch w.kind {
	case fields:
		kept = kept && loaded(v.X) == w.slots[i].Var().Origin()
	case slicePtr:
		load, ok := v.X.(*ssa.UnOp)
		kept = kept && ok && w.is(load.X) || appended(v.X)
	}
	if _, ok := w.eff.staleAt[i]; !ok && w.record && w.kind == fields && st.must.Has(i) && !(st.full | st.keeps | w.filling).Has(i) &&
		loaded(v.X) == w.slots[i].Var().Origin() && !wiped(v.X) {
		w.eff.staleAt[i] = in.Pos()
	}
	st.reset(slot(i))
	if kept && !wiped(v.X) {
		st.keeps |= slot(i)
		if _, ok := w.eff.keptAt[i]; !ok && w.record {
			w.eff.keptAt[i] = in.Pos()
		}
	}
}

// wiped reports whether the function sets the elements of the slice in a
// variable to nothing, by clear or in a loop.
func wiped(v ssa.Value) bool {
	seen, found := make(map[ssa.Value]bool), false
	var look func(v ssa.Value)
	look = func(v ssa.Value) {
		if seen[v] || v.Referrers() == nil {
			return
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Call:
				b, ok := ref.Call.Value.(*ssa.Builtin)
				found = found || ok && b.Name() == "clear"
			case *ssa.IndexAddr:
				for _, use := range *ref.Referrers() {
					_, ok := use.(*ssa.UnOp)
					found = found || !ok // assigned, or handed on
				}
			case *ssa.Phi:
				look(ref)
			case *ssa.Slice:
				look(ref)
			}
		}
		switch v := v.(type) {
		case *ssa.Call:
			if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
				look(v.Call.Args[0])
			}
		case *ssa.Phi:
			for _, e := range v.Edges {
				look(e)
			}
		case *ssa.Slice:
			look(v.X)
		}
	}
	look(v)
	return found
}

// retain records the slots that a Put in state st retains.
func (w *walk) retain(st state, p putEffect) {
	if p.pool.key == "" || w.start == nil && p.wrapper != nil {
		return
	}
	for i, at := range w.eff.keptAt {
		if !st.keeps.Has(i) || w.skip.Has(i) {
			continue
		}
		r := Retained{Pool: p.pool.name(), Object: w.elem, Cut: at, Put: p.call.Pos()}
		if w.kind == fields {
			f := w.slots[i]
			r.Field, r.Slice = &f, f.Var().Type()
			g := w.grown[f.Var().Origin()]
			if g == nil || !g.at.IsValid() || g.refused {
				continue
			}
			r.Grown, r.Escapes = g.at, g.escapes
		} else {
			r.Slice = w.elem.Underlying().(*types.Pointer).Elem()
			if w.regrown[types.TypeString(r.Slice, nil)] {
				continue
			}
		}
		if !slices.ContainsFunc(w.flow.Retained, func(old Retained) bool { return old.Cut == r.Cut }) {
			w.flow.Retained = append(w.flow.Retained, r)
		}
	}
}

// overdue records the slices that go back full and are cut by the next user only:
// until then, and after that behind their end, the elements are there.
func (a *analyzer) overdue() {
	for _, p := range a.flow.Pools {
		list := Fields(p.Elem)
		for i, cut := range p.cuts {
			put := a.putFull(p, i)
			if !put.IsValid() || i >= len(list) {
				continue
			}
			f := list[i]
			g := a.grown[f.Var().Origin()]
			if g == nil || !g.at.IsValid() || g.refused || g.wiped || slices.ContainsFunc(a.flow.Retained, func(old Retained) bool { return old.Cut == cut }) {
				continue
			}
			a.flow.Retained = append(a.flow.Retained, Retained{
				Pool: p.Name, Object: p.Elem, Field: &f, Slice: f.Var().Type(), Cut: cut, Put: put, Grown: g.at, Late: true, Escapes: true,
			})
		}
	}
}

// putFull returns where an object goes back to a pool with what its user added to slot i, or, where a
// function was given the object, with what that holds then.
func (a *analyzer) putFull(p *Pool, i int) token.Pos {
	if at := slices.IndexFunc(p.Puts, func(put *Put) bool { _, ok := put.Dirty[i]; return ok }); at >= 0 {
		return p.Puts[at].Call.Common().Pos()
	}
	for _, fn := range a.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || !isPoolMethod(call.Common(), "Put") || placeOf(call.Common().Args[0]).key != p.Key {
					continue
				}
				object := lazyssa.Strip(call.Common().Args[1])
				eff := a.effects[root{fn, object}]
				if eff == nil || !types.Identical(object.Type(), p.Elem) {
					if recv, isRecv := object.(*ssa.UnOp); !isRecv || recv.Op != token.ARROW {
						continue
					}
					eff = a.follow(fn, object, p.Elem, fresh, object.(ssa.Instruction))
				}
				for _, put := range eff.puts {
					if put.call == call && !(put.state.clean | put.state.keeps).Has(i) && (put.state.may | put.state.dirty).Has(i) {
						return call.Common().Pos()
					}
				}
			}
		}
	}
	return token.NoPos
}

func sortRetained(list []Retained) {
	slices.SortFunc(list, func(a, b Retained) int { return cmp.Compare(a.Cut, b.Cut) })
}
