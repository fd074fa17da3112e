package escape

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/types/typeutil"
)

// A Report answers what the compiler decided about one package. Its methods may
// be called concurrently.
//
// An answer other than [Unknown] has a witness in the compiler's output. Where
// several statements at one place may be meant and they disagree, the answer
// is Unknown.
type Report struct {
	pass *analysis.Pass
	load func() (*Output, error)

	writes func() map[types.Object]bool // variables that are set after their declaration, or may be
}

func newReport(pass *analysis.Pass, src Source) *Report {
	r := &Report{pass: pass}
	r.load = sync.OnceValues(func() (*Output, error) {
		if src == nil {
			return nil, errNoSource
		}
		out, err := src.Load(pass)
		if err == nil && out == nil {
			err = errNoSource
		}
		return out, err
	})
	r.writes = sync.OnceValue(r.findWrites)
	return r
}

type sentence string

func (s sentence) Error() string { return string(s) }

const errNoSource = sentence("no source of compiler output is configured")

// Known reports whether the compiler's output is at hand. The first call asks for it.
func (r *Report) Known() bool {
	_, err := r.load()
	return err == nil
}

// Why says in one sentence why the compiler's output is not at hand; "" if it is.
func (r *Report) Why() string {
	if _, err := r.load(); err != nil {
		return err.Error()
	}
	return ""
}

// rows returns what the compiler said at a position.
func (r *Report) rows(pos token.Pos) []row {
	out, err := r.load()
	if err != nil || !pos.IsValid() {
		return nil
	}
	if !r.representable(pos) {
		return nil
	}
	p := r.pass.Fset.PositionFor(pos, true)
	var rows []row
	for _, f := range out.named(p.Filename) {
		rows = append(rows, f.at[place{int32(p.Line), int32(p.Column)}]...)
	}
	return rows
}

// maxColumn is the last column that the compiler can tell from its neighbours.
const maxColumn = 254

// named returns the rows of the file that go/token gives a name. Of a relative
// name in a //line directive, go/token makes one in the directory of the file;
// the compiler prints it as it is.
func (o *Output) named(name string) []*fileRows {
	var found []*fileRows
	if f := o.files[name]; f != nil {
		found = append(found, f)
	}
	for dir := range o.dirs {
		if rel, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(rel) {
			if f := o.files[rel]; f != nil && !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	return found
}

// Compiled reports whether the compiler is known to have compiled the code at n
// where it stands, so that its silence about a variable there means something.
// It is false in generic functions without an instance in the package, in
// functions named _, and in function literals and range-over-func bodies that
// only live on where they were inlined.
func (r *Report) Compiled(n ast.Node) bool {
	path := r.path(n)
	if path == nil || !r.Known() || !r.stands(path) {
		return false
	}
	for _, n := range path {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return r.witness(Pos(n))
		case *ast.FuncLit:
			if !r.witness(n.Pos()) {
				return false
			}
		case *ast.RangeStmt:
			if r.overFunc(n) && !(r.witness(n.Pos()) && r.judged(n.Pos())) {
				return false
			}
		}
	}
	return true
}

// stands reports whether the innermost code of path was compiled where it
// stands, if it was compiled. A function literal that is inlined at its calls
// is gone, though the compiler may have judged it before.
func (r *Report) stands(path []ast.Node) bool {
	for i, n := range path {
		if lit, ok := n.(*ast.FuncLit); ok && !r.judged(lit.Pos()) {
			// The initial values of package variables have no verdict.
			if enclosedByFunc(path[i+1:]) || isCallee(path, i) {
				return false
			}
		}
	}
	return true
}

func enclosedByFunc(path []ast.Node) bool {
	return slices.ContainsFunc(path, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return true
		}
		return false
	})
}

// isCallee reports whether path[i] is called on the spot.
func isCallee(path []ast.Node, i int) bool {
	for ; i+1 < len(path); i++ {
		switch outer := path[i+1].(type) {
		case *ast.ParenExpr:
		case *ast.CallExpr:
			return outer.Fun == path[i]
		default:
			return false
		}
	}
	return false
}

