package prealloc

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// coldness tells which code runs once, or only to describe things to people:
// saving a few allocations there is not worth anybody's time.
type coldness struct {
	pass *analysis.Pass
	info *types.Info
	root inspector.Cursor
	all  bool

	callers map[*types.Func][]inspector.Cursor // uses of each unexported function; nil until asked
	memo    map[*types.Func]bool
}

// is reports whether the loop is in cold code.
func (c *coldness) is(l *loop) bool {
	return !c.all && c.function(l.fn)
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
	for around := range cur.Parent().Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch around.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return c.function(around)
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
	if takesCommand(sig) {
		return true
	}
	if sig.Recv() != nil {
		switch fn.Name() {
		case "String", "GoString", "Error", "Format", "Usage", "UnmarshalYAML", "UnmarshalTOML":
			return true
		case "Set":
			return sig.Params().Len() == 1 && sig.Results().Len() == 1 && lint.IsError(sig.Results().At(0).Type()) // flag.Value
		}
		return false // it may be called through an interface
	}
	if fn.Name() == "init" || fn.Name() == "main" && fn.Pkg().Name() == "main" {
		return true
	}
	if fn.Exported() && fn.Pkg().Name() != "main" {
		return false
	}
	uses := c.uses(fn)
	for _, use := range uses {
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

// takesCommand reports whether a function is the body of a subcommand.
func takesCommand(t types.Type) bool {
	sig, ok := t.(*types.Signature)
	if !ok {
		return false
	}
	for p := range sig.Params().Variables() {
		if lint.IsNamed(lint.Deref(p.Type()), "github.com/spf13/cobra", "Command") || lint.IsNamed(lint.Deref(p.Type()), "flag", "FlagSet") {
			return true
		}
	}
	return false
}
