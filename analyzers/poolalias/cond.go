package poolalias

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// asksAgain reports whether a function asks for a condition more than once.
func (x *explorer) asksAgain(fn *ssa.Function, in *ssa.If) bool {
	again, ok := x.asked[fn]
	if !ok {
		again = make(map[*ssa.If][]*ssa.BasicBlock)
		same := make(map[string][]*ssa.If)
		fr, st := &frame{fn: fn, id: x.number(fn)}, newState()
		for _, b := range fn.Blocks {
			if test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
				k, _ := x.condKey(fr, st, unnegated(test.Cond), 0)
				same[k] = append(same[k], test)
			}
		}
		for _, tests := range same {
			for _, test := range tests {
				for _, other := range tests {
					if len(tests) > 1 {
						again[test] = append(again[test], other.Block())
					}
				}
			}
		}
		x.asked[fn] = again
	}
	return len(again[in]) > 0
}

// asksElsewhere reports whether a condition is about a field that other functions
// of the package ask for as well.
func (c *checker) asksElsewhere(cond ssa.Value) bool {
	f := fieldAsked(cond)
	if f == nil {
		return false
	}
	if c.tests == nil {
		c.tests = make(map[*types.Var]*ssa.Function)
		for _, fn := range c.prog.Funcs {
			for _, b := range fn.Blocks {
				test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
				if !ok {
					continue
				}
				f := fieldAsked(unnegated(test.Cond))
				if first, ok := c.tests[f]; !ok {
					c.tests[f] = fn
				} else if first != fn {
					c.tests[f] = nil
				}
			}
		}
	}
	fn, ok := c.tests[f]
	return ok && fn == nil
}

// fieldAsked returns the field that a condition compares with a constant.
func fieldAsked(cond ssa.Value) *types.Var {
	if op, ok := cond.(*ssa.BinOp); ok {
		if _, ok := op.Y.(*ssa.Const); ok {
			cond = op.X
		}
	}
	if fa := lazyssa.FieldLoaded(cond); fa != nil {
		return lazyssa.Field(fa).Origin()
	}
	return nil
}

func unnegated(cond ssa.Value) ssa.Value {
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			return cond
		}
		cond = not.X
	}
}

// decide evaluates a condition as far as the path knows it.
func (x *explorer) decide(fr *frame, st *state, cond ssa.Value) (val, known bool) {
	if c, ok := x.constant(fr, st, cond); ok {
		return c == "true", true
	}
	switch cond := cond.(type) {
	case *ssa.BinOp:
		if cond.Op != token.EQL && cond.Op != token.NEQ {
			break
		}
		a, b := cond.X, cond.Y
		if _, ok := a.(*ssa.Const); ok {
			a, b = b, a
		}
		want, ok := constOf(b)
		if !ok {
			break
		}
		if c, ok := x.constant(fr, st, a); ok {
			return (c == want) == (cond.Op == token.EQL), true
		}
		if want == "nil" && x.notNil(fr, st, a) {
			return cond.Op == token.NEQ, true
		}
	case *ssa.Extract:
		if ta, ok := cond.Tuple.(*ssa.TypeAssert); ok && cond.Index == 1 && x.root.value != nil && ta.X == x.root.value {
			return true, true // the object is of that type: otherwise there is nothing to follow
		}
	}
	if k, positive := x.condKey(fr, st, cond, 0); k != "" {
		if v, ok := st.conds[k]; ok {
			return v == positive, true
		}
	}
	return false, false
}

// constant returns the constant that a value is on this path.
func (x *explorer) constant(fr *frame, st *state, v ssa.Value) (string, bool) {
	if c, ok := constOf(v); ok {
		return c, true
	}
	if call, ok := v.(*ssa.Call); ok {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
			return "nil", true // panics are another story
		}
	}
	k := x.key(fr, v)
	if k[0] == '=' {
		return k[1:], true
	}
	c, ok := st.consts[k]
	if ok && (c[0] == '&' || c == putsBack) {
		return "", false // a closure
	}
	return c, ok
}

func constOf(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok {
		if mi, ok := v.(*ssa.MakeInterface); ok {
			if _, ok := mi.X.(*ssa.Const); ok {
				return "", false
			}
		}
		return "", false
	}
	if c.Value == nil {
		return "nil", true
	}
	if c.Value.Kind() == constant.Bool {
		return c.Value.String(), true
	}
	return "'" + c.Value.ExactString(), true
}

// notNil reports whether a value cannot be nil.
func (x *explorer) notNil(fr *frame, st *state, v ssa.Value) bool {
	if _, ok := st.held[x.key(fr, v)]; ok {
		return true
	}
	switch v.(type) {
	case *ssa.Alloc, *ssa.MakeInterface, *ssa.MakeClosure, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.Function:
		return true
	}
	return false
}

// condKey names a condition by what it is computed from, so that asking the same
// thing twice gives the same answer. It returns "" for what cannot be named.
func (x *explorer) condKey(fr *frame, st *state, v ssa.Value, depth int) (key string, positive bool) {
	if depth > 6 {
		return "", true
	}
	sub := func(v ssa.Value) string {
		k, positive := x.condKey(fr, st, v, depth+1)
		if !positive {
			k = "!" + k
		}
		return k
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		op, positive := v.Op, true
		switch op {
		case token.NEQ:
			op, positive = token.EQL, false
		case token.GEQ:
			op, positive = token.LSS, false
		case token.LEQ:
			op, positive = token.GTR, false
		}
		return "(" + sub(v.X) + op.String() + sub(v.Y) + ")", positive
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			return "*" + x.loc(fr, st, v.X), true
		case token.NOT:
			k, positive := x.condKey(fr, st, v.X, depth+1)
			return k, !positive
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
			return b.Name() + "(" + sub(v.Call.Args[0]) + ")", true
		}
		if fn := v.Call.StaticCallee(); fn != nil && fn.Signature.Recv() != nil && len(v.Call.Args) == 1 {
			return fn.Name() + "(" + sub(v.Call.Args[0]) + ")", true
		}
	}
	return x.key(fr, v), true
}
