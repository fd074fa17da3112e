package ctxvalue

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// minChain is the number of values in a row from which one struct is better.
const minChain = 4

// checkChains reports runs of WithValue calls of one function that all execute
// together, each on the result of the one before.
func (r *run) checkChains() {
	ops := make(map[ssa.Value]*op)
	inner := make(map[*op]bool) // has a next one
	for i := range r.sets {
		if o := &r.sets[i]; o.wrapper == "" && o.call.Value() != nil {
			ops[o.call.Value()] = o
		}
	}
	for _, o := range ops {
		if prev := ops[parent(o)]; prev != nil {
			inner[prev] = true
		}
	}
	for i := range r.sets {
		last := &r.sets[i]
		if last.wrapper != "" || last.call.Value() == nil || inner[last] {
			continue
		}
		var chain []*op // the last one first
		root := last
		for o := last; o != nil; o = ops[parent(o)] {
			root = o
			if r.ownKey(o) {
				chain = append(chain, o)
			}
		}
		if len(chain) >= minChain && perCall(root) {
			r.reportChain(chain)
		}
	}
}

// parent returns the context that a WithValue call derives from.
func parent(o *op) ssa.Value {
	v := o.call.Common().Args[0]
	for {
		switch x := v.(type) {
		case *ssa.ChangeInterface:
			v = x.X
			continue
		case *ssa.UnOp:
			if stored := lastStored(x); stored != nil {
				v = stored
				continue
			}
		}
		return v
	}
}

// lastStored returns what a load of a captured local variable yields, where the
// store stands before it in the same block and no function literal has others.
func lastStored(load *ssa.UnOp) ssa.Value {
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	stores, ok := storesTo(alloc)
	if !ok {
		return nil
	}
	for _, s := range stores {
		if s.Parent() != load.Parent() {
			return nil
		}
	}
	var last ssa.Value
	for _, instr := range load.Block().Instrs {
		if instr == load {
			break
		}
		if s, ok := instr.(*ssa.Store); ok && s.Addr == alloc {
			last = s.Val
		}
	}
	return last
}

// ownKey reports whether nobody but this package can read the value, so that it
// may as well be a field of a struct.
func (r *run) ownKey(o *op) bool {
	k, ok := o.keys.only()
	if !ok {
		return false
	}
	t := k.typ
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return true
	case *types.Named:
		return t.Obj().Pkg() == r.Pkg && (r.all || !r.exported(t))
	}
	return false
}

// perCall reports whether the function got the context that the chain begins
// with, so that it runs for each request or call of its users.
func perCall(o *op) bool {
	fn := o.call.Parent()
	if fn.Parent() == nil && fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" || fn.Synthetic != "" {
		return false
	}
	v := parent(o)
	for {
		switch x := v.(type) {
		case *ssa.Parameter, *ssa.FreeVar:
			return true
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.UnOp:
			if _, ok := x.X.(*ssa.FreeVar); ok {
				return true
			}
			stored := lastStored(x)
			if stored == nil {
				return false
			}
			v = stored
		case *ssa.Call:
			if callee := x.Call.StaticCallee(); callee != nil && lint.IsFunc(callee.Object(), "context",
				"WithCancel", "WithCancelCause", "WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause", "WithoutCancel", "WithValue") {
				v = x.Call.Args[0]
				continue
			}
			if x.Call.IsInvoke() {
				return fromParam(x.Call.Value)
			}
			return len(x.Call.Args) > 0 && fromParam(x.Call.Args[0])
		default:
			return false
		}
	}
}

// fromParam reports whether v is what the function was called with or on.
func fromParam(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar:
		return true
	case *ssa.UnOp:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok {
			return fromParam(v.X)
		}
		for _, ref := range *alloc.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == alloc && fromParam(s.Val) {
				return true
			}
		}
	}
	return false
}

func (r *run) reportChain(chain []*op) {
	n := len(chain)
	allocs := n
	var related []analysis.RelatedInformation
	for i := n - 1; i >= 0; i-- {
		args := chain[i].call.Common().Args
		if r.boxes(args[1]) {
			allocs++
		}
		if r.boxes(args[2]) {
			allocs++
		}
		if call := r.callExpr(chain[i].call); call != nil && i < n-1 {
			related = append(related, analysis.RelatedInformation{Pos: call.Pos(), End: call.End(), Message: fmt.Sprintf("value %d", n-i)})
		}
	}
	first := r.callExpr(chain[n-1].call)
	if first == nil {
		return
	}
	upTo := ""
	if allocs > n {
		upTo = "up to "
	}
	r.report(first, chained, fmt.Sprintf("%d context.WithValue calls in a row make %s%d allocations and a lookup %d links deep; "+
		"store one struct under one key", n, upTo, allocs, n), related...)
}

// boxes reports whether making the interface value v may allocate.
func (r *run) boxes(v ssa.Value) bool {
	mi, ok := v.(*ssa.MakeInterface)
	if !ok {
		return false
	}
	if _, ok := mi.X.(*ssa.Const); ok {
		return false
	}
	t := mi.X.Type()
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Map, *types.Signature:
		return false
	case *types.Basic:
		if u.Kind() == types.UnsafePointer || u.Info()&(types.IsBoolean|types.IsInteger) != 0 && r.TypesSizes.Sizeof(t) == 1 {
			return false // the runtime has these ready-made
		}
	}
	return generic(t) || r.TypesSizes.Sizeof(t) > 0
}
