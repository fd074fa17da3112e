package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// unworthy reports whether a loop gains too little for a change: each
// iteration does far more than the growth costs, or there are hardly ever more
// than a handful.
func unworthy(l *loop) bool { return l.slow() || l.short() }

// short reports whether what the loop walks over is by its nature short: the
// arguments of one call, the parts of one expression or signature, a list that
// somebody wrote into a configuration, a number that is set for the program.
func (l *loop) short() bool {
	if l.bound.counted {
		for _, v := range l.bound.vars {
			if !v.IsField() && v.Parent() == v.Pkg().Scope() {
				return true
			}
		}
	}
	if l.sig.Variadic() {
		last := l.sig.Params().At(l.sig.Params().Len() - 1)
		for _, v := range l.bound.vars {
			if v == last {
				return true
			}
		}
	}
	if l.bound.src == nil {
		return false
	}
	if elem := elementOf(l.info.TypeOf(l.bound.src)); elem != nil && (isSyntax(elem) || isConfig(elem)) {
		return true
	}
	found := false
	ast.Inspect(l.bound.src, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if t := l.info.TypeOf(sel.X); t != nil && (isConfig(t) || lint.IsNamed(lint.Deref(t), "os/exec", "Cmd")) {
				found = true
			}
		}
		return !found
	})
	return found
}

func elementOf(t types.Type) types.Type {
	switch t := lint.Deref(t).Underlying().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	}
	return nil
}

// isSyntax reports whether t is a piece of a program: these come in the lists
// of operands, parameters and results, one or two at a time.
func isSyntax(t types.Type) bool {
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	switch named.Obj().Pkg().Path() {
	case "go/ast", "go/types", "golang.org/x/tools/go/ssa":
		return true
	case "reflect":
		return named.Obj().Name() == "Type"
	}
	return false
}

// isConfig reports whether the name of a type says that it holds settings.
func isConfig(t types.Type) bool {
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok {
		return false
	}
	name := strings.ToLower(named.Obj().Name())
	for _, suffix := range []string{"config", "configs", "configuration", "cfg", "options", "option", "opts", "settings", "flags"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// slow reports whether an iteration does what dwarfs the growth of a slice:
// input and output, remote calls, starting or awaiting goroutines, compiling
// expressions.
func (l *loop) slow() bool {
	found := false
	ast.Inspect(l.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt, *ast.DeferStmt:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			found = found || l.slowCall(n)
		}
		return !found
	})
	return found
}

func (l *loop) slowCall(call *ast.CallExpr) bool {
	if l.info.Types[call.Fun].IsType() {
		return false
	}
	sig, ok := l.info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return false // a builtin
	}
	// What takes a context may wait; what returns something to close opens it.
	if sig.Params().Len() > 0 && lint.IsNamed(sig.Params().At(0).Type(), "context", "Context") {
		return true
	}
	for v := range sig.Results().Variables() {
		if isCloser(v.Type()) {
			return true
		}
	}
	fn, ok := typeutil.Callee(l.info, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "os", "os/exec", "net", "net/http", "net/rpc", "database/sql", "io/ioutil", "plugin",
		"go/parser", "text/template", "html/template", "log", "log/slog", "flag":
		return true
	case "regexp":
		return fn.Signature().Recv() == nil
	case "time":
		return fn.Name() == "Sleep"
	case "fmt":
		return lint.IsFunc(fn, "fmt", "Print", "Printf", "Println", "Scan", "Scanf", "Scanln")
	case "path/filepath":
		return lint.IsFunc(fn, "path/filepath", "Glob", "Walk", "WalkDir", "EvalSymlinks")
	}
	return false
}

// isCloser reports whether t has the method Close() error.
func isCloser(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Close")
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	sig := fn.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && lint.IsError(sig.Results().At(0).Type())
}
