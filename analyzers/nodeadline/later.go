package nodeadline

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// An assignment sets a timeout of a server that exists.
type assignment struct {
	root types.Object // the variable that the path to the server begins with
	own  bool         // the server is made where that is declared: no other is meant
	arg  bool         // it is a parameter: only servers that are passed to the function are meant
	in   *types.Var   // the field that the server is in; nil if that is not known
}

// assignments returns where the package sets timeouts of servers.
func (f *finder) assignments() []assignment {
	if f.set == nil {
		f.set = f.findAssignments()
	}
	return f.set
}

func (f *finder) findAssignments() []assignment {
	list := []assignment{}
	for cur := range f.root().Preorder((*ast.AssignStmt)(nil)) {
		for _, lhs := range cur.Node().(*ast.AssignStmt).Lhs {
			sel, ok := ast.Unparen(lhs).(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "ReadTimeout" && sel.Sel.Name != "ReadHeaderTimeout" {
				continue
			}
			// Also by way of a struct that embeds a server.
			if obj := f.pass.TypesInfo.Uses[sel.Sel]; obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "net/http" {
				var a assignment
				if in, ok := ast.Unparen(sel.X).(*ast.SelectorExpr); ok {
					if field, ok := f.pass.TypesInfo.Uses[in.Sel].(*types.Var); ok && field.IsField() {
						a.in = field.Origin()
					}
				}
				if id := lint.RootIdent(sel.X); id != nil {
					a.root = f.pass.TypesInfo.ObjectOf(id)
					if id == ast.Unparen(sel.X) {
						a.own, a.arg = f.madeIn(a.root), f.isArg(a.root)
					} else if in, ok := ast.Unparen(sel.X).(*ast.SelectorExpr); ok && id == ast.Unparen(in.X) {
						a.own = f.fills(a.root, a.in)
					}
				}
				list = append(list, a)
			}
		}
	}
	return list
}

// madeIn reports whether a local variable is declared together with its server.
func (f *finder) madeIn(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	if !ok || v.Parent() == f.pass.Pkg.Scope() {
		return false
	}
	if isServer(v.Type()) {
		return !f.isParam(v)
	}
	def := f.definition(v)
	if u, ok := def.(*ast.UnaryExpr); ok {
		def = u.X
	}
	switch def := def.(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		id, ok := def.Fun.(*ast.Ident)
		return ok && id.Name == "new"
	}
	return false
}

// fills reports whether a local variable is a new struct, and its field gets servers only that
// are made right there.
func (f *finder) fills(obj types.Object, field *types.Var) bool {
	v, ok := obj.(*types.Var)
	if !ok || isServer(v.Type()) || !f.madeIn(v) {
		return false
	}
	if lit := literal(f.definition(v)); lit != nil {
		for _, elt := range lit.Elts {
			kv, ok := elt.(*ast.KeyValueExpr)
			if !ok {
				return false
			}
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == field.Name() && literal(kv.Value) == nil {
				return false
			}
		}
	}
	for use := range f.uses(v) {
		sel, ok := use.Parent().Node().(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != field.Name() {
			continue
		}
		set, ok := use.Parent().Parent().Node().(*ast.AssignStmt)
		if !ok {
			continue
		}
		if i := slices.Index(set.Lhs, ast.Expr(sel)); i >= 0 && (len(set.Lhs) != len(set.Rhs) || literal(set.Rhs[i]) == nil) {
			return false
		}
	}
	return true
}

// literal returns the literal of a struct, or the one whose address an expression takes; nil
// if it is neither.
func literal(e ast.Expr) *ast.CompositeLit {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		e = u.X
	}
	lit, _ := ast.Unparen(e).(*ast.CompositeLit)
	return lit
}

func (f *finder) isParam(v *types.Var) bool {
	cur, ok := f.root().FindByPos(v.Pos(), v.Pos())
	if !ok {
		return true
	}
	for c := range cur.Enclosing((*ast.Field)(nil), (*ast.BlockStmt)(nil)) {
		_, field := c.Node().(*ast.Field)
		return field
	}
	return false
}

// isArg reports whether a variable is a server that is the parameter of a declared
// function which the package only calls, and does not hand on.
func (f *finder) isArg(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	if !ok || !isServer(lint.Deref(v.Type())) {
		return false
	}
	cur, ok := f.root().FindByPos(v.Pos(), v.Pos())
	if !ok {
		return false
	}
	for c := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		decl, ok := c.Node().(*ast.FuncDecl)
		if !ok || v.Pos() >= decl.Body.Pos() {
			return false
		}
		for use := range f.uses(f.pass.TypesInfo.Defs[decl.Name]) {
			if _, isCall := callOf(use); !isCall {
				return false
			}
		}
		return true
	}
	return false
}

