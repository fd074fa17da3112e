package ctxvalue

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// checkKey reports a key that panics or collides, and a parent that panics.
func (r *run) checkKey(o *op) {
	if o.wrapper == "" && lazyssa.IsNil(o.call.Common().Args[0]) {
		if call := r.callExpr(o.call); call != nil && len(call.Args) > 0 {
			r.tell(analysis.Diagnostic{
				Pos: call.Args[0].Pos(), End: call.Args[0].End(), Category: panics,
				Message:        "context.WithValue panics because its parent context is nil",
				SuggestedFixes: r.todo(call),
			})
		}
		return
	}
	category, why, related := r.fault(&o.keys)
	if why == "" {
		return
	}
	expr := r.keyExpr(o)
	if expr == nil || r.excused(expr) {
		return
	}
	subject := "context key"
	if name := lint.Text(expr); name != "nil" {
		subject += " " + name
	}
	if o.wrapper != "" {
		subject += fmt.Sprintf(" (used by %s)", o.wrapper)
	}
	r.report(expr, category, subject+" "+why, related...)
}

// todo returns the fix that gives a call of context.WithValue a parent instead of nil.
func (r *run) todo(call *ast.CallExpr) []analysis.SuggestedFix {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !r.TypesInfo.Types[call.Args[0]].IsNil() {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   "Pass context.TODO()",
		TextEdits: []analysis.TextEdit{{Pos: call.Args[0].Pos(), End: call.Args[0].End(), NewText: []byte(types.ExprString(sel.X) + ".TODO()")}},
	}}
}

// fault says what is wrong with a key that WithValue is given, or "".
func (r *run) fault(ks *keys) (category, why string, related []analysis.RelatedInformation) {
	onlyNil := len(ks.list) > 0 && !ks.unknown && len(ks.params) == 0
	for _, k := range ks.list {
		if k.typ == nil {
			continue
		}
		onlyNil = false
		if !types.Comparable(k.typ) && !generic(k.typ) {
			return panics, fmt.Sprintf("has type %s, which cannot be compared, so context.WithValue panics", r.typeName(k.typ)), nil
		}
	}
	if onlyNil {
		return panics, "is nil, so context.WithValue panics", nil
	}
	for _, k := range ks.list {
		if k.typ == nil {
			continue
		}
		if why, related := r.collision(k); why != "" {
			return collides, why, related
		}
		if t := holdsIncomparable(k); t != nil {
			return panics, fmt.Sprintf("holds a %s, which cannot be compared, so every lookup under such a key panics", r.typeName(t)), nil
		}
		if r.all && holdsInterfaces(k.typ) {
			return panics, fmt.Sprintf("has type %s: if an element cannot be compared, every lookup that reaches it panics", r.typeName(k.typ)), nil
		}
	}
	return "", "", nil
}

// excused reports whether a comment silences the linters that know plain keys
// too: whoever wrote it need not do so again.
func (r *run) excused(n ast.Node) bool {
	file := lint.FileOf(r.Pass, n.Pos())
	if file == nil {
		return false
	}
	s := lint.ParseSuppressions(r.Fset, file)
	return slices.ContainsFunc([]string{"SA1029", "staticcheck", "revive", "golint"}, func(name string) bool {
		return s.Match(r.Fset, name, n.Pos()) != nil
	})
}

// collision says what another key may be equal to k, or "".
func (r *run) collision(k key) (why string, related []analysis.RelatedInformation) {
	t := types.Unalias(k.typ)
	name := r.typeName(k.typ)
	switch u := t.(type) {
	case *types.Basic:
		if _, ok := k.typ.(*types.Alias); ok {
			name += " (an alias of " + u.Name() + ")"
		}
		return fmt.Sprintf("has the built-in type %s, so an equal key of any other package hides this value or is hidden by it; "+
			"use a key of an unexported type", name), nil
	case *types.Struct, *types.Array:
		if open(t) {
			return fmt.Sprintf("has the unnamed type %s, which every package shares, so other keys are equal to it; "+
				"use a key of an unexported type", name), nil
		}
	case *types.Pointer:
		if !r.zeroSize(u.Elem()) {
			return "", nil
		}
		if open(u.Elem()) {
			return fmt.Sprintf("has type %s, and pointers to variables of size 0 may all be equal; "+
				"use a value of an unexported type, or give it a field", name), nil
		}
		if other := r.otherOrigin(k); other != nil {
			return fmt.Sprintf("has type %s, and pointers to variables of size 0 may be equal, "+
				"so this value may answer for another key; give each key a type of its own",
				name), keyDeclared(other)
		}
	case *types.Named:
		if pkg := u.Obj().Pkg(); pkg != nil && pkg != r.Pkg && r.foreignKey(u) {
			return fmt.Sprintf("has type %s, which is not a key type: every package can have an equal key; "+
				"use a key of an unexported type", name), nil
		}
	}
	return "", nil
}

