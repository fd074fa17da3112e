package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

const (
	stackBuffer = 32       // bytes of a growing slice that the compiler keeps on the stack (Go ≥ 1.25)
	mapGroup    = 8        // keys that a map holds before it grows for the first time
	fewRounds   = 8        // a constant loop up to this long is left alone
	tooLarge    = 64 << 10 // bytes of a constant reservation that a reader should decide on
	minElement  = 16       // bytes of an element, from which even short loops outgrow the stack buffer
)

// A finding is one target that could have been made large enough.
type finding struct {
	loop   *loop
	target *target
	origin origin
	paths  paths
	rest   bound // that is added after the loop

	total bound // of elements
	size  int64 // of one element, in bytes; -1 if it depends on a type argument
	noFix bool
}

// worthSlice decides whether reserving capacity for a slice helps, and whether
// the help is worth a word.
func (s *scan) worthSlice(f *finding) bool {
	slice, ok := f.target.typ().Underlying().(*types.Slice)
	if !ok {
		return false
	}
	f.total = f.loop.bound.times(f.paths.each.bound()).plus(f.rest)
	f.size = -1
	if !lint.SizeVaries(slice.Elem()) {
		f.size = s.TypesSizes.Sizeof(slice.Elem())
	}
	n := f.total.n
	f.noFix = f.total.unsafe || f.total.call
	if f.paths.each.varies {
		f.noFix, n = true, -1
		if 0 <= f.loop.bound.n && f.loop.bound.n <= fewRounds || !f.loop.spreads(f.target, f.loop.body) {
			return false
		}
	}
	switch {
	case f.size == 0, f.total.counted && len(f.paths.errors) > 0:
		return false // a number that may turn out to be wrong on the way
	case n >= 0 && (f.size >= 0 && n*f.size <= stackBuffer || n <= f.origin.room):
		return false
	case f.origin.room > 0 && f.origin.room*f.size <= stackBuffer && f.loop.onlyReturned(f.target):
		return false // a guess that is worse than none: badcap says so
	case isErrorLike(slice.Elem()):
		return false // lists of errors are empty on a good day
	case !s.all && (f.origin.begun > 1 || (f.origin.begun > 0 || f.total.call || f.paths.each.varies) && !s.often(f.loop)):
		return false // what it begins with is room, too
	case !s.all && (0 <= n && n <= fewRounds || !f.origin.known && !s.filledHere(f.loop, f.target) || s.unworthy(f)):
		return false
	}
	if n*f.size > tooLarge {
		f.noFix = true
		if !s.all {
			return false
		}
	}
	if f.size >= 0 && (n >= 0 || f.size > stackBuffer) {
		return true // it outgrows the stack wherever the array ends up
	}
	// What comes first may be on the stack. A short make has that buffer too, but
	// slices.Grow has not: it must not be the fix where it may cost.
	rewrites := f.origin.empty != nil && f.loop.canRewrite(f)
	if rewrites && f.size >= minElement {
		return true
	}
	switch s.judged(f) {
	case escape.Heap:
		return true
	case escape.Stack:
		if f.size < minElement && !(s.all && rewrites && f.size > 0) {
			return false
		}
	default:
		if f.size < minElement {
			return false
		}
	}
	f.noFix = f.noFix || !rewrites
	return true
}

// verdict is what the compiler says, or would say, about the array behind the slice.
func (s *scan) verdict(f *finding) escape.Verdict {
	// A generic function may have no instance that puts it anywhere.
	elem := f.target.typ().Underlying().(*types.Slice).Elem()
	if !lint.SizeVaries(elem) && escape.Outlives(s.TypesInfo, f.loop.fn, f.target.v, f.target.field) {
		return escape.Heap
	}
	report := escape.Of(s.Pass)
	verdict := escape.Unknown
	for at := range f.target.grows {
		switch report.Expr(at.(ast.Expr)) {
		case escape.Heap:
			return escape.Heap
		case escape.Stack:
			verdict = escape.Stack
		}
	}
	if verdict != escape.Unknown || !f.loop.iterates("Keys", "Values", "All", "Backward") {
		return verdict
	}
	// The body of a loop over a function is a function of its own. Where that
	// is inlined, the compiler puts all it says about it at the loop.
	for _, site := range report.Sites(f.loop.stmt) {
		switch {
		case site.Expr != "append":
		case verdict != escape.Unknown && verdict != site.Verdict:
			return escape.Unknown
		default:
			verdict = site.Verdict
		}
	}
	return verdict
}

func isErrorLike(t types.Type) bool {
	errorType := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	return types.Implements(t, errorType) || types.Implements(types.NewPointer(t), errorType)
}

// worthMap decides the same for a map. The compiler has no say in it: whatever
// holds more than a few keys is on the heap, and a hint never costs.
func (s *scan) worthMap(f *finding) bool {
	m := f.target.typ().Underlying().(*types.Map)
	f.total = f.loop.bound
	f.noFix = f.total.unsafe || f.total.call
	if f.paths.each.n != 1 || f.paths.nested || f.total.counted && len(f.paths.errors) > 0 || f.origin.empty == nil || 0 <= f.total.n && f.total.n <= mapGroup {
		return false
	}
	if fewKeys(m.Key()) || !s.all && (s.unworthy(f) || f.total.call && !s.often(f.loop)) {
		return false
	}
	if f.total.n > tooLarge {
		f.noFix = true
		if !s.all {
			return false
		}
	}
	for _, g := range f.target.grows {
		if !f.loop.distinct(g, s.all || f.loop.asksOnly(f.target)) {
			return false
		}
	}
	return true
}

