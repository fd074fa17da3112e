package prealloc

import (
	"go/ast"

	"github.com/heapvet/heapvet/evidence/escape"
)

// judged is the verdict on the array behind the slice, and for a generic function that
// its package does not use, on which there is none, what the source shows.
func (s *scan) judged(f *finding) escape.Verdict {
	verdict := s.verdict(f)
	if verdict == escape.Unknown && f.loop.generic() && escape.Outlives(s.TypesInfo, f.loop.fn, f.target.v, f.target.field) {
		return escape.Heap
	}
	return verdict
}

// generic reports whether the declared function around the loop has type parameters.
func (l *loop) generic() bool {
	fn, ok := l.lookupFunc()
	return ok && (fn.Signature().TypeParams().Len() > 0 || fn.Signature().RecvTypeParams().Len() > 0)
}

// onlyReturned reports whether nothing is done with the target, a variable, outside of
// the loop but to return it.
func (l *loop) onlyReturned(t *target) bool {
	if t.field != nil {
		return false
	}
	for cur := range l.fn.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if l.info.Uses[id] == t.v && !l.within(id.Pos()) && !l.readByReturn(cur) {
			return false
		}
	}
	return true
}
