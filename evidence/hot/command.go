package hot

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// Command reports whether the package is part of a command that does its work once: it
// reads the command line, and serves nobody.
func (r *Report) Command() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.command == nil {
		command := r.HasCommands() && !r.serving()
		r.command = &command
	}
	return *r.command
}

// serving reports whether the package, without its tests, uses what servers use.
func (r *Report) serving() bool {
	for id, obj := range r.pass.TypesInfo.Uses {
		if servesOthers(obj) && !lint.IsTest(r.pass, id.Pos()) {
			return true
		}
	}
	return false
}

// HasCommands reports whether the package is that of a program that has flags, or has the
// commands of one: each is run once, though it may serve others then.
func (r *Report) HasCommands() bool {
	if r.pass.Pkg.Name() == "main" && lint.Imports(r.pass.Pkg, "flag", "github.com/spf13/pflag") {
		return true
	}
	return lint.Imports(r.pass.Pkg, "github.com/spf13/cobra", "github.com/alecthomas/kingpin/v2", "github.com/alecthomas/kong",
		"github.com/urfave/cli", "github.com/urfave/cli/v2", "github.com/urfave/cli/v3")
}

// isCommand reports whether t is the type of the commands of a program.
func isCommand(t types.Type) bool {
	t = lint.Deref(t)
	return lint.IsNamed(t, "github.com/spf13/cobra", "Command") || lint.IsNamed(t, "github.com/urfave/cli", "Command", "App") ||
		lint.IsNamed(t, "github.com/urfave/cli/v2", "Command", "App") || lint.IsNamed(t, "github.com/urfave/cli/v3", "Command")
}

// parsesFlags reports whether a function parses the flags of one of the commands of a program: by a
// flag set that ends the process when they are wrong.
func (r *Report) parsesFlags(body *ast.BlockStmt) bool {
	if body == nil || !lint.Imports(r.pass.Pkg, "flag") {
		return false
	}
	for n := range ast.Preorder(body) {
		call, ok := n.(*ast.CallExpr)
		if !ok || !lint.IsMethod(typeutil.Callee(r.pass.TypesInfo, call), "flag", "FlagSet", "Parse") {
			continue
		}
		id, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr).X.(*ast.Ident)
		if ok && r.endsOnError(r.pass.TypesInfo.Uses[id]) {
			return true
		}
	}
	return false
}

// endsOnError reports whether a variable is a flag set made to end the process.
func (r *Report) endsOnError(set types.Object) bool {
	c, ok := r.root.FindByPos(set.Pos(), set.Pos())
	if !ok {
		return false
	}
	for n := range c.Enclosing((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		for call := range n.Preorder((*ast.CallExpr)(nil)) {
			call := call.Node().(*ast.CallExpr)
			if !lint.IsFunc(typeutil.Callee(r.pass.TypesInfo, call), "flag", "NewFlagSet") || len(call.Args) != 2 {
				continue
			}
			id, ok := ast.Unparen(call.Args[1]).(*ast.SelectorExpr)
			return ok && r.pass.TypesInfo.Uses[id.Sel].Name() == "ExitOnError"
		}
	}
	return false
}

// servesOthers reports whether the object is one that servers use.
func servesOthers(obj types.Object) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "net/http":
		switch obj.Name() {
		case "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS", "ResponseWriter", "Handler", "HandlerFunc", "Handle", "HandleFunc", "ServeMux":
			return true
		}
	case "net":
		return strings.HasPrefix(obj.Name(), "Listen")
	case "google.golang.org/grpc":
		return obj.Name() == "NewServer"
	}
	return false
}