// foreignKey reports whether a type of another package is certainly not meant for context keys.
func (r *run) foreignKey(t *types.Named) bool {
	// A type without data has no other use; a struct or interface may have.
	if _, ok := t.Underlying().(*types.Basic); !ok {
		return false
	}
	if std(t.Obj().Pkg()) {
		return t.Obj().Exported()
	}
	if !r.all {
		return false
	}
	// Key types have no methods but String and such as read the context.
	for m := range t.Methods() {
		params := m.Signature().Params()
		if m.Name() != "String" && m.Name() != "GoString" && (params.Len() == 0 || !lint.IsNamed(params.At(0).Type(), "context", "Context")) {
			return true
		}
	}
	return false
}

// std reports whether a package is of the standard library and defines ordinary types.
func std(pkg *types.Package) bool {
	switch first, _, _ := strings.Cut(pkg.Path(), "/"); first {
	case "crypto", "database", "debug", "encoding", "go", "image", "io", "log", "math", "net", "os",
		"reflect", "regexp", "runtime", "strconv", "sync", "syscall", "text", "time", "unicode":
		return true
	}
	return false
}

// open reports whether every package can write the type down: it has no name,
// and neither has anything in it.
func open(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return true
	case *types.Array:
		return open(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() || !open(f.Type()) {
				return false // unexported fields belong to their package
			}
		}
		return true
	}
	return false
}

// holdsInterfaces reports whether t is an array of interfaces: such keys are
// comparable to WithValue and yet may panic when compared.
func holdsInterfaces(t types.Type) bool {
	a, ok := t.Underlying().(*types.Array)
	return ok && (types.IsInterface(a.Elem()) && !generic(a.Elem()) || holdsInterfaces(a.Elem()))
}

// holdsIncomparable returns the type of a value in an interface within a key that is
// written out, if it cannot be compared; else nil.
func holdsIncomparable(k key) types.Type {
	load, ok := k.made.(*ssa.UnOp)
	if !ok {
		return nil
	}
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *alloc.Referrers() {
		elem, ok := ref.(ssa.Value)
		if !ok || elem == k.made {
			continue
		}
		switch elem.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr:
		default:
			continue
		}
		for _, use := range *elem.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == elem {
				if mi, ok := store.Val.(*ssa.MakeInterface); ok && !types.Comparable(mi.X.Type()) && !generic(mi.X.Type()) {
					return mi.X.Type()
				}
			}
		}
	}
	return nil
}

func (r *run) zeroSize(t types.Type) bool {
	return !generic(t) && r.TypesSizes.Sizeof(t) == 0
}

// otherOrigin returns another variable or allocation that serves as a key of the
// same pointer type as k, or nil.
func (r *run) otherOrigin(k key) ssa.Value {
	if k.origin == nil {
		return nil
	}
	for _, ops := range [][]op{r.sets, r.gets} {
		for _, o := range ops {
			for _, other := range o.keys.list {
				if other.origin != nil && other.origin != k.origin && types.Identical(other.typ, k.typ) {
					return other.origin
				}
			}
		}
	}
	return nil
}

func keyDeclared(v ssa.Value) []analysis.RelatedInformation {
	if !v.Pos().IsValid() {
		return nil
	}
	return []analysis.RelatedInformation{{Pos: v.Pos(), Message: "another key of this type"}}
}

// generic reports whether t depends on a type parameter.
func generic(t types.Type) bool { return genericIn(t, make(map[types.Type]bool)) }

func genericIn(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if genericIn(arg, seen) {
				return true
			}
		}
		if t.Obj().Parent() != nil && t.Obj().Pkg() != nil && t.Obj().Parent() != t.Obj().Pkg().Scope() {
			return genericIn(t.Underlying(), seen) // a local type of a generic function
		}
	case *types.Pointer:
		return genericIn(t.Elem(), seen)
	case *types.Slice:
		return genericIn(t.Elem(), seen)
	case *types.Array:
		return genericIn(t.Elem(), seen)
	case *types.Chan:
		return genericIn(t.Elem(), seen)
	case *types.Map:
		return genericIn(t.Key(), seen) || genericIn(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if genericIn(f.Type(), seen) {
				return true
			}
		}
	case *types.Signature:
		return genericIn(t.Params(), seen) || genericIn(t.Results(), seen)
	case *types.Tuple:
		for v := range t.Variables() {
			if genericIn(v.Type(), seen) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if genericIn(m.Type(), seen) {
				return true
			}
		}
	}
	return false
}