// witness reports whether a function at pos was compiled.
func (r *Report) witness(pos token.Pos) bool {
	return slices.ContainsFunc(r.rows(pos), func(row row) bool { return row.kind == witness })
}

// instances returns how many times the function declaration in path was
// compiled: a generic one once for each shape of its type arguments.
func (r *Report) instances(path []ast.Node) int {
	n := 0
	for _, node := range path {
		if decl, ok := node.(*ast.FuncDecl); ok {
			for _, row := range r.rows(Pos(decl)) {
				if row.kind == witness && row.ofShape() {
					n++
				}
			}
		}
	}
	return max(n, 1)
}

// judged reports whether there is a verdict about a function literal at pos.
func (r *Report) judged(pos token.Pos) bool {
	return slices.ContainsFunc(r.rows(pos), func(row row) bool {
		return row.class() == funcRow && row.verdict() != Unknown
	})
}

func (r *Report) overFunc(n *ast.RangeStmt) bool {
	t := r.pass.TypesInfo.TypeOf(n.X)
	if t == nil {
		return true
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// path returns the nodes that enclose n and n itself, innermost first.
func (r *Report) path(n ast.Node) []ast.Node {
	file := r.fileOf(n)
	if file == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(file, n.Pos(), n.End())
	return path
}

func (r *Report) fileOf(n ast.Node) *ast.File {
	for _, f := range r.pass.Files {
		if f.FileStart <= n.Pos() && n.Pos() < f.FileEnd {
			return f
		}
	}
	return nil
}

// Expr returns the verdict about what an expression allocates by itself:
//
//   - a composite literal or its address; new, make, and append, whose backing array is meant
//   - a function literal, a method value
//   - a conversion between strings and slices, or to an interface type
//   - a concatenation of strings, at the outermost + of a chain
//   - a call with variadic arguments, whose implicit slice is meant
//
// For an implicit conversion to an interface see [Report.Boxed].
func (r *Report) Expr(e ast.Expr) Verdict {
	e = ast.Unparen(e)
	class := r.classOf(e)
	if class == otherRow {
		return Unknown
	}
	if class == interfaceRow {
		call := e.(*ast.CallExpr)
		return r.Boxed(call.Args[0])
	}
	path := r.path(e)
	if path == nil || !r.Known() || !r.stands(path) {
		return Unknown
	}
	if tv := r.pass.TypesInfo.Types[e]; tv.Value != nil {
		return Free
	}
	rows := r.rows(r.allocPos(e))
	if class == literalRow {
		switch typeOf(r.pass.TypesInfo.Types[e]).(type) {
		case *types.Slice, *types.Map:
		default:
			return r.elidedAddress(rows) // other literals allocate only if their address is taken
		}
	}
	var found []Verdict
	for _, row := range rows {
		if v := row.verdict(); v != Unknown && row.is(class) {
			found = append(found, v)
		}
	}
	if class == conversionRow && slices.Contains(found, Free) {
		return Free // comes in addition to a verdict about the escape
	}
	if len(found) == 2 && (class == literalRow || class == concatRow) && slices.Contains(found, Heap) && r.instances(path) == 1 {
		return Heap // the other is its copy in an interface, which cannot outlive it
	}
	return unanimous(found)
}

// elidedAddress returns the verdict about a literal whose & is left out, as in []*T{{}}.
func (r *Report) elidedAddress(rows []row) Verdict {
	var found []Verdict
	for _, row := range rows {
		if row.is(addressRow) {
			found = append(found, row.verdict())
		}
	}
	return unanimous(found)
}

func unanimous(found []Verdict) Verdict {
	if len(found) == 0 || slices.ContainsFunc(found, func(v Verdict) bool { return v != found[0] }) {
		return Unknown
	}
	return found[0]
}

// Boxed returns whether the implicit conversion of operand e to an interface
// type allocates. The compiler calls some conversions an escape that it makes
// without an allocation; for those the answer is [Free].
func (r *Report) Boxed(e ast.Expr) Verdict {
	tv := r.pass.TypesInfo.Types[e]
	if tv.Type == nil || tv.IsType() || tv.IsVoid() {
		return Unknown
	}
	if tv.IsNil() || tv.Value != nil || boxedFree(tv.Type) || r.static(e) {
		return Free
	}
	if path := r.path(e); path == nil || !r.stands(path) {
		return Unknown
	}
	inner := r.classOf(ast.Unparen(e))
	var found []Verdict
	for _, row := range r.rows(Pos(e)) {
		switch row.class() {
		case argumentsRow:
			continue
		case makeRow, newRow, appendRow, addressRow, funcRow:
			if row.class() != inner {
				continue // of a callee that is inlined here
			}
		}
		if row.constant() {
			return Free // the operand is a variable that never changes
		}
		if row.kind == heap || row.kind == stack {
			found = append(found, row.verdict())
		}
	}
	v := unanimous(found)
	if v == Heap && r.unchanged(e) {
		return Unknown // its value may have been laid out in read-only data
	}
	return v
}

// Inlined reports whether the compiler inlined the call where it stands.
func (r *Report) Inlined(call *ast.CallExpr) bool {
	return slices.ContainsFunc(r.rows(Pos(call)), func(row row) bool { return row.kind == inlined })
}

// Var returns whether the variable that id declares was moved to the heap.
func (r *Report) Var(id *ast.Ident) Verdict {
	obj, declares := r.pass.TypesInfo.Defs[id]
	path := r.path(id)
	if !declares || id.Name == "_" || path == nil || !r.Known() || !r.stands(path) {
		return Unknown
	}
	n := 0
	for _, row := range r.rows(id.Pos()) {
		if row.kind == moved && row.text == id.Name {
			n++
		}
	}
	switch {
	case n == 0:
	case n >= r.instances(path):
		return Heap
	default:
		return Unknown // it depends on the type arguments
	}
	// Silence means the stack, where the compiler could have spoken.
	if obj != nil && isLocal(obj) && r.representable(id.Pos()) && r.Compiled(id) {
		return Stack
	}
	return Unknown
}

// representable reports whether the compiler can name the place of pos.
func (r *Report) representable(pos token.Pos) bool {
	return r.pass.Fset.PositionFor(pos, true).Column <= maxColumn
}

func isLocal(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && !v.IsField() && v.Parent() != nil && v.Parent() != v.Pkg().Scope()
}

func (r *Report) sites(n ast.Node) []Site {
	pos := Pos(n)
	switch n := n.(type) {
	case *ast.FuncDecl:
		return nil // the wrappers of generic functions repeat here what their bodies say
	case *ast.CallExpr:
		pos = r.allocPos(n)
	}
	rows := r.rows(pos)
	call, _ := n.(*ast.CallExpr)
	inlinedHere := call != nil && slices.ContainsFunc(rows, func(row row) bool { return row.kind == inlined })
	var sites []Site
	for _, row := range rows {
		s := Site{Verdict: row.verdict(), Expr: row.text, Moved: row.kind == moved}
		if s.Verdict == Unknown {
			continue
		}
		s.Inlined = inlinedHere && !row.ofCall()
		s.Boxed = !s.Moved && !s.Inlined && r.makesNothing(n) && row.class() != argumentsRow
		if row.why != nil {
			s.Func = row.why.fn
			s.Reason = row.why.reason()
			if s.Verdict == Heap {
				s.Flow = row.why.steps()
				r.nameCallees(s.Flow)
			}
		}
		sites = append(sites, s)
	}
	return sites
}

// boxedFree reports whether values of type t enter an interface without an
// allocation: pointers, bytes, and values without a size.
func boxedFree(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		switch b.Kind() {
		case types.Bool, types.Int8, types.Uint8, types.UntypedNil, types.UntypedBool:
			return true
		}
	}
	return types.IsInterface(t) || pointerShaped(t) || zeroSize(t)
}

func pointerShaped(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Map, *types.Signature:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Struct:
		return u.NumFields() == 1 && pointerShaped(u.Field(0).Type())
	case *types.Array:
		return u.Len() == 1 && pointerShaped(u.Elem())
	}
	return false
}

