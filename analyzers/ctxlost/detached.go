package ctxlost

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// A hand is the context that a place has at hand.
type hand struct {
	expr    string           // its source
	obj     types.Object     // the parameter
	fn      inspector.Cursor // the function that has the parameter
	request bool             // it belongs to an HTTP request or an RPC that is served
}

// checkDetached reports roots of contexts in functions that are given a context.
func (r *run) checkDetached() {
	for c := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		isRoot := len(call.Args) == 0 && namesRoot(call.Fun) && r.isRoot(call)
		if !isRoot && !r.makesRoot(call) || r.inTest(call) {
			continue
		}
		h, joined, ok := r.atHand(c)
		switch {
		case ok && (joined || r.all):
			r.judge(c, h)
		case !ok && isRoot:
			r.checkLacking(c)
		}
	}
}

// namesRoot is a first look at what isRoot decides.
func namesRoot(fun ast.Expr) bool {
	var id *ast.Ident
	switch fun := ast.Unparen(fun).(type) {
	case *ast.SelectorExpr:
		id = fun.Sel
	case *ast.Ident:
		id = fun
	}
	return id != nil && (id.Name == "Background" || id.Name == "TODO")
}

// atHand finds the innermost context parameter that the place c could use. joined is
// false if a goroutine that nobody waits for is between them. What is deferred, or a
// function literal that is handed to others, has no context at hand: who knows when it runs.
func (r *run) atHand(c inspector.Cursor) (h hand, joined, ok bool) {
	joined = true
	for cur := range c.Parent().Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil), (*ast.DeferStmt)(nil), (*ast.GoStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.DeferStmt:
			return h, joined, false
		case *ast.GoStmt:
			joined = joined && r.waitedFor(cur)
		case *ast.FuncDecl:
			h, ok = r.parameterOf(n.Type, cur)
			if !ok && n.Recv != nil {
				h, ok = r.contextIn(n.Recv, cur)
			}
			return h, joined, ok
		case *ast.FuncLit:
			if h, ok = r.parameterOf(n.Type, cur); ok {
				return h, joined, true
			}
			sync, grouped := r.runsInPlace(cur)
			if !sync {
				return h, joined, false
			}
			joined = joined && (!grouped || r.waitedFor(cur))
		}
	}
	return h, joined, false
}

// parameterOf returns the context that a function has by its parameters.
func (r *run) parameterOf(ft *ast.FuncType, fn inspector.Cursor) (h hand, ok bool) {
	for _, field := range ft.Params.List {
		for _, name := range field.Names {
			if name.Name == "_" {
				continue
			}
			suffix := ""
			t := r.TypesInfo.TypeOf(field.Type)
			if !isContext(t) {
				if suffix = leadsToContext(t); suffix == "" {
					continue
				}
			}
			if ok && suffix != "" {
				continue // a context is better than a way to one
			}
			h = hand{name.Name + suffix, r.TypesInfo.Defs[name], fn, suffix != "" && !r.sends(ft)}
			if suffix == "" {
				return h, true
			}
			ok = true
		}
	}
	if !ok {
		h, ok = r.contextIn(ft.Params, fn)
	}
	return h, ok
}

// sends reports whether a function answers with a response from elsewhere: its request is
// one of a client.
func (r *run) sends(ft *ast.FuncType) bool {
	if ft.Results == nil {
		return false
	}
	return slices.ContainsFunc(ft.Results.List, func(f *ast.Field) bool {
		return lint.IsNamed(lint.Deref(r.TypesInfo.TypeOf(f.Type)), "net/http", "Response")
	})
}

// contextIn returns the parameter, or receiver, that is a context of a type of the program.
func (r *run) contextIn(list *ast.FieldList, fn inspector.Cursor) (h hand, ok bool) {
	for _, field := range list.List {
		for _, name := range field.Names {
			if obj := r.TypesInfo.Defs[name]; obj != nil && name.Name != "_" && r.isOwnContext(obj.Type()) {
				return hand{expr: name.Name, obj: obj, fn: fn}, true
			}
		}
	}
	return h, false
}

