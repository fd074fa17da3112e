package ctxvalue

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// behavior is the fact of a function that has to do with context values.
// Parameters count from 0, the receiver first.
type behavior struct {
	Set []int // parameters that are handed to context.WithValue as keys
	Val []int // for each of Set, the parameter that is its value, or -1
	Get []int // parameters that are handed to Value as keys

	Boxes []int // parameters of a type parameter's type that are stored as values

	Returns bool // the first result is what Value returned, as it is
	Asserts int  // 1 + the type parameter that what Value returned is asserted to; 0 for none
	Checks  bool // that assertion cannot panic

	Looks   bool // all that the function does is to look context values up
	Hazard  bool // and it may panic, or read a variable that changes
	Derives bool // all that the function does is to derive a context or request from the one that it is given
	Cancels bool // the function returns a child of the context that it is given, and what cancels it
}

func (*behavior) AFact() {}

func (f *behavior) String() string {
	var words []string
	add := func(cond bool, format string, args ...any) {
		if cond {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(len(f.Set) > 0, "sets%v", f.Set)
	add(len(f.Set) > 0, "to%v", f.Val)
	add(len(f.Get) > 0, "gets%v", f.Get)
	add(len(f.Boxes) > 0, "boxes%v", f.Boxes)
	add(f.Returns, "returns it")
	add(f.Asserts > 0, "asserts T%d", f.Asserts-1)
	add(f.Looks && !f.Hazard, "looks up")
	add(f.Looks && f.Hazard, "looks up at a risk")
	add(f.Derives, "derives")
	add(f.Cancels, "cancels")
	return strings.Join(words, ", ")
}

// summarize adds to what is known of the functions of the package: what becomes
// of the values that they look up, and whether they do anything else.
func (r *run) summarize() {
	for i := range r.gets {
		r.followResult(&r.gets[i])
	}
	for i := range r.sets {
		r.noteBoxed(&r.sets[i])
	}
	// A function may call one that is declared after it.
	for changed := true; changed; {
		changed = false
		for _, fn := range r.funcs {
			obj, ok := fn.Object().(*types.Func)
			if !ok || fn.Signature.Results().Len() == 0 || len(fn.Blocks) == 0 || isOwnValue(obj) {
				continue
			}
			if f := r.facts[obj]; f != nil && (f.Looks || f.Derives || f.Cancels) {
				continue
			}
			if r.makesCancelable(fn) {
				r.behaviorIn(fn).Cancels = true
				changed = true
				continue
			}
			e := r.effects(fn)
			if !e.pure || !e.looks && !e.derives {
				continue
			}
			if e.derives && !carries(fn) {
				continue
			}
			f := r.behaviorIn(fn)
			f.Looks = e.looks && !e.derives
			f.Hazard = f.Looks && e.hazard
			f.Derives = e.derives
			changed = changed || f.Looks || f.Derives
		}
	}
}

// isOwnValue reports whether fn is the Value method of a context type.
func isOwnValue(fn *types.Func) bool { return fn.Signature().Recv() != nil && fn.Name() == "Value" }

// isContext reports whether t is context.Context.
func isContext(t types.Type) bool { return lint.IsNamed(t, "context", "Context") }

// isRequest reports whether t is *http.Request.
func isRequest(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && lint.IsNamed(p.Elem(), "net/http", "Request")
}

// isCarrier reports whether values travel in a t: a context, or a request with one.
func isCarrier(t types.Type) bool { return isContext(t) || isRequest(t) }

// followResult notes what the wrapper around a lookup under a parameter does with the value.
func (r *run) followResult(o *op) {
	if o.from != nil || len(o.keys.params) != 1 || len(o.keys.list) > 0 || o.keys.unknown {
		return
	}
	fn := o.keys.params[0].Parent()
	f := r.behaviorIn(fn)
	v := o.call.Value()
	if f == nil || v == nil || fn != o.call.Parent() || len(f.Get) != 1 {
		return
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Return:
			f.Returns = len(ref.Results) > 0 && ref.Results[0] == v
		case *ssa.TypeAssert:
			if tp, ok := types.Unalias(ref.AssertedType).(*types.TypeParam); ok && fn.TypeParams().Len() > tp.Index() && fn.TypeParams().At(tp.Index()) == tp {
				f.Asserts, f.Checks = tp.Index()+1, ref.CommaOk
			}
		default:
			f.Returns, f.Asserts = false, 0
			return
		}
	}
}

// noteBoxed notes that a generic function stores a parameter of its own: how large that
// is, its callers know.
func (r *run) noteBoxed(o *op) {
	if len(o.keys.params) > 0 {
		return // what stores under the key of its caller is known as such
	}
	v := o.value()
	if conv, ok := v.(*ssa.ChangeType); ok {
		v = conv.X
	}
	p, ok := v.(*ssa.Parameter)
	if !ok {
		return
	}
	if _, ok := types.Unalias(p.Type()).(*types.TypeParam); !ok || p.Parent().Object() == nil {
		return
	}
	if f, i := r.behaviorIn(p.Parent()), slices.Index(p.Parent().Params, p); !slices.Contains(f.Boxes, i) {
		f.Boxes = append(f.Boxes, i)
	}
}

// effects is what a function does besides computing its results.
type effects struct {
	pure    bool // nothing
	looks   bool // it looks context values up
	hazard  bool // it may panic, or reads what others may change
	derives bool // it derives contexts
}

// effects judges the body of a function.
func (r *run) effects(fn *ssa.Function) (e effects) {
	if len(fn.Blocks) > 16 || fn.Recover != nil {
		return e
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.If, *ssa.Jump, *ssa.Return, *ssa.Phi, *ssa.Extract, *ssa.Field, *ssa.DebugRef, *ssa.BinOp,
				*ssa.Convert, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.Alloc, *ssa.FieldAddr:
			case *ssa.Store:
				if !isLocal(instr.Addr) {
					return effects{}
				}
			case *ssa.UnOp:
				switch {
				case instr.Op == token.ARROW:
					return effects{}
				case instr.Op != token.MUL || isLocal(instr.X):
				case isGlobal(instr.X):
					e.hazard = e.hazard || r.constantVar(instr) == nil
				case carries(fn):
				case !lookedUp(instr.X, 6):
					return effects{} // what a pointer leads to may change at any time
				default:
					e.hazard = true // so may what the value leads to, but few values of contexts do
				}
			case *ssa.TypeAssert:
				e.hazard = e.hazard || !instr.CommaOk
			case *ssa.Panic:
				e.hazard = true
			case *ssa.Call:
				if !r.pureCall(&instr.Call, &e) {
					return effects{}
				}
			default:
				return effects{}
			}
		}
	}
	e.pure = true
	return e
}

