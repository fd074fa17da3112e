package lint

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"go/version"
	"iter"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// Imports reports whether pkg is, or imports directly, one of the named packages.
// It is the cheap exit of most checks.
func Imports(pkg *types.Package, paths ...string) bool {
	if slices.Contains(paths, pkg.Path()) {
		return true
	}
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool {
		return slices.Contains(paths, p.Path())
	})
}

// FileImports reports whether the file imports the package of that path. Whether a
// package does, [Imports] tells.
func FileImports(file *ast.File, path string) bool {
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
		return spec.Path.Value == strconv.Quote(path)
	})
}

// IsError reports whether t is the type error itself, not one that implements it.
func IsError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// IsFunc reports whether obj is one of the named package-level functions.
// It accepts nil, also as a *types.Func.
func IsFunc(obj types.Object, pkgPath string, names ...string) bool {
	fn, ok := obj.(*types.Func)
	return ok && fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == pkgPath &&
		fn.Signature().Recv() == nil && slices.Contains(names, fn.Name())
}

// IsMethod reports whether obj is one of the named methods of the named type
// or of a pointer to it. It accepts nil, also as a *types.Func.
func IsMethod(obj types.Object, pkgPath, typeName string, names ...string) bool {
	fn, ok := obj.(*types.Func)
	if !ok || fn == nil || !slices.Contains(names, fn.Name()) {
		return false
	}
	recv := fn.Signature().Recv()
	return recv != nil && IsNamed(Deref(recv.Type()), pkgPath, typeName)
}

// IsNamed reports whether t, through aliases but not through pointers, is one
// of the named types of the package.
func IsNamed(t types.Type, pkgPath string, names ...string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	obj := named.Obj()
	return obj.Pkg() != nil && obj.Pkg().Path() == pkgPath && slices.Contains(names, obj.Name())
}

// Deref returns the element type of a pointer, and every other type as it is.
func Deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// Chan returns the channel type that a type is, or that each one of a type parameter is; or nil.
func Chan(t types.Type) *types.Chan {
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return u
	case *types.Interface:
		if _, ok := types.Unalias(t).(*types.TypeParam); !ok {
			return nil
		}
		return chanTerm(u)
	}
	return nil
}

// chanTerm returns the channel type to which a constraint keeps a type parameter, or nil.
func chanTerm(constraint *types.Interface) *types.Chan {
	for e := range constraint.EmbeddedTypes() {
		if union, ok := e.(*types.Union); ok {
			e = union.Term(0).Type()
		}
		switch u := e.Underlying().(type) {
		case *types.Chan:
			return u
		case *types.Interface:
			if ch := chanTerm(u); ch != nil {
				return ch
			}
		}
	}
	return nil
}

// GoAtLeast reports whether the language version of the file is v ("go1.21") or
// newer. Ask it last, just before reporting: it is the last reason to be silent.
func GoAtLeast(pass *analysis.Pass, file *ast.File, v string) bool {
	fv := pass.TypesInfo.FileVersions[file]
	if fv == "" {
		fv = pass.Pkg.GoVersion()
	}
	return fv == "" || version.Compare(fv, v) >= 0
}

// IsBytes reports whether t is a slice of bytes.
func IsBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}

// IsBool reports whether the type is a boolean.
func IsBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// IsString reports whether t is a string.
func IsString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// IsRootContext reports whether fn makes a context that has no parent and that nothing
// ends: context.Background or TODO.
func IsRootContext(fn types.Object) bool { return IsFunc(fn, "context", "Background", "TODO") }

// IsEndlessContext reports whether fn makes a context that nothing ends: a root, or one
// that does not end with its parent.
func IsEndlessContext(fn types.Object) bool {
	return IsRootContext(fn) || IsFunc(fn, "context", "WithoutCancel")
}

// IsCancelable reports whether fn makes a context together with the function that cancels it.
func IsCancelable(fn types.Object) bool {
	return IsFunc(fn, "context", "WithCancel", "WithCancelCause", "WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause")
}

// IsCancelFunc reports whether t is the type of a function that cancels a context.
func IsCancelFunc(t types.Type) bool {
	return IsNamed(t, "context", "CancelFunc", "CancelCauseFunc")
}

