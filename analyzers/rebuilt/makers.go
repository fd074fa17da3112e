package rebuilt

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

const (
	grpcPath  = "google.golang.org/grpc"
	klauspost = "github.com/klauspost/compress/"
)

// A maker is what is known of a call that builds something dear.
type maker struct {
	kind     string // the category; "" for none
	name     string // how the call is spelled
	verb     string // what it does
	cost     string
	constant bool  // it builds the same each time
	page     bool  // a template of HTML
	params   []int // else: the parameters of the function around it that decide what it builds
}

// built returns what a call builds. Functions of the package that only hand on their
// parameters count as what they call.
func (r *pass) built(call *ast.CallExpr, depth int) maker {
	fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil || call.Ellipsis.IsValid() {
		return maker{}
	}
	m := maker{name: lint.Spelled(call)}
	args := call.Args
	switch path := fn.Pkg().Path(); {
	case lint.IsFunc(fn, "regexp", "MustCompile", "Compile", "MustCompilePOSIX", "CompilePOSIX"):
		m.kind, m.verb, m.cost = pattern, "compiles the pattern", "some 10 µs and dozens of allocations"
	case lint.IsFunc(fn, "regexp", "MatchString", "Match", "MatchReader"):
		m.kind, m.verb, m.cost = pattern, "compiles the pattern", "some 10 µs and dozens of allocations"
		args = args[:1]
	case lint.IsFunc(fn, "strings", "NewReplacer") && len(args) > 0:
		m.kind, m.verb, m.cost = replacer, "makes a replacer", "its tables are built anew when it is first used"
	case lint.IsMethod(fn, "text/template", "Template", "Parse"), lint.IsMethod(fn, "html/template", "Template", "Parse"):
		if !r.fresh(call) {
			return maker{}
		}
		m.kind, m.verb, m.cost = templates, "parses the template", "dozens of allocations, and for html/template the escaping of its first use"
		m.page = path == "html/template"
		args = args[:1]
	case lint.IsFunc(fn, "text/template", "Must"), lint.IsFunc(fn, "html/template", "Must"):
		if len(args) == 1 {
			if inner, ok := ast.Unparen(args[0]).(*ast.CallExpr); ok {
				return r.built(inner, depth)
			}
		}
		return maker{}
	case path == "compress/gzip" || path == "compress/zlib" || path == "compress/flate" ||
		path == klauspost+"gzip" || path == klauspost+"zlib" || path == klauspost+"flate":
		m.constant = true
		switch {
		case lint.IsFunc(fn, path, "NewWriter", "NewWriterLevel"):
			m.kind, m.cost = compressor, "about 800 KB"
		case lint.IsFunc(fn, path, "NewReader"):
			m.kind, m.cost = compressor, "about 40 KB"
		}
		return m
	case lint.IsFunc(fn, klauspost+"zstd", "NewWriter", "NewReader"):
		return maker{kind: compressor, name: m.name, cost: "up to several MB, and starts goroutines", constant: true}
	case lint.IsFunc(fn, "database/sql", "Open", "OpenDB"):
		return maker{kind: connection, name: m.name, cost: "a pool of connections and a goroutine", constant: true}
	case lint.IsFunc(fn, grpcPath, "Dial", "DialContext", "NewClient"):
		return maker{kind: connection, name: m.name, cost: "a connection, its goroutines and its buffers", constant: true}
	default:
		return r.helper(call, fn, depth)
	}
	m.constant, m.params = r.fixed(call, args)
	return m
}

// fresh reports whether the template that a Parse fills is made in the same expression,
// of constants and package variables.
func (r *pass) fresh(call *ast.CallExpr) bool {
	for {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		inner, ok := ast.Unparen(sel.X).(*ast.CallExpr)
		if !ok {
			return false
		}
		fn, _ := typeutil.Callee(r.TypesInfo, inner).(*types.Func)
		for _, arg := range inner.Args {
			if !r.unchanging(arg) {
				return false
			}
		}
		if lint.IsFunc(fn, "text/template", "New") || lint.IsFunc(fn, "html/template", "New") {
			return true
		}
		call = inner
	}
}

