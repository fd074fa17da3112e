// Package alloc tells checks which of the runtime's allocators the machine code of
// a package calls, and where.
//
// That settles what the compiler's output leaves open: a concatenation or a
// conversion that "does not escape" still allocates what is larger than a buffer
// on the stack, make(chan) and s += x are never spoken of, and not every value
// that "escapes" into an interface is copied.
//
// [Analyzer] is a prerequisite with a typed result, [*Report]. It is lazy: the
// package is compiled on the first question, to its end, and what the compiler says
// on the way serves package escape, too. Its source is that of package escape:
// with none, every answer is [Unverified].
package alloc

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/heapvet/heapvet/evidence/escape"
)

// Analyzer offers [*Report] to the checks that require it.
var Analyzer = &analysis.Analyzer{
	Name:       "alloc",
	Doc:        "report to other analyzers which allocators the machine code calls",
	Requires:   []*analysis.Analyzer{escape.Analyzer},
	ResultType: reflect.TypeFor[*Report](),
	Run: func(pass *analysis.Pass) (any, error) {
		r := &Report{pass: pass, escape: escape.Of(pass)}
		r.own = sync.OnceValues(r.read)
		r.calls = sync.OnceValue(r.index)
		r.foreign, r.sources = make(map[string]*object), make(map[string]*Source)
		return r, nil
	},
}

// Of returns the report of a pass whose analyzer requires [Analyzer].
func Of(pass *analysis.Pass) *Report {
	return pass.ResultOf[Analyzer].(*Report)
}

// A Verdict says whether an expression allocates where it stands.
type Verdict int

const (
	Unverified  Verdict = iota // no machine code is known for the place, or it cannot be told from its neighbours
	Refuted                    // no allocator is called there
	Conditional                // an allocator is called, and allocates nothing in some cases
	Confirmed                  // an allocator is called, and allocates
)

// An Answer is what the machine code shows of one expression.
type Answer struct {
	Verdict Verdict

	// Over is the size up to which a Conditional answer means no allocation: in bytes,
	// for a conversion to []rune in runes. It is 0 where something else decides, such
	// as whether there is room in a slice or a map.
	Over int64

	Calls []Call // of what Confirmed and Conditional speak
}

// A Call is one call of an allocator.
type Call struct {
	Kind   Kind
	Symbol string  // "runtime.concatstring3"
	Stack  []Frame // where it is in the source: the innermost function that was inlined there first, the compiled one last
}

// A Frame is a place in a function.
type Frame struct {
	Func string // as the linker calls it: "example.com/p.(*T).M", "example.com/p.F.func1"
	File string // as the compiler was given it; for the package itself, absolute
	Line int
}

// A Report answers for one package. Its methods may be called concurrently.
type Report struct {
	pass   *analysis.Pass
	escape *escape.Report

	own   func() (*object, error)
	calls func() map[place][]Call // of the package's own functions, by the place of each frame

	mu      sync.Mutex
	foreign map[string]*object // by package path
	sources map[string]*Source
}

// A place is a line. The function of a frame tells files of one name apart.
type place struct {
	base string
	line int
}

// Known reports whether the machine code of the package is at hand. The first call
// compiles it.
func (r *Report) Known() bool {
	_, err := r.own()
	return err == nil
}

// Why says in one sentence why the machine code is not at hand; "" if it is.
func (r *Report) Why() string {
	if _, err := r.own(); err != nil {
		return err.Error()
	}
	return ""
}

func (r *Report) read() (*object, error) {
	data, err := r.escape.Object()
	if err != nil {
		return nil, err
	}
	return readObject(data)
}

// index finds all calls of allocators.
func (r *Report) index() map[place][]Call {
	calls := make(map[place][]Call)
	o, err := r.own()
	if err != nil {
		return calls
	}
	for _, name := range o.names() {
		for _, f := range o.funcs[name] {
			uses, err := f.uses()
			if err != nil {
				continue
			}
			for _, u := range uses {
				kind, ok := kindOf(u.name)
				if !ok {
					continue
				}
				c := Call{kind, u.name, u.stack}
				var seen []place
				for _, frame := range u.stack {
					at := place{filepath.Base(frame.File), frame.Line}
					if !slices.Contains(seen, at) {
						seen = append(seen, at)
						calls[at] = append(calls[at], c)
					}
				}
			}
		}
	}
	return calls
}