// isOwnContext reports whether t is a type of the package, or of one beside it, that is made to be a
// context: it has another within it.
func (r *run) isOwnContext(t types.Type) bool {
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.TypeParams().Len() > 0 || !r.besides(named.Obj().Pkg()) {
		return false
	}
	if st, ok := named.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if f.Embedded() && isContext(f.Type()) {
				return true
			}
		}
		return false
	}
	iface, ok := named.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for e := range iface.EmbeddedTypes() {
		if isContext(e) {
			return true
		}
	}
	return false
}

// besides reports whether pkg is the package that is analysed, or one of the same module.
func (r *run) besides(pkg *types.Package) bool {
	return pkg == r.Pkg || r.Module != nil && r.Module.Path != "" && strings.HasPrefix(pkg.Path()+"/", r.Module.Path+"/")
}

// leadsToContext returns how to get at the context of a request or stream, or "".
func leadsToContext(t types.Type) string {
	switch {
	case isRequest(t):
		return ".Context()"
	case lint.IsNamed(lint.Deref(t), "github.com/gin-gonic/gin", "Context"):
		return ".Request.Context()"
	case lint.IsNamed(t, "github.com/labstack/echo/v4", "Context"):
		return ".Request().Context()"
	case isStream(t):
		return ".Context()"
	}
	return ""
}

// isStream reports whether t is the server's side of a gRPC stream.
func isStream(t types.Type) bool {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	found := 0
	for m := range iface.Methods() {
		switch m.Name() {
		case "Context", "SetTrailer", "SendMsg", "RecvMsg":
			found++
		}
	}
	return found == 4
}

// runsInPlace reports whether a function literal runs while the function around it does:
// it is called where it stands, or by the name of a variable that is only called, or by a function
// of the package that only calls it, or for each element, or (grouped) given to the Go method of a group.
func (r *run) runsInPlace(lit inspector.Cursor) (ok, grouped bool) {
	call, isCall := lit.Parent().Node().(*ast.CallExpr)
	if !isCall {
		return r.calledByName(lit), false
	}
	if lit.ParentEdgeKind() == edge.CallExpr_Fun {
		return true, false
	}
	fn := r.callee(call)
	if fn == nil {
		return false, false
	}
	if isGroupGo(fn) {
		return true, true
	}
	_, i := lit.ParentEdge()
	return hot.CallsPerElement(fn) || r.onlyCalls(fn, i), false
}

func isGroupGo(fn *types.Func) bool {
	return lint.IsMethod(fn, "sync", "WaitGroup", "Go") ||
		lint.IsMethod(fn, "golang.org/x/sync/errgroup", "Group", "Go", "TryGo")
}

// waitedFor reports whether the function around a goroutine waits for something after
// it has started it, or once it returns.
func (r *run) waitedFor(start inspector.Cursor) bool {
	for fn := range start.Parent().Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		return r.waits(lint.Body(fn.Node()), start.Node().End())
	}
	return false
}

// waits reports whether a body receives or waits after pos or when it ends, not counting
// what it starts in goroutines.
func (r *run) waits(body ast.Node, pos token.Pos) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if found || n == nil {
			return false
		}
		switch n := n.(type) {
		case *ast.GoStmt, *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
				found = r.waits(lit.Body, lit.Pos())
			} else {
				found = isWait(n.Call)
			}
			return false
		case *ast.UnaryExpr:
			found = n.Op == token.ARROW && n.Pos() >= pos
		case *ast.RangeStmt:
			found = n.Pos() >= pos && isChan(r.TypesInfo.TypeOf(n.X))
		case *ast.CallExpr:
			found = n.Pos() >= pos && isWait(n)
		}
		return !found
	})
	return found
}

func isWait(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Wait"
}

