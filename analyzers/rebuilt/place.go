package rebuilt

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// within reports whether the call at cur is part of another one that is reported:
// template.Must(template.New…).
func (r *pass) within(cur inspector.Cursor) bool {
	if cur.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	return r.built(cur.Parent().Node().(*ast.CallExpr), 1).kind != ""
}

// decl returns the innermost function around cur.
func function(cur inspector.Cursor) (inspector.Cursor, bool) {
	for f := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return f, true
	}
	return cur, false
}

// guarded reports whether the call runs only where what it builds is not there yet: under
// a condition that compares with nil or asks whether a map has an entry, or in a
// function that looks into a pool, a cache or a sync.Once.
func (r *pass) guarded(cur inspector.Cursor) bool {
	for c := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.FuncDecl)(nil)) {
		switch n := c.Node().(type) {
		case *ast.IfStmt:
			if r.asksWhetherThere(n.Cond) {
				return true
			}
		case *ast.FuncDecl:
			if n.Body != nil && r.looksUp(n.Body) {
				return true
			}
		}
	}
	return false
}

func (r *pass) asksWhetherThere(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.EQL && (r.TypesInfo.Types[n.X].IsNil() || r.TypesInfo.Types[n.Y].IsNil()) {
				found = true
			}
		case *ast.UnaryExpr:
			if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.NOT {
				found = found || types.Identical(r.TypesInfo.TypeOf(id), types.Typ[types.Bool]) // !ok
			}
		}
		return !found
	})
	return found
}

// looksUp reports whether a function asks a sync.Pool, a sync.Map or a sync.Once.
func (r *pass) looksUp(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			fn := typeutil.Callee(r.TypesInfo, call)
			found = found || lint.IsMethod(fn, "sync", "Pool", "Get") || lint.IsMethod(fn, "sync", "Once", "Do") ||
				lint.IsMethod(fn, "sync", "Map", "Load", "LoadOrStore")
		}
		return !found
	})
	return found
}

// setsUp reports whether the function at cur is one of those that run once or seldom,
// as far as its signature tells: it makes what others use, configures flags or commands,
// or is a command.
func (r *pass) setsUp(cur inspector.Cursor) bool {
	for c := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var sig *types.Signature
		switch n := c.Node().(type) {
		case *ast.FuncLit:
			sig, _ = r.TypesInfo.TypeOf(n).(*types.Signature)
			if r.fillsPool(c) {
				return true
			}
		case *ast.FuncDecl:
			if fn, ok := r.TypesInfo.Defs[n.Name].(*types.Func); ok {
				sig = fn.Signature()
				if makesObject(fn) {
					return true
				}
			}
		}
		if sig != nil && takesCommand(sig) {
			return true
		}
	}
	return false
}

// fillsPool reports whether the function literal at c is the New of a sync.Pool.
func (r *pass) fillsPool(c inspector.Cursor) bool {
	if c.ParentEdgeKind() != edge.KeyValueExpr_Value {
		return false
	}
	lit, ok := c.Parent().Parent().Node().(*ast.CompositeLit)
	return ok && lint.IsNamed(r.TypesInfo.TypeOf(lit), "sync", "Pool")
}

// resets reports whether the function gives what the call at cur makes another stream:
// it is made once for many.
func (r *pass) resets(cur inspector.Cursor) bool {
	v := r.variable(cur)
	return v != nil && !r.each(cur, v, func(use inspector.Cursor) bool {
		sel, ok := use.Parent().Node().(*ast.SelectorExpr)
		return !ok || sel.Sel.Name != "Reset"
	})
}

// makesObject reports whether the function is a constructor: it returns an object of a
// type of its package, perhaps with an error, and is named for that.
func makesObject(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Results().Len() == 0 || sig.Results().Len() > 3 || sig.Recv() != nil {
		return false
	}
	named, ok := types.Unalias(lint.Deref(sig.Results().At(0).Type())).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	switch named.Underlying().(type) {
	case *types.Struct, *types.Interface:
	default:
		return false
	}
	return strings.HasPrefix(fn.Name(), "New") || strings.HasPrefix(fn.Name(), "new")
}

// takesCommand reports whether functions of this signature run or configure a command.
func takesCommand(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		named, ok := types.Unalias(lint.Deref(p.Type())).(*types.Named)
		if !ok || named.Obj().Pkg() == nil {
			continue
		}
		switch named.Obj().Name() {
		case "FlagSet", "Command":
			return true
		case "Context":
			if strings.Contains(named.Obj().Pkg().Path(), "cli") {
				return true
			}
		}
	}
	return false
}

// local reports whether what the call at cur builds stays in the function: it is a
// variable, or nothing, that only its methods are called of.
func (r *pass) local(cur inspector.Cursor) bool {
	for cur.ParentEdgeKind() == edge.ParenExpr_X || cur.ParentEdgeKind() == edge.CallExpr_Args && r.built(cur.Parent().Node().(*ast.CallExpr), 1).kind != "" {
		cur = cur.Parent()
	}
	switch cur.ParentEdgeKind() {
	case edge.SelectorExpr_X:
		return cur.Parent().ParentEdgeKind() == edge.CallExpr_Fun
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values, edge.ReturnStmt_Results, edge.IfStmt_Cond:
		v := r.variable(cur)
		return v != nil && r.onlyCalled(cur, v)
	}
	return false
}

