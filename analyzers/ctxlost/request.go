package ctxlost

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// A scope is the variables of a function that hold a context which ends with the
// request, or lead to it.
type scope struct {
	ctx map[types.Object]bool   // contexts; false for those with a deadline or cancel of their own
	req map[types.Object]string // requests, and how to get at their context
}

func newScope() *scope {
	return &scope{make(map[types.Object]bool), make(map[types.Object]string)}
}

// checkRequests reports goroutines that handlers start and leave behind with the context
// of the request, which is cancelled when the handler returns.
func (r *run) checkRequests() {
	r.learnFields()
	for c := range r.root.Preorder((*ast.SendStmt)(nil)) {
		r.learnSend(c)
	}
	for c := range r.root.Preorder((*ast.GoStmt)(nil)) {
		for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
			if decl, ok := fn.Node().(*ast.FuncDecl); ok && !r.waitedFor(c) {
				r.learn(c.Node().(*ast.GoStmt).Call, fn, decl)
			}
			break
		}
	}
	for c := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Go" || len(call.Args) != 1 || !isGroupGo(r.callee(call)) {
			continue
		}
		for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
			if decl, ok := fn.Node().(*ast.FuncDecl); ok && !r.waitedFor(c) && r.lastingGroup(call, decl) {
				r.learn(&ast.CallExpr{Fun: call.Args[0]}, fn, decl)
			}
			break
		}
	}
	if !lint.Imports(r.Pkg, "net/http", "google.golang.org/grpc", "github.com/gin-gonic/gin", "github.com/labstack/echo/v4") {
		return
	}
	for c := range r.root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if s := r.handler(c); s != nil && !r.inTest(c.Node()) {
			r.checkHandler(c, s)
		}
	}
}

// lastingGroup reports whether a group is neither a variable of the function nor given to it, in
// which case its callers wait.
func (r *run) lastingGroup(call *ast.CallExpr, decl *ast.FuncDecl) bool {
	group := call.Fun.(*ast.SelectorExpr).X
	root := r.object(rootOf(group))
	return !r.local(group, decl.Body) && root != nil && !(decl.Type.Params.Pos() <= root.Pos() && root.Pos() < decl.Type.End())
}

// handler returns the scope of a function that serves a request whose context ends when it
// returns, or nil.
func (r *run) handler(c inspector.Cursor) *scope {
	var ft *ast.FuncType
	rpc := false
	switch n := c.Node().(type) {
	case *ast.FuncLit:
		ft = n.Type
	case *ast.FuncDecl:
		ft = n.Type
		rpc = n.Recv != nil && n.Name.IsExported() && r.servesRPC(n.Recv)
	}
	if lint.Body(c.Node()) == nil || ft.Params.NumFields() == 0 || ft.Params.NumFields() > 4 {
		return nil
	}
	s := newScope()
	writer := false
	var ctx types.Object
	for _, field := range ft.Params.List {
		t := r.TypesInfo.TypeOf(field.Type)
		switch {
		case lint.IsNamed(t, "net/http", "ResponseWriter"):
			writer = true
		case lint.IsNamed(lint.Deref(t), "google.golang.org/grpc", "UnaryServerInfo"):
			rpc = true
		}
		for _, name := range field.Names {
			obj := r.TypesInfo.Defs[name]
			if isContext(t) {
				ctx = obj
			} else if suffix := leadsToContext(t); suffix != "" && obj != nil {
				s.req[obj] = suffix
				writer = writer || !isRequest(t)
			}
		}
	}
	if rpc && ctx != nil {
		s.ctx[ctx] = true
		return s
	}
	if writer && len(s.req) > 0 {
		return s
	}
	return nil
}

// servesRPC reports whether a receiver is of a type that embeds the unimplemented server
// that code generators make for a service.
func (r *run) servesRPC(recv *ast.FieldList) bool {
	st, ok := lint.Deref(r.TypesInfo.TypeOf(recv.List[0].Type)).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Embedded() && (strings.HasPrefix(f.Name(), "Unimplemented") || strings.HasPrefix(f.Name(), "Unsafe")) &&
			(strings.HasSuffix(f.Name(), "Server") || strings.HasSuffix(f.Name(), "Handler")) {
			return true
		}
	}
	return false
}

