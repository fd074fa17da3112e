package syncmodel

import (
	"go/constant"
	"go/token"
	"math"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A limit is a condition that compares a number, which does not change, with a constant.
type limit struct {
	of ssa.Value
	op token.Token
	c  int64
}

// limit notes a condition if it is a limit.
func (l *Locks) limit(sh *shape, cond ssa.Value) {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return
	}
	x, op, y := cmp.X, cmp.Op, cmp.Y
	if _, isConst := x.(*ssa.Const); isConst {
		x, op, y = y, lint.Mirrored(op), x
	}
	c, ok := y.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return
	}
	n, exact := constant.Int64Val(c.Value)
	switch x := x.(type) {
	case *ssa.Phi:
		return // another number in each round
	case *ssa.UnOp:
		if x.Op == token.MUL {
			return // others may set it
		}
	}
	a, flip, ok := l.atom(sh, cond)
	if !ok || !exact {
		return
	}
	if flip {
		op = lint.Negated(op)
	}
	switch op {
	case token.EQL, token.LSS, token.LEQ, token.GTR, token.GEQ:
		if _, known := sh.limits[a]; !known {
			sh.limits[a] = limit{x, op, n}
			sh.bounds[x]++
		}
	}
}

// implied tells whether what is known of a number decides another condition on it: what is zero
// is not above zero.
func (sh *shape) implied(s *lockState, atom int) (val, known bool) {
	q, ok := sh.limits[atom]
	if !ok || sh.bounds[q.of] < 2 {
		return false, false
	}
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	not := make(map[int64]bool)
	for _, f := range s.facts {
		b, ok := sh.limits[f.atom]
		if !ok || b.of != q.of {
			continue
		}
		op := b.op
		if !f.val {
			op = lint.Negated(op)
		}
		switch op {
		case token.EQL:
			low, high = max(low, b.c), min(high, b.c)
		case token.NEQ:
			not[b.c] = true
		case token.LSS:
			high = min(high, b.c-1)
		case token.LEQ:
			high = min(high, b.c)
		case token.GTR:
			low = max(low, b.c+1)
		case token.GEQ:
			low = max(low, b.c)
		}
	}
	switch q.op {
	case token.EQL:
		return low == high && low == q.c, low == high || q.c < low || high < q.c || not[q.c]
	case token.LSS:
		return high < q.c, high < q.c || low >= q.c
	case token.LEQ:
		return high <= q.c, high <= q.c || low > q.c
	case token.GTR:
		return low > q.c, low > q.c || high <= q.c
	case token.GEQ:
		return low >= q.c, low >= q.c || high < q.c
	}
	return false, false
}
