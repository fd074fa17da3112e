package poolalias

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// exportAccessors states the facts of short methods that end by returning a
// slice in a field, or a part of it: their type may be pooled by another package. That
// takes no SSA. The field has to be one whose memory is used again.
func exportAccessors(pass *analysis.Pass) {
	found := make(map[*types.Func]*types.Var)
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if fn, field := accessor(pass, decl); field != nil {
					found[fn] = field
				} else if fn, i := view(pass, decl); i >= 0 && !pass.ImportObjectFact(fn, new(Shares)) {
					pass.ExportObjectFact(fn, &Shares{Returns: []Return{{Param: i, Str: true}}})
				}
			}
		}
	}
	if len(found) == 0 {
		return
	}
	reused := reusedFields(pass)
	for fn, field := range found {
		if reused[field] && !pass.ImportObjectFact(fn, new(Shares)) {
			pass.ExportObjectFact(fn, &Shares{Returns: []Return{{Path: "." + field.Name()}}})
		}
	}
}

// view returns the function that a declaration is and which of its parameters are the bytes that it
// ends by returning as a string, by way of package unsafe; -1 if none are.
func view(pass *analysis.Pass, decl *ast.FuncDecl) (*types.Func, int) {
	if decl.Recv != nil || !decl.Name.IsExported() || decl.Body == nil {
		return nil, -1
	}
	n := len(decl.Body.List)
	if n == 0 || n > 4 {
		return nil, -1
	}
	ret, ok := decl.Body.List[n-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 || !lint.IsString(pass.TypesInfo.TypeOf(ret.Results[0])) {
		return nil, -1
	}
	fn := pass.TypesInfo.Defs[decl.Name].(*types.Func)
	bytes := reinterpretedBytes(pass, ret.Results[0])
	if bytes == nil {
		return fn, -1
	}
	for i := range fn.Signature().Params().Len() {
		if p := fn.Signature().Params().At(i); pass.TypesInfo.Uses[bytes] == p && lint.IsBytes(p.Type()) {
			return fn, i
		}
	}
	return fn, -1
}

// reinterpretedBytes returns the variable b if an expression is unsafe.String of its memory, or
// *(*string)(unsafe.Pointer(&b)).
func reinterpretedBytes(pass *analysis.Pass, e ast.Expr) *ast.Ident {
	e = ast.Unparen(e)
	if star, ok := e.(*ast.StarExpr); ok {
		if conv, ok := ast.Unparen(star.X).(*ast.CallExpr); ok && len(conv.Args) == 1 {
			if ptr, ok := ast.Unparen(conv.Args[0]).(*ast.CallExpr); ok && len(ptr.Args) == 1 {
				if t, ok := pass.TypesInfo.TypeOf(ptr).(*types.Basic); ok && t.Kind() == types.UnsafePointer {
					return addressed(ptr.Args[0])
				}
			}
		}
		return nil
	}
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 || !isUnsafe(pass, call, "String") {
		return nil
	}
	mem := ast.Unparen(call.Args[0])
	if data, ok := mem.(*ast.CallExpr); ok && len(data.Args) == 1 && isUnsafe(pass, data, "SliceData") {
		id, _ := ast.Unparen(data.Args[0]).(*ast.Ident)
		return id
	}
	return addressed(mem)
}

// addressed returns the variable b of &b or &b[i].
func addressed(e ast.Expr) *ast.Ident {
	addr, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || addr.Op != token.AND {
		return nil
	}
	of := ast.Unparen(addr.X)
	if elem, ok := of.(*ast.IndexExpr); ok {
		of = ast.Unparen(elem.X)
	}
	id, _ := of.(*ast.Ident)
	return id
}

// isUnsafe reports whether a call is one of that function of package unsafe.
func isUnsafe(pass *analysis.Pass, call *ast.CallExpr, name string) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	b, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Builtin)
	return ok && b.Name() == name
}

// accessor returns the method that a declaration is and the field of its receiver
// whose slice it returns.
func accessor(pass *analysis.Pass, decl *ast.FuncDecl) (*types.Func, *types.Var) {
	if decl.Recv == nil || !decl.Name.IsExported() || decl.Body == nil {
		return nil, nil
	}
	n := len(decl.Body.List)
	if n == 0 || n > 4 {
		return nil, nil
	}
	ret, ok := decl.Body.List[n-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return nil, nil
	}
	fn, _ := pass.TypesInfo.Defs[decl.Name].(*types.Func)
	recv := fn.Signature().Recv()
	if _, ok := recv.Type().(*types.Pointer); !ok {
		return nil, nil
	}
	sel, ok := sliced(ret.Results[0]).(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	if x, ok := ast.Unparen(sel.X).(*ast.Ident); !ok || pass.TypesInfo.Uses[x] != recv {
		return nil, nil
	}
	return fn, sliceField(pass, sel)
}

// sliced returns what an expression is cut from.
func sliced(e ast.Expr) ast.Expr {
	for {
		s, ok := ast.Unparen(e).(*ast.SliceExpr)
		if !ok {
			return ast.Unparen(e)
		}
		e = s.X
	}
}

// sliceField returns the field of type slice that an expression selects, not by
// way of an embedded one.
func sliceField(pass *analysis.Pass, e ast.Expr) *types.Var {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := pass.TypesInfo.Selections[sel]
	if s == nil || s.Kind() != types.FieldVal || len(s.Index()) != 1 {
		return nil
	}
	if _, ok := s.Obj().Type().Underlying().(*types.Slice); !ok {
		return nil
	}
	return s.Obj().(*types.Var).Origin()
}

// reusedFields returns the fields of type slice that the package cuts to length
// 0, clears or copies into.
func reusedFields(pass *analysis.Pass) map[*types.Var]bool {
	reused := make(map[*types.Var]bool)
	note := func(e ast.Expr) {
		if f := sliceField(pass, sliced(e)); f != nil {
			reused[f] = true
		}
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SliceExpr:
				if n.High == nil {
					break
				}
				if v := pass.TypesInfo.Types[n.High].Value; v != nil && constant.Sign(v) == 0 {
					note(n.X)
				}
			case *ast.CallExpr:
				id, ok := ast.Unparen(n.Fun).(*ast.Ident)
				if !ok || len(n.Args) == 0 {
					break
				}
				if b, ok := pass.TypesInfo.Uses[id].(*types.Builtin); ok && (b.Name() == "copy" || b.Name() == "clear") {
					note(n.Args[0])
				}
			}
			return true
		})
	}
	return reused
}
