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
	src := l.bound.src
	if src == nil {
		return false
	}
	if v, field := resolve(l.info, src); l.sig.Variadic() && v != nil && field == nil && v == l.sig.Params().At(l.sig.Params().Len()-1) {
		return true // its arguments are written out, one by one
	}
	t := l.info.TypeOf(src)
	if isHeader(t) || l.ofHeader(src) {
		return true
	}
	if m, ok := t.Underlying().(*types.Map); ok && fewKeys(m.Key()) {
		return true // an enumeration
	}
	if elem := elementOf(t); elem != nil && (isSyntax(elem) || lint.IsError(elem)) {
		return true
	}
	return l.ofConfig(src) || l.table(src) || l.registry(src) || l.compared() || l.part(src) || l.beginsShort(src) || l.recurs()
}

// part reports whether e is a part of a part of something, or the names and
// values that a type of another package carries: labels, selectors, attributes.
func (l *loop) part(e ast.Expr) bool {
	depth := 0
	for x := ast.Unparen(e); ; depth++ {
		if call, ok := x.(*ast.CallExpr); ok && len(call.Args) == 0 {
			x = ast.Unparen(call.Fun) // a method that gets it
		}
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
	if !ok || !lint.IsString(m.Key()) || !lint.IsString(m.Elem()) {
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

// recurs reports whether the function around the loop calls itself in it, or is
// one that calls itself and is given a node like those that the loop walks over: these
// are the children of a node in a tree.
func (l *loop) recurs() bool {
	fn, ok := l.lookupFunc()
	if !ok {
		return false
	}
	in := ast.Node(l.stmt)
	if l.walksOwnKind(fn) {
		in = l.fnBody()
	}
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && typeutil.Callee(l.info, call) == fn {
			found = true
		}
		return !found
	})
	return found
}

// walksOwnKind reports whether the loop walks over a field whose elements are of
// the type of the receiver or of a parameter.
func (l *loop) walksOwnKind(fn *types.Func) bool {
	if l.bound.src == nil {
		return false
	}
	elem := elementOf(l.info.TypeOf(l.bound.src))
	_, field := resolve(l.info, l.bound.src)
	if elem == nil || field == nil {
		return false
	}
	if recv := fn.Signature().Recv(); recv != nil && types.Identical(recv.Type(), elem) {
		return true
	}
	for p := range fn.Signature().Params().Variables() {
		if types.Identical(p.Type(), elem) {
			return true
		}
	}
	return false
}

// ofConfig reports whether e is, or is found in, what a configuration says.
func (l *loop) ofConfig(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if t := l.info.TypeOf(sel.X); t != nil && lint.IsNamed(lint.Deref(t), "os/exec", "Cmd") {
				found = true
			}
			if sel := l.info.Selections[sel]; sel != nil && sel.Kind() == types.FieldVal {
				tag := reflect.StructTag(tagOf(sel))
				_, sent := tag.Lookup("json")
				for _, key := range []string{"yaml", "toml", "mapstructure", "hcl", "envconfig", "env"} {
					if _, ok := tag.Lookup(key); ok && !sent {
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

// registry reports whether e is a map of the package in which functions of that purpose alone
// register something, for good: codecs and the like, a handful, when the program starts.
func (l *loop) registry(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := l.info.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() != v.Pkg().Scope() {
		return false
	}
	root, found := l.cur, false
	for root.Node() != nil {
		root = root.Parent()
	}
	for c := range root.Preorder((*ast.Ident)(nil)) {
		if l.info.Uses[c.Node().(*ast.Ident)] != v {
			continue
		}
		if call, ok := c.Parent().Node().(*ast.CallExpr); ok {
			if b, ok := typeutil.Callee(l.info, call).(*types.Builtin); ok && b.Name() == "delete" {
				return false
			}
		}
		if c.ParentEdgeKind() != edge.IndexExpr_X || c.Parent().ParentEdgeKind() != edge.AssignStmt_Lhs {
			continue
		}
		for fn := range c.Enclosing((*ast.FuncDecl)(nil)) {
			name := fn.Node().(*ast.FuncDecl).Name.Name
			if found = name == "init" || lint.Leads(name, "Register", "MustRegister"); !found {
				return false
			}
		}
	}
	return found
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
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		return isSyntax(u.Elem())
	case *types.Slice:
		return isSyntax(u.Elem())
	case *types.TypeParam:
		i, ok := u.Constraint().Underlying().(*types.Interface)
		return ok && (isSyntax(u.Constraint()) || i.NumEmbeddeds() == 1 && isSyntax(i.EmbeddedType(0)))
	case *types.Named:
		if u.Obj().Pkg() == nil {
			return false
		}
		switch path := u.Obj().Pkg().Path(); path {
		case "go/ast", "go/build", "go/types", "go/packages":
			return true
		case "reflect":
			return u.Obj().Name() == "Type"
		default:
			return strings.HasPrefix(path, "golang.org/x/tools/go/")
		}
	}
	return false
}

// ofSyntax reports whether the function around the loop is given pieces of a
// program, or the loop gathers them: a run of a tool is not what a service does all
// day.
func (s *scan) ofSyntax(l *loop, t *target) bool {
	if t != nil {
		switch u := t.typ().Underlying().(type) {
		case *types.Slice:
			if isSyntax(u.Elem()) {
				return true
			}
		case *types.Map:
			if isSyntax(u.Key()) || isSyntax(u.Elem()) {
				return true
			}
		}
	}
	for around := range l.cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		sig := signatureOf(l.info, around.Node())
		if sig == nil {
			continue
		}
		if sig.Recv() != nil && isSyntax(sig.Recv().Type()) {
			return true
		}
		for p := range sig.Params().Variables() {
			if isSyntax(p.Type()) {
				return true
			}
		}
	}
	return false
}

func signatureOf(info *types.Info, fn ast.Node) *types.Signature {
	switch n := fn.(type) {
	case *ast.FuncDecl:
		if obj, ok := info.Defs[n.Name].(*types.Func); ok {
			return obj.Signature()
		}
	case *ast.FuncLit:
		sig, _ := info.TypeOf(n).(*types.Signature)
		return sig
	}
	return nil
}
