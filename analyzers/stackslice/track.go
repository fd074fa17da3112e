package stackslice

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// A function is what the check knows of one function. It follows the compiler's own
// rule for which slices begin on the stack (cmd/compile/internal/slice), so it is silent
// where the compiler gives up.
type function struct {
	*analysis.Pass
	cur    inspector.Cursor
	slices []*slice // in the order of their declarations
	named  bool     // its results have names
}

// A slice is a local variable that begins on the stack and is moved to the heap once.
type slice struct {
	v       *types.Var
	depth   int // of loops around its declaration
	weight  int // of its appends: those in loops weigh more
	appends []*ast.AssignStmt
	shrinks []*ast.AssignStmt // s = s[i:j], s = nil and the like
	ranges  []*ast.RangeStmt
	capUsed bool // its capacity is of consequence, so append may reuse the array
	spread  int  // appends of a whole slice, which do not use the array on the stack
	moves   []ast.Node
	moved   ast.Node // the one that counts
	lost    bool     // the compiler does not follow it
}

func newFunction(p *analysis.Pass, cur inspector.Cursor) *function {
	f := &function{Pass: p, cur: cur}
	byVar := make(map[*types.Var]*slice)
	add := func(id *ast.Ident, depth int) {
		v, ok := p.TypesInfo.Defs[id].(*types.Var)
		if !ok || id.Name == "_" {
			return
		}
		t, ok := v.Type().Underlying().(*types.Slice)
		if !ok || lint.SizeVaries(t.Elem()) {
			return
		}
		if n := p.TypesSizes.Sizeof(t.Elem()); n == 0 || n > maxElem {
			return
		}
		s := &slice{v: v, depth: depth}
		byVar[v] = s
		f.slices = append(f.slices, s)
	}
	var results *ast.FieldList
	switch n := cur.Node().(type) {
	case *ast.FuncDecl:
		results = n.Type.Results
	case *ast.FuncLit:
		results = n.Type.Results
	}
	if results != nil {
		for _, field := range results.List {
			for _, name := range field.Names {
				f.named = true
				add(name, 0)
			}
		}
	}
	for id := range f.idents() {
		if f.declares(id) {
			add(id.Node().(*ast.Ident), f.depth(id))
		}
	}
	if len(byVar) == 0 {
		return f
	}
	for id := range cur.Preorder((*ast.Ident)(nil)) {
		n := id.Node().(*ast.Ident)
		v, _ := p.TypesInfo.ObjectOf(n).(*types.Var)
		if s := byVar[v]; s != nil {
			if f.inside(id) {
				f.use(s, id)
			} else {
				s.lost = true // a function literal has it
			}
		}
	}
	if f.named {
		f.bareReturns(byVar)
	}
	var kept []*slice
	for _, s := range f.slices {
		if !s.lost && len(s.appends) > 0 && s.weight >= 2 {
			kept = append(kept, s)
		}
	}
	f.slices = kept
	return f
}

// idents yields the identifiers of the function itself, not of the literals in it.
func (f *function) idents() func(yield func(inspector.Cursor) bool) {
	return func(yield func(inspector.Cursor) bool) {
		for id := range f.cur.Preorder((*ast.Ident)(nil)) {
			if f.inside(id) && !yield(id) {
				return
			}
		}
	}
}

func (f *function) inside(c inspector.Cursor) bool {
	for around := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return around.Node() == f.cur.Node()
	}
	return false
}

// declares reports whether the identifier at c declares a variable in the body, by var
// or by :=.
func (f *function) declares(c inspector.Cursor) bool {
	switch c.ParentEdgeKind() {
	case edge.ValueSpec_Names:
		return true
	case edge.AssignStmt_Lhs:
		return c.Parent().Node().(*ast.AssignStmt).Tok == token.DEFINE
	}
	return false
}

// depth returns the number of loops of the function around c.
func (f *function) depth(c inspector.Cursor) (n int) {
	for around := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch around.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			n++
		default:
			return n
		}
	}
	return n
}

// use notes what is done with the variable at one place, as the compiler does.
func (f *function) use(s *slice, id inspector.Cursor) {
	cur := id
	for cur.ParentEdgeKind() == edge.ParenExpr_X {
		cur = cur.Parent()
	}
	parent := cur.Parent()
	switch cur.ParentEdgeKind() {
	case edge.Field_Names:
		return // a result
	case edge.ValueSpec_Names:
		spec := parent.Node().(*ast.ValueSpec)
		switch {
		case len(spec.Values) == len(spec.Names):
			f.set(s, nil, spec.Values[cur.ParentEdgeIndex()])
		case len(spec.Values) > 0:
			s.lost = true
		}
	case edge.AssignStmt_Lhs:
		assign := parent.Node().(*ast.AssignStmt)
		if len(assign.Lhs) != len(assign.Rhs) || assign.Tok != token.ASSIGN && assign.Tok != token.DEFINE {
			s.lost = true
			return
		}
		f.set(s, assign, assign.Rhs[cur.ParentEdgeIndex()])
	case edge.AssignStmt_Rhs:
		assign := parent.Node().(*ast.AssignStmt)
		if len(assign.Lhs) != len(assign.Rhs) {
			s.lost = true
			return
		}
		f.moves(s, cur, assign)
	case edge.ValueSpec_Values:
		f.moves(s, cur, parent.Node())
	case edge.ReturnStmt_Results:
		f.moves(s, cur, parent.Node())
	case edge.IndexExpr_X:
		if f.addressed(parent) {
			s.lost = true // the compiler looks for the address of an element
		}
	case edge.SliceExpr_X:
		if !f.assignedTo(s, parent) {
			s.lost = true
		}
	case edge.RangeStmt_X:
		s.ranges = append(s.ranges, parent.Node().(*ast.RangeStmt))
	case edge.CallExpr_Args:
		b, ok := typeutil.Callee(f.TypesInfo, parent.Node().(*ast.CallExpr)).(*types.Builtin)
		switch {
		case !ok:
			s.lost = true
		case b.Name() == "len":
		case b.Name() == "cap":
			s.capUsed = true
		case b.Name() == "append" && cur.ParentEdgeIndex() == 0 && f.assignedTo(s, parent):
		default:
			s.lost = true
		}
	default:
		s.lost = true
	}
}