// Calls returns the calls of allocators that the code of node n makes where it
// stands, those of functions inlined there included. It does not tell apart what
// is on the same lines. The answer means something only where [Report.Compiled].
func (r *Report) Calls(n ast.Node) []Call {
	fn, ok := r.function(n)
	if !ok {
		return nil
	}
	return r.at(fn, n, func(c Call) bool { return true })
}

// at returns the calls on the lines of n, within the compiled function fn, that satisfy ok.
func (r *Report) at(fn string, n ast.Node, ok func(Call) bool) (found []Call) {
	from, to := r.position(n.Pos()), r.position(n.End())
	for line := from.Line; line <= to.Line; line++ {
		for _, c := range r.calls()[place{filepath.Base(from.Filename), line}] {
			root := c.Stack[len(c.Stack)-1]
			// What was inlined from this line into other functions is theirs.
			i := slices.IndexFunc(c.Stack, func(f Frame) bool {
				return f.Line == line && partOf(f.Func, fn) && filepath.Base(f.File) == filepath.Base(from.Filename)
			})
			if partOf(root.Func, fn) && i >= 0 && ok(c) {
				found = append(found, c)
			}
		}
	}
	return found
}

func (r *Report) position(pos token.Pos) token.Position { return r.pass.Fset.PositionFor(pos, true) }

// Compiled reports whether there is machine code for the function around n.
func (r *Report) Compiled(n ast.Node) bool {
	fn, ok := r.function(n)
	return ok && r.Has(fn)
}

// Has reports whether there is machine code of the function, or of an instance of it.
func (r *Report) Has(symbol string) bool {
	o, err := r.own()
	return err == nil && o.has(symbol)
}

// function returns the symbol of the function declaration around n.
func (r *Report) function(n ast.Node) (string, bool) {
	for _, f := range r.pass.Files {
		if f.FileStart <= n.Pos() && n.Pos() < f.FileEnd {
			path, _ := astutil.PathEnclosingInterval(f, n.Pos(), n.End())
			for _, n := range path {
				if decl, ok := n.(*ast.FuncDecl); ok {
					fn, ok := r.pass.TypesInfo.Defs[decl.Name].(*types.Func)
					if !ok {
						return "", false
					}
					return Symbol(fn), true
				}
			}
			return Prefix(r.pass.Pkg) + ".init", true
		}
	}
	return "", false
}

// At returns whether node n allocates where it stands, by itself:
//
//   - a concatenation of strings, at the outermost + of a chain; the statement s += x
//   - a conversion between strings and slices, or to an interface type
//   - make, new, append, a composite literal or its address, a function literal
//   - a go or defer statement
func (r *Report) At(n ast.Node) Answer {
	e, isExpr := n.(ast.Expr)
	if isExpr {
		n = ast.Unparen(e)
	}
	kinds := r.kinds(n)
	fn, ok := r.function(n)
	if len(kinds) == 0 || !ok || !r.Known() || !r.Has(fn) {
		return Answer{}
	}
	calls := r.at(fn, n, func(c Call) bool {
		return slices.Contains(kinds, c.Kind) && !slices.ContainsFunc(c.Stack, func(f Frame) bool { return !partOf(f.Func, fn) })
	})
	switch {
	case len(calls) == 0:
		return Answer{Verdict: Refuted}
	case len(calls) < r.rivals(n, kinds[0]):
		return Answer{} // which of those on the line is it?
	}
	a := Answer{Verdict: Confirmed, Calls: calls}
	escapes := isExpr && r.escape.Expr(e) == escape.Heap
	switch kinds[0] {
	case Concat, Text, Slice:
		// Go 1.25 and newer begin with a buffer on the stack.
		if !escapes && calls[0].Kind != Value {
			a.Verdict, a.Over = Conditional, stackBuffer
		}
	case Growth:
		a.Verdict = Conditional
		if !escapes {
			a.Over = stackBuffer
		}
	}
	return a
}