func zeroSize(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if !zeroSize(f.Type()) {
				return false
			}
		}
		return true
	case *types.Array:
		return u.Len() == 0 || zeroSize(u.Elem())
	}
	return false
}

// static reports whether e is a composite literal that the compiler lays out in
// the program's read-only data.
func (r *Report) static(e ast.Expr) bool {
	e = ast.Unparen(e)
	if tv := r.pass.TypesInfo.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	switch typeOf(r.pass.TypesInfo.Types[lit]).(type) {
	case *types.Struct, *types.Array:
	default:
		return false
	}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
		}
		if !r.static(elt) || types.IsInterface(r.pass.TypesInfo.TypeOf(elt)) {
			return false
		}
	}
	return true
}

// unchanged reports whether e is a local variable that keeps its first value,
// and that value is not computed at run time. The compiler looks through such
// variables.
func (r *Report) unchanged(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	obj, ok := r.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && isLocal(obj) && !r.writes()[obj]
}

// findWrites returns the variables that are assigned to or whose address is
// taken after their declaration, or that are declared with a computed value.
func (r *Report) findWrites() map[types.Object]bool {
	info := r.pass.TypesInfo
	writes := make(map[types.Object]bool)
	var write func(e ast.Expr)
	write = func(e ast.Expr) {
		switch e := ast.Unparen(e).(type) {
		case *ast.Ident:
			writes[info.ObjectOf(e)] = true
		case *ast.SelectorExpr:
			write(e.X)
		case *ast.IndexExpr:
			write(e.X)
		case *ast.SliceExpr:
			write(e.X)
		}
	}
	fields := func(lists ...*ast.FieldList) {
		for _, list := range lists {
			if list != nil {
				for _, f := range list.List {
					for _, id := range f.Names {
						write(id)
					}
				}
			}
		}
	}
	for _, f := range r.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					if n.Tok != token.DEFINE || len(n.Lhs) != len(n.Rhs) || !r.static(n.Rhs[i]) {
						write(lhs)
					} else if id, ok := lhs.(*ast.Ident); ok && info.Defs[id] == nil {
						write(lhs)
					}
				}
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if len(n.Values) > 0 && (len(n.Values) != len(n.Names) || !r.static(n.Values[i])) {
						write(id)
					}
				}
			case *ast.IncDecStmt:
				write(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					write(n.X)
				}
			case *ast.RangeStmt:
				if n.Key != nil {
					write(n.Key)
				}
				if n.Value != nil {
					write(n.Value)
				}
			case *ast.CaseClause:
				if obj := info.Implicits[n]; obj != nil {
					writes[obj] = true
				}
			case *ast.FuncDecl:
				fields(n.Recv, n.Type.Params, n.Type.Results)
			case *ast.FuncLit:
				fields(n.Type.Params, n.Type.Results)
			}
			return true
		})
	}
	return writes
}

