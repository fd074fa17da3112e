package lostgoroutine

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Cancels is the fact of a function that returns a context with the function that ends it,
// as context.WithCancel does.
type Cancels struct {
	Context, Cancel int // results
	Parent          int // parameter whose end ends the context, too; -1 if nothing else does
}

// AFact marks Cancels as a fact.
func (*Cancels) AFact() {}

func (s *Cancels) String() string {
	return fmt.Sprintf("returns a context that result %d ends", s.Cancel)
}

// uncancelled reports goroutines that get a context which nothing can end, because the
// function that does has been thrown away. Those of package context itself are for go vet.
func (f *finder) uncancelled() {
	if !lint.Imports(f.pass.Pkg, "context") {
		return
	}
	own := make(map[*types.Func]*Cancels)
	for range 2 { // one that hands on what another one returns
		for _, fn := range f.model.Funcs() {
			obj, ok := fn.Object().(*types.Func)
			if ok && fn.Parent() == nil && fn.Origin() == nil && own[obj] == nil {
				if fact := f.cancels(fn, own); fact != nil {
					own[obj] = fact
				}
			}
		}
	}
	for obj, fact := range own {
		if obj.Exported() && !f.tests.Has(obj.Pos()) {
			f.pass.ExportObjectFact(obj, fact)
		}
	}
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) || f.onlyOnce()[fn] || f.tests.Has(fn.Pos()) && !f.all {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				fact := f.cancelsOf(call, own)
				if fact == nil || fact.Parent >= 0 && !endless(call, fact.Parent) || uses(call, fact.Cancel) {
					continue
				}
				if g := startedWith(call, fact.Context); g != nil && !f.reported(g) {
					f.report(call, contract, fmt.Sprintf("nobody can end the context of the goroutine started at %s: %s throws away the function that %s returns for it",
						f.line(g.Pos()), f.nameOf(fn), lazyssa.Callee(call).Name()), analysis.RelatedInformation{Pos: g.Pos(), Message: "the goroutine is started here"})
				}
			}
		}
	}
}

// cancelsOf returns the fact of the function of a call, or nil.
func (f *finder) cancelsOf(call *ssa.Call, own map[*types.Func]*Cancels) *Cancels {
	obj, ok := lazyssa.Callee(call).(*types.Func)
	if !ok || obj.Signature().Results().Len() < 2 {
		return nil
	}
	if fact := own[obj.Origin()]; fact != nil {
		return fact
	}
	fact := new(Cancels)
	if obj.Pkg() == f.pass.Pkg || !f.pass.ImportObjectFact(obj.Origin(), fact) {
		return nil
	}
	return fact
}

// cancels returns the fact of a function that returns two results of one call of
// context.WithCancel, or of a function that has the fact; nil if it does not always.
func (f *finder) cancels(fn *ssa.Function, own map[*types.Func]*Cancels) (fact *Cancels) {
	if fn.Signature.Results().Len() < 2 {
		return nil
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		here := f.cancelled(ret, own)
		if here == nil || fact != nil && *here != *fact {
			return nil
		}
		fact = here
	}
	return fact
}

// cancelled returns what a return gives its caller.
func (f *finder) cancelled(ret *ssa.Return, own map[*types.Func]*Cancels) *Cancels {
	for i, r := range ret.Results {
		ctx, ok := r.(*ssa.Extract)
		if !ok || !lint.IsNamed(ctx.Type(), "context", "Context") {
			continue
		}
		call, ok := ctx.Tuple.(*ssa.Call)
		if !ok {
			continue
		}
		from := f.cancelsOf(call, own)
		if lint.IsFunc(lazyssa.Callee(call), "context", "WithCancel", "WithCancelCause") {
			from = &Cancels{0, 1, 0}
		}
		if from == nil || ctx.Index != from.Context {
			continue
		}
		j := slices.IndexFunc(ret.Results, func(r ssa.Value) bool {
			x, ok := r.(*ssa.Extract)
			return ok && x.Tuple == ctx.Tuple && x.Index == from.Cancel
		})
		if j < 0 || slices.ContainsFunc(*ret.Results[j].Referrers(), givesAway) {
			continue
		}
		parent := -1
		if from.Parent >= 0 && !endless(call, from.Parent) {
			p, ok := call.Call.Args[from.Parent].(*ssa.Parameter)
			if !ok {
				continue
			}
			parent = slices.Index(ret.Parent().Params, p)
		}
		return &Cancels{i, j, parent}
	}
	return nil
}

// givesAway reports whether an instruction does more with a value than to return it.
func givesAway(instr ssa.Instruction) bool {
	switch instr.(type) {
	case *ssa.Return, *ssa.DebugRef:
		return false
	}
	return true
}

// asksAgain reports whether a function, or one that it calls, asks in a loop whether a context
// is done: it works until then.
func asksAgain(fn *ssa.Function, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			c := call.Common()
			if c.IsInvoke() {
				if lint.IsNamed(c.Value.Type(), "context", "Context") && (c.Method.Name() == "Done" || c.Method.Name() == "Err") && lazyssa.Reaches(b, b) {
					return true
				}
			} else if callee := c.StaticCallee(); depth > 0 && callee != nil && callee.Pkg == fn.Pkg && asksAgain(callee, depth-1) {
				return true
			}
		}
	}
	return false
}

// startedWith returns a go statement that gives a result of a call to a goroutine.
func startedWith(call *ssa.Call, result int) *ssa.Go {
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == result {
			if g := goesWith(x, 2); g != nil && g.Call.StaticCallee() != nil && asksAgain(g.Call.StaticCallee(), 2) {
				return g
			}
		}
	}
	return nil
}

func goesWith(v ssa.Value, depth int) *ssa.Go {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Go:
			return ref
		case *ssa.MakeClosure:
			if g := goesWith(ref, 0); g != nil && g.Call.Value == ref {
				return g
			}
		case *ssa.Store: // a variable that the goroutine captures
			if a, ok := ref.Addr.(*ssa.Alloc); ok && depth > 0 && ref.Val == v {
				if g := goesWith(a, depth-1); g != nil {
					return g
				}
			}
		}
	}
	return nil
}