func isChan(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// judge reports the root c, for which h could stand, if it makes work go on that the
// caller has given up.
func (r *run) judge(c inspector.Cursor, h hand) {
	call := c.Node().(*ast.CallExpr)
	f := &flow{run: r, hand: h, followed: make(map[types.Object]bool)}
	isRoot := r.isRoot(call)
	if isRoot {
		f.follow(c)
	} else {
		f.derived(c)
	}
	if f.escapes || f.work == nil || f.unsure && !r.all {
		return
	}
	if r.excused(c, h) || r.servesOthers(f.work, h) || !r.calls(call, "context", "TODO") && r.finishes(f.work, h) {
		return
	}
	d := analysis.Diagnostic{
		Pos: call.Pos(), End: call.End(), Category: detached,
		Message: fmt.Sprintf("%s drops the deadline and cancellation of %s: %s goes on after the caller has given up; pass %[2]s",
			lint.Text(call), h.expr, lint.Text(f.work.Fun)),
	}
	if h.request {
		d.Message = fmt.Sprintf("%s drops the cancellation of %s: %s goes on after the client has gone; pass %[2]s",
			lint.Text(call), h.expr, lint.Text(f.work.Fun))
	}
	if isRoot && !(f.overwrites && c.ParentEdgeKind() == edge.AssignStmt_Rhs) && r.usable(h, call) {
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message:   "Pass " + h.expr,
			TextEdits: []analysis.TextEdit{{Pos: call.Pos(), End: call.End(), NewText: []byte(h.expr)}},
		}}
	}
	r.Report(d)
}

// servesOthers reports whether a handler stores what comes of the work, in something that is not its
// own, or any function in a cache: others have it too when this client has gone.
func (r *run) servesOthers(work *ast.CallExpr, h hand) (found bool) {
	var params *ast.FieldList
	switch fn := h.fn.Node().(type) {
	case *ast.FuncDecl:
		params = fn.Type.Params
	case *ast.FuncLit:
		params = fn.Type.Params
	}
	results := make(map[types.Object]bool)
	for c := range h.fn.Preorder((*ast.AssignStmt)(nil)) {
		if stmt := c.Node().(*ast.AssignStmt); len(stmt.Rhs) == 1 && ast.Unparen(stmt.Rhs[0]) == work {
			for _, lhs := range stmt.Lhs {
				if obj := r.object(lhs); obj != nil && !lint.IsError(obj.Type()) {
					results[obj] = true
				}
			}
		}
	}
	for c := range h.fn.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || call.Pos() < work.End() || len(call.Args) < 2 || !lint.Leads(sel.Sel.Name, "Store", "Save", "Cache", "Put", "Set", "Add", "Remember") {
			continue
		}
		if !isCache(sel.X) {
			root := r.object(rootOf(sel.X))
			if !h.request || root == nil || params.Pos() <= root.Pos() && root.Pos() < h.fn.Node().End() {
				continue
			}
		}
		for _, arg := range call.Args {
			ast.Inspect(arg, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				found = found || ok && results[r.TypesInfo.Uses[id]]
				return !found
			})
		}
	}
	return found
}

// isCache reports whether an expression is a field, or a variable of another package, that is a cache by its name.
func isCache(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && strings.HasSuffix(strings.ToLower(sel.Sel.Name), "cache")
}

// rootOf returns what the selectors in e begin with.
func rootOf(e ast.Expr) ast.Expr {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return e
		}
		e = sel.X
	}
}

// excused reports whether the place c is one where there may be a reason to go on without the
// context at hand.
func (r *run) excused(c inspector.Cursor, h hand) bool {
	for d := range c.Enclosing((*ast.FuncDecl)(nil)) {
		if endsWork(d.Node().(*ast.FuncDecl).Name.Name) {
			return true
		}
	}
	return r.excusedWithin(c, h)
}