// Declares reports whether an interface has a method of a name.
func Declares(iface *types.Interface, name string) bool {
	for m := range iface.Methods() {
		if m.Name() == name {
			return true
		}
	}
	return false
}

// IsTypeParam reports whether t is a type parameter.
func IsTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// Text returns the source of an expression for a message: on one line, cut short
// after 40 characters.
func Text(e ast.Expr) string {
	s := strings.Join(strings.Fields(types.ExprString(e)), " ")
	if runes := []rune(s); len(runes) > 40 {
		s = string(runes[:37]) + "..."
	}
	return s
}

// Spelled names what a call calls as the source does, with no more of its operand than a name.
func Spelled(call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		if x, ok := ast.Unparen(fun.X).(*ast.Ident); ok {
			return x.Name + "." + fun.Sel.Name
		}
		return fun.Sel.Name
	}
	return "the call"
}

// Assigned returns what a statement or declaration assigns to what; nothing if it only declares.
func Assigned(n ast.Node) (lhs, rhs []ast.Expr) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs, n.Rhs
	case *ast.ValueSpec:
		if len(n.Values) == 0 {
			return nil, nil
		}
		for _, id := range n.Names {
			lhs = append(lhs, id)
		}
		return lhs, n.Values
	}
	return nil, nil
}

// RootIdent returns the identifier that a chain of selections, indexes and
// dereferences begins with, or nil.
func RootIdent(e ast.Expr) *ast.Ident {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// Int returns the value of a constant integer expression.
func Int(info *types.Info, e ast.Expr) (int64, bool) {
	v := info.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(v)
}

// HoldsPointers reports whether values of type t may point to memory.
func HoldsPointers(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer || u.Info()&types.IsString != 0
	case *types.Struct:
		for i := range u.NumFields() {
			if HoldsPointers(u.Field(i).Type()) {
				return true
			}
		}
		return false
	case *types.Array:
		return HoldsPointers(u.Elem())
	}
	return true
}

// SizeVaries reports whether the size of t depends on a type argument.
func SizeVaries(t types.Type) bool {
	if IsTypeParam(t) {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		return SizeVaries(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if SizeVaries(f.Type()) {
				return true
			}
		}
	}
	return false
}

// Mirrored returns the comparison that holds for y and x when op holds for x and y.
func Mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.LEQ:
		return token.GEQ
	case token.GTR:
		return token.LSS
	case token.GEQ:
		return token.LEQ
	}
	return op
}

// Negated returns the comparison that holds when op does not; what is no comparison
// stays as it is.
func Negated(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GEQ
	case token.GEQ:
		return token.LSS
	case token.GTR:
		return token.LEQ
	case token.LEQ:
		return token.GTR
	case token.EQL:
		return token.NEQ
	case token.NEQ:
		return token.EQL
	}
	return op
}

// Body returns the body of a function declaration or literal; nil if it has none, or n is
// neither.
func Body(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

// Statements returns the statements directly in a node: a block, or a clause of a switch
// or select.
func Statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// Earlier yields the statements that come before c in the blocks around it, from the inner ones to
// the outer ones.
func Earlier(c inspector.Cursor) iter.Seq[ast.Stmt] {
	return func(yield func(ast.Stmt) bool) {
		for around := range c.Enclosing() {
			for _, stmt := range Statements(around.Node()) {
				if stmt.End() <= c.Node().Pos() && !yield(stmt) {
					return
				}
			}
		}
	}
}

// Find returns the cursor of a node of the package's files. It looks only into the declaration
// around the node, where [inspector.Cursor.FindNode] goes through the files from the first on.
func Find(root inspector.Cursor, n ast.Node) (inspector.Cursor, bool) {
	pos := n.Pos()
	for file := range root.Children() {
		f, ok := file.Node().(*ast.File)
		if !ok || pos < f.FileStart || f.FileEnd < pos {
			continue
		}
		for decl := range file.Children() {
			if d := decl.Node(); d.Pos() <= pos && pos <= d.End() {
				if c, ok := decl.FindNode(n); ok {
					return c, true
				}
			}
		}
	}
	return root.FindNode(n)
}
