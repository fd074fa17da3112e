package hot

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Rare reports whether node n is reached only if something went wrong: it is part
// of a statement that panics, ends the program or returns an error that is
// certainly not nil, of a block that ends so, or of one that runs only if an error
// is not nil, or only once, in a function literal for sync.Once or its kin.
func (r *Report) Rare(n ast.Node) bool {
	c, ok := lint.Find(r.root, n)
	if !ok {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for ; c.Node() != nil; c = c.Parent() {
		switch n := c.Node().(type) {
		case *ast.FuncDecl:
			return false
		case *ast.FuncLit:
			if call, ok := c.Parent().Node().(*ast.CallExpr); ok && isOnce(typeutil.Callee(r.pass.TypesInfo, call)) {
				return true
			}
		case *ast.ReturnStmt, *ast.ExprStmt:
			if r.fails(n.(ast.Stmt)) {
				return true
			}
		case *ast.BlockStmt:
			switch c.ParentEdgeKind() {
			case edge.IfStmt_Body:
				if r.errNotNil(c.Parent().Node().(*ast.IfStmt).Cond, token.NEQ) {
					return true
				}
			case edge.IfStmt_Else:
				if r.errNotNil(c.Parent().Node().(*ast.IfStmt).Cond, token.EQL) {
					return true
				}
			}
			if !isBody(c) && r.endFails(n.List) {
				return true
			}
		case *ast.CaseClause:
			if r.endFails(n.Body) {
				return true
			}
		case *ast.CommClause:
			if r.endFails(n.Body) {
				return true
			}
		}
	}
	return false
}

func (r *Report) endFails(list []ast.Stmt) bool {
	return len(list) > 0 && r.fails(list[len(list)-1])
}

// fails reports whether the statement panics, ends the program, or returns an error
// that is certainly not nil.
func (r *Report) fails(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
		call, ok := ast.Unparen(s.X).(*ast.CallExpr)
		return ok && !lazyssa.Of(r.pass).MayReturn(call)
	case *ast.ReturnStmt:
		return r.returnsError(s) && r.certain(s.Results[len(s.Results)-1], 2)
	}
	return false
}

// certain reports whether the error e, which satisfies returnsError, is known not
// to be nil. It looks into functions of the package, to a depth.
func (r *Report) certain(e ast.Expr, depth int) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || r.pass.TypesInfo.Types[call.Fun].IsType() {
		return true
	}
	if t := r.typeOf(call); t != nil && !types.IsInterface(t) {
		return true // a function that makes one
	}
	callee := typeutil.Callee(r.pass.TypesInfo, call)
	if lint.IsFunc(callee, "fmt", "Errorf") || lint.IsFunc(callee, "errors", "New") {
		return true
	}
	fn, ok := callee.(*types.Func)
	if !ok || depth == 0 {
		return false
	}
	decl := r.funcs().decls[fn.Origin()]
	if decl == nil || decl.Body == nil {
		return false
	}
	sure := true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			sure = sure && r.returnsError(n) && r.certain(n.Results[len(n.Results)-1], depth-1)
		}
		return sure
	})
	return sure
}
