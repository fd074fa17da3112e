package lostgoroutine

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// An obligation is what a call of a function leaves to its caller.
type obligation struct {
	fact *Starts
	own  *syncmodel.Contract // nil if the function is of another package
}

// obligations knows what the calls of a package oblige to.
type obligations struct {
	f   *finder
	own map[*types.Func]*obligation
}

// newObligations finds the functions of the package that start a goroutine which their
// caller has to end, and those that hand on what such a function has given them.
func (f *finder) newObligations() *obligations {
	os := &obligations{f: f, own: make(map[*types.Func]*obligation)}
	for _, c := range f.model.Contracts() {
		obj := c.Fn.Object().(*types.Func)
		if os.own[obj] == nil && !f.reportedGate(c.Gate) {
			os.own[obj] = &obligation{f.fact(c), c}
		}
	}
	for range 3 { // a constructor of a constructor is as deep as it gets
		found := false
		for _, fn := range f.model.Funcs() {
			obj, ok := fn.Object().(*types.Func)
			if !ok || fn.Parent() != nil || fn.Origin() != nil || os.own[obj] != nil {
				continue
			}
			if o := os.handsOn(fn); o != nil {
				os.own[obj], found = o, true
			}
		}
		if !found {
			break
		}
	}
	return os
}

// of returns what a call obliges to, or nil.
func (os *obligations) of(call *ssa.Call) *obligation {
	obj, ok := lazyssa.Callee(call).(*types.Func)
	if !ok {
		return nil
	}
	if o := os.own[obj.Origin()]; o != nil {
		return o
	}
	fact := new(Starts)
	if obj.Pkg() == os.f.pass.Pkg || !os.f.pass.ImportObjectFact(obj.Origin(), fact) {
		return nil
	}
	return &obligation{fact: fact}
}

// handsOn returns what a function obliges its callers to because it returns an object that
// it is obliged to end itself, or an object that holds the function which does: in every way on from
// the call, and always as the same result.
// A method that calls another one of its object obliges to what that does.
func (os *obligations) handsOn(fn *ssa.Function) *obligation {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			o := os.of(call)
			if o == nil {
				continue
			}
			k := &keeping{f: os.f, call: call, fact: o.fact, own: o.own}
			context := -1
			if i := o.fact.Context; i >= 0 && !k.endless(i) {
				p, ok := call.Call.Args[i].(*ssa.Parameter)
				if !ok {
					continue // it may end it by another context
				}
				context = slices.Index(fn.Params, p)
			}
			at := -1
			if !k.hands(fn) {
				object, _ := k.object()
				if object == nil {
					continue
				}
				if o.fact.Ends == "" {
					if c := os.f.model.Holds(call, object, context); c != nil {
						return &obligation{os.f.fact(c), c}
					}
				}
				if at = k.returned(fn, object); at < 0 {
					continue
				}
			}
			d := &obligation{fact: &Starts{at, context, o.fact.Ends, o.fact.Keeps, o.fact.Open}}
			if o.own != nil {
				d.own = o.own.By(fn, at, context)
			}
			return d
		}
	}
	return nil
}

// hands reports whether the call is one that a method makes of another method of its object, on every
// way, without ending what that starts, itself or by somebody other than its caller that it gives
// the object to.
func (k *keeping) hands(fn *ssa.Function) bool {
	return k.own != nil && k.fact.Object < 0 && fn.Signature.Recv() != nil && k.call.Call.Args[0] == fn.Params[0] &&
		!slices.Contains(k.own.Ends, fn.Name()) && k.f.model.Always(k.call) &&
		!slices.ContainsFunc(*fn.Params[0].Referrers(), func(ref ssa.Instruction) bool {
			return !returns(ref) && k.gives(ref, fn.Params[0])
		})
}

// returns reports whether an instruction returns a value, or puts it into a variable that is only
// returned: that of a result, where something is deferred.
func returns(instr ssa.Instruction) bool {
	isReturn := func(instr ssa.Instruction) bool { _, ok := instr.(*ssa.Return); return ok }
	st, ok := instr.(*ssa.Store)
	if !ok {
		return isReturn(instr)
	}
	result, ok := st.Addr.(*ssa.Alloc)
	if !ok || result.Heap {
		return false
	}
	for _, ref := range *result.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if ok && slices.ContainsFunc(*load.Referrers(), func(use ssa.Instruction) bool { return !isReturn(use) }) || !ok && ref != instr {
			return false
		}
	}
	return true
}

// returned returns which result of a function the object always is, if it comes from a call
// and nothing is done with it but to return it; otherwise -1.
func (k *keeping) returned(fn *ssa.Function, object ssa.Value) int {
	if k.fact.Object < 0 && !k.f.owns(object) && !fresh(object) {
		return -1
	}
	for _, ref := range *object.Referrers() {
		if _, ok := ref.(*ssa.Return); !ok && ref != ssa.Instruction(k.call) && !k.harmless(ref, object) {
			return -1
		}
	}
	at := -1
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		i := slices.Index(ret.Results, object)
		switch {
		case i >= 0 && (at < 0 || at == i) && k.call.Block().Dominates(b):
			at = i
		case i >= 0 || !slices.ContainsFunc(ret.Results, lazyssa.IsZero):
			return -1
		}
	}
	return at
}

// fresh reports whether a value is an object that its function makes.
func fresh(v ssa.Value) bool {
	a, ok := v.(*ssa.Alloc)
	return ok && a.Heap
}

func (k *keeping) endless(i int) bool { return endless(k.call, i) }

// endless reports whether an argument is a context that never ends.
func endless(call *ssa.Call, i int) bool {
	if i >= len(call.Call.Args) {
		return false
	}
	v := call.Call.Args[i]
	for {
		c, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		fn := lazyssa.Callee(c)
		if lint.IsFunc(fn, "context", "WithValue") {
			v = c.Call.Args[0]
			continue
		}
		return lint.IsEndlessContext(fn)
	}
}
