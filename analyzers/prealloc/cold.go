package prealloc

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// coldness tells which code runs once, or only to describe things to people:
// saving a few allocations there is not worth anybody's time.
type coldness struct {
	pass *analysis.Pass
	hot  *hot.Report
	info *types.Info
	root inspector.Cursor
	all  bool

	callers map[*types.Func][]inspector.Cursor // uses of each function; nil until asked
	decls   map[*types.Func]*ast.FuncDecl      // nil until asked
	memo    map[*types.Func]bool
	methods map[string]bool // of interfaces of the package; nil until asked
	tests   *bool           // whether the package is support for tests; nil until asked
}

// is reports whether the loop is in cold code.
func (c *coldness) is(l *loop) bool {
	return !c.all && (c.readOnce() || c.testFile(l.stmt) || c.hot.Command() || c.function(l.fn) || l.fails())
}

// fails reports whether the loop is in a block that ends with the return of a new
// error, or in a panic: it collects what there is to say about it. A function
// that ends the program is one of a command.
func (l *loop) fails() bool {
	for cur := l.cur; cur.Node() != l.fn.Node(); cur = cur.Parent() {
		if cur.ParentEdgeKind() != edge.BlockStmt_List || cur.Parent().Parent().Node() == l.fn.Node() {
			continue
		}
		list := cur.Parent().Node().(*ast.BlockStmt).List
		switch last := list[len(list)-1].(type) {
		case *ast.ReturnStmt:
			if len(last.Results) > 0 && l.newError(last.Results[len(last.Results)-1]) {
				return true
			}
		case *ast.ExprStmt:
			if call, ok := last.X.(*ast.CallExpr); ok && !l.flow.MayReturn(call) {
				return true
			}
		}
	}
	if list := l.fnBody().List; len(list) > 0 {
		if last, ok := list[len(list)-1].(*ast.ExprStmt); ok {
			if call, ok := last.X.(*ast.CallExpr); ok && !l.flow.MayReturn(call) {
				return true
			}
		}
	}
	exits := false
	ast.Inspect(l.fnBody(), func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			fn := typeutil.Callee(l.info, call)
			exits = exits || lint.IsFunc(fn, "os", "Exit") || lint.IsFunc(fn, "log", "Fatal", "Fatalf", "Fatalln")
		}
		return !exits
	})
	return exits
}

// newError reports whether e makes an error.
func (l *loop) newError(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || !lint.IsError(l.info.TypeOf(call)) {
		return false
	}
	fn, ok := typeutil.Callee(l.info, call).(*types.Func)
	return ok && fn.Pkg() != nil && (lint.IsFunc(fn, "fmt", "Errorf") || fn.Pkg().Name() == "errors")
}

// function reports whether the function of the cursor, a declaration or a
// literal, is cold.
func (c *coldness) function(fn inspector.Cursor) bool {
	switch n := fn.Node().(type) {
	case *ast.FuncDecl:
		obj, ok := c.info.Defs[n.Name].(*types.Func)
		return ok && c.declared(obj)
	case *ast.FuncLit:
		if takesCommand(c.info.TypeOf(n)) {
			return true
		}
		switch fn.ParentEdgeKind() {
		case edge.CallExpr_Fun:
			return c.place(fn) // called where it stands
		case edge.CallExpr_Args:
			call := fn.Parent().Node().(*ast.CallExpr)
			callee := typeutil.Callee(c.info, call)
			return lint.IsMethod(callee, "sync", "Once", "Do") ||
				lint.IsFunc(callee, "sync", "OnceFunc", "OnceValue", "OnceValues")
		}
	}
	return false
}

// place reports whether the code at the cursor is cold: not in a loop, and in a
// cold function or the initializer of a package variable.
func (c *coldness) place(cur inspector.Cursor) bool {
	for around := range cur.Parent().Enclosing((*ast.IfStmt)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := around.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return c.function(around)
		case *ast.IfStmt:
			if v := c.info.Types[n.Cond].Value; v != nil && !constant.BoolVal(v) && n.Body.Pos() <= cur.Node().Pos() && cur.Node().End() <= n.Body.End() {
				return true // a switch that is off
			}
			continue
		}
		return false // in a loop
	}
	return true
}

// declared reports whether a declared function is cold: it is main or init,
// describes its receiver, reads a configuration, or is called from nowhere but
// cold places.
func (c *coldness) declared(fn *types.Func) bool {
	if cold, ok := c.memo[fn]; ok {
		return cold
	}
	if c.memo == nil {
		c.memo = make(map[*types.Func]bool)
	}
	c.memo[fn] = false // recursion is not cold
	cold := c.decide(fn)
	c.memo[fn] = cold
	return cold
}

