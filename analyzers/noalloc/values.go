package noalloc

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// A method is an interface method that is marked.
type method struct {
	fn     *types.Func
	iface  *types.Interface
	name   string
	strict bool
}

// markedMethods returns the marked interface methods of the package and of those
// that it imports.
func (r *pass) markedMethods() (methods []method) {
	add := func(obj types.Object, strict bool) {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Signature().Recv() == nil {
			return
		}
		t := types.Unalias(fn.Signature().Recv().Type())
		iface, ok := t.Underlying().(*types.Interface)
		if !ok {
			return
		}
		name := fn.Name()
		if named, ok := t.(*types.Named); ok {
			name = named.Obj().Name() + "." + name
			if pkg := named.Obj().Pkg(); pkg != nil && pkg != r.Pkg {
				name = pkg.Name() + "." + name
			}
		}
		methods = append(methods, method{fn, iface, name, strict})
	}
	for obj, m := range r.objects {
		add(obj, m.strict)
	}
	for _, f := range r.AllObjectFacts() {
		if c, ok := f.Fact.(*Contract); ok && f.Object.Pkg() != r.Pkg {
			add(f.Object, c.Strict)
		}
	}
	slices.SortFunc(methods, func(a, b method) int { return cmp.Compare(a.name, b.name) })
	return methods
}

// marked returns the mark of an interface method or a function type, of whatever package.
func (r *pass) marked(obj types.Object) (strict, ok bool) {
	if obj == nil {
		return false, false
	}
	if m, ok := r.objects[obj]; ok {
		return m.strict, true
	}
	var c Contract
	if obj.Pkg() != nil && obj.Pkg() != r.Pkg && r.ImportObjectFact(obj, &c) {
		return c.Strict, true
	}
	return false, false
}

// typeMark returns the mark of a type, if it is a named function type that has one.
func (r *pass) typeMark(t types.Type) (strict, ok bool) {
	if t == nil {
		return false, false
	}
	named, isNamed := types.Unalias(t).(*types.Named)
	if !isNamed {
		return false, false
	}
	return r.marked(named.Origin().Obj())
}

// A value is a function that becomes a value of a marked function type.
type value struct {
	fn     *types.Func
	lit    *ast.FuncLit
	typ    string
	strict bool
}

// values returns the functions that become values of marked function types, in the
// order of the source.
func (r *pass) values() (found []value) {
	if !r.anyMarkedType() {
		return nil
	}
	seen := make(map[ast.Expr]bool)
	take := func(e ast.Expr, t types.Type) {
		e = ast.Unparen(e)
		strict, ok := r.typeMark(t)
		if !ok || seen[e] {
			return
		}
		seen[e] = true
		v := value{strict: strict, typ: types.TypeString(t, types.RelativeTo(r.Pkg))}
		switch e := e.(type) {
		case *ast.FuncLit:
			v.lit = e
		case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
			v.fn, _ = typeutil.Callee(r.TypesInfo, &ast.CallExpr{Fun: e}).(*types.Func)
		}
		if v.fn != nil || v.lit != nil {
			found = append(found, v)
		}
	}
	for _, f := range r.Files {
		var results *types.Tuple // of the function declaration
		var literal token.Pos    // end of the function literals so far
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if fn, ok := r.TypesInfo.Defs[n.Name].(*types.Func); ok {
					results = fn.Signature().Results()
				}
			case *ast.FuncLit:
				literal = max(literal, n.End())
			case *ast.CallExpr:
				r.arguments(n, take)
			case *ast.AssignStmt:
				if len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
					for i := range n.Lhs {
						take(n.Rhs[i], r.TypesInfo.TypeOf(n.Lhs[i]))
					}
				}
			case *ast.ValueSpec:
				if n.Type != nil {
					for _, v := range n.Values {
						take(v, r.TypesInfo.TypeOf(n.Type))
					}
				}
			case *ast.ReturnStmt:
				if n.Pos() > literal && results.Len() == len(n.Results) {
					for i, e := range n.Results {
						take(e, results.At(i).Type())
					}
				}
			case *ast.CompositeLit:
				r.elements(n, take)
			}
			return true
		})
	}
	return found
}

func (r *pass) arguments(call *ast.CallExpr, take func(ast.Expr, types.Type)) {
	tv := r.TypesInfo.Types[call.Fun]
	if tv.IsType() && len(call.Args) == 1 {
		take(call.Args[0], tv.Type)
		return
	}
	if tv.Type == nil {
		return
	}
	sig, ok := tv.Type.Underlying().(*types.Signature)
	if !ok {
		return
	}
	for i, arg := range call.Args {
		if i < sig.Params().Len() && !(sig.Variadic() && i == sig.Params().Len()-1) {
			take(arg, sig.Params().At(i).Type())
		}
	}
}

func (r *pass) elements(lit *ast.CompositeLit, take func(ast.Expr, types.Type)) {
	t := r.TypesInfo.TypeOf(lit)
	if t == nil {
		return
	}
	for i, e := range lit.Elts {
		kv, keyed := e.(*ast.KeyValueExpr)
		switch u := t.Underlying().(type) {
		case *types.Struct:
			if !keyed {
				if i < u.NumFields() {
					take(e, u.Field(i).Type())
				}
			} else if id, ok := kv.Key.(*ast.Ident); ok {
				if f := r.TypesInfo.Uses[id]; f != nil {
					take(kv.Value, f.Type())
				}
			}
		case interface{ Elem() types.Type }:
			if keyed {
				e = kv.Value
			}
			take(e, u.Elem())
		}
	}
}

// anyMarkedType reports whether a marked function type is known at all.
func (r *pass) anyMarkedType() bool {
	for obj := range r.objects {
		if _, ok := obj.(*types.TypeName); ok {
			return true
		}
	}
	return slices.ContainsFunc(r.AllObjectFacts(), func(f analysis.ObjectFact) bool {
		_, isType := f.Object.(*types.TypeName)
		return isType
	})
}
