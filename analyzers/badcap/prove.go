package badcap

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// What is known at a place: sums that are not negative there, and the numbers
// that conditions speak of which are not understood.
type known struct {
	facts    []form
	mentions map[atom]bool
}

const maxFacts = 64

func (k *known) add(f form) {
	if len(k.facts) < maxFacts && len(f.c) > 0 {
		k.facts = append(k.facts, f)
	}
}

// knownAt returns what is known where the instruction is executed.
func knownAt(instr ssa.Instruction) *known {
	k := &known{mentions: make(map[atom]bool)}
	k.at(instr.Block(), instr)
	return k
}

func (k *known) at(b *ssa.BasicBlock, instr ssa.Instruction) {
	// What is executed in any case, before or after, panics by itself.
	for s, n := b, 0; n < 4; n++ {
		k.executed(s)
		if len(s.Succs) != 1 || len(s.Succs[0].Preds) != 1 && n > 0 {
			break
		}
		s = s.Succs[0]
	}
	for d := b; d.Idom() != nil; d = d.Idom() {
		p := d.Idom()
		k.executed(p)
		if br, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If); ok && len(d.Preds) == 1 {
			k.condition(br.Cond, p.Succs[0] == d)
		}
	}
	if mc := closureOf(b.Parent()); mc != nil {
		k.at(mc.Block(), mc)
	}
}

// edge adds what is known on the way from one block to the next.
func (k *known) edge(from, to *ssa.BasicBlock) {
	k.at(from, nil)
	if br, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If); ok && from.Succs[0] != from.Succs[1] {
		k.condition(br.Cond, from.Succs[0] == to)
	}
}

// executed adds what holds if the instructions of the block do not panic.
func (k *known) executed(b *ssa.BasicBlock) {
	within := func(x, i ssa.Value) {
		f := formOf(i)
		k.add(f)
		k.add(lenForm(x).add(f, -1).plus(-1))
	}
	for _, instr := range b.Instrs {
		switch v := instr.(type) {
		case *ssa.IndexAddr:
			within(v.X, v.Index)
		case *ssa.Index:
			within(v.X, v.Index)
		case *ssa.Lookup:
			if lint.IsString(v.X.Type()) {
				within(v.X, v.Index)
			}
		case *ssa.Slice:
			high := lenForm(v.X)
			if v.High != nil {
				f := formOf(v.High)
				if lint.IsString(v.X.Type()) {
					k.add(high.add(f, -1))
				}
				high = f
				k.add(f)
			}
			if v.Low != nil {
				f := formOf(v.Low)
				k.add(f)
				k.add(high.add(f, -1))
			}
		case *ssa.SliceToArrayPointer:
			if a, ok := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array); ok {
				k.add(lenForm(v.X).plus(-a.Len()))
			}
		case *ssa.Call:
			// A function of the package that may panic or end the program may
			// check its arguments.
			if fn := v.Call.StaticCallee(); fn != nil && fn.Pkg == b.Parent().Pkg && v.Call.Signature().Results().Len() == 0 && refuses(fn) {
				for _, arg := range v.Call.Args {
					k.mention(arg, 3)
				}
			}
		}
	}
}

// refuses reports whether a function has a way to panic.
func refuses(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Panic); ok {
				return true
			}
		}
	}
	return false
}

// condition adds what a condition shows if it is as given.
func (k *known) condition(cond ssa.Value, is bool) {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			k.condition(c.X, !is)
			return
		}
	case *ssa.BinOp:
		if k.comparison(c, is) {
			return
		}
	case *ssa.Call:
		if is && len(c.Call.Args) == 2 {
			if fn := callee(c); isFunc(fn, "strings", "HasPrefix", "HasSuffix", "Contains", "EqualFold") ||
				isFunc(fn, "bytes", "HasPrefix", "HasSuffix", "Contains", "Equal") {
				x, y := lenForm(c.Call.Args[0]), lenForm(c.Call.Args[1])
				if fn.Name() != "EqualFold" {
					k.add(x.add(y, -1))
				}
				if fn.Name() == "Equal" {
					k.add(y.add(x, -1))
				}
				return
			}
		}
	case *ssa.Extract:
		if call, ok := c.Tuple.(*ssa.Call); ok && is && c.Index == 1 && len(call.Call.Args) == 2 {
			if fn := callee(call); isFunc(fn, "strings", "CutPrefix", "CutSuffix") || isFunc(fn, "bytes", "CutPrefix", "CutSuffix") {
				k.add(lenForm(call.Call.Args[0]).add(lenForm(call.Call.Args[1]), -1))
				return
			}
		}
	}
	k.mention(cond, 6)
}

