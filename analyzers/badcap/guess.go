package badcap

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

const stackBuffer = 32 // bytes of a growing slice that the compiler keeps on the stack (Go ≥ 1.26)

// guessed reports a small constant capacity that a loop outgrows. A slice that
// is returned starts in a buffer on the stack by itself; a make of that size is
// an allocation that is thrown away.
func (m *slice) guessed() {
	n := m.constant(m.call.Args[2])
	if n < 1 || m.overrun(n) {
		return
	}
	size := m.sizeof(m.elem)
	if size == 0 || n*size > stackBuffer {
		return
	}
	grows := false
	for _, g := range m.grows {
		if g.call.Ellipsis.IsValid() {
			return
		}
		loop, ok := m.loopOf(g)
		if ok && m.everyTime(g, loop) && m.long(loop, n) {
			grows = true
		}
	}
	if !grows {
		return
	}
	returned := false
	for _, c := range m.other {
		// Only a slice that goes nowhere else, and once, starts on the stack.
		if c.ParentEdgeKind() != edge.ReturnStmt_Results || m.inLoop(c) {
			return
		}
		returned = true
	}
	for _, c := range m.uses {
		for lit := range c.Enclosing((*ast.FuncLit)(nil)) {
			if lit.Node().Pos() > m.stmt.Node().Pos() {
				return
			}
		}
	}
	file := lint.FileOf(m.Pass, m.call.Pos())
	if !returned || file == nil || !lint.GoAtLeast(m.Pass, file, "go1.26") || !m.onHeap() {
		return
	}
	d := analysis.Diagnostic{
		Pos:      m.call.Pos(),
		End:      m.call.End(),
		Category: catGuess,
		Message: fmt.Sprintf("room for %d is an allocation of %d bytes that %s outgrows; without it, the first %d bytes are on the stack and cost nothing",
			n, n*size, m.v.Name(), stackBuffer),
	}
	m.fix(&d)
	m.Report(d)
}

// overrun reports room for fewer elements than are appended in any case, one
// statement after the other.
func (m *slice) overrun(n int64) bool {
	sum, all := int64(0), true
	for _, g := range m.grows {
		k, ok := m.appends(g.call)
		if !ok || g.stmt.Parent() != m.stmt.Parent() {
			all = false
			continue
		}
		sum += k
	}
	if sum <= n {
		return false
	}
	atLeast, room := "", fmt.Sprintf("make room for %d", sum)
	if !all {
		atLeast, room = "at least ", "make room for all of them"
	}
	d := analysis.Diagnostic{
		Pos:      m.call.Pos(),
		End:      m.call.End(),
		Category: catGuess,
		Message: fmt.Sprintf("%s has room for %d, but %s%d elements are appended in any case, which copies it into a second array; %s",
			m.v.Name(), n, atLeast, sum, room),
	}
	if last := m.call.Args[2]; all {
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message:   room,
			TextEdits: []analysis.TextEdit{{Pos: last.Pos(), End: last.End(), NewText: []byte(fmt.Sprint(sum))}},
		}}
	}
	m.Report(d)
	return true
}

// appends returns how many elements the call appends, if that is constant.
func (m *slice) appends(call *ast.CallExpr) (int64, bool) {
	if !call.Ellipsis.IsValid() {
		return int64(len(call.Args) - 1), true
	}
	x := ast.Unparen(call.Args[1])
	if v := m.TypesInfo.Types[x].Value; v != nil && v.Kind() == constant.String {
		return int64(len(constant.StringVal(v))), true
	}
	if e, ok := x.(*ast.SliceExpr); ok && e.Low == nil && e.High == nil {
		if a, ok := lint.Deref(m.TypesInfo.TypeOf(e.X)).Underlying().(*types.Array); ok {
			return a.Len(), true
		}
	}
	return 0, false
}

// everyTime reports whether each iteration of the loop appends.
func (m *slice) everyTime(g growth, loop inspector.Cursor) bool {
	return g.stmt.Parent().Parent().Node() == loop.Node()
}

// long reports whether the loop may run more often than n times, and nobody can
// tell how often before.
func (m *slice) long(loop inspector.Cursor, n int64) bool {
	switch l := loop.Node().(type) {
	case *ast.RangeStmt:
		if v := m.TypesInfo.Types[l.X].Value; v != nil && v.Kind() == constant.Int {
			return m.constant(l.X) > n
		}
		if a, ok := lint.Deref(m.TypesInfo.TypeOf(l.X)).Underlying().(*types.Array); ok {
			return a.Len() > n
		}
		if lit, ok := ast.Unparen(l.X).(*ast.CompositeLit); ok {
			return int64(len(lit.Elts)) > n
		}
		return true
	case *ast.ForStmt:
		cond, ok := l.Cond.(*ast.BinaryExpr)
		if ok && (cond.Op == token.LSS || cond.Op == token.LEQ) && m.constant(cond.Y) >= 0 {
			return m.constant(cond.Y) > n
		}
		return true
	}
	return false
}

// inLoop reports whether the use is in a loop after the make.
func (m *slice) inLoop(c inspector.Cursor) bool {
	for around := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		return around.Node().Pos() > m.stmt.Node().Pos()
	}
	return false
}
