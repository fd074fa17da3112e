package escape

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// A Report answers what the compiler decided about one package. Its methods may
// be called concurrently.
//
// An answer other than [Unknown] has a witness in the compiler's output, save
// [Free] where the types alone show it. Where several statements at one place may be meant and they disagree, the answer
// is Unknown.
type Report struct {
	pass *analysis.Pass
	src  Source

	mu     sync.Mutex
	loaded bool
	out    *Output
	err    error
	object func() ([]byte, error)

	writes  func() map[types.Object]bool // variables that are set after their declaration, or may be
	release func() string
}

func newReport(pass *analysis.Pass, src Source) *Report {
	r := &Report{pass: pass, src: src}
	r.object = sync.OnceValues(r.build)
	r.writes = sync.OnceValue(r.findWrites)
	r.release = sync.OnceValue(func() string { return ReleaseOf(src, pass) })
	return r
}

// load returns the compiler's output, which it asks for once.
func (r *Report) load() (*Output, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loaded {
		return r.out, r.err
	}
	if r.src == nil {
		return r.set(nil, errNoSource)
	}
	return r.set(r.src.Load(r.pass))
}

func (r *Report) set(out *Output, err error) (*Output, error) {
	if err == nil && out == nil {
		err = errNoSource
	}
	r.loaded, r.out, r.err = true, out, err
	return out, err
}

// build has the package compiled to the end. What the compiler says on the way
// serves all later questions, too.
func (r *Report) build() ([]byte, error) {
	b, ok := r.src.(Builder)
	if !ok {
		return nil, errNoSource
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out, object, err := b.Build(r.pass)
	if !r.loaded && err == nil {
		r.set(out, nil)
	}
	return object, err
}

// Object returns the object file of the package: what becomes of it in machine code.
// A check that will ask for it does so first: then the compiler runs once.
func (r *Report) Object() ([]byte, error) { return r.object() }

// Archive returns the file with the compiled package of that path, which this one
// imports, perhaps through others.
func (r *Report) Archive(path string) (string, error) {
	if b, ok := r.src.(Builder); ok {
		return b.Archive(r.pass, path)
	}
	return "", errNoSource
}

var errNoSource = errors.New("no source of compiler output is configured")

// Known reports whether the compiler's output is at hand. The first call asks for it.
func (r *Report) Known() bool {
	_, err := r.load()
	return err == nil
}

// Off reports whether no source is configured, so that nothing will ever be known.
func (r *Report) Off() bool { return r.src == nil }

// CannotInline says why the compiler inlines the callee of a call nowhere, where that
// is a function of the package; else "".
func (r *Report) CannotInline(call *ast.CallExpr) string {
	fn, ok := typeutil.Callee(r.pass.TypesInfo, call).(*types.Func)
	if !ok {
		return ""
	}
	for _, f := range r.pass.Files {
		for _, decl := range f.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || r.pass.TypesInfo.Defs[decl.Name] != fn.Origin() {
				continue
			}
			for _, row := range r.rows(Pos(decl)) {
				if row.kind == witness && row.note != "" {
					return row.note
				}
			}
		}
	}
	return ""
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

// Borrows reports whether the compiler has found that a function keeps nothing of what the
// parameter that id declares points to, and returns nothing of it.
func (r *Report) Borrows(id *ast.Ident) bool {
	path := r.path(id)
	return path != nil && r.instances(path) == 1 &&
		slices.ContainsFunc(r.rows(id.Pos()), func(row row) bool { return row.kind == stack && row.text == id.Name })
}

// representable reports whether the compiler can name the place of pos.
func (r *Report) representable(pos token.Pos) bool {
	return r.pass.Fset.PositionFor(pos, true).Column <= maxColumn
}

// Sites returns all that the compiler said at the position of node n, the place
// that the compiler uses for such a node (see [Pos]). Inlining, generics and
// boxes make it a set, not one answer.
func (r *Report) Sites(n ast.Node) []Site {
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
