package escape

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
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
	p := r.pass.Fset.PositionFor(pos, true)
	if p.Column > maxColumn {
		return nil
	}
	f := out.file(p.Filename)
	if f == nil {
		return nil
	}
	return f.at[place{int32(p.Line), int32(p.Column)}]
}

// maxColumn is the last column that the compiler can tell from its neighbours.
const maxColumn = 254

// file returns the rows of a file of the package. Its name differs from the one
// that the compiler prints where the host gives cgo's originals to go/types.
func (o *Output) file(name string) *fileRows {
	if f := o.files[name]; f != nil {
		return f
	}
	var found *fileRows
	for path, f := range o.files {
		if base(path) == base(name) && o.dirs[strings.TrimRight(path[:len(path)-len(base(path))], `/\`)] {
			if found != nil {
				return nil
			}
			found = f
		}
	}
	return found
}

// Compiled reports whether the compiler is known to have compiled the code at n
// as part of the function that encloses it, so that its silence about a
// variable there means something. It is false in generic functions without an
// instance in the package, in functions named _, and in function literals and
// range-over-func bodies that were inlined away.
func (r *Report) Compiled(n ast.Node) bool {
	file := r.fileOf(n)
	if file == nil || !r.Known() {
		return false
	}
	path, _ := astutil.PathEnclosingInterval(file, n.Pos(), n.Pos())
	for i, n := range path {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return slices.ContainsFunc(r.rows(n.Name.Pos()), func(row row) bool { return row.kind == witness })
		case *ast.FuncLit:
			called := false
			if i+1 < len(path) {
				call, ok := path[i+1].(*ast.CallExpr)
				called = ok && call.Fun == n
			}
			if !r.literalCompiled(n, called || enclosedByFunc(path[i+1:])) {
				return false
			}
		case *ast.RangeStmt:
			if t := r.pass.TypesInfo.TypeOf(n.X); t == nil {
				return false
			} else if _, ok := t.Underlying().(*types.Signature); ok {
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

// literalCompiled reports whether a function literal was compiled in its place.
// One that is inlined at its only call is never compiled by itself; all others
// have a verdict, save initial values of package variables.
func (r *Report) literalCompiled(lit *ast.FuncLit, verdict bool) bool {
	var compiled, judged bool
	for _, row := range r.rows(lit.Pos()) {
		compiled = compiled || row.kind == witness
		judged = judged || (row.kind == heap || row.kind == stack) && row.text == "func literal"
	}
	return compiled && (judged || !verdict)
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
		return r.box(call.Args[0], Pos(call))
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
	if len(found) == 2 && (class == literalRow || class == concatRow) && slices.Contains(found, Heap) {
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
func (r *Report) Boxed(e ast.Expr) Verdict { return r.box(e, Pos(e)) }

func (r *Report) box(e ast.Expr, pos token.Pos) Verdict {
	tv := r.pass.TypesInfo.Types[e]
	if tv.Type == nil || tv.IsType() || tv.IsVoid() {
		return Unknown
	}
	if tv.IsNil() || tv.Value != nil || boxedFree(tv.Type) || r.static(e) {
		return Free
	}
	inner := r.classOf(ast.Unparen(e))
	var found []Verdict
	for _, row := range r.rows(pos) {
		switch row.class() {
		case argumentsRow:
			continue
		case makeRow, newRow, appendRow, addressRow, funcRow:
			if row.class() != inner {
				continue // of a callee that is inlined here
			}
		}
		if row.kind == heap || row.kind == stack {
			found = append(found, row.verdict())
		}
	}
	return unanimous(found)
}

// Inlined reports whether the compiler inlined the call where it stands.
func (r *Report) Inlined(call *ast.CallExpr) bool {
	return slices.ContainsFunc(r.rows(Pos(call)), func(row row) bool { return row.kind == inlined })
}

// Var returns whether the variable that id declares was moved to the heap.
func (r *Report) Var(id *ast.Ident) Verdict {
	if _, ok := r.pass.TypesInfo.Defs[id].(*types.Var); !ok || id.Name == "_" {
		return Unknown
	}
	if r.pass.Fset.PositionFor(id.Pos(), true).Column > maxColumn {
		return Unknown
	}
	for _, row := range r.rows(id.Pos()) {
		if row.kind == moved && row.text == id.Name {
			return Heap
		}
	}
	if isLocal(r.pass.TypesInfo.Defs[id]) && r.Compiled(id) {
		return Stack
	}
	return Unknown
}

func isLocal(obj types.Object) bool {
	v := obj.(*types.Var)
	return !v.IsField() && v.Parent() != nil && v.Parent() != v.Pkg().Scope()
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

// Related returns the flow of the site as related information, nearest cause
// last. Steps outside the files of the pass are left out.
func (r *Report) Related(s Site) []analysis.RelatedInformation {
	var related []analysis.RelatedInformation
	for _, step := range s.Flow {
		pos := r.posOf(step)
		if n := len(related); !pos.IsValid() || n > 0 && related[n-1].Pos == pos {
			continue
		}
		related = append(related, analysis.RelatedInformation{Pos: pos, Message: step.describe()})
	}
	return related
}

// posOf returns the position of a step in the files of the pass.
func (r *Report) posOf(s Step) token.Pos {
	for _, f := range r.pass.Files {
		file := r.pass.Fset.File(f.FileStart)
		if file.Name() != s.path && base(file.Name()) != s.File {
			continue
		}
		if s.Line > file.LineCount() {
			continue
		}
		pos := file.LineStart(s.Line) + token.Pos(max(s.Col-1, 0))
		p := r.pass.Fset.PositionFor(pos, true)
		if p.Filename == s.path && p.Line == s.Line {
			return pos
		}
	}
	// A //line directive is in the way.
	for _, f := range r.pass.Files {
		file := r.pass.Fset.File(f.FileStart)
		for line := 1; line <= file.LineCount(); line++ {
			start := file.LineStart(line)
			if p := r.pass.Fset.PositionFor(start, true); p.Line == s.Line && p.Filename == s.path {
				return start
			}
		}
	}
	return token.NoPos
}

// nameCallees says what kind of callee the calls among the steps have, where it
// is one that the compiler cannot look into.
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