// unchanging reports whether an expression is the same each time: it is made of
// constants, functions and literals of these.
func (r *pass) unchanging(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = ok && len(r.captured(n)) == 0
			return false
		case *ast.Ident:
			if v, isVar := r.TypesInfo.Uses[n].(*types.Var); isVar && !v.IsField() && v.Parent() != r.Pkg.Scope() {
				ok = ok && v.Pkg() != r.Pkg
			}
		case *ast.CallExpr:
			tv := r.TypesInfo.Types[n.Fun]
			ok = ok && tv.IsType()
		}
		return ok
	})
	return ok
}

// captured returns the local variables of other functions that a literal uses.
func (r *pass) captured(lit *ast.FuncLit) (vars []*types.Var) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := r.TypesInfo.Uses[id].(*types.Var); ok && !v.IsField() && v.Pkg() == r.Pkg && v.Parent() != r.Pkg.Scope() &&
				(v.Pos() < lit.Pos() || lit.End() <= v.Pos()) {
				vars = append(vars, v)
			}
		}
		return true
	})
	return vars
}

// fixed reports whether all arguments are constant; if not, but they are constants and
// parameters of the function around the call, which ones.
func (r *pass) fixed(call *ast.CallExpr, args []ast.Expr) (constant bool, params []int) {
	constant = len(args) > 0
	for _, arg := range args {
		if r.TypesInfo.Types[arg].Value != nil {
			continue
		}
		constant = false
		i := r.paramIndex(arg)
		if i < 0 {
			return false, nil
		}
		params = append(params, i)
	}
	return constant, params
}

// paramIndex returns the index of the parameter that e names, of whatever function; -1
// if it names none.
func (r *pass) paramIndex(e ast.Expr) int {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return -1
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Kind() != types.ParamVar {
		return -1
	}
	for fn := range r.decls {
		sig := fn.Signature()
		for i := range sig.Params().Len() {
			if sig.Params().At(i) == v {
				return i
			}
		}
	}
	return -1
}

// helper returns what a call of a function of the package builds, if all that the
// function does is to build something of its parameters and return it.
func (r *pass) helper(call *ast.CallExpr, fn *types.Func, depth int) maker {
	decl := r.decls[fn]
	if decl == nil || decl.Body == nil || depth == 0 || len(decl.Body.List) > 4 || fn.Signature().Variadic() || fn.Signature().Recv() != nil {
		return maker{}
	}
	m, ok := r.makers[fn]
	if !ok {
		r.makers[fn] = maker{} // breaks cycles
		m = r.returned(decl, depth-1)
		r.makers[fn] = m
	}
	if m.kind == "" || len(m.params) == 0 {
		return maker{} // a function that builds constants is reported itself
	}
	m.name = lint.Spelled(call)
	m.constant = true
	params := m.params
	m.params = nil
	for _, i := range params {
		if i >= len(call.Args) {
			return maker{}
		}
		arg := call.Args[i]
		if r.TypesInfo.Types[arg].Value != nil {
			continue
		}
		m.constant = false
		j := r.paramIndex(arg)
		if j < 0 {
			return maker{}
		}
		m.params = append(m.params, j)
	}
	return m
}

// returned returns what a function builds and returns, or uses at once, without a
// condition.
func (r *pass) returned(decl *ast.FuncDecl, depth int) maker {
	for _, stmt := range decl.Body.List {
		var values []ast.Expr
		switch s := stmt.(type) {
		case *ast.ReturnStmt:
			values = s.Results
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				values = s.Rhs
			}
		}
		for _, v := range values {
			var found maker
			ast.Inspect(v, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && found.kind == "" {
					if m := r.built(call, depth); m.kind != "" && m.kind != compressor && m.kind != connection {
						found = m
					}
				}
				_, lit := n.(*ast.FuncLit)
				return !lit
			})
			if found.kind != "" {
				return found
			}
		}
	}
	return maker{}
}

// isObject reports whether what a call returns holds what it built, rather than the
// outcome of its use.
func isObject(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	_, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	return ok
}