// callOf returns the call of the function that an identifier names, if it is called there.
func callOf(id inspector.Cursor) (inspector.Cursor, bool) {
	fun := id
	if sel, ok := id.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == id.Node() {
		fun = id.Parent()
	}
	call, ok := fun.Parent().Node().(*ast.CallExpr)
	return fun.Parent(), ok && call.Fun == fun.Node()
}

// others reports whether an assignment may be about a server that is made elsewhere, and
// gets there in another way than as an argument. The field that the server is put into
// is nil if it is not known.
func others(later []assignment, in *types.Var) bool {
	return slices.ContainsFunc(later, func(a assignment) bool {
		return !a.own && !a.arg && (a.in == nil || in == nil || a.in == in)
	})
}

// fieldOf returns the field that an expression is the value of: in a literal of a struct,
// or in an assignment; nil if there is none.
func (f *finder) fieldOf(expr inspector.Cursor) *types.Var {
	var id *ast.Ident
	switch p := expr.Parent().Node().(type) {
	case *ast.KeyValueExpr:
		id, _ = p.Key.(*ast.Ident)
	case *ast.AssignStmt:
		if sel, ok := assignedTo(p, expr).(*ast.SelectorExpr); ok {
			id = sel.Sel
		}
	}
	if id == nil {
		return nil
	}
	if v, ok := f.pass.TypesInfo.Uses[id].(*types.Var); ok && v.IsField() {
		return v.Origin()
	}
	return nil
}

// maxReturns bounds through how many functions that return a server it is followed.
const maxReturns = 3

// limitedLater reports whether the server that is the value of an expression may get
// timeouts after that, or is out of reach for others.
func (f *finder) limitedLater(expr inspector.Cursor, later []assignment, depth int) bool {
	v := f.variable(expr)
	switch p := expr.Parent().Node().(type) {
	case *ast.AssignStmt:
		if len(p.Lhs) != len(p.Rhs) {
			return true
		}
	case *ast.CallExpr:
		if !f.harmless(p, expr.Node().(ast.Expr)) {
			return true
		}
	case *ast.ReturnStmt:
		return f.returned(expr, later, depth)
	case *ast.SelectorExpr:
		return false // a method of it, and nobody has it
	}
	if v == nil {
		in, holder := f.fieldOf(expr), f.holder(expr)
		return others(later, in) || holder != nil && slices.ContainsFunc(later, func(a assignment) bool {
			return a.root == holder && a.in == in
		})
	}
	return f.setLater(v, later, depth) || f.localServe(v)
}

// assignedTo returns what a statement assigns the value of an expression to, or nil.
func assignedTo(stmt *ast.AssignStmt, expr inspector.Cursor) ast.Expr {
	if i := slices.Index(stmt.Rhs, expr.Node().(ast.Expr)); i >= 0 && len(stmt.Lhs) == len(stmt.Rhs) {
		return stmt.Lhs[i]
	}
	return nil
}

// holder returns the variable whose field an expression is the value of, or nil.
func (f *finder) holder(expr inspector.Cursor) types.Object {
	switch p := expr.Parent().Node().(type) {
	case *ast.AssignStmt:
		if place := assignedTo(p, expr); place != nil {
			if id := lint.RootIdent(place); id != nil {
				return f.pass.TypesInfo.ObjectOf(id)
			}
		}
	case *ast.KeyValueExpr:
		lit := expr.Parent().Parent()
		if _, ok := lit.Parent().Node().(*ast.UnaryExpr); ok {
			lit = lit.Parent()
		}
		if v := f.variable(lit); v != nil {
			return v
		}
	}
	return nil
}

// variable returns the variable that an expression is assigned to, or nil.
func (f *finder) variable(expr inspector.Cursor) *types.Var {
	var id *ast.Ident
	switch p := expr.Parent().Node().(type) {
	case *ast.AssignStmt:
		id, _ = assignedTo(p, expr).(*ast.Ident)
	case *ast.ValueSpec:
		if i := slices.Index(p.Values, expr.Node().(ast.Expr)); i >= 0 && i < len(p.Names) {
			id = p.Names[i]
		}
	}
	if id == nil {
		return nil
	}
	v, _ := f.pass.TypesInfo.ObjectOf(id).(*types.Var)
	return v
}

// returned reports whether a server that a function returns may get timeouts from those
// that call it.
func (f *finder) returned(ret inspector.Cursor, later []assignment, depth int) bool {
	for c := range ret.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		decl, ok := c.Node().(*ast.FuncDecl)
		if !ok || depth == 0 {
			return others(later, nil)
		}
		for use := range f.uses(f.pass.TypesInfo.Defs[decl.Name]) {
			call, ok := callOf(use)
			if !ok && others(later, nil) || ok && f.limitedLater(call, later, depth-1) {
				return true
			}
		}
		return false
	}
	return others(later, nil)
}

