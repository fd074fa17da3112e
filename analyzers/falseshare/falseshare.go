package falseshare

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{
		Name:     "falseshare",
		Doc:      lint.Doc(doc, "falseshare"),
		URL:      lint.URL("falseshare"),
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run:      run,
	})
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Runtime,
	Stage:    lint.Opt,
	Since:    "v0.3.0",
	Fix:      lint.NoFix,
	Evidence: lint.Types,
	Categories: []lint.Category{
		{Name: elements, Title: "goroutines write neighbouring elements of an array again and again"},
		{Name: fields, Title: "goroutines write neighbouring fields of a struct again and again"},
	},
}

const (
	elements = "elements"
	fields   = "fields"

	line = 64 // bytes of a cache line
)

// finder is one run of the check on one package.
type finder struct {
	pass  *analysis.Pass
	decls map[*types.Func]*ast.FuncDecl
}

func run(pass *analysis.Pass) (any, error) {
	f := &finder{pass: pass}
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	var bodies []*ast.BlockStmt
	seen := make(map[*ast.BlockStmt]bool)
	starting := new(ast.BlockStmt) // what those do who start goroutines: perhaps one after the other
	for c := range root.Preorder((*ast.GoStmt)(nil), (*ast.CallExpr)(nil)) {
		body, lit := f.started(c)
		if body == nil || lint.IsTest(pass, c.Node().Pos()) {
			continue
		}
		if lit != nil {
			f.elements(c, lit)
		}
		if !seen[body] {
			seen[body] = true
			bodies = append(bodies, body)
		}
		starting.List = append(starting.List, f.meanwhile(c)...)
	}
	f.fields(append(bodies, starting))
	return nil, nil
}

// meanwhile returns what a function does after it has started a goroutine, until it waits for something.
func (f *finder) meanwhile(c inspector.Cursor) (stmts []ast.Stmt) {
	for ; !isStatement(c); c = c.Parent() {
	}
	for {
		var ok bool
		if c, ok = c.NextSibling(); !ok {
			return stmts
		}
		stmt, ok := c.Node().(ast.Stmt)
		if !ok {
			return stmts
		}
		waits := f.waits(stmt)
		switch stmt.(type) {
		case *ast.ForStmt, *ast.RangeStmt: // which may write until then
		default:
			if waits {
				return stmts
			}
		}
		stmts = append(stmts, stmt)
		if waits {
			return stmts
		}
	}
}

func isStatement(c inspector.Cursor) bool {
	_, ok := c.Node().(ast.Stmt)
	return ok
}

// waits reports whether a statement receives from a channel, or calls a method Wait.
func (f *finder) waits(stmt ast.Stmt) (found bool) {
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.RangeStmt:
			if t := f.pass.TypesInfo.TypeOf(n.X); t != nil {
				_, isChan := t.Underlying().(*types.Chan)
				found = found || isChan
			}
		case *ast.CallExpr:
			fn, ok := typeutil.Callee(f.pass.TypesInfo, n).(*types.Func)
			found = found || ok && fn.Name() == "Wait"
		}
		return !found
	})
	return found
}

// started returns the body of what a go statement, or a method Go, starts, and the
// function literal if it is one.
func (f *finder) started(c inspector.Cursor) (*ast.BlockStmt, *ast.FuncLit) {
	var fn ast.Expr
	switch n := c.Node().(type) {
	case *ast.GoStmt:
		fn = n.Call.Fun
	case *ast.CallExpr:
		callee := typeutil.Callee(f.pass.TypesInfo, n)
		if len(n.Args) != 1 || !lint.IsMethod(callee, "sync", "WaitGroup", "Go") && !lint.IsMethod(callee, "golang.org/x/sync/errgroup", "Group", "Go") {
			return nil, nil
		}
		fn = n.Args[0]
	}
	switch fn := ast.Unparen(fn).(type) {
	case *ast.FuncLit:
		return fn.Body, fn
	case *ast.Ident:
		return f.bodyOf(f.pass.TypesInfo.Uses[fn]), nil
	case *ast.SelectorExpr:
		return f.bodyOf(f.pass.TypesInfo.Uses[fn.Sel]), nil
	}
	return nil, nil
}

