package ctxvalue

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// checkMismatch reports lookups that cannot find what the package stores.
func (r *run) checkMismatch() {
	for i := range r.gets {
		o := &r.gets[i]
		if k, ok := o.keys.only(); ok && !r.checkLookup(o, k) && !r.checkOrphan(o, k) && !r.checkEmpty(o, k) {
			r.checkAssertion(o, k)
		}
	}
	r.checkHidden()
}

// checkLookup reports a lookup under a key that nobody sets, where the package, or
// one that it imports, sets the same key with another type.
func (r *run) checkLookup(o *op, k key) bool {
	var similar *op
	var stored key
	unique := true
	for i := range r.sets {
		for _, s := range r.sets[i].keys.list {
			if s.typ == nil {
				continue
			}
			if mayEqual(s, k) {
				return false
			}
			if alike(s, k) {
				unique = unique && (similar == nil || r.mustEqual(stored, s))
				similar, stored = &r.sets[i], s
			}
		}
	}
	if _, plain := types.Unalias(k.typ).(*types.Basic); plain {
		// Others may use the plain key; if this code knows that, it falls back on it.
		if r.setsUnknown() || r.otherContexts() {
			return false
		}
		if similar == nil {
			return r.checkImported(o, k) || r.checkOwnValue(o, k)
		}
		if !r.ownType(stored.typ) && !r.inModule(stored.typ) || r.looksUp(o.call.Parent(), stored) {
			return false
		}
	} else if similar == nil || !r.privateKey(k) {
		return false
	}
	expr := r.keyExpr(o)
	storedExpr := r.keyExpr(similar)
	if expr == nil || storedExpr == nil {
		return false
	}
	d := analysis.Diagnostic{
		Pos: expr.Pos(), End: expr.End(), Category: mismatch,
		Message: fmt.Sprintf("lookup of %s finds nothing: the value is stored under a key of type %s, and this key has type %s",
			lint.Text(expr), r.typeName(stored.typ), r.typeName(k.typ)),
		Related: []analysis.RelatedInformation{{Pos: storedExpr.Pos(), End: storedExpr.End(), Message: "the key is stored here"}},
	}
	if unique && o.from == nil && similar.from == nil && r.means(storedExpr, expr.Pos()) {
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message:   fmt.Sprintf("Look up %s", lint.Text(storedExpr)),
			TextEdits: []analysis.TextEdit{{Pos: expr.Pos(), End: expr.End(), NewText: []byte(types.ExprString(storedExpr))}},
		}}
	}
	r.tell(d)
	return true
}

func (r *run) setsUnknown() bool {
	return slices.ContainsFunc(r.sets, func(o op) bool { return o.keys.unknown })
}

// means reports whether e is a name, the address of one, or an empty literal, and
// stands for the same package-level declaration at pos.
func (r *run) means(e ast.Expr, pos token.Pos) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		_, ok := x.X.(*ast.Ident)
		return ok && x.Op == token.AND && r.means(x.X, pos)
	case *ast.CompositeLit:
		_, ok := x.Type.(*ast.Ident)
		return ok && len(x.Elts) == 0 && r.means(x.Type, pos)
	case *ast.Ident:
		obj := r.TypesInfo.Uses[x]
		if obj == nil || obj.Parent() != r.Pkg.Scope() {
			return false
		}
		inner := r.Pkg.Scope().Innermost(pos)
		if inner == nil {
			return false
		}
		_, found := inner.LookupParent(x.Name, pos)
		return found == obj
	}
	return false
}

// alike reports whether two keys differ in nothing but their type. Small numbers
// are alike by chance, so a number must be a plain one.
func alike(a, b key) bool {
	if pa, ok := types.Unalias(a.typ).(*types.Pointer); ok && types.Identical(pa.Elem(), b.typ) {
		return true
	}
	if pb, ok := types.Unalias(b.typ).(*types.Pointer); ok && types.Identical(pb.Elem(), a.typ) {
		return true
	}
	_, plain := types.Unalias(b.typ).(*types.Basic)
	return a.val != nil && b.val != nil && a.val.Kind() == b.val.Kind() && (plain || a.val.Kind() == constant.String) &&
		types.Identical(a.typ.Underlying(), b.typ.Underlying()) && constant.Compare(a.val, token.EQL, b.val)
}

