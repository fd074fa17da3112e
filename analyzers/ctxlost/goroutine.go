package ctxlost

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// A use is a place where a goroutine works under a context that ends with the request.
type use struct {
	expr    ast.Expr // the context, where the handler names it
	work    string   // the call that works under it
	inside  bool     // expr is evaluated by the goroutine
	request bool     // expr is the request itself
	visible bool     // the whole of the work is seen, and it comes to an end by itself
}

// usesOf returns the uses of the contexts of s by the goroutine that calls call. There are
// none if the goroutine watches for the end of something, for then it ends by it.
func (r *run) usesOf(call *ast.CallExpr, s *scope) (uses []use) {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		c, found := lint.Find(r.root, lit)
		if !found || r.watches(lit.Body) {
			return nil
		}
		// Its parameters may be what the handler passes.
		inner := newScope()
		passed := make(map[types.Object]ast.Expr)
		for i, arg := range call.Args {
			p := r.parameterObject(lit.Type, i)
			if p == nil {
				continue
			}
			if plain, ok := r.ends(arg, s); ok {
				inner.ctx[p], passed[p] = plain, arg
			} else if suffix, ok := s.req[r.object(arg)]; ok && suffix != "" {
				inner.req[p], passed[p] = suffix, arg
			}
		}
		if len(passed) > 0 {
			r.spread(c, inner)
			if inside := r.usesIn(c, inner); len(inside) > 0 {
				for p, arg := range passed {
					_, isReq := inner.req[p]
					if r.mentions(lit.Body, p) {
						uses = append(uses, use{arg, inside[0].work, false, isReq, inside[0].visible})
					}
				}
			}
		}
		return append(uses, r.usesIn(c, s)...)
	}
	for i, arg := range call.Args {
		_, isReq := s.req[r.object(arg)]
		if _, ends := r.ends(arg, s); !ends && !isReq {
			continue
		}
		if work, visible := r.worksUnder(call, i, isReq); work {
			uses = append(uses, use{arg, lint.Text(call.Fun), false, isReq, visible})
		}
	}
	return uses
}

// usesByHelper returns the uses by the goroutine that a helper starts.
func (r *run) usesByHelper(call *ast.CallExpr, f *starts, s *scope) (uses []use) {
	for _, i := range f.Calls {
		if i >= len(call.Args) {
			continue
		}
		if lit, ok := ast.Unparen(call.Args[i]).(*ast.FuncLit); ok && !r.watches(lit.Body) {
			if c, found := lint.Find(r.root, lit); found {
				uses = append(uses, r.usesIn(c, s)...)
			}
		}
	}
	for _, i := range f.Works {
		if i < len(call.Args) {
			_, isReq := s.req[r.object(call.Args[i])]
			if _, ok := r.ends(call.Args[i], s); ok || isReq {
				uses = append(uses, use{call.Args[i], lint.Text(call.Fun), false, isReq, true})
			}
		}
	}
	return uses
}

// usesQueued returns the uses by those who take what a helper sends. The handler fn calls it.
func (r *run) usesQueued(call *ast.CallExpr, f *starts, fn inspector.Cursor, s *scope) (uses []use) {
	for _, i := range f.Queues {
		if i < len(call.Args) {
			if _, ok := r.ends(call.Args[i], s); ok {
				uses = append(uses, use{call.Args[i], "what is done with it", false, false, true})
			}
		}
	}
	for _, i := range f.Sends {
		if i < len(call.Args) {
			uses = append(uses, r.usesSent(call.Args[i], fn, s)...)
		}
	}
	return uses
}

// usesIn returns the uses in the body of the literal c that a goroutine runs.
func (r *run) usesIn(c inspector.Cursor, s *scope) (uses []use) {
	for cur := range c.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		for i, arg := range call.Args {
			if _, ok := r.ends(arg, s); !ok {
				continue
			}
			if obj := r.object(arg); obj != nil && lint.Body(c.Node()).Pos() <= obj.Pos() && obj.Pos() < c.Node().End() {
				continue // made in the goroutine: the use is where it is made
			}
			if r.returnsContext(call) {
				// Values may be taken of it, or one more link made: the uses of that follow.
				if fn := r.callee(call); fn == nil || !r.derives(call) {
					continue
				}
				if work := r.worksWithDerived(c, cur); work != "" {
					uses = append(uses, use{arg, work, true, false, true})
				}
				continue
			}
			if work, visible := r.worksUnder(call, i, false); work {
				uses = append(uses, use{arg, lint.Text(call.Fun), true, false, visible})
			}
		}
	}
	return uses
}

