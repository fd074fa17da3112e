package hot

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// isOnce reports whether the functions given to obj run once.
func isOnce(obj types.Object) bool {
	return lint.IsMethod(obj, "sync", "Once", "Do") ||
		lint.IsFunc(obj, "sync", "OnceFunc", "OnceValue", "OnceValues")
}

// runs reports whether obj runs the functions that it is given once for each call of it, as
// one of several goroutines.
func runs(obj types.Object) bool {
	return lint.IsMethod(obj, "sync", "WaitGroup", "Go") ||
		lint.IsMethod(obj, "golang.org/x/sync/errgroup", "Group", "Go", "TryGo") ||
		lint.IsMethod(obj, "github.com/oklog/run", "Group", "Add")
}

// CallsPerElement reports whether obj calls the function that it is given for each
// element of something.
func CallsPerElement(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	if fn.Signature().Recv() != nil {
		return lint.IsMethod(obj, "sync", "Map", "Range")
	}
	switch fn.Pkg().Path() {
	case "slices":
		return true // every function of the package that takes one
	case "maps":
		return lint.IsFunc(obj, "maps", "DeleteFunc", "EqualFunc")
	case "sort":
		return lint.IsFunc(obj, "sort", "Slice", "SliceStable", "Search", "Find")
	case "strings", "bytes":
		return lint.IsFunc(obj, fn.Pkg().Path(), "Map", "FieldsFunc", "FieldsFuncSeq", "IndexFunc", "LastIndexFunc",
			"ContainsFunc", "TrimFunc", "TrimLeftFunc", "TrimRightFunc")
	case "go/ast":
		return lint.IsFunc(obj, "go/ast", "Inspect", "PreorderStack")
	}
	return false
}

// slow reports whether one run of the body waits for something or costs so much
// that an allocation beside it does not matter.
func (r *Report) slow(body *ast.BlockStmt) bool { return r.slowBody(body, 2) }

func (r *Report) slowBody(body *ast.BlockStmt, calls int) bool {
	slow := false
	ast.Inspect(body, func(n ast.Node) bool {
		if slow {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt:
			if r.errNotNil(n.Cond, token.NEQ) { // slow only if something is wrong
				slow = n.Init != nil && r.slowBody(&ast.BlockStmt{List: []ast.Stmt{n.Init}}, calls)
				return false
			}
		case *ast.GoStmt, *ast.SelectStmt:
			slow = true
		case *ast.UnaryExpr:
			slow = n.Op == token.ARROW
		case *ast.CallExpr:
			fn, _ := typeutil.Callee(r.pass.TypesInfo, n).(*types.Func)
			slow = fn != nil && r.slowFunc(fn.Origin(), calls)
		}
		return !slow
	})
	return slow
}

func (r *Report) slowFunc(fn *types.Func, calls int) bool {
	if isSlow(fn) {
		return true
	}
	x := r.funcs()
	decl := x.decls[fn]
	if calls == 0 || decl == nil || decl.Body == nil {
		return false
	}
	if slow, ok := x.slow[fn]; ok {
		return slow
	}
	x.slow[fn] = false // breaks cycles
	x.slow[fn] = r.slowStraight(decl.Body, calls-1)
	return x.slow[fn]
}

// slowStraight is slowBody for what a function does on every call: statements
// under a condition do not make it slow.
func (r *Report) slowStraight(body *ast.BlockStmt, calls int) bool {
	for _, s := range body.List {
		switch s := s.(type) {
		case *ast.AssignStmt, *ast.ExprStmt, *ast.DeclStmt, *ast.ReturnStmt, *ast.GoStmt, *ast.SelectStmt:
			if r.slowBody(&ast.BlockStmt{List: []ast.Stmt{s}}, calls) {
				return true
			}
		case *ast.IfStmt:
			if s.Init != nil && r.slowBody(&ast.BlockStmt{List: []ast.Stmt{s.Init}}, calls) {
				return true
			}
		}
	}
	return false
}

// isSlow knows the functions of the standard library that take microseconds or
// more: they wait, enter the kernel for a file or a process, or compile something.
func isSlow(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	if runs(fn) {
		return true // as a go statement
	}
	path, name := fn.Pkg().Path(), fn.Name()
	recv := fn.Signature().Recv()
	if recv == nil {
		switch path {
		case "time":
			return name == "Sleep"
		case "os":
			return lint.IsFunc(fn, path, "Open", "OpenFile", "Create", "CreateTemp", "ReadFile", "WriteFile", "Stat", "Lstat",
				"ReadDir", "Mkdir", "MkdirAll", "MkdirTemp", "Remove", "RemoveAll", "Rename", "Symlink", "Link", "Readlink", "Chmod", "Chown", "Truncate")
		case "io/fs":
			return lint.IsFunc(fn, path, "ReadDir", "ReadFile", "Stat", "WalkDir")
		case "path/filepath":
			return lint.IsFunc(fn, path, "Walk", "WalkDir", "Glob", "EvalSymlinks")
		case "net/http":
			return lint.IsFunc(fn, path, "Get", "Head", "Post", "PostForm")
		case "net":
			return lint.IsFunc(fn, path, "Dial", "DialTimeout", "Listen", "LookupHost", "LookupIP", "LookupAddr")
		case "regexp":
			return lint.IsFunc(fn, path, "Compile", "MustCompile", "CompilePOSIX", "MustCompilePOSIX")
		case "go/parser", "plugin":
			return true
		}
		return false
	}
	t, _ := types.Unalias(lint.Deref(recv.Type())).(*types.Named)
	if t == nil {
		return false
	}
	switch path {
	case "net":
		switch name {
		case "Accept", "AcceptTCP", "AcceptUnix", "Dial", "DialContext":
			return true
		}
	case "net/http":
		return t.Obj().Name() == "Client" || name == "RoundTrip"
	case "net/rpc":
		return name == "Call"
	case "os":
		return t.Obj().Name() == "File" && (name == "Sync" || name == "ReadDir" || name == "Readdir" || name == "Readdirnames" || name == "Stat" || name == "Truncate")
	case "os/exec":
		return name == "Run" || name == "Output" || name == "CombinedOutput" || name == "Start" || name == "Wait"
	case "database/sql":
		switch t.Obj().Name() {
		case "DB", "Tx", "Stmt", "Conn":
			return true
		}
	case "sync":
		return name == "Wait"
	case "text/template", "html/template":
		return name == "Parse" || name == "Execute" || name == "ExecuteTemplate"
	}
	return false
}

// headEnd returns the end of the first line or so of what repeats a place, since
// nobody wants a whole loop underlined.
func headEnd(n ast.Node) token.Pos {
	switch n := n.(type) {
	case *ast.ForStmt:
		return n.For + token.Pos(len("for"))
	case *ast.RangeStmt:
		return n.For + token.Pos(len("for"))
	case *ast.FuncDecl:
		return n.Type.End()
	case *ast.FuncLit:
		return n.Type.End()
	case *ast.CallExpr:
		return n.Lparen
	}
	return n.End()
}