func (c *coldness) decide(fn *types.Func) bool {
	sig := fn.Signature()
	if takesCommand(sig) || describes(fn) || prepares(fn.Name()) {
		return true
	}
	if sig.Recv() != nil && (fn.Exported() || c.inInterface(fn)) {
		return false
	}
	if sig.Recv() == nil && (fn.Name() == "init" || fn.Name() == "main" && fn.Pkg().Name() == "main") {
		return true
	}
	if fn.Exported() && fn.Pkg().Name() != "main" {
		return false
	}
	uses := c.uses(fn)
	for _, use := range uses {
		if use.ParentEdgeKind() == edge.SelectorExpr_Sel {
			use = use.Parent()
		}
		if use.ParentEdgeKind() != edge.CallExpr_Fun || !c.place(use) {
			return false
		}
		// What main hands over may be the whole work of the program.
		if sig.Params().Len() > 0 && c.inMain(use) {
			return false
		}
	}
	return len(uses) > 0
}

// inInterface reports whether an interface of the package has a method of that name,
// through which the method may be called.
func (c *coldness) inInterface(fn *types.Func) bool {
	if c.methods == nil {
		c.methods = make(map[string]bool)
		for cur := range c.root.Preorder((*ast.InterfaceType)(nil)) {
			for _, m := range cur.Node().(*ast.InterfaceType).Methods.List {
				for _, name := range m.Names {
					c.methods[name.Name] = true
				}
			}
		}
	}
	return c.methods[fn.Name()]
}

// inMain reports whether the cursor is in function main of a command, or in a
// part of it.
func (c *coldness) inMain(cur inspector.Cursor) bool {
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		return c.pass.Pkg.Name() == "main" && fn.Node().(*ast.FuncDecl).Name.Name != "init"
	}
	return false
}

// uses returns the places outside of tests that name the function.
func (c *coldness) uses(fn *types.Func) []inspector.Cursor {
	if c.callers == nil {
		c.callers = make(map[*types.Func][]inspector.Cursor)
		for cur := range c.root.Preorder((*ast.Ident)(nil)) {
			if fn, ok := c.info.Uses[cur.Node().(*ast.Ident)].(*types.Func); ok && fn.Pkg() != nil && !lint.IsTest(c.pass, cur.Node().Pos()) {
				c.callers[fn] = append(c.callers[fn], cur)
			}
		}
	}
	return c.callers[fn]
}

// decl returns the declaration of a function of the package, or nil.
func (c *coldness) decl(fn *types.Func) *ast.FuncDecl {
	if fn.Pkg() != c.pass.Pkg {
		return nil
	}
	if c.decls == nil {
		c.decls = lint.Declarations(c.pass)
	}
	return c.decls[fn.Origin()]
}

// describes reports whether the function is a method of an interface whose methods
// are called for an error, in a message or to read settings: Error, GoString, Format
// of fmt.Formatter, Set of flag.Value, UnmarshalYAML.
func describes(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil {
		return false
	}
	in, out := sig.Params(), sig.Results()
	fails := out.Len() == 1 && lint.IsError(out.At(0).Type())
	switch fn.Name() {
	case "Error", "GoString", "String":
		if in.Len() > 0 || out.Len() != 1 || !lint.IsString(out.At(0).Type()) {
			return false
		}
		set, _, _ := types.LookupFieldOrMethod(sig.Recv().Type(), true, fn.Pkg(), "Set")
		return fn.Name() != "String" || isSetter(set)
	case "Format":
		return in.Len() == 2 && lint.IsNamed(in.At(0).Type(), "fmt", "State")
	case "Set":
		text, _, _ := types.LookupFieldOrMethod(sig.Recv().Type(), true, fn.Pkg(), "String")
		return text != nil && isSetter(fn)
	case "UnmarshalYAML", "UnmarshalTOML":
		return in.Len() == 1 && fails
	}
	return false
}

// isSetter reports whether a method is that of flag.Value that reads a setting:
// Set(string) error.
func isSetter(method types.Object) bool {
	fn, ok := method.(*types.Func)
	if !ok {
		return false
	}
	in, out := fn.Signature().Params(), fn.Signature().Results()
	return in.Len() == 1 && lint.IsString(in.At(0).Type()) && out.Len() == 1 && lint.IsError(out.At(0).Type())
}

// takesCommand reports whether a function is the body of a subcommand, or sets
// up the flags of one.
func takesCommand(t types.Type) bool {
	sig, ok := t.(*types.Signature)
	if !ok {
		return false
	}
	for _, list := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range list.Variables() {
			t := lint.Deref(v.Type())
			if lint.IsNamed(t, "flag", "FlagSet") || lint.IsNamed(t, "github.com/spf13/pflag", "FlagSet") ||
				lint.IsNamed(t, "github.com/spf13/cobra", "Command") {
				return true
			}
		}
	}
	return false
}
