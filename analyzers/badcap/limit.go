package badcap

import (
	"go/constant"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
	"golang.org/x/tools/go/ssa"
)

// tooMuch is a limit that is none. Even one of 4 GiB may be what a format allows.
const tooMuch = 1 << 32

// A comparison of a field with more than zero.
type comparison struct {
	fn  *ssa.Function
	own bool // of a struct that fn has from a call, in a variable of its own
}

// checked reports whether some code of the package compares the field with
// more than zero.
func (t *taint) checked(f *types.Var) bool { return len(t.comparisonsOf(f)) > 0 }

// checkedBetween reports whether some code of the package may compare the field of the struct that fn
// has from one of the functions fillers: other functions that have a struct of their own compare that.
func (t *taint) checkedBetween(f *types.Var, fn *ssa.Function, fillers []*ssa.Function) bool {
	return slices.ContainsFunc(t.comparisonsOf(f), func(c comparison) bool {
		return !c.own || slices.Contains(fillers, c.fn)
	}) || slices.ContainsFunc(t.storesOf(f), func(s *ssa.Store) bool { return s.Parent() == fn })
}

// comparisonsOf returns where the package compares the field with more than zero.
func (t *taint) comparisonsOf(f *types.Var) []comparison {
	if t.compared == nil {
		t.compared = make(map[*types.Var][]comparison)
		for _, fn := range t.ssa.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					switch instr := instr.(type) {
					case *ssa.BinOp:
						if isComparison(instr.Op) {
							t.compares(fn, instr.X, instr.Y)
							t.compares(fn, instr.Y, instr.X)
						}
					case *ssa.Call:
						if bi, ok := instr.Call.Value.(*ssa.Builtin); ok && bi.Name() == "min" {
							for _, arg := range instr.Call.Args {
								t.compares(fn, arg, nil)
							}
						}
					}
				}
			}
		}
	}
	return t.compared[f]
}

// corrected reports whether the call hands the struct that v is a field of to a function
// of the package that compares that field, and may set it to something smaller or refuse it.
func (t *taint) corrected(call *ssa.Call, v ssa.Value) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || origin(fn).Pkg != t.ssa.Pkg {
		return false
	}
	for {
		c, ok := v.(*ssa.Convert)
		if !ok {
			break
		}
		v = c.X
	}
	fa := lazyssa.FieldLoaded(v)
	return fa != nil && slices.Contains(call.Call.Args, fa.X) && slices.ContainsFunc(t.comparisonsOf(lazyssa.Field(fa)), func(c comparison) bool { return c.fn == origin(fn) })
}

func isComparison(op token.Token) bool {
	switch op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
		return true
	}
	return false
}

// compares notes the fields that v is computed from, which fn compares with another value.
func (t *taint) compares(fn *ssa.Function, v, with ssa.Value) {
	if with != nil && counter(with, 3) {
		return // a loop counts up to it
	}
	if c, ok := with.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		if n, ok := constant.Int64Val(c.Value); ok && n <= 1 {
			return
		}
	}
	t.reaches(v, 4, func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.FieldAddr:
			t.compared[lazyssa.Field(v)] = append(t.compared[lazyssa.Field(v)], comparison{fn, ownCopy(v.X)})
		case *ssa.Field:
			if s, ok := v.X.Type().Underlying().(*types.Struct); ok {
				t.compared[s.Field(v.Field)] = append(t.compared[s.Field(v.Field)], comparison{fn, ownCopy(v.X)})
			}
		case *ssa.Phi, *ssa.Call:
			return true // far enough
		}
		return false
	})
}

// ownCopy reports whether x is a struct, or the address of a variable that holds nothing but structs, that the
// function has from calls.
func ownCopy(x ssa.Value) bool {
	cell, ok := x.(*ssa.Alloc)
	if !ok {
		_, ok := part(x).(*ssa.Call)
		return ok
	}
	return !slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != cell {
				return true
			}
			_, ok := part(ref.Val).(*ssa.Call)
			return !ok
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef:
			return false
		}
		return true
	})
}

// bounded reports whether a condition on the way to the instruction bounds v
// from above, or says something of it that is not understood.
func (t *taint) bounded(v ssa.Value, at ssa.Instruction) bool {
	for cond, is := range lazyssa.Conditions(at.Block()) {
		if t.bounds(cond, is, v) {
			return true
		}
	}
	// Functions of the package that are told the number may refuse it.
	for b := at.Block(); b != nil; b = b.Idom() {
		for _, instr := range b.Instrs {
			if instr == at {
				break
			}
			if call, ok := instr.(*ssa.Call); ok && (t.refused(call, v) || t.corrected(call, v)) {
				return true
			}
		}
	}
	return t.considered(v, at)
}

// readings returns the values that are read from the variable that v is read from, v
// among them: a variable that a closure shares is read anew each time.
func readings(v ssa.Value) []ssa.Value {
	same := []ssa.Value{v}
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return same
	}
	cell, ok := load.X.(*ssa.Alloc)
	if !ok {
		return same
	}
	for _, ref := range *cell.Referrers() {
		if other, ok := ref.(*ssa.UnOp); ok && other.Op == token.MUL && other != load {
			same = append(same, other)
		}
	}
	return same
}

