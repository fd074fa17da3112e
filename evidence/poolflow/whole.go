package poolflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// storePart is a store to slot i, or to a struct that has it as a part.
func (w *walk) storePart(st *state, i int, in *ssa.Store) {
	path := w.slots[i].path
	rest := path[len(w.path(in.Addr)):]
	switch lit := literal(in.Val); {
	case zero(in.Val):
		st.reset(slot(i))
	case lit != nil:
		w.storeLiteral(st, i, lit, rest)
	case len(rest) == 0:
		w.assign(st, i, in)
	case w.reads(in.Val, path, rest):
		// What was there is put back.
	case w.given(in.Val):
		w.assign(st, i, in)
	default:
		st.lose(slot(i))
	}
}

// storeLiteral assigns slot i what a struct literal has at the path rest: zero
// where the literal does not name it.
func (w *walk) storeLiteral(st *state, i int, lit *ssa.Alloc, rest []int) {
	parts, ok := partsOf(lit, rest)
	switch {
	case !ok || len(parts) > 1:
		st.lose(slot(i))
	case len(parts) == 0:
		st.reset(slot(i))
	case w.reads(parts[0].store.Val, w.slots[i].path, parts[0].rest):
		// It is copied from the object itself.
	case len(parts[0].rest) == 0:
		w.assign(st, i, parts[0].store)
	default:
		st.lose(slot(i))
	}
}

// path returns the fields that lead from the object to addr, nil if none do.
func (w *walk) path(addr ssa.Value) []int {
	var path []int
	for !w.is(addr) {
		fa, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return nil
		}
		path = append(path, fa.Field)
		addr = fa.X
	}
	slices.Reverse(path)
	return path
}

// reads reports whether v is what the object holds at path without its end rest.
func (w *walk) reads(v ssa.Value, path, rest []int) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	from := w.path(load.X)
	return len(from) > 0 && slices.Equal(from, path[:len(path)-len(rest)])
}

// given reports whether a struct is this user's data as a whole: a parameter,
// or the result of a function that is no constructor and knows nothing of the object.
func (w *walk) given(v ssa.Value) bool {
	if ResetName(w.fn.Name()) {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return true
	case *ssa.Extract:
		return w.given(v.Tuple)
	case *ssa.Call:
		fn := lazyssa.Callee(v)
		if fn == nil || w.mentions(v) {
			return false
		}
		name := strings.ToLower(fn.Name())
		return !ResetName(name) && !slices.ContainsFunc([]string{"new", "make", "default", "empty", "no"}, func(verb string) bool { return strings.HasPrefix(name, verb) })
	}
	return false
}

// literal returns the variable in which the struct v was put together, nil if
// v is something else, or others know the variable.
func literal(v ssa.Value) *ssa.Alloc {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok || !private(alloc) {
		return nil
	}
	if _, ok := load.Type().Underlying().(*types.Struct); !ok {
		return nil
	}
	return alloc
}

// private reports whether the variable at addr is only loaded and stored to, as
// a whole or by its fields.
func private(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			if ref.Addr != addr {
				return false
			}
		case *ssa.FieldAddr:
			if !private(ref) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// part is a store that sets a part of a struct; rest leads from what it stores
// to that part.
type part struct {
	store *ssa.Store
	rest  []int
}

// partsOf returns the stores that set the part at path of the private variable
// at addr to something other than zero, unless they set pieces of that part.
func partsOf(addr ssa.Value, path []int) (parts []part, ok bool) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if !zero(ref.Val) {
				parts = append(parts, part{ref, path})
			}
		case *ssa.FieldAddr:
			var rest []int
			if len(path) > 0 {
				if ref.Field != path[0] {
					continue
				}
				rest = path[1:]
			}
			inner, ok := partsOf(ref, rest)
			if !ok || len(path) == 0 && len(inner) > 0 {
				return nil, false
			}
			parts = append(parts, inner...)
		}
	}
	return parts, true
}

// comesBack reports whether addr is in a literal that becomes part of the object.
func (w *walk) comesBack(addr ssa.Value) bool {
	for {
		fa, ok := addr.(*ssa.FieldAddr)
		if !ok {
			break
		}
		addr = fa.X
	}
	alloc, ok := addr.(*ssa.Alloc)
	if !ok || !private(alloc) {
		return false
	}
	back := false
	for _, ref := range *alloc.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if !ok {
			continue
		}
		for _, use := range *load.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok || w.fields(st.Addr) == 0 && !w.is(st.Addr) {
				return false
			}
			back = true
		}
	}
	return back
}
