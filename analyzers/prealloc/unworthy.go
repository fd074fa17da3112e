package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// unworthy reports whether a loop gains too little for a change: each
// iteration does far more than the growth costs, or there are hardly ever more
// than a handful.
func (s *scan) unworthy(f *finding) bool {
	l, t := f.loop, f.target
	if l.bound.call {
		// What is ranged over may take longer to come by than to keep.
		if call, ok := l.bound.src.(*ast.CallExpr); ok && l.slowCall(call) {
			return true
		}
	}
	return l.short() || s.slow(l) || s.aside(l) || s.ofSyntax(l, t) || !t.isText && l.stringer() || l.completes(f) ||
		(equips(l, t) || l.configured()) && !s.often(l)
}

// stringer reports whether the loop is in the method String of fmt.Stringer: what
// it costs to put a list into words is the words.
func (l *loop) stringer() bool {
	fn, ok := l.lookupFunc()
	if !ok || fn.Name() != "String" || fn.Signature().Recv() == nil {
		return false
	}
	in, out := fn.Signature().Params(), fn.Signature().Results()
	return in.Len() == 0 && out.Len() == 1 && lint.IsString(out.At(0).Type())
}

// completes reports whether the loop fills a field of an object from another
// field of it, in the function that makes the object, or without emptying the
// field first: that is done once for each.
func (l *loop) completes(f *finding) bool {
	t := f.target
	if t.field == nil || l.bound.src == nil || l.parameter(t.v) && f.origin.known {
		return false
	}
	v, field := resolve(l.info, l.bound.src)
	return v == t.v && field != nil && field != t.field
}

// configured reports whether the loop walks over a field of what is by its name a configuration.
func (l *loop) configured() bool {
	if l.bound.src == nil {
		return false
	}
	found := false
	ast.Inspect(l.bound.src, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && l.info.Selections[sel] != nil {
			found = found || configures(l.info.TypeOf(sel.X))
		}
		return !found
	})
	return found
}

func configures(t types.Type) bool {
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok {
		return false
	}
	for _, word := range []string{"Config", "Configuration", "Conf", "Options", "Opts", "Settings"} {
		if name := named.Obj().Name(); strings.HasSuffix(name, word) || name == strings.ToLower(word) {
			return true
		}
	}
	return false
}

// equips reports whether the target becomes part of the object that a constructor, New or
// NewServer, returns. What is given to a constructor is mostly a configuration.
func equips(l *loop, t *target) bool {
	fn, ok := l.lookupFunc()
	if !ok || !lint.Leads(fn.Name(), "New") || fn.Signature().Results().Len() == 0 {
		return false
	}
	made := fn.Signature().Results().At(0).Type()
	is := func(t types.Type) bool {
		_, isStruct := lint.Deref(t).Underlying().(*types.Struct)
		return isStruct && (types.AssignableTo(t, made) || types.AssignableTo(types.NewPointer(t), made))
	}
	if t.field != nil {
		return is(t.v.Type())
	}
	for cur := range l.fn.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if l.info.Uses[id] != t.v || id.Pos() < l.stmt.End() {
			continue
		}
		switch parent := cur.Parent(); n := parent.Node().(type) {
		case *ast.KeyValueExpr:
			if lit, ok := parent.Parent().Node().(*ast.CompositeLit); ok && n.Value == id && is(l.info.TypeOf(lit)) {
				return true
			}
		case *ast.CompositeLit:
			if is(l.info.TypeOf(n)) {
				return true
			}
		case *ast.AssignStmt:
			if i := slices.Index(n.Rhs, ast.Expr(id)); i >= 0 && len(n.Lhs) == len(n.Rhs) {
				if sel, ok := n.Lhs[i].(*ast.SelectorExpr); ok && is(l.info.TypeOf(sel.X)) {
					return true
				}
			}
		}
	}
	return false
}

// longFunction is how many lines a function has in which one loop is not what
// its time goes to.
const longFunction = 50

// aside reports whether the loop is a small part of a long function, and nothing
// shows that it runs often.
func (s *scan) aside(l *loop) bool {
	lines := s.Fset.Position(l.fn.Node().End()).Line - s.Fset.Position(l.fn.Node().Pos()).Line
	return lines > longFunction && !s.often(l)
}

// often reports whether something shows that the loop as a whole is executed often. It is
// what makes an advice worth its lines that takes more than a number: a variable for what
// a call returns, or a loop that adds up lengths.
func (s *scan) often(l *loop) bool { return hot.Of(s.Pass).At(l.cur.Node()).Worth() || l.generic() }

// slow reports whether an iteration does what dwarfs the growth of a slice:
// input and output, remote calls, starting or awaiting goroutines, compiling
// expressions. It may do so in a function of the package that it calls.
func (s *scan) slow(l *loop) bool {
	return l.slowIn(l.body, func(call *ast.CallExpr) bool {
		fn, ok := typeutil.Callee(l.info, call).(*types.Func)
		if !ok {
			return false
		}
		decl := s.cold.decl(fn)
		return decl != nil && decl.Body != nil && l.slowIn(decl.Body, func(*ast.CallExpr) bool { return false })
	})
}

func (l *loop) slowIn(body *ast.BlockStmt, called func(*ast.CallExpr) bool) bool {
	found := false
	var look func(n ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt:
			if body == l.body {
				break
			}
			if n.Init != nil {
				ast.Inspect(n.Init, look) // what is conditional is not done each time
			}
			return false
		case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt, *ast.DeferStmt:
			found = found || body == l.body
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			found = found || l.slowCall(n) || called(n)
		}
		return !found
	}
	ast.Inspect(body, look)
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
	// What takes a context or a channel may wait; what returns something to close opens it.
	if sig.Params().Len() > 0 {
		first := sig.Params().At(0).Type()
		if _, isChan := first.Underlying().(*types.Chan); isChan || lint.IsNamed(first, "context", "Context") {
			return true
		}
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
	name := fn.Name()
	switch fn.Pkg().Path() {
	case "net":
		return fn.Signature().Recv() != nil && name != "String" && !strings.HasPrefix(name, "Is") && !strings.HasPrefix(name, "To") && name != "Contains" && name != "Equal" ||
			strings.HasPrefix(name, "Dial") || strings.HasPrefix(name, "Listen") || strings.HasPrefix(name, "Lookup") || strings.HasPrefix(name, "Resolve")
	case "net/http":
		return lint.IsFunc(fn, "net/http", "Get", "Head", "Post", "PostForm") || lint.IsMethod(fn, "net/http", "Client", "Do", "Get", "Head", "Post", "PostForm")
	case "os/exec", "net/rpc", "database/sql", "io/ioutil", "plugin",
		"go/parser", "text/template", "html/template", "log", "log/slog", "flag", "crypto/x509":
		return true
	case "os":
		return name != "Getenv" && name != "LookupEnv" && name != "IsNotExist" && name != "IsExist" && name != "Expand"
	case "regexp":
		return fn.Signature().Recv() == nil && name != "QuoteMeta"
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