// callee returns the function that is called, of a generic one the declaration;
// nil if that is not known.
func callee(c *ssa.Call) *types.Func { return commonCallee(&c.Call) }

func commonCallee(c *ssa.CallCommon) *types.Func {
	if fn := c.StaticCallee(); fn != nil {
		obj, _ := origin(fn).Object().(*types.Func)
		return obj
	}
	return c.Method
}

func (k *known) comparison(c *ssa.BinOp, is bool) bool {
	op := c.Op
	if !is {
		op = lint.Negated(op)
	}
	var x, y form
	switch t := c.X.Type(); {
	case isInteger(t):
		x, y = formOf(c.X), formOf(c.Y)
	case lint.IsString(t):
		// Against the empty string only.
		if cst, ok := c.Y.(*ssa.Const); ok && op == token.NEQ && constant.StringVal(cst.Value) == "" {
			k.add(lenForm(c.X).plus(-1))
			return true
		}
		if op != token.EQL {
			return false
		}
		x, y = lenForm(c.X), lenForm(c.Y)
	case lazyssa.IsNil(c.Y) && isSliceOrMap(t):
		if op == token.EQL {
			k.add(lenForm(c.X).times(-1))
		}
		return true // not nil may still be empty
	case lazyssa.IsNil(c.Y) && lint.IsError(t):
		// Whoever made the error may have checked what it was given.
		return false
	default:
		return false
	}
	switch op {
	case token.LEQ:
		k.add(y.add(x, -1))
	case token.LSS:
		k.add(y.add(x, -1).plus(-1))
	case token.GEQ:
		k.add(x.add(y, -1))
	case token.GTR:
		k.add(x.add(y, -1).plus(-1))
	case token.EQL:
		k.add(y.add(x, -1))
		k.add(x.add(y, -1))
	case token.NEQ:
		// What is not negative, and not zero, is positive.
		for _, d := range []form{x.add(y, -1), y.add(x, -1)} {
			if trivial(d) {
				k.add(d.plus(-1))
			}
		}
	default:
		return false
	}
	return true
}

func isSliceOrMap(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}

// mention notes the numbers that a value is computed from.
func (k *known) mention(v ssa.Value, depth int) {
	base, path := canon(v)
	for kind := valueOf; kind <= capOf; kind++ {
		k.mentions[atom{kind, base, path}] = true
	}
	if depth == 0 {
		return
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil {
			k.mention(*op, depth-1)
		}
	}
}

// proves reports whether what is known shows that f is not negative.
func (k *known) proves(f form) bool {
	facts := k.facts
	seen := make(map[atom]bool)
	collect := func(f form) {
		for a := range f.c {
			if !seen[a] {
				seen[a] = true
				facts = append(facts, about(a)...)
			}
		}
	}
	collect(f)
	for i := 0; i < len(facts) && i < 2*maxFacts; i++ {
		collect(facts[i])
	}
	budget := 4000
	return search(f, facts, 5, &budget)
}

// search subtracts facts from f until the rest is plainly not negative.
func search(f form, facts []form, depth int, budget *int) bool {
	if trivial(f) {
		return true
	}
	if *budget--; depth == 0 || *budget < 0 {
		return false
	}
	for a, c := range f.c {
		if n, ok := lower(a); ok && n >= 0 && c > 0 {
			continue
		}
		for _, fact := range facts {
			d := fact.c[a]
			if d == 0 || (c > 0) != (d > 0) || abs(c)%abs(d) != 0 {
				continue
			}
			if search(f.add(fact, -(c/d)), facts, depth-1, budget) {
				return true
			}
		}
	}
	if f.k < 0 {
		// A fact about something that is not negative may lend its constant.
		for a := range f.c {
			for _, fact := range facts {
				if fact.c[a] > 0 && fact.k < 0 && fact.c[a] <= f.c[a] {
					if search(f.add(fact, -1), facts, depth-1, budget) {
						return true
					}
				}
			}
		}
	}
	return false
}

// trivial reports whether f is not negative by the bounds of its atoms alone.
func trivial(f form) bool {
	min := f.k
	for a, c := range f.c {
		if c > 0 {
			n, ok := lower(a)
			if !ok {
				return false
			}
			min += c * n
		} else {
			n, ok := upper(a)
			if !ok {
				return false
			}
			min += c * n
		}
	}
	return min >= 0
}
