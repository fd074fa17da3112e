package prealloc

import (
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

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
		return true // its arguments are written out, one by one
	}
	src := l.bound.src
	if src == nil {
		return false
	}
	t := l.info.TypeOf(src)
	if isHeader(t) || l.ofHeader(src) {
		return true
	}
	if m, ok := t.Underlying().(*types.Map); ok && (fewKeys(m.Key()) || isString(m.Key()) && isAny(m.Elem())) {
		return true // an enumeration; an object of a document
	}
	if elem := elementOf(t); elem != nil && (isSyntax(elem) || isConfig(elem)) {
		return true
	}
	return l.ofConfig(src) || l.table(src) || l.compared() || l.part(src) || l.beginsShort(src) || l.recurs()
}

// part reports whether e is a part of a part of something, or the names and
// values that a type of another package carries: labels, selectors, attributes.
func (l *loop) part(e ast.Expr) bool {
	depth := 0
	for x := ast.Unparen(e); ; depth++ {
		sel, ok := x.(*ast.SelectorExpr)
		if !ok || l.info.Selections[sel] == nil {
			break
		}
		x = ast.Unparen(sel.X)
	}
	if depth >= 3 {
		return true
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || l.info.Selections[sel] == nil {
		return false
	}
	m, ok := l.info.TypeOf(e).Underlying().(*types.Map)
	if !ok || !isString(m.Key()) || !isString(m.Elem()) {
		return false
	}
	obj := l.info.Selections[sel].Obj()
	fn, ok := l.lookupFunc()
	return ok && obj.Pkg() != fn.Pkg()
}

// lookupFunc returns the declared function around the loop.
func (l *loop) lookupFunc() (*types.Func, bool) {
	for around := range l.cur.Enclosing((*ast.FuncDecl)(nil)) {
		fn, ok := l.info.Defs[around.Node().(*ast.FuncDecl).Name].(*types.Func)
		return fn, ok
	}
	return nil, false
}

// beginsShort reports whether e is a local variable that begins as a list written
// out, to which is seldom much added, or comes from a call that a small number limits.
func (l *loop) beginsShort(e ast.Expr) bool {
	v, field := resolve(l.info, e)
	if v == nil || field != nil || v.Parent() == v.Pkg().Scope() {
		return false
	}
	values, _ := l.definitions(v)
	if len(values) == 0 {
		return false
	}
	switch value := ast.Unparen(values[0]).(type) {
	case *ast.CompositeLit:
		return 0 < len(value.Elts) && len(value.Elts) <= fewRounds
	case *ast.CallExpr:
		// Split a line in three, take the best ten.
		for _, arg := range value.Args {
			if v := l.info.Types[arg].Value; v != nil && v.Kind() == constant.Int {
				n, ok := constant.Int64Val(v)
				return ok && 1 < n && n <= 2*fewRounds
			}
		}
	}
	return false
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// recurs reports whether the function around the loop calls itself in it: what
// it walks over is the children of a node in a tree.
func (l *loop) recurs() bool {
	fn, ok := l.lookupFunc()
	if !ok || l.body == nil {
		return false
	}
	found := false
	ast.Inspect(l.body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && typeutil.Callee(l.info, call) == fn {
			found = true
		}
		return !found
	})
	return found
}

// ofConfig reports whether e is, or is found in, what a configuration says.
func (l *loop) ofConfig(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if t := l.info.TypeOf(sel.X); t != nil && (isConfig(t) || lint.IsNamed(lint.Deref(t), "os/exec", "Cmd")) {
				found = true
			}
			if sel := l.info.Selections[sel]; sel != nil && sel.Kind() == types.FieldVal {
				for _, key := range []string{"yaml", "toml", "xml", "mapstructure", "hcl", "envconfig", "env"} {
					if _, ok := reflect.StructTag(tagOf(sel)).Lookup(key); ok {
						found = true
					}
				}
			}
		}
		return !found
	})
	return found
}

// tagOf returns the tag of the selected field.
func tagOf(sel *types.Selection) (tag string) {
	t := sel.Recv()
	for _, i := range sel.Index() {
		s, ok := lint.Deref(t).Underlying().(*types.Struct)
		if !ok {
			return ""
		}
		tag, t = s.Tag(i), s.Field(i).Type()
	}
	return tag
}

// isHeader reports whether t is a header or query: names with a value or two.
func isHeader(t types.Type) bool {
	return lint.IsNamed(t, "net/http", "Header") || lint.IsNamed(t, "net/url", "Values") || lint.IsNamed(t, "net/textproto", "MIMEHeader")
}

// ofHeader reports whether e is the values of one name of a header or query.
func (l *loop) ofHeader(e ast.Expr) bool {
	if idx, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		return isHeader(l.info.TypeOf(idx.X))
	}
	v, field := resolve(l.info, e)
	if v == nil || field != nil {
		return false
	}
	for around := range l.cur.Parent().Enclosing((*ast.RangeStmt)(nil)) {
		stmt := around.Node().(*ast.RangeStmt)
		if isHeader(l.info.TypeOf(stmt.X)) && rangeVar(l.info, stmt.Value) == v {
			return true
		}
	}
	return false
}

// table reports whether e is a variable of another package, or one of this
// package that is a short list written out.
func (l *loop) table(e ast.Expr) bool {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return false
	}
	v, ok := l.info.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() != v.Pkg().Scope() {
		return false
	}
	if e != id {
		return true
	}
	for _, init := range l.info.InitOrder {
		if len(init.Lhs) == 1 && init.Lhs[0] == v {
			lit, ok := ast.Unparen(init.Rhs).(*ast.CompositeLit)
			return ok && 0 < len(lit.Elts) && len(lit.Elts) <= 2*fewRounds || !ok && l.table(init.Rhs)
		}
	}
	return false
}

// compared reports whether a condition that the loop is reached under compares
// its bound with a small number, other than zero and one: then it is what
// becomes of a few elements.
func (l *loop) compared() bool {
	small := func(cond ast.Expr) bool {
		found := false
		ast.Inspect(cond, func(n ast.Node) bool {
			cmp, ok := n.(*ast.BinaryExpr)
			if !ok {
				return !found
			}
			for _, pair := range [][2]ast.Expr{{cmp.X, cmp.Y}, {cmp.Y, cmp.X}} {
				if types.ExprString(pair[0]) != l.bound.text {
					continue
				}
				if v := l.info.Types[pair[1]].Value; v != nil {
					n, ok := constant.Int64Val(constant.ToInt(v))
					found = found || ok && 1 < n && n <= 2*mapGroup
				}
				if v, field := resolve(l.info, pair[1]); v != nil && field == nil && v.Parent() == v.Pkg().Scope() {
					found = true // a limit that is set for the program
				}
			}
			return !found
		})
		return found
	}
	for cur := l.cur; cur.Node() != l.fn.Node(); cur = cur.Parent() {
		switch cur.ParentEdgeKind() {
		case edge.IfStmt_Body, edge.IfStmt_Else:
			if small(cur.Parent().Node().(*ast.IfStmt).Cond) {
				return true
			}
		}
	}
	return false
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
	for _, suffix := range []string{"config", "configs", "configuration", "cfg", "options", "option", "opts", "settings", "flags", "spec", "specs"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}
