package poolalias

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

type param struct {
	fn *ssa.Function
	i  int
}

// effects reports whether a function does more with a parameter than look at
// what it points to: puts it back, keeps it, returns it, gives a part of it
// other memory, or hands it to a literal. Control flow is not looked at.
func (c *checker) effects(fn *ssa.Function, i int) bool {
	key := param{fn, i}
	if e, ok := c.effect[key]; ok {
		return e
	}
	c.effect[key] = false // breaks cycles
	e := c.derives(fn.Params[i], make(map[ssa.Value]bool))
	c.effect[key] = e
	return e
}

func (c *checker) derives(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == v {
				return true
			}
			switch ref.Val.Type().Underlying().(type) {
			case *types.Basic:
			default:
				return true
			}
		case *ssa.MapUpdate:
			if ref.Map != v {
				return true
			}
		case *ssa.Send, *ssa.Go, *ssa.Defer, *ssa.MakeClosure, *ssa.Return, *ssa.Select:
			return true
		case *ssa.Call:
			if c.callDerives(ref, v, seen) {
				return true
			}
		case *ssa.UnOp:
			if _, isBasic := ref.Type().Underlying().(*types.Basic); !isBasic && c.derives(ref, seen) {
				return true
			}
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Slice, *ssa.Phi, *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface,
			*ssa.TypeAssert, *ssa.Extract, *ssa.Field, *ssa.SliceToArrayPointer:
			if c.derives(ref.(ssa.Value), seen) {
				return true
			}
		case *ssa.Convert:
			if isPointer(ref.Type()) && c.derives(ref, seen) {
				return true
			}
		}
	}
	return false
}

func (c *checker) callDerives(call *ssa.Call, v ssa.Value, seen map[ssa.Value]bool) bool {
	common := &call.Call
	if b, ok := common.Value.(*ssa.Builtin); ok {
		return (b.Name() == "append" || strings.HasSuffix(b.Name(), "Data") || b.Name() == "String" || b.Name() == "Slice") && c.derives(call, seen)
	}
	if isPool(common, "Put") {
		return true
	}
	callee := common.StaticCallee()
	if callee == nil {
		return false
	}
	if local := c.body(callee); local != nil {
		for i, arg := range common.Args {
			if arg == v && i < len(local.Params) && c.effects(local, i) {
				return true
			}
		}
		return false
	}
	obj, _ := callee.Object().(*types.Func)
	if _, ok := releases(obj); ok || c.facts(obj) != nil {
		return true
	}
	if _, ok := retains(obj); ok {
		return true
	}
	return len(sharing(obj, common)) > 0 && c.derives(call, seen)
}

// deref reports whether a function looks at what a parameter points to.
func deref(p *ssa.Parameter) bool {
	return slices.ContainsFunc(*p.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
			return false
		case *ssa.Call:
			b, ok := ref.Call.Value.(*ssa.Builtin)
			return !ok || b.Name() != "len" && b.Name() != "cap"
		}
		return true
	})
}

// gives reports whether a function puts anything back, itself or by what it calls.
func (c *checker) gives(fn *ssa.Function) bool {
	return c.any(fn, c.giving, func(instr ssa.Instruction) bool {
		call, ok := instr.(ssa.CallInstruction)
		return ok && (isPool(call.Common(), "Put") || len(c.releaseOf(call)) > 0)
	})
}

// joins reports whether a function waits for something, itself or by what it calls.
func (c *checker) joins(fn *ssa.Function) bool {
	return c.any(fn, c.joining, func(instr ssa.Instruction) bool {
		switch in := instr.(type) {
		case *ssa.UnOp:
			return in.Op.String() == "<-"
		case *ssa.Select:
			return true
		case ssa.CallInstruction:
			if m := in.Common().Method; m != nil {
				return strings.HasPrefix(m.Name(), "Wait")
			}
			fn := in.Common().StaticCallee()
			return fn != nil && strings.HasPrefix(fn.Name(), "Wait")
		}
		return false
	})
}

// gathers reports whether control leaves a loop, from its head, that waits for something
// on each turn: as often as goroutines were started, which a path does not know.
func (c *checker) gathers(head, succ *ssa.BasicBlock) bool {
	if !slices.ContainsFunc(head.Preds, head.Dominates) || c.reaches(succ, head) {
		return false
	}
	return slices.ContainsFunc(head.Parent().Blocks, func(b *ssa.BasicBlock) bool {
		return head.Dominates(b) && c.reaches(b, head) && slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			switch in := instr.(type) {
			case *ssa.UnOp:
				return in.Op == token.ARROW && !clock(in.X)
			case *ssa.Select:
				return slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool { return s.Dir == types.RecvOnly && !clock(s.Chan) })
			case *ssa.Call:
				callee := in.Call.StaticCallee()
				return callee != nil && (strings.HasPrefix(callee.Name(), "Wait") || c.body(callee) != nil && c.joins(c.body(callee)))
			}
			return false
		})
	})
}

