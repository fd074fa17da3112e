package syncmodel

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An elemCond is a condition on the element of a round of a loop. It holds for the same elements in all loops
// of a function over the same thing.
type elemCond struct {
	condName
	in *loop
}

// elemCond returns what a test asks about the element of a round, if two loops one after the other ask it;
// nil otherwise. The number of the round is to be added to its name.
func (m *Model) elemCond(test *ssa.If) *elemCond {
	fn := test.Parent()
	conds, ok := m.elemConds[fn]
	if !ok {
		conds = make(map[*ssa.If]*elemCond)
		first := make(map[string]*elemCond)
		shared := make(map[string]bool)
		for _, b := range fn.Blocks {
			br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			l := m.loopsOf(fn)[b]
			if !ok || l == nil || l.kind != boundLoop || l.sym == "" || br == l.test {
				continue
			}
			key, flip := nameCond(br.Cond, func(v ssa.Value, depth int) string { return m.elemName(l, v, depth) })
			if key == "" {
				continue
			}
			c := &elemCond{condName{fmt.Sprintf("%s+%d:%s", l.sym, l.extra, key), flip}, l}
			conds[br] = c
			if o := first[c.key]; o == nil {
				first[c.key] = c
			} else if o.in.outer == l.outer && o.in != l {
				shared[c.key] = true
			}
		}
		for br, c := range conds {
			if !shared[c.key] {
				delete(conds, br)
			}
		}
		m.elemConds[fn] = conds
	}
	return conds[test]
}

// elemName names a value that is the same in each round with that number of the loops over the same thing.
// An address begins with &.
func (m *Model) elemName(l *loop, v ssa.Value, depth int) string {
	if depth == 0 {
		return ""
	}
	if s := m.stableName(v, depth); s != "" {
		return s
	}
	of := func(format string, x ssa.Value) string {
		if s := m.elemName(l, x, depth-1); s != "" {
			return fmt.Sprintf(format, s)
		}
		return ""
	}
	switch v := v.(type) {
	case *ssa.IndexAddr:
		if s := m.stableName(v.X, depth-1); s != "" && l.element(v.Index) {
			return "&" + s + "[]"
		}
	case *ssa.Extract:
		if next, ok := v.Tuple.(*ssa.Next); ok && next.Block() == l.header {
			if r, ok := next.Iter.(*ssa.Range); ok {
				if s := m.stableName(r.X, depth-1); s != "" {
					return fmt.Sprintf("%s[%d]", s, v.Index)
				}
			}
		}
	case *ssa.Alloc: // captured by what the round starts
		if sts := stores(v); l.body[v.Block()] && len(sts) == 1 {
			return of("&%s", sts[0].Val)
		}
	case *ssa.UnOp:
		s := m.elemName(l, v.X, depth-1)
		switch {
		case s == "" || v.Op == token.ARROW:
			return ""
		case v.Op == token.MUL && s[0] == '&':
			return s[1:]
		}
		return v.Op.String() + s
	case *ssa.FieldAddr:
		s := m.elemName(l, v.X, depth-1)
		switch {
		case s == "":
			return ""
		case s[0] != '&':
			s = "*" + s
		}
		return fmt.Sprintf("&%s.%d", strings.TrimPrefix(s, "&"), v.Field)
	case *ssa.Field:
		return of("%s"+fmt.Sprintf(".%d", v.Field), v.X)
	case *ssa.BinOp:
		if x, y := m.elemName(l, v.X, depth-1), m.elemName(l, v.Y, depth-1); x != "" && y != "" {
			return v.Op.String() + "(" + x + "," + y + ")"
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return of("len(%s)", v.Call.Args[0])
		}
	case *ssa.ChangeType:
		return m.elemName(l, v.X, depth-1)
	case *ssa.Convert:
		return m.elemName(l, v.X, depth-1)
	}
	return ""
}

// element reports whether an index is the number of the round.
func (l *loop) element(i ssa.Value) bool {
	if load, ok := i.(*ssa.UnOp); ok && load.Op == token.MUL && load != l.iv {
		if a, ok := load.X.(*ssa.Alloc); ok && l.body[a.Block()] && len(stores(a)) == 1 {
			i = stores(a)[0].Val // captured
		}
	}
	if phi, ok := i.(*ssa.Phi); ok && l.pre != nil {
		return phi.Block() == l.header
	}
	return i == l.iv && i != nil
}
