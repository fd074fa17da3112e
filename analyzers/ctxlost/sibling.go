package ctxlost

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// checkSiblings reports calls that wait for others and take no context, though there is one
// at hand and they have a sibling that takes it.
func (r *run) checkSiblings() {
	for c := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		remedy, method := sibling(r.callee(call))
		if remedy == "" || r.inTest(call) {
			continue
		}
		h, joined, ok := r.atHand(c)
		if !ok || !joined && !r.all || r.excused(c, h) || r.tellsOfError(call) {
			continue
		}
		f := &flow{run: r, hand: h, followed: make(map[types.Object]bool)}
		if f.consumed(c, r.signature(call)) {
			r.reportSibling(c, h, remedy, method)
		}
	}
}

// sibling returns what there is to call instead of a function that takes no context, and, of a
// method, its name.
func sibling(fn *types.Func) (remedy, method string) {
	switch {
	case fn == nil:
	case lint.IsFunc(fn, "net/http", "Get", "Head", "Post", "PostForm"),
		lint.IsMethod(fn, "net/http", "Client", "Get", "Head", "Post", "PostForm"):
		return "http.NewRequestWithContext", ""
	case lint.IsMethod(fn, "database/sql", "DB", "Exec", "Query", "QueryRow", "Ping"):
		return fn.Name() + "Context", fn.Name() + "Context"
	}
	return "", ""
}

func (r *run) reportSibling(c inspector.Cursor, h hand, remedy, method string) {
	call := c.Node().(*ast.CallExpr)
	gone := "the caller has given up"
	if h.request {
		gone = "the client has gone"
	}
	d := analysis.Diagnostic{
		Pos: call.Pos(), End: call.End(), Category: detached,
		Message: fmt.Sprintf("%s takes no context and goes on after %s; use %s with %s", lint.Text(call.Fun), gone, remedy, h.expr),
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if ok && method != "" && r.means(h, call.Pos()) {
		arg := h.expr
		if len(call.Args) > 0 {
			arg += ", "
		}
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message: "Call " + method,
			TextEdits: []analysis.TextEdit{
				{Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: []byte(method)},
				{Pos: call.Lparen + 1, End: call.Lparen + 1, NewText: []byte(arg)},
			},
		}}
	}
	r.Report(d)
}

// means reports whether the name of the context at hand means at pos what it means as a parameter,
// or a context made since.
func (r *run) means(h hand, pos token.Pos) bool {
	scope := r.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(h.obj.Name(), pos)
	return obj == h.obj || obj != nil && types.Identical(obj.Type(), h.obj.Type())
}
