package hot

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// maxCalls is how many calls may lie between a place and the loop or handler that
// repeats it.
const maxCalls = 2

// A funcIndex knows who uses the functions of the package.
type funcIndex struct {
	decls  map[*types.Func]*ast.FuncDecl
	uses   map[types.Object][]inspector.Cursor // of functions, and of local variables that hold one
	tables map[*types.Var]bool                 // package variables that are short lists written out

	once    map[*types.Func]bool
	slow    map[*types.Func]bool
	places  map[placeKey]Place
	serving map[*types.Func]Place // the handler or consumer that a function is part of
}

type placeKey struct {
	obj   types.Object
	calls int
}

func (r *Report) funcs() *funcIndex {
	if r.index != nil {
		return r.index
	}
	x := &funcIndex{
		decls:   make(map[*types.Func]*ast.FuncDecl),
		uses:    make(map[types.Object][]inspector.Cursor),
		tables:  make(map[*types.Var]bool),
		once:    make(map[*types.Func]bool),
		slow:    make(map[*types.Func]bool),
		places:  make(map[placeKey]Place),
		serving: make(map[*types.Func]Place),
	}
	r.index = x
	info := r.pass.TypesInfo
	for c := range r.root.Preorder((*ast.FuncDecl)(nil), (*ast.Ident)(nil), (*ast.ValueSpec)(nil)) {
		switch n := c.Node().(type) {
		case *ast.FuncDecl:
			if fn, ok := info.Defs[n.Name].(*types.Func); ok {
				x.decls[fn] = n
			}
		case *ast.Ident:
			switch obj := info.Uses[n].(type) {
			case *types.Func:
				if obj.Pkg() == r.pass.Pkg {
					x.uses[obj.Origin()] = append(x.uses[obj.Origin()], c)
				}
			case *types.Var:
				if _, ok := obj.Type().Underlying().(*types.Signature); ok && !obj.IsField() {
					x.uses[obj] = append(x.uses[obj], c)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if v, ok := info.Defs[name].(*types.Var); ok && v.Parent() == r.pass.Pkg.Scope() && i < len(n.Values) {
					lit, ok := n.Values[i].(*ast.CompositeLit)
					x.tables[v] = ok && len(lit.Elts) <= smallLoop
				}
			}
		}
	}
	return x
}

// callOf returns the call whose callee the identifier at c names, if it is a plain
// call: not deferred, not a goroutine of its own.
func callOf(c inspector.Cursor) (inspector.Cursor, bool) {
	for {
		switch c.ParentEdgeKind() {
		case edge.SelectorExpr_Sel, edge.ParenExpr_X, edge.IndexExpr_X, edge.IndexListExpr_X:
			c = c.Parent()
			continue
		case edge.CallExpr_Fun:
			call := c.Parent()
			switch call.ParentEdgeKind() {
			case edge.DeferStmt_Call, edge.GoStmt_Call:
				return call, false
			}
			return call, true
		}
		return c, false
	}
}

// function judges a declared function as a whole. A Place with Kind Cold and a Cause
// is known to be cold.
func (r *Report) function(fn *types.Func, decl *ast.FuncDecl, calls int) Place {
	cold := Place{Cause: decl}
	switch directive(decl) {
	case "hot":
		return Place{Kind: Declared, Cause: decl, Marked: true}
	case "cold":
		return cold
	}
	if r.runsOnce(fn) || takesTestingT(fn.Signature()) {
		return cold
	}
	if r.profile.names(r.pass.Pkg, fn) {
		return Place{Kind: Profiled, Cause: decl, Marked: true}
	}
	if kind := r.serves(fn.Signature(), fn); kind != Cold {
		return Place{Kind: kind, Cause: decl}
	}
	if r.isService(fn) {
		return Place{Kind: Request, Cause: decl}
	}
	if calls < 0 {
		return Place{}
	}
	if p := r.called(fn, calls); p.Kind != Cold {
		return p
	}
	return r.served(fn)
}

// called returns the place of the busiest call of obj, a function or a
// local variable that holds one.
func (r *Report) called(obj types.Object, calls int) Place {
	if calls <= 0 {
		return Place{}
	}
	x := r.funcs()
	key := placeKey{obj, calls}
	if p, ok := x.places[key]; ok {
		return p
	}
	x.places[key] = Place{} // breaks cycles
	best := Place{}
	for _, use := range x.uses[obj] {
		call, ok := callOf(use)
		if !ok || r.within(use, obj) {
			continue
		}
		p := r.at(call, calls-1)
		if p.Rare {
			p = r.benched(call)
		}
		if p.Kind == Cold || best.Kind == Loop || best.Kind != Cold && p.Kind != Loop {
			continue
		}
		if p.Call == nil {
			p.Call = call.Node().(*ast.CallExpr)
		}
		p.Depth, p.Marked = 0, false
		best = p
	}
	x.places[key] = best
	return best
}

// within reports whether the use of a function is part of the function itself:
// recursion repeats nothing that was not repeated before.
func (r *Report) within(use inspector.Cursor, obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	decl := r.funcs().decls[fn]
	return decl != nil && decl.Pos() <= use.Node().Pos() && use.Node().Pos() < decl.End()
}

// runsOnce reports whether the function runs once in the life of the program: init,
// main, and functions that nothing but these use, outside loops.
func (r *Report) runsOnce(fn *types.Func) bool {
	x := r.funcs()
	if once, ok := x.once[fn]; ok {
		return once
	}
	x.once[fn] = false // breaks cycles
	once := r.onlyOnce(fn)
	x.once[fn] = once
	return once
}

func (r *Report) onlyOnce(fn *types.Func) bool {
	isMain := r.pass.Pkg.Name() == "main"
	if fn.Signature().Recv() == nil && (fn.Name() == "init" || isMain && fn.Name() == "main") {
		return true
	}
	if fn.Exported() && (!isMain || fn.Signature().Recv() != nil) {
		return false
	}
	if decl := r.funcs().decls[fn]; isMain && decl != nil && r.parsesFlags(decl.Body) {
		return true
	}
	once := false
	for _, use := range r.funcs().uses[fn] {
		if lint.IsTest(r.pass, use.Node().Pos()) {
			continue // how often a test calls it says nothing about the program
		}
		once = true
		call, isCall := callOf(use)
		if !isCall {
			// As an argument of once.Do and the like.
			if !r.givenOnce(call) {
				return false
			}
			continue
		}
		if !r.onceAt(call) {
			return false
		}
	}
	return once
}

// givenOnce reports whether the function value at c is given to something that runs it once.
func (r *Report) givenOnce(c inspector.Cursor) bool {
	if lit, ok := c.Node().(*ast.FuncLit); ok && r.pass.Pkg.Name() == "main" && r.parsesFlags(lit.Body) {
		return true
	}
	switch c.ParentEdgeKind() {
	case edge.CallExpr_Args:
	case edge.KeyValueExpr_Value:
		lit, ok := c.Parent().Parent().Node().(*ast.CompositeLit)
		return ok && isCommand(r.typeOf(lit)) // the command line names one
	default:
		return false
	}
	callee := typeutil.Callee(r.pass.TypesInfo, c.Parent().Node().(*ast.CallExpr))
	return isOnce(callee) || runs(callee) && r.onceAt(c.Parent())
}

// onceAt reports whether the place at c is reached once, in no loop at all.
func (r *Report) onceAt(c inspector.Cursor) bool {
	for cur := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.FuncLit:
			if cur.ParentEdgeKind() == edge.CallExpr_Fun {
				continue
			}
			return r.givenOnce(cur)
		case *ast.FuncDecl:
			fn, ok := r.pass.TypesInfo.Defs[n.Name].(*types.Func)
			return ok && r.runsOnce(fn)
		}
	}
	return true // a package variable
}

// directive returns the word after //heapvet: in the function's doc comment.
func directive(decl *ast.FuncDecl) string {
	if decl.Doc == nil {
		return ""
	}
	for _, c := range decl.Doc.List {
		if word, ok := strings.CutPrefix(c.Text, "//heapvet:"); ok {
			word, _, _ = strings.Cut(word, " ")
			if word == "hot" || word == "cold" {
				return word
			}
		}
	}
	return ""
}

// takesTestingT reports whether a function helps tests, wherever it is declared.
func takesTestingT(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if lint.IsNamed(lint.Deref(p.Type()), "testing", "T", "B", "F", "TB", "M", "PB") {
			return true
		}
	}
	return false
}