// stackBuffer is the size of the buffers that the compiler reserves on the stack.
const stackBuffer = 32

// kinds returns what a node may allocate by itself, the usual kind first.
func (r *Report) kinds(n ast.Node) []Kind {
	info := r.pass.TypesInfo
	switch e := n.(type) {
	case *ast.AssignStmt:
		if t := info.TypeOf(e.Lhs[0]); e.Tok == token.ADD_ASSIGN && t != nil && isString(t) {
			return []Kind{Concat}
		}
	case *ast.GoStmt:
		return []Kind{Go}
	case *ast.DeferStmt:
		return []Kind{Defer}
	case *ast.UnaryExpr:
		if _, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok && e.Op == token.AND {
			return []Kind{Value}
		}
	case *ast.CompositeLit:
		if isMap(info.TypeOf(e)) {
			return []Kind{Map, MapSlot, Value}
		}
		return []Kind{Value, Slice}
	case *ast.FuncLit:
		return []Kind{Value}
	case *ast.BinaryExpr:
		if t := info.TypeOf(e); e.Op == token.ADD && t != nil && isString(t) && info.Types[e].Value == nil {
			return []Kind{Concat}
		}
	case *ast.CallExpr:
		fun := ast.Unparen(e.Fun)
		tv := info.Types[fun]
		switch {
		case tv.IsType() && len(e.Args) == 1:
			from := info.TypeOf(e.Args[0])
			switch {
			case from == nil || info.Types[e].Value != nil:
			case types.IsInterface(tv.Type) && !types.IsInterface(from):
				return []Kind{Box, Value}
			case isString(tv.Type) != isString(from):
				return []Kind{Text}
			}
		case tv.IsBuiltin():
			id, ok := fun.(*ast.Ident)
			if !ok || len(e.Args) == 0 {
				return nil
			}
			switch id.Name {
			case "new":
				return []Kind{Value}
			case "append":
				return []Kind{Growth}
			case "make":
				switch t := info.TypeOf(e); {
				case t == nil:
				case isMap(t):
					return []Kind{Map}
				case isChan(t):
					return []Kind{Chan}
				default:
					return []Kind{Slice, Value}
				}
			}
		}
	}
	return nil
}

func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// rivals returns how many nodes on the lines of e may make the same calls.
func (r *Report) rivals(e ast.Node, kind Kind) int {
	var file *ast.File
	for _, f := range r.pass.Files {
		if f.FileStart <= e.Pos() && e.Pos() < f.FileEnd {
			file = f
		}
	}
	from, to := r.position(e.Pos()).Line, r.position(e.End()).Line
	n := 0
	var outer ast.Node
	ast.Inspect(file, func(node ast.Node) bool {
		if node == nil {
			return true
		}
		if r.position(node.End()).Line < from || r.position(node.Pos()).Line > to {
			return false
		}
		if line := r.position(escape.Pos(node)).Line; line < from || line > to {
			return true
		}
		if kinds := r.kinds(node); len(kinds) > 0 && kinds[0] == kind && !within(outer, node, kind) {
			outer = node
			n++
		}
		return true
	})
	return max(n, 1)
}

// within reports whether x is a link of the chain of concatenations outer, or the
// literal behind its &.
func within(outer, x ast.Node, kind Kind) bool {
	switch o := outer.(type) {
	case *ast.BinaryExpr, *ast.AssignStmt:
		return kind == Concat && o.Pos() <= x.Pos() && x.End() <= o.End()
	case *ast.UnaryExpr:
		return ast.Unparen(o.X) == x
	}
	return false
}

// Literal returns the symbol of a function literal of the package; "" if it has no
// machine code of its own.
func (r *Report) Literal(lit *ast.FuncLit) string {
	fn, ok := r.function(lit)
	o, err := r.own()
	if !ok || err != nil {
		return ""
	}
	at := r.position(lit.Pos())
	for _, name := range o.names() {
		if partOf(name, fn) && name != fn {
			for _, f := range o.funcs[name] {
				if d := f.declaration(); d.Line == at.Line && filepath.Base(d.File) == filepath.Base(at.Filename) {
					return Bare(name)
				}
			}
		}
	}
	return ""
}