// makesNothing reports whether n allocates nothing by itself, so that what the
// compiler says about it is said about its copy in an interface.
func (r *Report) makesNothing(n ast.Node) bool {
	e, ok := n.(ast.Expr)
	if !ok {
		return false
	}
	switch r.classOf(ast.Unparen(e)) {
	case otherRow, argumentsRow, interfaceRow:
		return true
	case literalRow:
		switch typeOf(r.pass.TypesInfo.Types[e]).(type) {
		case *types.Struct, *types.Array:
			return true
		}
	}
	return false
}

// Related returns the flow of the site as related information, nearest cause
// last. Steps outside the files of the pass are
// left out, and all but the last of several at one place.
func (r *Report) Related(s Site) []analysis.RelatedInformation {
	var related []analysis.RelatedInformation
	for _, step := range s.Flow {
		pos := r.posOf(step)
		if !pos.IsValid() || step.What == "spill" {
			continue
		}
		if n := len(related); n > 0 && related[n-1].Pos == pos {
			related = related[:n-1]
		}
		related = append(related, analysis.RelatedInformation{Pos: pos, Message: "here " + step.cause("it")})
	}
	return related
}

// posOf returns the position of a step in the files of the pass.
func (r *Report) posOf(s Step) token.Pos {
	is := func(pos token.Pos) bool {
		p := r.pass.Fset.PositionFor(pos, true)
		return p.Line == s.Line && (p.Filename == s.path || !filepath.IsAbs(s.path) && base(p.Filename) == s.File)
	}
	for _, f := range r.pass.Files {
		file := r.pass.Fset.File(f.FileStart)
		if s.Line < 1 || s.Line > file.LineCount() {
			continue
		}
		pos := file.LineStart(s.Line) + token.Pos(max(s.Col-1, 0))
		if pos <= f.FileEnd && is(pos) {
			return pos
		}
	}
	// A //line directive is in the way.
	for _, f := range r.pass.Files {
		file := r.pass.Fset.File(f.FileStart)
		for line := 1; line <= file.LineCount(); line++ {
			if start := file.LineStart(line); is(start) {
				return start
			}
		}
	}
	return token.NoPos
}