// spread adds to s the local variables of fn that get a context of it, and drops those
// that may hold another one.
func (r *run) spread(fn inspector.Cursor, s *scope) {
	dropped := make(map[types.Object]bool)
	for c := range fn.Preorder((*ast.AssignStmt)(nil)) {
		stmt := c.Node().(*ast.AssignStmt)
		for i, lhs := range stmt.Lhs {
			obj := r.object(lhs)
			if obj == nil || !isContext(obj.Type()) {
				continue
			}
			rhs := stmt.Rhs[0]
			if len(stmt.Lhs) == len(stmt.Rhs) {
				rhs = stmt.Rhs[i]
			}
			plain, ok := r.ends(rhs, s)
			if !ok {
				dropped[obj] = true
			} else if _, known := s.ctx[obj]; !known || !plain {
				s.ctx[obj] = plain
			}
		}
	}
	for obj := range dropped {
		delete(s.ctx, obj)
	}
}

// ends reports whether an expression is a context that ends with the request. plain is false
// if it has a deadline or cancel of its own.
func (r *run) ends(e ast.Expr, s *scope) (plain, ok bool) {
	e = ast.Unparen(e)
	if obj := r.object(e); obj != nil {
		plain, ok = s.ctx[obj]
		return plain, ok
	}
	call, isCall := e.(*ast.CallExpr)
	if !isCall {
		return false, false
	}
	if sel, isSel := call.Fun.(*ast.SelectorExpr); isSel && len(call.Args) == 0 && isContext(r.TypesInfo.TypeOf(call)) {
		for obj, suffix := range s.req {
			if types.ExprString(call) == obj.Name()+suffix && r.mentions(sel.X, obj) {
				return true, true
			}
		}
	}
	if len(call.Args) > 0 && r.derives(call) {
		if plain, ok = r.ends(call.Args[0], s); ok {
			return plain && !r.makesCancel(call), true
		}
	}
	return false, false
}

// checkHandler reports the goroutines of a handler.
func (r *run) checkHandler(c inspector.Cursor, s *scope) {
	body := lint.Body(c.Node())
	spread := sync.OnceFunc(func() { r.spread(c, s) })
	for cur := range c.Preorder((*ast.GoStmt)(nil), (*ast.CallExpr)(nil), (*ast.SendStmt)(nil)) {
		var at ast.Node
		var uses []use
		var m mode
		switch n := cur.Node().(type) {
		case *ast.GoStmt:
			spread()
			at, uses = n.Call, r.usesOf(n.Call, s)
		case *ast.CallExpr:
			m.helper = r.callee(n)
			f := r.startsOf(m.helper)
			if f == nil || isGo(cur) || answersLater(m.helper) {
				continue
			}
			spread()
			at = n
			uses = r.usesByHelper(n, f, s)
			if len(uses) == 0 {
				m.queued = true
				uses = r.usesQueued(n, f, c, s)
			}
		case *ast.SendStmt:
			if r.local(n.Chan, body) {
				continue
			}
			spread()
			m.queued = true
			at, uses = n, r.usesSent(n.Value, c, s)
		}
		if len(uses) == 0 || !r.within(cur, c) || r.lasts(body, at) || r.waitsAfter(body, cur) || r.shares(at, c) {
			continue
		}
		plain, _ := r.ends(uses[0].expr, s)
		plain = plain || uses[0].request && m.helper != nil
		if !(plain && uses[0].visible) && r.busyAfter(body, at, s) {
			continue
		}
		if r.explained(r.statement(cur), docOf(c)) {
			continue
		}
		r.reportRequest(at, uses, m, s)
	}
}

// answersLater reports whether a function returns something that its caller can read from, wait for
// or end: the goroutine that it starts works for that.
func answersLater(fn *types.Func) bool {
	if lint.IsFunc(fn, "time", "AfterFunc") {
		return false
	}
	sig := fn.Signature()
	if anyLives(sig) {
		return true
	}
	for v := range sig.Results().Variables() {
		for m := range types.NewMethodSet(v.Type()).Methods() {
			switch m.Obj().Name() {
			case "Read", "Recv", "Next", "Scan", "Get", "Result", "Err":
				return true
			}
		}
	}
	return false
}