// assignedTo reports whether the expression at c is assigned to the variable itself.
func (f *function) assignedTo(s *slice, c inspector.Cursor) bool {
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	if c.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return false
	}
	assign := c.Parent().Node().(*ast.AssignStmt)
	if len(assign.Lhs) != len(assign.Rhs) {
		return false
	}
	id, ok := ast.Unparen(assign.Lhs[c.ParentEdgeIndex()]).(*ast.Ident)
	return ok && f.TypesInfo.ObjectOf(id) == s.v
}

// set notes what is assigned to the variable.
func (f *function) set(s *slice, assign *ast.AssignStmt, value ast.Expr) {
	switch e := ast.Unparen(value).(type) {
	case *ast.CompositeLit:
		s.capUsed = true
		f.shrink(s, assign)
		return
	case *ast.SliceExpr:
		if f.is(e.X, s) {
			s.capUsed = true
			f.shrink(s, assign)
			return
		}
	case *ast.CallExpr:
		b, ok := typeutil.Callee(f.TypesInfo, e).(*types.Builtin)
		if ok && b.Name() == "append" && assign != nil && f.is(e.Args[0], s) {
			c, _ := f.cur.FindNode(assign)
			s.weight += 1 + f.depth(c) - s.depth
			if e.Ellipsis.IsValid() {
				s.spread++
			} else {
				s.appends = append(s.appends, assign)
			}
			return
		}
	}
	if f.TypesInfo.Types[value].IsNil() {
		f.shrink(s, assign)
		return
	}
	s.lost = true
}

func (f *function) shrink(s *slice, assign *ast.AssignStmt) {
	if assign != nil {
		s.shrinks = append(s.shrinks, assign)
	}
}

func (f *function) is(e ast.Expr, s *slice) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && f.TypesInfo.Uses[id] == s.v
}

// moves notes a statement after which the variable is not the only one that has the
// array: the compiler moves it to the heap before.
func (f *function) moves(s *slice, c inspector.Cursor, stmt ast.Node) {
	if f.depth(c) > s.depth {
		s.lost = true // in a loop, the compiler gives up
		return
	}
	s.moves = append(s.moves, stmt)
}

// bareReturns notes the returns without results, which return the named ones.
func (f *function) bareReturns(byVar map[*types.Var]*slice) {
	for c := range f.cur.Preorder((*ast.ReturnStmt)(nil)) {
		if !f.inside(c) || len(c.Node().(*ast.ReturnStmt).Results) > 0 {
			continue
		}
		for _, s := range f.slices {
			if s.v.Kind() == types.ResultVar {
				f.moves(s, c, c.Node())
			}
		}
	}
}

// begins reports whether the release of Go lets the slice begin on the stack and move
// once, and notes where.
func (s *slice) begins(release string) bool {
	moves := s.moves
	if len(release) >= 6 && release[:6] == "go1.27" {
		for _, r := range s.ranges {
			moves = append(moves[:len(moves):len(moves)], r)
		}
	}
	if len(moves) != 1 {
		return false
	}
	s.moved = moves[0]
	return true
}

// addressed reports whether the address of the expression at c is taken, of it itself
// and not of a part: by &, by the call of a method with a pointer receiver, or by
// slicing an array.
func (f *function) addressed(c inspector.Cursor) bool {
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	parent := c.Parent()
	switch c.ParentEdgeKind() {
	case edge.UnaryExpr_X:
		return parent.Node().(*ast.UnaryExpr).Op == token.AND
	case edge.SelectorExpr_X:
		sel := f.TypesInfo.Selections[parent.Node().(*ast.SelectorExpr)]
		if sel == nil || sel.Kind() != types.MethodVal || len(sel.Index()) > 1 {
			return false
		}
		recv := sel.Obj().(*types.Func).Signature().Recv()
		return recv != nil && isPointer(recv.Type()) && !isPointer(sel.Recv())
	case edge.SliceExpr_X:
		_, ok := f.TypesInfo.TypeOf(c.Node().(ast.Expr)).Underlying().(*types.Array)
		return ok
	}
	return false
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