// excusedWithin is excused of a function that ends nothing by its name.
func (r *run) excusedWithin(c inspector.Cursor, h hand) bool {
	var doc *ast.CommentGroup
	unsure := false
	for d := range c.Enclosing((*ast.FuncDecl)(nil)) {
		decl := d.Node().(*ast.FuncDecl)
		obj, _ := r.TypesInfo.Defs[decl.Name].(*types.Func)
		if tells(decl.Name.Name) && obj != nil && !answers(obj.Signature()) && !h.request {
			return true // of a handler, it is what the client waits for
		}
		if d == h.fn && !h.request {
			if r.outlives(obj) {
				return true // it has been seen that the context ends too soon
			}
			unsure = startsWork(decl.Name.Name)
		}
		doc = decl.Doc
	}
	return (unsure || r.drains(c, h)) && !r.all || r.pendingError(c) || r.givenUp(c, h) || r.explained(r.statement(c), doc)
}

// outlives reports whether fn is started as a goroutine with the context of a request, which ends
// before it.
func (r *run) outlives(fn *types.Func) bool {
	if r.apart == nil {
		r.apart = make(map[*types.Func]bool)
		for c := range r.root.Preorder((*ast.GoStmt)(nil)) {
			call := c.Node().(*ast.GoStmt).Call
			callee := r.callee(call)
			if callee == nil || callee.Pkg() != r.Pkg || r.inTest(call) {
				continue
			}
			if slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
				return r.ofRequest(arg) || isContext(r.TypesInfo.TypeOf(arg)) && r.isAlways(c, r.object(arg), r.ofRequest)
			}) {
				r.apart[callee.Origin()] = true
			}
		}
	}
	return r.apart[fn]
}

// ofRequest reports whether an expression is the context of a request.
func (r *run) ofRequest(e ast.Expr) bool {
	of, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := of.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Context" && isContext(r.TypesInfo.TypeOf(of)) && leadsToContext(r.TypesInfo.TypeOf(sel.X)) != ""
}

// isAlways reports whether all that a variable is set to in the declared function around c, at least
// once, is what is asked for.
func (r *run) isAlways(c inspector.Cursor, obj types.Object, is func(ast.Expr) bool) (found bool) {
	if obj == nil {
		return false
	}
	for decl := range c.Enclosing((*ast.FuncDecl)(nil)) {
		for cur := range decl.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
			lhs, rhs := lint.Assigned(cur.Node())
			for i, to := range lhs {
				if r.object(to) != obj {
					continue
				}
				if len(lhs) != len(rhs) || !is(rhs[i]) {
					return false
				}
				found = true
			}
		}
	}
	return found
}

// statement returns the innermost statement that encloses c.
func (r *run) statement(c inspector.Cursor) ast.Node {
	for cur := range c.Enclosing((*ast.ExprStmt)(nil), (*ast.AssignStmt)(nil), (*ast.ReturnStmt)(nil), (*ast.DeclStmt)(nil), (*ast.IfStmt)(nil),
		(*ast.SwitchStmt)(nil), (*ast.GoStmt)(nil), (*ast.RangeStmt)(nil), (*ast.SendStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.IfStmt, *ast.SwitchStmt, *ast.RangeStmt:
			return c.Node()
		default:
			return n
		}
	}
	return c.Node()
}

// usable reports whether the source of h can replace the call, and the import is used
// elsewhere.
func (r *run) usable(h hand, call *ast.CallExpr) bool {
	if !r.means(h, call.Pos()) {
		return false
	}
	file := lint.FileOf(r.Pass, call.Pos())
	if file == nil {
		return false
	}
	roots := make(map[*ast.Ident]bool)
	used := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && namesRoot(sel) {
				if id, ok := sel.X.(*ast.Ident); ok {
					roots[id] = true
				}
			}
		case *ast.Ident:
			if pkg, ok := r.TypesInfo.Uses[n].(*types.PkgName); ok && pkg.Imported().Path() == "context" && !roots[n] {
				used = true
			}
		}
		return !used
	})
	return used
}
