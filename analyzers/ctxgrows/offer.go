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

// An offer is a method of an interface.
type offer struct {
	iface *types.Interface
	m     *types.Func
}

// offered returns how the results of a method of an interface of the package depend on its parameters,
// if all types of the package that have it, and whose method returns, agree.
func (r *run) offered(iface *types.Interface, m *types.Func) []relation {
	key := offer{iface, m}
	if rels, ok := r.offers[key]; ok {
		return rels
	}
	r.offers[key] = nil // breaks cycles
	r.offers[key] = r.agreed(iface, m)
	return r.offers[key]
}

func (r *run) agreed(iface *types.Interface, m *types.Func) (rels []relation) {
	carrying := func(t *types.Tuple) bool {
		return slices.ContainsFunc(slices.Collect(t.Variables()), func(v *types.Var) bool { return isContext(v.Type()) })
	}
	if sig := m.Signature(); !carrying(sig.Results()) || !carrying(sig.Params()) {
		return nil
	}
	found := false
	for _, name := range r.Pkg.Scope().Names() {
		tn, ok := r.Pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		t, ok := tn.Type().(*types.Named)
		if !ok || types.IsInterface(t) || t.TypeParams().Len() > 0 || !types.Implements(types.NewPointer(t), iface) {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, r.Pkg, m.Name())
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