// setLater reports whether timeouts may be set after the server has been made: through
// the variable itself, or, if others get hold of it, anywhere else.
func (f *finder) setLater(v *types.Var, later []assignment, depth int) bool {
	if slices.ContainsFunc(later, func(a assignment) bool { return a.root == types.Object(v) }) {
		return true
	}
	for use := range f.uses(v) {
		parent := use.Parent()
		switch p := parent.Node().(type) {
		case *ast.SelectorExpr:
			if u, ok := parent.Parent().Node().(*ast.UnaryExpr); ok && isServer(f.pass.TypesInfo.TypeOf(p)) {
				if call, ok := parent.Parent().Parent().Node().(*ast.CallExpr); ok && !f.harmless(call, u) || !ok && others(later, nil) {
					return true
				}
			}
			// A method or field of it. The address and the timeouts are decided above.
			if fn, ok := f.pass.TypesInfo.Uses[p.Sel].(*types.Func); ok && fn.Pkg() == f.pass.Pkg && others(later, nil) {
				return true // a method of the struct that embeds it
			}
			if as, ok := parent.Parent().Node().(*ast.AssignStmt); ok && slices.Contains(as.Lhs, ast.Expr(p)) {
				switch p.Sel.Name {
				case "ConnContext", "ConnState":
					return true
				case "Addr":
					if i := slices.Index(as.Lhs, ast.Expr(p)); len(as.Rhs) == len(as.Lhs) && f.localAddr(as.Rhs[i]) {
						return true
					}
				}
			}
		case *ast.UnaryExpr:
			if call, ok := parent.Parent().Node().(*ast.CallExpr); ok && !f.harmless(call, p) {
				return true
			} else if !ok && others(later, nil) {
				return true
			}
		case *ast.CallExpr:
			if !f.harmless(p, use.Node().(ast.Expr)) {
				return true
			}
		case *ast.AssignStmt:
			if slices.Contains(p.Rhs, use.Node().(ast.Expr)) && others(later, f.fieldOf(use)) {
				return true
			}
		case *ast.ReturnStmt:
			if f.returned(use, later, depth) {
				return true
			}
		case *ast.KeyValueExpr, *ast.CompositeLit:
			if others(later, f.fieldOf(use)) {
				return true
			}
		}
	}
	return false
}

// harmless reports whether a function that gets a server is known not to set its
// timeouts.
func (f *finder) harmless(call *ast.CallExpr, arg ast.Expr) bool {
	fn, ok := typeutil.Callee(f.pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	if fn.Pkg().Path() == "golang.org/x/net/http2" {
		return true
	}
	i := slices.Index(call.Args, arg)
	if fn.Pkg() == f.pass.Pkg {
		return !slices.Contains(f.setsParams(fn), i)
	}
	l := new(limits)
	if f.pass.ImportObjectFact(fn.Origin(), l) {
		return !slices.Contains(l.Sets, i)
	}
	return f.own(fn.Pkg())
}

// setsParams returns which parameters of fn are servers whose timeouts it sets.
func (f *finder) setsParams(fn *types.Func) (list []int) {
	if list, ok := f.sets[fn]; ok {
		return list
	}
	f.sets[fn] = nil // functions that call each other
	for i := range fn.Signature().Params().Len() {
		p := fn.Signature().Params().At(i)
		if t := lint.Deref(p.Type()); (isServer(t) || embedsServer(t)) && f.setsIn(p) {
			list = append(list, i)
		}
	}
	f.sets[fn] = list
	return list
}

// setsIn reports whether timeouts of the server that a parameter is are set: there, or by
// a function that gets it.
func (f *finder) setsIn(p *types.Var) bool {
	if slices.ContainsFunc(f.assignments(), func(a assignment) bool { return a.root == types.Object(p) }) {
		return true
	}
	for use := range f.uses(p) {
		if call, ok := use.Parent().Node().(*ast.CallExpr); ok && !f.harmless(call, use.Node().(ast.Expr)) {
			return true
		}
	}
	return false
}

// setters tells other packages which functions set timeouts.
func (f *finder) setters() {
	for cur := range f.root().Preorder((*ast.FuncDecl)(nil)) {
		fn, ok := f.pass.TypesInfo.Defs[cur.Node().(*ast.FuncDecl).Name].(*types.Func)
		if !ok {
			continue
		}
		if sets := f.setsParams(fn); len(sets) > 0 {
			f.pass.ExportObjectFact(fn, &limits{Sets: sets})
		}
	}
}