// mayEqual reports whether two keys can be equal.
func mayEqual(a, b key) bool {
	switch {
	case a.typ == nil || b.typ == nil || !types.Identical(a.typ, b.typ):
		return false
	case a.val != nil && b.val != nil:
		return constant.Compare(a.val, token.EQL, b.val)
	case a.origin != nil && b.origin != nil:
		return a.origin == b.origin
	}
	return true
}

// mustEqual reports whether two keys are equal for certain.
func (r *run) mustEqual(a, b key) bool {
	if !mayEqual(a, b) {
		return false
	}
	_, pointer := a.typ.Underlying().(*types.Pointer)
	return !pointer && r.zeroSize(a.typ) ||
		a.val != nil && b.val != nil ||
		a.origin != nil && a.origin == b.origin ||
		a.source != nil && a.source == b.source
}

func (r *run) ownType(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() == r.Pkg
}

// inModule reports whether t is a named type of the module that is analysed.
func (r *run) inModule(t types.Type) bool {
	pkg := typePackage(t)
	return pkg != nil && r.Module != nil && r.Module.Path != "" && strings.HasPrefix(pkg.Path()+"/", r.Module.Path+"/")
}

// looksUp reports whether fn, or a function around it, looks up the key k.
func (r *run) looksUp(fn *ssa.Function, k key) bool {
	return slices.ContainsFunc(r.gets, func(o op) bool {
		return lazyssa.Outermost(o.call.Parent()) == lazyssa.Outermost(fn) &&
			slices.ContainsFunc(o.keys.list, func(other key) bool { return mayEqual(other, k) })
	})
}

// otherContexts reports whether the package, or one that it imports, has a
// context type of its own: these have plain keys that WithValue never sees.
func (r *run) otherContexts() bool {
	for _, pkg := range append(slices.Clone(r.Pkg.Imports()), r.Pkg) {
		if pkg.Path() == "context" {
			continue
		}
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || pkg != r.Pkg && !tn.Exported() {
				continue
			}
			obj, index, _ := types.LookupFieldOrMethod(tn.Type(), true, nil, "Value")
			fn, ok := obj.(*types.Func)
			if !ok || len(index) != 1 || fn.Signature().Params().Len() != 1 || fn.Signature().Results().Len() != 1 {
				continue
			}
			if types.IsInterface(fn.Signature().Params().At(0).Type()) && types.IsInterface(fn.Signature().Results().At(0).Type()) {
				return true
			}
		}
	}
	return false
}

// checkAssertion reports an assertion that fails for all that is stored under the key.
func (r *run) checkAssertion(o *op, k key) {
	asserts := assertions(o)
	if len(asserts) == 0 || !r.privateKey(k) {
		return
	}
	var stored []types.Type
	var at *op
	for i := range r.sets {
		s := &r.sets[i]
		if !slices.ContainsFunc(s.keys.list, func(other key) bool { return mayEqual(other, k) }) {
			continue
		}
		ts, ok := r.valueTypes(s)
		if !ok {
			return
		}
		if len(ts) > 0 {
			at = s
		}
		stored = append(stored, ts...)
	}
	if at == nil {
		return
	}
	for _, a := range asserts {
		if generic(a.typ) || slices.ContainsFunc(stored, func(t types.Type) bool { return satisfies(t, a.typ) }) {
			return
		}
	}
	r.told[o.call] = true
	first := asserts[0]
	expr, storedExpr := r.keyExpr(o), r.keyExpr(at)
	if expr == nil || storedExpr == nil {
		return
	}
	consequence := "always panics"
	if first.checked {
		consequence = "always fails"
	}
	names := r.typeName(stored[0])
	if len(stored) > 1 && !types.Identical(stored[0], stored[len(stored)-1]) {
		names += ", among others"
	}
	r.report(r.callExpr(o.call), mismatch, fmt.Sprintf("assertion to %s %s: the value stored under %s has type %s",
		r.typeName(first.typ), consequence, lint.Text(expr), names),
		analysis.RelatedInformation{Pos: storedExpr.Pos(), End: storedExpr.End(), Message: "the value is stored here"})
}