// bodyOf returns the body of a function of the package, or nil.
func (f *finder) bodyOf(obj types.Object) *ast.BlockStmt {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Pkg() != f.pass.Pkg {
		return nil
	}
	if f.decls == nil {
		f.decls = lint.Declarations(f.pass)
	}
	if decl := f.decls[fn.Origin()]; decl != nil {
		return decl.Body
	}
	return nil
}

// writes visits what is written in loops of a goroutine: the target of an increment or an
// assignment with an operator, and what functions and methods of sync/atomic change.
func (f *finder) writes(body *ast.BlockStmt, visit func(target ast.Expr)) {
	var walk func(n ast.Node, loops int)
	walk = func(n ast.Node, loops int) {
		ast.Inspect(n, func(m ast.Node) bool {
			if m == n {
				return true
			}
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt:
				walk(m, loops+1)
				return false
			case *ast.RangeStmt:
				walk(m, loops+1)
				return false
			case *ast.IncDecStmt:
				if loops > 0 {
					visit(m.X)
				}
			case *ast.AssignStmt:
				if loops > 0 && m.Tok != token.ASSIGN && m.Tok != token.DEFINE {
					visit(m.Lhs[0])
				}
			case *ast.CallExpr:
				if target := f.atomicTarget(m); loops > 0 && target != nil {
					visit(target)
				}
			}
			return true
		})
	}
	walk(body, 0)
}

// atomicTarget returns what a call of sync/atomic changes, or nil. A constant that is stored is a state, which
// changes seldom.
func (f *finder) atomicTarget(call *ast.CallExpr) ast.Expr {
	fn, ok := typeutil.Callee(f.pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" {
		return nil
	}
	if n := len(call.Args); n > 0 && !strings.HasPrefix(fn.Name(), "Add") && f.pass.TypesInfo.Types[call.Args[n-1]].Value != nil {
		return nil
	}
	if fn.Signature().Recv() != nil {
		switch fn.Name() {
		case "Add", "Store", "Swap", "CompareAndSwap", "Or", "And":
			return ast.Unparen(call.Fun).(*ast.SelectorExpr).X
		}
		return nil
	}
	if fn.Name()[0] != 'L' { // LoadInt64 and the like
		if addr, ok := ast.Unparen(call.Args[0]).(*ast.UnaryExpr); ok && addr.Op == token.AND {
			return addr.X
		}
	}
	return nil
}

// elements reports elements of a slice or array that the goroutines of a loop write, each the
// one of its own number.
func (f *finder) elements(c inspector.Cursor, lit *ast.FuncLit) {
	own := f.numbers(c, lit)
	if len(own) == 0 {
		return
	}
	done := make(map[types.Object]bool)
	f.writes(lit.Body, func(target ast.Expr) {
		target = ast.Unparen(target)
		if sel, ok := target.(*ast.SelectorExpr); ok { // stats[i].n
			target = ast.Unparen(sel.X)
		}
		index, ok := target.(*ast.IndexExpr)
		if !ok {
			return
		}
		id, ok := ast.Unparen(index.Index).(*ast.Ident)
		if !ok || !own[f.pass.TypesInfo.Uses[id]] {
			return
		}
		root := lint.RootIdent(index.X)
		if root == nil {
			return
		}
		obj := f.pass.TypesInfo.Uses[root]
		if obj == nil || done[obj] || lit.Pos() <= obj.Pos() && obj.Pos() < lit.End() {
			return
		}
		elem := elemOf(f.pass.TypesInfo.TypeOf(index.X))
		if elem == nil || lint.SizeVaries(elem) {
			return
		}
		if size := f.pass.TypesSizes.Sizeof(elem); size < line {
			done[obj] = true
			f.report(index, elements, fmt.Sprintf("each goroutine writes its element of %s again and again, and %d elements of %d bytes share a cache line of 64: the cores take it from each other; count in a local variable and write the sum once, or pad the elements", lint.Text(index.X), line/size, size))
		}
	})
}