// comparisons yields the operations on two of which one is among the values.
func comparisons(values []ssa.Value) iter.Seq[*ssa.BinOp] {
	return func(yield func(*ssa.BinOp) bool) {
		for _, v := range values {
			if v.Referrers() == nil {
				continue
			}
			for _, ref := range *v.Referrers() {
				if cmp, ok := ref.(*ssa.BinOp); ok && !yield(cmp) {
					return
				}
			}
		}
	}
}

// considered reports whether a condition that may come before the instruction
// compares v with something like a limit, even if a way leads around it: whoever
// wrote that has thought of large numbers.
func (t *taint) considered(v ssa.Value, at ssa.Instruction) bool {
	same := readings(v)
	for cmp := range comparisons(same) {
		if cmp.Parent() != at.Parent() {
			continue
		}
		limit := cmp.Y
		if slices.Contains(same, limit) {
			limit = cmp.X
		}
		switch cmp.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
		default:
			continue
		}
		if c, ok := limit.(*ssa.Const); ok {
			if n := c.Int64(); n <= 1 || n > tooMuch {
				continue
			}
		} else if counter(limit, 3) {
			continue
		}
		to := at.Block()
		if t.use != nil && t.use.Parent() == at.Parent() {
			to = t.use.Block()
		}
		if cmp.Block() != to && reachable(cmp.Block(), to) {
			return true
		}
	}
	return false
}

// counter reports whether v is the variable of a loop.
func counter(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Phi:
		for _, pred := range v.Block().Preds {
			if v.Block().Dominates(pred) {
				return true
			}
		}
	case *ssa.Convert:
		return depth > 0 && counter(v.X, depth-1)
	case *ssa.BinOp:
		return depth > 0 && (counter(v.X, depth-1) || counter(v.Y, depth-1))
	}
	return false
}

func reachable(from, to *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(b *ssa.BasicBlock) bool
	visit = func(b *ssa.BasicBlock) bool {
		if b == to {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(from)
}

// refused reports whether the call hands v to a function of the package that
// compares it.
func (t *taint) refused(call *ssa.Call, v ssa.Value) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Pkg != t.ssa.Pkg || call.Call.Signature().Results().Len() > 0 {
		return false
	}
	for i, arg := range call.Call.Args {
		if i < len(fn.Params) && isInteger(arg.Type()) && same(arg, v) && refuses(fn) {
			return true
		}
	}
	return false
}

func same(x, y ssa.Value) bool {
	b1, p1 := canon(x)
	b2, p2 := canon(y)
	return b1 == b2 && p1 == p2
}

// bounds reports whether the condition, if it is as given, bounds v from above.
func (t *taint) bounds(cond ssa.Value, is bool, v ssa.Value) bool {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return t.bounds(c.X, !is, v)
		}
	case *ssa.BinOp:
		op := c.Op
		if !isComparison(op) {
			break
		}
		if !is {
			op = lint.Negated(op)
		}
		if !isInteger(c.X.Type()) {
			break
		}
		x, y := t.speaksOf(c.X, v), t.speaksOf(c.Y, v)
		switch {
		case !x && !y:
			return false
		case x && y:
			return true
		case y:
			return t.boundedBy(c.Y, lint.Mirrored(op), c.X, v)
		}
		return t.boundedBy(c.X, op, c.Y, v)
	}
	return t.speaksOf(cond, v)
}

func (t *taint) boundedBy(x ssa.Value, op token.Token, y ssa.Value, v ssa.Value) bool {
	if !same(x, v) {
		// Something computed from v: only the direction of v+1, v*size and so on is
		// plain.
		f := formOf(x)
		base, path := canon(v)
		if c := f.c[atom{valueOf, base, path}]; c <= 0 {
			return true
		}
	}
	switch op {
	case token.LSS, token.LEQ, token.EQL:
		if c, ok := y.(*ssa.Const); ok && c.Value != nil {
			n, exact := constant.Int64Val(constant.ToInt(c.Value))
			return exact && n <= tooMuch
		}
		return true
	}
	return false
}

// speaksOf reports whether x is computed from v, or from a call that is given v
// or what holds it.
func (t *taint) speaksOf(x, v ssa.Value) bool {
	base, path := canon(v)
	var visit func(x ssa.Value, depth int, inCall bool) bool
	visit = func(x ssa.Value, depth int, inCall bool) bool {
		b, p := canon(x)
		if b == base && (p == path || inCall && strings.HasPrefix(path, p)) {
			return true
		}
		if depth == 0 {
			return false
		}
		if call, ok := x.(*ssa.Call); ok {
			if fn := callee(call); fn != nil {
				if _, reads := readsNumber(fn); reads {
					return false
				}
				if i, _ := decoderArg(fn, &call.Call); i >= 0 {
					return false
				}
			}
			if static := call.Call.StaticCallee(); static != nil {
				if _, decodes := t.decoders[origin(static)]; decodes || t.sets(static, v) {
					return false
				}
			}
			for _, arg := range call.Call.Args {
				if visit(arg, depth-1, true) {
					return true
				}
			}
			return false
		}
		instr, ok := x.(ssa.Instruction)
		if !ok {
			return false
		}
		if _, ok := x.(*ssa.Phi); ok {
			depth = min(depth, 3)
		}
		switch x.(type) {
		case *ssa.FieldAddr, *ssa.Field:
			inCall = false // it is given another part of what holds v
		}
		for _, op := range instr.Operands(nil) {
			if *op != nil && visit(*op, depth-1, inCall) {
				return true
			}
		}
		return false
	}
	return visit(x, 7, false)
}