// variable returns the local variable that the expression at cur is assigned to.
func (r *pass) variable(cur inspector.Cursor) *types.Var {
	var id *ast.Ident
	switch n := cur.Parent().Node().(type) {
	case *ast.AssignStmt:
		i := cur.ParentEdgeIndex()
		if len(n.Rhs) != 1 && len(n.Rhs) != len(n.Lhs) || i >= len(n.Lhs) {
			return nil
		}
		id, _ = ast.Unparen(n.Lhs[i]).(*ast.Ident)
	case *ast.ValueSpec:
		if i := cur.ParentEdgeIndex(); i < len(n.Names) {
			id = n.Names[i]
		}
	}
	if id == nil {
		return nil
	}
	v, ok := r.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || v.Parent() == nil || v.Parent() == r.Pkg.Scope() || v.Kind() == types.ResultVar {
		return nil
	}
	return v
}

// onlyCalled reports whether nothing is done with v but to call its methods, and to
// compare it.
func (r *pass) onlyCalled(cur inspector.Cursor, v *types.Var) bool {
	return r.each(cur, v, func(use inspector.Cursor) bool {
		switch use.ParentEdgeKind() {
		case edge.SelectorExpr_X:
			return use.Parent().ParentEdgeKind() == edge.CallExpr_Fun
		case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.AssignStmt_Lhs:
			return true
		}
		return false
	})
}

// each reports whether ok holds of all uses of v.
func (r *pass) each(cur inspector.Cursor, v *types.Var, ok func(inspector.Cursor) bool) bool {
	var top inspector.Cursor
	for f := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) { // one of a package variable may be in no function
		top = f
	}
	if !top.Valid() {
		return false
	}
	for use := range top.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[use.Node().(*ast.Ident)] == v && !ok(use) {
			return false
		}
	}
	return true
}

// hasInput reports whether the function around cur is given a text to work on.
func (r *pass) hasInput(cur inspector.Cursor) bool {
	return r.isGiven(cur, func(t types.Type) bool { return lint.IsString(t) || lint.IsBytes(t) })
}

// writes reports whether the function around cur is given something to write to.
func (r *pass) writes(cur inspector.Cursor) bool {
	return r.isGiven(cur, func(t types.Type) bool {
		return lint.IsNamed(t, "io", "Writer") || lint.IsNamed(t, "net/http", "ResponseWriter")
	})
}

// isGiven reports whether a parameter of the function around cur has a type that is asked for.
func (r *pass) isGiven(cur inspector.Cursor, is func(types.Type) bool) bool {
	f, ok := function(cur)
	if !ok {
		return false
	}
	var params *ast.FieldList
	switch n := f.Node().(type) {
	case *ast.FuncDecl:
		if n.Body == nil {
			return false
		}
		params = n.Type.Params
	case *ast.FuncLit:
		params = n.Type.Params
	}
	for _, field := range params.List {
		if t := r.TypesInfo.TypeOf(field.Type); t != nil && is(t) {
			return true
		}
	}
	return false
}

// client reports a pool of connections that is made on every call.
func (r *pass) client(cur inspector.Cursor, call *ast.CallExpr, place hot.Place, m maker) {
	v := r.variable(cur)
	if v == nil {
		return
	}
	closed, kept := false, false
	r.each(cur, v, func(use inspector.Cursor) bool {
		switch use.ParentEdgeKind() {
		case edge.SelectorExpr_X:
			if use.Parent().ParentEdgeKind() == edge.CallExpr_Fun {
				closed = closed || use.Parent().Node().(*ast.SelectorExpr).Sel.Name == "Close"
				return true
			}
			closed = true // db.Close as a value
		case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.AssignStmt_Lhs:
			return true
		case edge.CallExpr_Args:
			// A client of a service is made of it; it does not close it.
			arg := use.Parent().Node().(*ast.CallExpr)
			if fn, ok := typeutil.Callee(r.TypesInfo, arg).(*types.Func); ok && strings.HasPrefix(fn.Name(), "New") && strings.HasSuffix(fn.Name(), "Client") {
				return true
			}
			kept = true
			return true
		}
		kept = true
		return true
	})
	switch {
	case kept:
	case !closed && (place.Worth() || r.all):
		r.report(call, connection, place, "%s makes %s on every call, and nobody closes it: they pile up; make one, and let all calls share it", m.name, m.cost)
	case closed && (place.Kind == hot.Request || place.Kind == hot.Declared || place.InLoop()):
		r.report(call, connection, place, "%s makes %s%s; make one, and let all share it: it is made for that", m.name, m.cost, when(place))
	}
}

// exportedWork reports whether the function around cur does work for whoever calls it.
func (r *pass) exportedWork(cur inspector.Cursor) bool {
	f, ok := function(cur)
	if !ok {
		return false
	}
	decl, ok := f.Node().(*ast.FuncDecl)
	return ok && r.Pkg.Name() != "main" && (decl.Name.IsExported() || decl.Recv != nil) && len(decl.Type.Params.List) > 0 && !r.exits()
}

// exits reports whether the package ends the program when all is well: it is a command.
func (r *pass) exits() bool {
	for c := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if len(call.Args) != 1 || !lint.IsFunc(typeutil.Callee(r.TypesInfo, call), "os", "Exit") || lint.IsTest(r.Pass, call.Pos()) {
			continue
		}
		if code := r.TypesInfo.Types[call.Args[0]].Value; code != nil && constant.Sign(code) == 0 {
			return true
		}
	}
	return false
}
