package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// configured reports whether a test asks for what an object is given when it is made, and has for good,
// as an option: it holds for all calls of its methods or for none.
func (m *Model) configured(test *ssa.If) bool {
	fa := flagAddr(test.Cond)
	if fa == nil || !m.chosen(fieldVar(fa)) {
		return false
	}
	for {
		part, ok := fa.X.(*ssa.FieldAddr)
		if !ok {
			break
		}
		if !m.given(fieldVar(fa), true) {
			return false
		}
		fa = part
	}
	return !m.named(fieldVar(fa)) && m.given(fieldVar(fa), false)
}

// chosen reports whether callers choose what a field has. Where the package sets it to constants alone, it
// says what kind of object this is, and the package knows what it does with which.
func (m *Model) chosen(f *types.Var) bool {
	m.indexFields()
	return f.Exported() || slices.ContainsFunc(m.fieldStores[f], func(st *ssa.Store) bool {
		_, constant := st.Val.(*ssa.Const)
		return !constant
	})
}

// given reports whether a field is only set in new objects; that of a part of them, in any value that is not
// yet one.
func (m *Model) given(f *types.Var, part bool) bool {
	key := givenKey{f, part}
	is, known := m.givens[key]
	if !known {
		is = m.onlyGiven(f, part)
		m.givens[key] = is
	}
	return is
}

type givenKey struct {
	field *types.Var
	part  bool
}

func (m *Model) onlyGiven(f *types.Var, part bool) bool {
	for fa, use := range m.ssa.UsesOf(f) {
		switch use := use.(type) {
		case *ssa.DebugRef, *ssa.FieldAddr, *ssa.UnOp:
		case *ssa.Store:
			_, kept := fa.X.(*ssa.FieldAddr)
			if use.Addr != fa || !m.setsUp(use) && (kept || !part) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// flagAddr returns the address of the field that a condition compares or asks, or nil.
func flagAddr(cond ssa.Value) *ssa.FieldAddr {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return flagAddr(v.X)
		}
	case *ssa.BinOp:
		if _, isConst := v.X.(*ssa.Const); isConst {
			return flagAddr(v.Y)
		}
		return flagAddr(v.X)
	}
	return lazyssa.FieldLoaded(cond)
}