// numbers returns the variables by which the goroutines of a loop differ: variables of the
// loop around the statement, and parameters of the literal that are given these.
func (f *finder) numbers(c inspector.Cursor, lit *ast.FuncLit) map[types.Object]bool {
	own := make(map[types.Object]bool)
	add := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			if obj := f.pass.TypesInfo.Defs[id]; obj != nil {
				own[obj] = true
			}
		}
	}
	for cur := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.ForStmt:
			if init, ok := n.Init.(*ast.AssignStmt); ok && init.Tok == token.DEFINE {
				for _, lhs := range init.Lhs {
					add(lhs)
				}
			}
			continue
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE && n.Key != nil {
				add(n.Key)
			}
			continue
		}
		break
	}
	stmt, ok := c.Node().(*ast.GoStmt)
	if !ok || len(own) == 0 {
		return own
	}
	i := 0
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if i < len(stmt.Call.Args) {
				if id, ok := ast.Unparen(stmt.Call.Args[i]).(*ast.Ident); ok && own[f.pass.TypesInfo.Uses[id]] {
					add(name)
				}
			}
			i++
		}
	}
	return own
}

func elemOf(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	switch t := lint.Deref(t).Underlying().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	}
	return nil
}

// fields reports fields of one struct type that different goroutines write in their loops,
// each only its own.
func (f *finder) fields(bodies []*ast.BlockStmt) {
	writers := make(map[*types.Var]map[*ast.BlockStmt]bool)
	owner := make(map[*types.Var]types.Type)
	var order []*types.Var
	for _, body := range bodies {
		f.writes(body, func(target ast.Expr) {
			sel, ok := ast.Unparen(target).(*ast.SelectorExpr)
			if !ok {
				return
			}
			v, ok := f.pass.TypesInfo.Uses[sel.Sel].(*types.Var)
			if !ok || !v.IsField() || v.Pkg() != f.pass.Pkg {
				return
			}
			if writers[v] == nil {
				writers[v] = make(map[*ast.BlockStmt]bool)
				owner[v] = lint.Deref(f.pass.TypesInfo.TypeOf(sel.X))
				order = append(order, v)
			}
			writers[v][body] = true
		})
	}
	for i, a := range order {
		for _, b := range order[i+1:] {
			if !types.Identical(owner[a], owner[b]) || !disjoint(writers[a], writers[b]) {
				continue
			}
			s, ok := owner[a].Underlying().(*types.Struct)
			if !ok {
				continue
			}
			if d, ok := f.distance(s, a, b); ok && d < line {
				f.pass.Report(analysis.Diagnostic{
					Pos:      b.Pos(),
					End:      b.Pos() + token.Pos(len(b.Name())),
					Category: fields,
					Message:  fmt.Sprintf("%s and %s are written again and again by different goroutines, and lie %d bytes apart in one cache line of 64: the cores take it from each other; put _ [64]byte between them", a.Name(), b.Name(), d),
				})
			}
		}
	}
}

func disjoint(a, b map[*ast.BlockStmt]bool) bool {
	for body := range a {
		if b[body] {
			return false
		}
	}
	return true
}

// distance returns how many bytes lie between the beginnings of two fields.
func (f *finder) distance(s *types.Struct, a, b *types.Var) (int64, bool) {
	vars := make([]*types.Var, s.NumFields())
	for i := range vars {
		vars[i] = s.Field(i)
	}
	offsets := f.pass.TypesSizes.Offsetsof(vars)
	at := func(v *types.Var) int64 {
		for i, w := range vars {
			if w == v {
				return offsets[i]
			}
		}
		return -1
	}
	x, y := at(a), at(b)
	if x > y {
		x, y = y, x
	}
	return y - x, x >= 0
}

func (f *finder) report(n ast.Node, category, message string) {
	f.pass.Report(analysis.Diagnostic{Pos: n.Pos(), End: n.End(), Category: category, Message: message})
}
