package deferloop

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/cfg"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// repeats reports whether the defer statement can be reached from itself: many loops
// leave after it on every path.
func (r *pass) repeats(l *loop, d *ast.DeferStmt) bool {
	for _, b := range lazyssa.Of(r.Pass).CFG(l.fn).Blocks {
		for _, n := range b.Nodes {
			if n == d {
				return reaches(b, b)
			}
		}
	}
	return false
}

// reaches reports whether a path of at least one edge leads from one block to another.
func reaches(from, to *cfg.Block) bool {
	seen := make(map[*cfg.Block]bool)
	work := []*cfg.Block{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range b.Succs {
			if s == to {
				return true
			}
			if !seen[s] {
				seen[s] = true
				work = append(work, s)
			}
		}
	}
	return false
}

// endless reports whether nothing but a return or break in its body ends the loop:
// it has no condition, or goes on for as long as a channel is open.
func (r *pass) endless(l *loop) bool {
	switch s := l.stmt.(type) {
	case *ast.ForStmt:
		return s.Cond == nil
	case *ast.RangeStmt:
		_, ok := r.TypesInfo.TypeOf(s.X).Underlying().(*types.Chan)
		return ok
	}
	return false
}
