package ctxvalue

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// minChain is the number of values in a row from which one struct is better.
const minChain = 4

// A link is one value of a chain: a call of WithValue, or of a function of the
// package that is called for its one call of WithValue.
type link struct {
	call ssa.CallInstruction
	ctx  ssa.Value // the context that it derives from
	set  *op
}

// checkChains reports runs of WithValue calls of one function that all execute
// together, each on the result of the one before.
func (r *run) checkChains() {
	links := r.links()
	byResult := make(map[ssa.Value]*link)
	inner := make(map[*link]bool) // has a next one
	for _, l := range links {
		byResult[l.call.Value()] = l
	}
	for _, l := range links {
		if prev := byResult[parent(l)]; prev != nil {
			inner[prev] = true
		}
	}
	for _, last := range links {
		if inner[last] {
			continue
		}
		var chain []*link // the last one first
		root := last
		for l := last; l != nil; l = byResult[parent(l)] {
			if l != last && usedBetween(l, byResult) {
				break // the value is needed before the next one is there
			}
			root = l
			if r.ownKey(l.set) && !slices.ContainsFunc(chain, func(other *link) bool {
				return r.mustEqual(l.set.keys.list[0], other.set.keys.list[0])
			}) {
				chain = append(chain, l)
			}
		}
		if len(chain) >= minChain && perCall(root) {
			r.reportChain(chain)
		}
	}
}

// usedBetween reports whether the context that a link makes serves for more than to
// derive others from.
func usedBetween(l *link, links map[ssa.Value]*link) bool {
	return slices.ContainsFunc(*l.call.Value().Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Store, *ssa.ChangeInterface:
			return false
		case *ssa.Call:
			callee := ref.Call.StaticCallee()
			return links[ref] == nil && (callee == nil || !isDeriveFunc(callee))
		}
		return true
	})
}

func isDeriveFunc(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && isDerive(obj)
}

// links returns the links of all chains.
func (r *run) links() (links []*link) {
	helpers := make(map[*ssa.Function]*op)
	for i := range r.sets {
		o := &r.sets[i]
		if o.wrapper != "" || o.call.Value() == nil {
			continue
		}
		links = append(links, &link{o.call, o.call.Common().Args[0], o})
		fn := o.call.Parent()
		obj, ok := fn.Object().(*types.Func)
		if p, isParam := o.call.Common().Args[0].(*ssa.Parameter); ok && isParam && p.Parent() == fn && !obj.Exported() && len(fn.Blocks) == 1 {
			if f := r.facts[obj]; f != nil && f.Derives && returns(fn, o.call.Value()) {
				helpers[fn] = o
			}
		}
	}
	if len(helpers) < 2 {
		return links
	}
	for _, fn := range r.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || helpers[call.Call.StaticCallee()] == nil {
					continue
				}
				o := helpers[call.Call.StaticCallee()]
				i := slices.Index(call.Call.StaticCallee().Params, o.call.Common().Args[0].(*ssa.Parameter))
				links = append(links, &link{call, call.Call.Args[i], o})
			}
		}
	}
	return links
}

// returns reports whether the only block of fn ends with the return of v alone.
func returns(fn *ssa.Function, v ssa.Value) bool {
	ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
	return ok && len(ret.Results) == 1 && ret.Results[0] == v
}

// parent returns the context that a link derives from.
func parent(l *link) ssa.Value {
	v := l.ctx
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
// store stands before it in the same block and no function literal has others; or a load
// of a field, where nothing but derivations stand between the two.
func lastStored(load *ssa.UnOp) ssa.Value {
	if field, ok := load.X.(*ssa.FieldAddr); ok {
		return lastInField(load, field)
	}
	return lazyssa.LastStored(load)
}

func lastInField(load *ssa.UnOp, field *ssa.FieldAddr) (last ssa.Value) {
	for _, instr := range load.Block().Instrs {
		switch instr := instr.(type) {
		case *ssa.Store:
			addr, ok := instr.Addr.(*ssa.FieldAddr)
			if ok && addr.X == field.X && addr.Field == field.Field {
				last = instr.Val
			} else if types.Identical(instr.Val.Type(), load.Type()) {
				last = nil // perhaps the same field of the same thing
			}
		case ssa.CallInstruction:
			if callee := instr.Common().StaticCallee(); callee == nil || !isDeriveFunc(callee) {
				last = nil
			}
		}
		if instr == ssa.Instruction(load) {
			break
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
		return t.Obj().Pkg() == r.Pkg && (r.all || !r.exported(t) || r.privateKey(k))
	}
	return false
}

// perCall reports whether the function got the context that the chain begins
// with, so that it runs for each request or call of its users.
func perCall(l *link) bool {
	fn := l.call.Parent()
	if fn.Parent() == nil && fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" || fn.Synthetic != "" {
		return false
	}
	v := parent(l)
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
			if field, ok := x.X.(*ssa.FieldAddr); ok && stored == nil {
				return fromParam(field.X)
			}
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

func (r *run) reportChain(chain []*link) {
	n := len(chain)
	allocs := n
	var related []analysis.RelatedInformation
	for i := n - 1; i >= 0; i-- {
		args := chain[i].set.call.Common().Args
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