func isGo(call inspector.Cursor) bool {
	_, ok := call.Parent().Node().(*ast.GoStmt)
	return ok
}

func docOf(fn inspector.Cursor) *ast.CommentGroup {
	for d := range fn.Enclosing((*ast.FuncDecl)(nil)) {
		return d.Node().(*ast.FuncDecl).Doc
	}
	return nil
}

// within reports whether c is in the body of fn itself, or in a literal that runs in place.
func (r *run) within(c, fn inspector.Cursor) bool {
	for cur := range c.Parent().Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil), (*ast.GoStmt)(nil), (*ast.DeferStmt)(nil)) {
		if cur == fn {
			return true
		}
		if _, ok := cur.Node().(*ast.FuncLit); !ok {
			return false
		}
		if ok, grouped := r.runsInPlace(cur); !ok || grouped {
			return false
		}
	}
	return false
}

// lasts reports whether the handler goes round in an endless loop at or after the place: it serves
// a connection, and its goroutines with it.
func (r *run) lasts(body ast.Node, at ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n.Pos() <= at.Pos() && at.End() <= n.End()
		case *ast.ForStmt:
			found = found || n.End() > at.End() && n.Init == nil && n.Post == nil
		}
		return !found
	})
	return found
}

// shares reports whether what is started gets at a channel, group, pipe or the like that is local
// to the handler, or at its response: the handler may wait by it. So may it by a thing that can be
// closed, if it does anything else with that.
func (r *run) shares(at ast.Node, handler inspector.Cursor) (found bool) {
	body := lint.Body(handler.Node())
	ast.Inspect(at, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		v, ok := r.TypesInfo.Uses[id].(*types.Var)
		if ok && lint.IsNamed(v.Type(), "net/http", "ResponseWriter") {
			found = true
		}
		if !ok || isContext(v.Type()) || isCancel(v.Type()) && !r.mentionsOutside(v, body, at) || v.Pos() < body.Pos() || v.Pos() > body.End() || at.Pos() <= v.Pos() && v.Pos() < at.End() {
			return true
		}
		t := lint.Deref(v.Type())
		found = isChan(t) || lint.IsNamed(t, "sync", "WaitGroup", "Cond") || lint.IsNamed(t, "golang.org/x/sync/errgroup", "Group") ||
			lint.IsNamed(t, "io", "PipeReader", "PipeWriter") || lives(v.Type()) && r.mentionsOutside(v, body, at)
		return !found
	})
	return found
}

// mentionsOutside reports whether the body, but for at and the declaration, uses obj.
func (r *run) mentionsOutside(obj types.Object, body, at ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if n == at || found {
			return false
		}
		id, ok := n.(*ast.Ident)
		found = ok && r.TypesInfo.Uses[id] == obj
		return !found
	})
	return found
}

// busyAfter reports whether the handler, after it has started something, hands the request or
// its context to others: what was started may be to end with them.
func (r *run) busyAfter(body ast.Node, at ast.Node, s *scope) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found || call.Pos() <= at.End() {
			return !found
		}
		for i, arg := range call.Args {
			obj := r.object(arg)
			_, isReq := s.req[obj]
			_, ends := r.ends(arg, s)
			found = found || obj != nil && isReq && isRequest(obj.Type()) && !r.onlyAsks(call, i) || ends
		}
		return !found
	})
	return found
}