// An assertion is what a lookup expects of the value.
type assertion struct {
	typ     types.Type
	checked bool            // in the form that cannot panic
	instr   *ssa.TypeAssert // nil if a wrapper makes it
}

// assertions returns the type assertions on the result of a lookup.
func assertions(o *op) (list []assertion) {
	v := o.call.Value()
	if v == nil {
		return nil
	}
	if o.from != nil {
		if i := o.from.Asserts - 1; i >= 0 {
			if callee := o.call.Common().StaticCallee(); callee != nil && i < len(callee.TypeArgs()) {
				return []assertion{{typ: callee.TypeArgs()[i], checked: o.from.Checks}}
			}
		}
		if !o.from.Returns {
			return nil
		}
	}
	values := []ssa.Value{v}
	if _, ok := v.Type().(*types.Tuple); ok {
		values = nil
		for _, ref := range *v.Referrers() {
			if e, ok := ref.(*ssa.Extract); ok && e.Index == 0 {
				values = append(values, e)
			}
		}
	}
	for _, v := range values {
		for _, ref := range *v.Referrers() {
			if a, ok := ref.(*ssa.TypeAssert); ok {
				list = append(list, assertion{a.AssertedType, a.CommaOk, a})
			}
		}
	}
	return list
}

// valueTypes returns the dynamic types of the value that o stores; ok is false if
// it may have others. A nil value has none, and a parameter those of all calls.
func (r *run) valueTypes(o *op) (list []types.Type, ok bool) {
	value := o.value()
	if value == nil {
		return nil, false
	}
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value) bool
	visit = func(v ssa.Value) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		if !types.IsInterface(v.Type()) { // the argument of a generic wrapper
			list = append(list, v.Type())
			return !generic(v.Type())
		}
		switch v := v.(type) {
		case *ssa.MakeInterface:
			list = append(list, v.X.Type())
			return !types.IsInterface(v.X.Type()) && !generic(v.X.Type())
		case *ssa.ChangeInterface:
			return visit(v.X)
		case *ssa.Phi:
			return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !visit(e) })
		case *ssa.Const:
			return v.IsNil()
		case *ssa.Parameter:
			calls, all := r.callsOf(v.Parent())
			i := slices.Index(v.Parent().Params, v)
			return all && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return !visit(c.Common().Args[i]) })
		}
		return false
	}
	ok = visit(value)
	return list, ok
}

// callsOf returns the calls of a function; all is false if there may be more.
func (r *run) callsOf(fn *ssa.Function) (calls []ssa.CallInstruction, all bool) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Exported() || obj.Signature().Recv() != nil || obj.Signature().TypeParams().Len() > 0 {
		return nil, false
	}
	for _, f := range r.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				uses := 0
				for _, operand := range instr.Operands(nil) {
					if *operand == ssa.Value(fn) {
						uses++
					}
				}
				if uses == 0 {
					continue
				}
				call, ok := instr.(ssa.CallInstruction)
				if !ok || uses > 1 || call.Common().Value != fn {
					return nil, false
				}
				calls = append(calls, call)
			}
		}
	}
	return calls, len(calls) > 0
}

// satisfies reports whether an assertion to target holds for a value of type t.
func satisfies(t, target types.Type) bool {
	if iface, ok := target.Underlying().(*types.Interface); ok {
		return types.Implements(t, iface)
	}
	return types.Identical(t, target)
}