// worksWithDerived returns the call in literal c that works under the context that call derived
// makes, or "".
func (r *run) worksWithDerived(c, derived inspector.Cursor) string {
	stmt, ok := derived.Parent().Node().(*ast.AssignStmt)
	if !ok {
		return ""
	}
	obj := r.object(stmt.Lhs[0])
	for cur := range c.Preorder((*ast.Ident)(nil)) {
		if obj == nil || r.TypesInfo.Uses[cur.Node().(*ast.Ident)] != obj {
			continue
		}
		if kind, i := cur.ParentEdge(); kind == edge.CallExpr_Args {
			call := cur.Parent().Node().(*ast.CallExpr)
			if works, _ := r.worksUnder(call, i, false); works {
				return lint.Text(call.Fun)
			}
		}
	}
	return ""
}

// worksUnder reports whether a call works under the context, or the request, that is its
// argument i, and whether its whole body is seen and comes to an end by itself.
func (r *run) worksUnder(call *ast.CallExpr, i int, isReq bool) (works, visible bool) {
	sig := r.signature(call)
	if sig == nil {
		return false, false
	}
	fn := r.callee(call)
	if fn != nil && fn.Pkg() != nil && quietPackage(fn.Pkg().Path()) {
		return false, false
	}
	c, ok := r.declOf(fn)
	if !ok {
		name := ""
		if fn != nil {
			name = fn.Name()
		}
		return !isReq && isContext(parameter(sig, i)) && tellsError(sig) && !goesOn(name) && (!startsWork(name) || name == requestMaker), false
	}
	decl := c.Node().(*ast.FuncDecl)
	param := r.parameterObject(decl.Type, i)
	if param == nil || r.watches(decl.Body) {
		return false, false
	}
	if !isReq {
		return isContext(param.Type()) && r.useIn(c, param) != ignores && !r.detaches(c, param, 2), true
	}
	inner := newScope()
	if suffix := leadsToContext(param.Type()); suffix != "" {
		inner.req[param] = suffix
		r.spread(c, inner)
	}
	for cur := range c.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		for i, arg := range call.Args {
			if _, ok := r.ends(arg, inner); ok && isContext(parameter(r.signatureOrEmpty(call), i)) && tellsError(r.signatureOrEmpty(call)) {
				return true, true
			}
		}
	}
	return false, false
}

// detaches reports whether the function c takes no more than values of the context in param, and
// works under one that context.WithoutCancel has made of it, itself or in functions of the package that it calls, so many deep.
func (r *run) detaches(c inspector.Cursor, param types.Object, depth int) bool {
	for id := range c.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[id.Node().(*ast.Ident)] != param {
			continue
		}
		parent := id.Parent()
		switch kind, i := id.ParentEdge(); kind {
		case edge.AssignStmt_Lhs: // what it gets comes after it
		case edge.SelectorExpr_X:
			if parent.Node().(*ast.SelectorExpr).Sel.Name != "Value" {
				return false
			}
		case edge.CallExpr_Args:
			if !r.detached(parent.Node().(*ast.CallExpr), i, depth) {
				return false
			}
			for stmt := range parent.Enclosing((*ast.AssignStmt)(nil)) {
				if stmt.Parent().Node() == lint.Body(c.Node()) && r.assigns(stmt.Node().(*ast.AssignStmt), param) {
					return true // the variable has the new one from here on
				}
			}
		default:
			return false
		}
	}
	return true
}

// detached reports whether a call does no more with its argument i than a function that detaches.
func (r *run) detached(call *ast.CallExpr, i, depth int) bool {
	fn := r.callee(call)
	if lint.IsFunc(fn, "context", "WithoutCancel") {
		return true
	}
	c, ok := r.declOf(fn)
	if !ok || depth == 0 {
		return false
	}
	param := r.parameterObject(c.Node().(*ast.FuncDecl).Type, i)
	return param != nil && r.detaches(c, param, depth-1)
}

// assigns reports whether a statement is an assignment to the variable.
func (r *run) assigns(stmt *ast.AssignStmt, v types.Object) bool {
	return slices.ContainsFunc(stmt.Lhs, func(lhs ast.Expr) bool { return r.object(lhs) == v })
}

func (r *run) signatureOrEmpty(call *ast.CallExpr) *types.Signature {
	if sig := r.signature(call); sig != nil {
		return sig
	}
	return types.NewSignatureType(nil, nil, nil, nil, nil, false)
}

// goesOn reports whether a function of that name is one that lasts as long as its context.
func goesOn(name string) bool {
	return lint.Leads(name, "Run", "Loop", "Watch", "Pump", "Serve", "Stream", "Listen", "Poll", "Monitor", "Copy", "Proxy", "Pipe", "Wait", "Consume",
		"Read", "Receive", "Subscribe", "Follow", "Tail", "Forward", "Relay", "Keep", "Heartbeat", "Ping", "Refresh", "Renew")
}

// watches reports whether a body waits for channels or goes round without end.
func (r *run) watches(body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SelectStmt:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.ForStmt:
			found = found || n.Cond == nil || n.Init == nil && n.Post == nil
		case *ast.RangeStmt:
			found = found || isChan(r.TypesInfo.TypeOf(n.X))
		case *ast.CallExpr:
			found = found || r.ofContext(n, "Done")
		}
		return !found
	})
	return found
}
