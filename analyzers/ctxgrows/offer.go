package ctxgrows

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// exportOffers tells importers how the results of the methods of exported interfaces depend on
// their parameters.
func (r *run) exportOffers() {
	for _, name := range r.Pkg.Scope().Names() {
		tn, ok := r.Pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || !tn.Exported() {
			continue
		}
		iface, ok := tn.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if m.Pkg() != r.Pkg || !m.Exported() {
				continue
			}
			if rels := r.offered(iface, m); len(rels) > 0 {
				r.ExportObjectFact(m, &summary{Relations: rels})
			}
		}
	}
}

// offered returns how the results of a method of an interface of the package depend on its parameters,
// if all types of the package that have it, and whose method returns, agree.
func (r *run) offered(iface *types.Interface, m *types.Func) (rels []relation) {
	carrying := func(t *types.Tuple) bool {
		return slices.ContainsFunc(slices.Collect(t.Variables()), func(v *types.Var) bool { return isContext(v.Type()) })
	}
	if sig := m.Signature(); !carrying(sig.Results()) || !carrying(sig.Params()) {
		return nil
	}
	found := false
	for _, name := range r.Pkg.Scope().Names() {
		tn, ok := r.Pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || !types.Implements(types.NewPointer(tn.Type()), iface) {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(tn.Type()), true, r.Pkg, m.Name())
		i := slices.IndexFunc(r.funcs, func(fn *ssa.Function) bool { return fn.Object() == obj })
		if i < 0 {
			return nil // promoted from elsewhere
		}
		fn := r.funcs[i]
		if len(returns(fn)) == 0 {
			continue
		}
		own := r.summarize(fn)
		if found && !slices.Equal(own, rels) {
			return nil
		}
		rels, found = own, true
	}
	return rels
}