// nameCallees says what the calls among the steps call: the compiler prints the
// innermost call of what it has inlined.
func (r *Report) nameCallees(steps []Step) {
	for i := range steps {
		if steps[i].What != "call parameter" {
			continue
		}
		pos := r.posOf(steps[i])
		if !pos.IsValid() {
			continue
		}
		var file *ast.File
		for _, f := range r.pass.Files {
			if f.FileStart <= pos && pos < f.FileEnd {
				file = f
			}
		}
		path, _ := astutil.PathEnclosingInterval(file, pos, pos)
		for _, n := range path {
			if call, ok := n.(*ast.CallExpr); ok && call.Lparen == pos {
				steps[i].Callee = r.callee(call)
				steps[i].callee = types.ExprString(call.Fun)
			}
		}
	}
}

func (r *Report) callee(call *ast.CallExpr) string {
	info := r.pass.TypesInfo
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if s := info.Selections[sel]; s != nil && s.Kind() == types.MethodVal && types.IsInterface(s.Recv()) {
			return "an interface method"
		}
	}
	switch typeutil.Callee(info, call).(type) {
	case *types.Func, *types.Builtin:
		return ""
	}
	return "a function value"
}

// With returns instances of the analyzers, and of all that they require, whose
// escape prerequisite asks src; analyzers that do not need it are returned as
// they are.
func With(src Source, analyzers ...*analysis.Analyzer) []*analysis.Analyzer {
	clones := map[*analysis.Analyzer]*analysis.Analyzer{Analyzer: New(src)}
	var clone func(a *analysis.Analyzer) *analysis.Analyzer
	clone = func(a *analysis.Analyzer) *analysis.Analyzer {
		if c, ok := clones[a]; ok {
			return c
		}
		requires := make([]*analysis.Analyzer, len(a.Requires))
		changed := false
		for i, req := range a.Requires {
			requires[i] = clone(req)
			changed = changed || requires[i] != req
		}
		clones[a] = a
		if changed {
			c := *a
			c.Requires = requires
			c.Run = func(pass *analysis.Pass) (any, error) {
				// The analyzer looks results up by the prerequisites it knows.
				own := *pass
				own.ResultOf = make(map[*analysis.Analyzer]any, len(requires))
				for i, req := range a.Requires {
					own.ResultOf[req] = pass.ResultOf[requires[i]]
				}
				return a.Run(&own)
			}
			clones[a] = &c
		}
		return clones[a]
	}
	out := make([]*analysis.Analyzer, len(analyzers))
	for i, a := range analyzers {
		out[i] = clone(a)
	}
	return out
}