// any reports whether a function, or one of the package that it calls, has an
// instruction that is one of those asked for.
func (c *checker) any(fn *ssa.Function, memo map[*ssa.Function]bool, is func(ssa.Instruction) bool) bool {
	if v, ok := memo[fn]; ok {
		return v
	}
	memo[fn] = false // breaks cycles
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if is(instr) {
				memo[fn] = true
				return true
			}
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if callee := call.Common().StaticCallee(); callee != nil {
				if local := c.body(callee); local != nil && c.any(local, memo, is) {
					memo[fn] = true
					return true
				}
			}
		}
	}
	return memo[fn]
}

// uncertain reports whether a release happens only under conditions that its
// callers cannot foresee, such as a count of references. Bounds on the
// size, nil checks and package variables do not count.
func (c *checker) uncertain(instr ssa.Instruction) bool {
	if instr == nil {
		return false
	}
	b := instr.Block()
	for d := b.Idom(); d != nil; d = d.Idom() {
		test, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		decides := slices.ContainsFunc(d.Succs, func(s *ssa.BasicBlock) bool { return s.Dominates(b) && len(s.Preds) == 1 })
		if decides && !foreseen(test.Cond, 0) && onceFlag(test, b) == nil {
			return true
		}
	}
	return false
}

// once reports whether a release happens only the first time that its function runs
// on an object, which a flag in the object says.
func once(instr ssa.Instruction) bool {
	for d := instr.Block().Idom(); d != nil; d = d.Idom() {
		if test, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If); ok && onceFlag(test, instr.Block()) != nil {
			return true
		}
	}
	return false
}

// onceFlag returns the field that a condition asks for and that is set the other way
// before the function puts the object back in block b, if it is the field of a parameter.
func onceFlag(test *ssa.If, b *ssa.BasicBlock) *types.Var {
	flag := lazyssa.FieldLoaded(test.Cond)
	if flag == nil {
		return nil
	}
	if _, ok := flag.X.(*ssa.Parameter); !ok {
		return nil
	}
	wanted := test.Block().Succs[0].Dominates(b)
	for _, ref := range *flag.X.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok || fa.Field != flag.Field {
			continue
		}
		for _, use := range *fa.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok || st.Addr != fa || !st.Block().Dominates(b) || st.Block() == test.Block() {
				continue
			}
			if k, ok := st.Val.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.Bool && constant.BoolVal(k.Value) != wanted {
				return lazyssa.Field(flag).Origin()
			}
		}
	}
	return nil
}

// foreseen reports whether a condition is one of those.
func foreseen(cond ssa.Value, depth int) bool {
	if depth++; depth > 6 {
		return false
	}
	switch v := cond.(type) {
	case *ssa.BinOp:
		if _, isConst := v.Y.(*ssa.Const); isConst && counter(v.X) {
			return true // a loop over an array
		}
		return foreseen(v.X, depth) || foreseen(v.Y, depth)
	case *ssa.UnOp:
		if _, ok := v.X.(*ssa.Global); ok {
			return true
		}
		return foreseen(v.X, depth)
	case *ssa.Const:
		return v.Value == nil
	case *ssa.Extract:
		_, ok := v.Tuple.(*ssa.TypeAssert)
		return ok
	case *ssa.Convert:
		return foreseen(v.X, depth)
	case *ssa.Phi:
		return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool {
			_, isConst := e.(*ssa.Const)
			return !isConst && !foreseen(e, depth)
		})
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			return b.Name() == "len" || b.Name() == "cap"
		}
		if fn := v.Call.StaticCallee(); fn != nil && slices.Contains([]string{"Cap", "Len", "Size", "Available"}, fn.Name()) {
			return true
		}
		// A function of a size, such as that which finds the class of a buffer.
		return len(v.Call.Args) > 0 && !slices.ContainsFunc(v.Call.Args, func(arg ssa.Value) bool {
			_, isConst := arg.(*ssa.Const)
			return !isConst && !foreseen(arg, depth)
		})
	}
	return false
}

// counter reports whether v is a number that a loop counts up from a constant by a constant.
func counter(v ssa.Value) bool {
	next := func(v ssa.Value) ssa.Value { // what is counted up
		if sum, ok := v.(*ssa.BinOp); ok && sum.Op == token.ADD {
			if _, isConst := sum.Y.(*ssa.Const); isConst {
				return sum.X
			}
		}
		return nil
	}
	if from := next(v); from != nil {
		v = from
	}
	phi, ok := v.(*ssa.Phi)
	if !ok {
		return false
	}
	turns := false
	for _, e := range phi.Edges {
		if next(e) == phi {
			turns = true
		} else if _, isConst := e.(*ssa.Const); !isConst {
			return false
		}
	}
	return turns
}

// makesClosures reports whether a function has values that a literal may capture.
func (c *checker) makesClosures(fn *ssa.Function) bool {
	makes, ok := c.closures[fn]
	if !ok {
		makes = slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
			return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
				_, ok := instr.(*ssa.MakeClosure)
				return ok
			})
		})
		c.closures[fn] = makes
	}
	return makes
}