// onlyAsks reports whether a call is of a function of the package that does nothing with the request, its
// argument i, but to ask what is in its head, and for values of its context.
func (r *run) onlyAsks(call *ast.CallExpr, i int) bool {
	fn := r.callee(call)
	c, ok := r.declOf(fn)
	if !ok || fn.Signature().Variadic() || len(call.Args) != fn.Signature().Params().Len() {
		return false
	}
	param := fn.Origin().Signature().Params().At(i)
	for id := range c.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[id.Node().(*ast.Ident)] != param {
			continue
		}
		sel, ok := id.Parent().Node().(*ast.SelectorExpr)
		if !ok || !r.inHead(sel) {
			return false
		}
		if sel.Sel.Name != "Context" {
			continue
		}
		ctx := id.Parent().Parent()
		reader, ok := ctx.Parent().Node().(*ast.CallExpr)
		if !ok || ctx.ParentEdgeKind() != edge.CallExpr_Args || tellsError(r.signatureOrEmpty(reader)) || r.returnsContext(reader) {
			return false
		}
	}
	return true
}

// inHead reports whether a field or method of a request is there, or tells what is, before its body is read.
func (r *run) inHead(sel *ast.SelectorExpr) bool {
	if _, ok := r.TypesInfo.Uses[sel.Sel].(*types.Var); ok {
		return !slices.Contains([]string{"Body", "GetBody", "Response", "Trailer"}, sel.Sel.Name)
	}
	return slices.Contains([]string{"BasicAuth", "Context", "Cookie", "Cookies", "CookiesNamed", "PathValue", "ProtoAtLeast", "Referer", "UserAgent"}, sel.Sel.Name)
}

// A mode says how work comes to outlive a request.
type mode struct {
	helper *types.Func // the function that starts or sends it, or nil
	queued bool        // it is sent on a channel
}

func (m mode) String() string {
	switch {
	case m.queued && m.helper != nil:
		return "what " + m.helper.Name() + " puts in a queue"
	case m.queued:
		return "what is sent here"
	case m.helper != nil:
		return "the goroutine that " + m.helper.Name() + " starts"
	}
	return "this goroutine"
}

func (r *run) reportRequest(at ast.Node, uses []use, m mode, s *scope) {
	u := uses[0]
	advice := "give it a context of its own"
	file := lint.FileOf(r.Pass, at.Pos())
	if file != nil && lint.GoAtLeast(r.Pass, file, "go1.21") {
		advice = "use context.WithoutCancel(" + lint.Text(u.expr) + ")"
		if u.request {
			advice = "give it one made by context.WithoutCancel"
		}
	}
	name := lint.Text(u.expr)
	if u.request {
		name = "the context of " + name
	}
	d := analysis.Diagnostic{
		Pos: u.expr.Pos(), End: u.expr.End(), Category: outlivesRequest,
		Message: fmt.Sprintf("%s is cancelled when the handler returns, but %s may go on: %s then fails with context canceled; %s",
			name, m, u.work, advice),
	}
	switch at := at.(type) {
	case *ast.CallExpr:
		d.Related = []analysis.RelatedInformation{{Pos: at.Pos(), End: at.Lparen, Message: "the goroutine starts here"}}
		if m.queued {
			d.Related[0].Message = "it is put in a queue here"
		}
	case *ast.SendStmt:
		d.Message = strings.Replace(d.Message, "may go on", "may be worked off later", 1)
		d.Related = []analysis.RelatedInformation{{Pos: at.Pos(), End: at.Arrow, Message: "it is sent here"}}
	}
	if strings.HasPrefix(advice, "use ") && r.contextNamed(at) {
		var edits []analysis.TextEdit
		for _, u := range uses {
			plain, _ := r.ends(u.expr, s)
			if !plain || m.helper != nil && !u.inside && !m.queued {
				edits = nil
				break
			}
			edits = append(edits,
				analysis.TextEdit{Pos: u.expr.Pos(), End: u.expr.Pos(), NewText: []byte("context.WithoutCancel(")},
				analysis.TextEdit{Pos: u.expr.End(), End: u.expr.End(), NewText: []byte(")")})
		}
		if edits != nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{Message: "Keep the values of the context without its cancellation", TextEdits: edits}}
		}
	}
	r.Report(d)
}

// contextNamed reports whether the name context means the package context at n.
func (r *run) contextNamed(n ast.Node) bool {
	scope := r.Pkg.Scope().Innermost(n.Pos())
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent("context", n.Pos())
	pkg, ok := obj.(*types.PkgName)
	return ok && pkg.Imported().Path() == "context"
}