// carries reports whether the only result of fn is a context or a request.
func carries(fn *ssa.Function) bool {
	return fn.Signature.Results().Len() == 1 && isCarrier(fn.Signature.Results().At(0).Type())
}

// lookedUp reports whether an address leads into what the value of a context points to.
func lookedUp(addr ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := addr.(type) {
	case *ssa.FieldAddr:
		return lookedUp(v.X, depth-1)
	case *ssa.TypeAssert:
		call, ok := v.X.(*ssa.Call)
		return ok && call.Call.IsInvoke() && isValue(call.Call.Method)
	case *ssa.Extract:
		return lookedUp(v.Tuple, depth-1)
	}
	return false
}

func isGlobal(addr ssa.Value) bool {
	_, ok := addr.(*ssa.Global)
	return ok
}

// pureCall reports whether a call does nothing but look a context value up or
// derive a context, and notes which.
func (r *run) pureCall(common *ssa.CallCommon, e *effects) bool {
	if common.IsInvoke() {
		e.looks = e.looks || isValue(common.Method)
		return isValue(common.Method)
	}
	callee := common.StaticCallee()
	if callee == nil {
		return false
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok {
		return false
	}
	switch {
	case lint.IsMethod(fn, "net/http", "Request", "Context"):
		return true
	case lint.IsFunc(fn, "context", "WithValue", "WithoutCancel"),
		lint.IsMethod(fn, "net/http", "Request", "WithContext"):
		e.derives = true
		return true
	}
	f := r.fact(fn.Origin())
	if f == nil || !f.Looks && !f.Derives {
		return false
	}
	e.looks = e.looks || f.Looks
	e.hazard = e.hazard || f.Hazard
	e.derives = e.derives || f.Derives
	return true
}

// makesCancelable reports whether fn returns a child of its context parameter and the function
// that cancels it, as context.WithTimeout does.
func (r *run) makesCancelable(fn *ssa.Function) bool {
	results := fn.Signature.Results()
	if results.Len() != 2 || !isContext(results.At(0).Type()) || !isStop(results.At(1).Type()) {
		return false
	}
	cancelable := false
	seen := make(map[ssa.Value]bool)
	var child func(v ssa.Value) bool // of a parameter
	child = func(v ssa.Value) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Parameter:
			return isContext(v.Type())
		case *ssa.Phi:
			return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !child(e) })
		case *ssa.Extract:
			call, ok := v.Tuple.(*ssa.Call)
			if !ok || v.Index != 0 || !r.cancels(call.Call.StaticCallee()) {
				return false
			}
			cancelable = true
			return child(call.Call.Args[contextArg(call)])
		case *ssa.Call:
			callee := v.Call.StaticCallee()
			return callee != nil && r.derives(callee) && contextArg(v) >= 0 && child(v.Call.Args[contextArg(v)])
		}
		return false
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !child(ret.Results[0]) {
			return false
		}
	}
	return cancelable
}

// isStop reports whether t is the type of a function that cancels.
func isStop(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Results().Len() == 0 && (sig.Params().Len() == 0 || lint.IsNamed(t, "context", "CancelCauseFunc"))
}

// contextArg returns the index of the argument that is a context or a request, or -1.
func contextArg(call *ssa.Call) int {
	return slices.IndexFunc(call.Call.Args, func(v ssa.Value) bool { return isCarrier(v.Type()) })
}

// factOf returns the declared function or method that fn is, and what is known of it; nil if it is none.
func (r *run) factOf(fn *ssa.Function) (*types.Func, *behavior) {
	if fn == nil {
		return nil, nil
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil, nil
	}
	return obj, r.fact(obj.Origin())
}

// cancels reports whether fn returns a context with the function that cancels it.
func (r *run) cancels(fn *ssa.Function) bool {
	obj, f := r.factOf(fn)
	return obj != nil && lint.IsCancelable(obj) || f != nil && f.Cancels
}

// derives reports whether fn does nothing but derive a context.
func (r *run) derives(fn *ssa.Function) bool {
	obj, f := r.factOf(fn)
	return obj != nil && isPureDerive(obj) || f != nil && f.Derives
}

// isLocal reports whether addr lies in a variable or literal that the function makes.
func isLocal(addr ssa.Value) bool {
	for {
		switch x := addr.(type) {
		case *ssa.Alloc:
			return true
		case *ssa.FieldAddr:
			addr = x.X
		case *ssa.IndexAddr:
			addr = x.X
		default:
			return false
		}
	}
}