// fewKeys reports whether there cannot be many keys of the type: booleans,
// bytes and enumerations.
func fewKeys(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	if !ok {
		return false
	}
	switch basic.Kind() {
	case types.Bool, types.Uint8, types.Int8:
		return true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	scope, consts := named.Obj().Pkg().Scope(), 0
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), t) {
			if consts++; consts > 1 {
				return true
			}
		}
	}
	return false
}

// distinct reports whether each iteration inserts a key of its own: it is the
// key or index that the loop counts with, or comes from the element together
// with a value that would be lost if the key came twice. A set of elements may
// well be there to find duplicates, unless sets is true.
func (l *loop) distinct(g growth, sets bool) bool {
	var counter, element *types.Var
	var source ast.Expr
	switch stmt := l.stmt.(type) {
	case *ast.ForStmt:
		counter = l.counter(stmt)
	case *ast.RangeStmt:
		if stmt.Tok != token.DEFINE {
			return false
		}
		source = stmt.X
		key, value := rangeVar(l.info, stmt.Key), rangeVar(l.info, stmt.Value)
		switch {
		case l.iterates("Values"):
			element = key
		default:
			counter, element = key, value
		}
		if b, ok := l.info.TypeOf(source).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return false
		}
	}
	if counter != nil {
		if l.assigned(counter, l.body) {
			return false
		}
		if v, field := resolve(l.info, g.key); v == counter && field == nil {
			return true
		}
	}
	// fromElement reports whether e has to do with the element of this iteration,
	// or with a variable of the loop that is set to something of it.
	var fromElement func(e ast.Expr) bool
	fromElement = func(e ast.Expr) bool {
		found := false
		ast.Inspect(e, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return !found
			}
			v, ok := l.info.Uses[id].(*types.Var)
			switch {
			case !ok:
			case v == element || v == counter:
				found = true
			case v.Pos() > l.body.Pos() && l.within(v.Pos()):
				value := l.onlyCall(v)
				found = found || value != nil && fromElement(value) && oneToOne(l.info, value)
			}
			return !found
		})
		return found
	}
	if element == nil && counter == nil || !fromElement(g.key) || !oneToOne(l.info, g.key) || givenFunc(l.info, g.key) {
		return false
	}
	if v, field := resolve(l.info, g.key); v != nil && v == element && field == nil && lint.IsTypeParam(element.Type()) {
		return sets // of elements of any type nothing says that they differ
	}
	return fromElement(g.value) || sets
}

// asksOnly reports whether nothing is done with the map after the loop but to
// look for keys again and again: it is there to find out what is in a list, not
// what is in it twice.
func (l *loop) asksOnly(t *target) bool {
	asked := false
	for cur := range l.fn.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if l.info.Uses[id] != t.v || id.Pos() < l.stmt.End() {
			continue
		}
		if t.field != nil || cur.ParentEdgeKind() != edge.IndexExpr_X {
			return false
		}
		index := cur.Parent()
		switch index.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X:
			return false
		}
		asked = asked || l.captured(cur) || l.loops(cur)
	}
	return asked
}

// iterates reports whether the loop ranges over one of the named iterators of
// maps and slices.
func (l *loop) iterates(names ...string) bool {
	stmt, ok := l.stmt.(*ast.RangeStmt)
	if !ok {
		return false
	}
	call, ok := ast.Unparen(stmt.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := typeutil.Callee(l.info, call)
	return lint.IsFunc(fn, "maps", names...) || lint.IsFunc(fn, "slices", names...)
}

func rangeVar(info *types.Info, e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	v, _ := resolve(info, e)
	return v
}

// givenFunc reports whether a function value computes a key: whether that gives several
// elements the same one, only who made the function knows.
func givenFunc(info *types.Info, key ast.Expr) bool {
	found := false
	ast.Inspect(key, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			_, given := typeutil.Callee(info, call).(*types.Var)
			found = found || given
		}
		return !found
	})
	return found
}

// renames reports whether a function only writes what it is given in another way.
func renames(fn *types.Func) bool {
	return fn.Pkg() != nil && (fn.Pkg().Path() == "strconv" || lint.IsFunc(fn, "fmt", "Sprint", "Sprintf") || lint.IsFunc(fn, "strings", "Clone"))
}

// oneToOne reports whether a key is not computed in a way that maps many
// elements to one: arithmetic does, while selecting, converting and asking do not.
func oneToOne(info *types.Info, e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			t, isBasic := info.TypeOf(n).Underlying().(*types.Basic)
			ok = ok && n.Op == token.ADD && isBasic && t.Info()&types.IsString != 0
		case *ast.UnaryExpr:
			ok = ok && n.Op == token.AND
		case *ast.SliceExpr:
			ok = false
		case *ast.CallExpr:
			// A method gets what an element is called, and a function works something out.
			fn, isFunc := typeutil.Callee(info, n).(*types.Func)
			ok = ok && !isBuiltin(info, n.Fun, "len", "cap", "min", "max") && !(isFunc && fn.Signature().Recv() == nil && !renames(fn))
		}
		return ok
	})
	return ok
}
