package ctxgrows

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// lasts reports whether the place whose context grows is there for as long as the program
// runs, or for many users at once, and the function is no step of setting it up: then it is
// called more than once, by whomever.
func (r *run) lasts(e *effect) bool {
	if e.store == nil || setsUp(lazyssa.Outermost(e.fn).Name()) || e.fn.Parent() != nil || !e.fixed {
		return false
	}
	if r.leftEnded(e) {
		return !servesOnce(e)
	}
	if isGlobal(e.place.root) {
		return r.perCall(e) && !r.onlyAtStart(e.fn, 3)
	}
	if e.kind != value || !r.perCall(e) || r.onlyAtStart(e.fn, 3) {
		return false
	}
	if r.changesState(e) {
		return false
	}
	exported := e.fn.Object() != nil && e.fn.Object().Exported()
	return locks(e.fn, e.place.root) && (exported || r.worksUnder(e)) || r.worksUnder(e) && shared(lint.Deref(e.place.root.Type()))
}

// servesOnce reports whether the context is that of a request that a parameter has: there is one for
// each call.
func servesOnce(e *effect) bool {
	_, given := e.place.root.(*ssa.Parameter)
	return given && lint.IsNamed(lint.Deref(e.store.Val.Type()), "net/http", "Request")
}

// changesState reports whether the function also sets another field of the same thing to a constant: it comes
// to a state in which it stays, as a connection does once its user is known.
func (r *run) changesState(e *effect) bool {
	return slices.ContainsFunc(e.fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			st, ok := instr.(*ssa.Store)
			if !ok || st == e.store || r.pointee(st.Addr).root != e.place.root {
				return false
			}
			_, constant := st.Val.(*ssa.Const)
			return constant
		})
	})
}

// setsUp reports whether a function of that name prepares something for its use, which
// happens once for each.
func setsUp(name string) bool {
	return lint.Leads(name, "With", "Set", "Init", "Setup", "Start", "Open", "Connect", "Run", "New", "Make", "Reset", "Configure", "Register",
		"Begin", "Attach", "Bind", "Enable", "Disable", "Use", "Install", "Apply", "Build", "Serve", "Listen", "Load", "Restore", "Join", "Main",
		"Prepare", "Bootstrap", "Launch", "Provision", "Inject", "Wrap", "Authenticate", "Login", "Handshake", "Accept", "Clone", "Copy", "Option")
}

// leftEnded reports whether the function ends the context that it leaves behind: the next
// call starts from one that has ended.
func (r *run) leftEnded(e *effect) bool {
	if e.kind != cancel || e.step.call == nil {
		return false
	}
	call, ok := e.step.call.(*ssa.Call)
	if !ok {
		return false
	}
	for _, ref := range *call.Referrers() {
		end, ok := ref.(*ssa.Extract)
		if !ok || end.Index != 1 {
			continue
		}
		for _, use := range *end.Referrers() {
			if ended, ok := use.(ssa.CallInstruction); ok && ended.Common().Value == end {
				return true
			}
			store, ok := use.(*ssa.Store)
			if !ok {
				continue
			}
			alloc, ok := store.Addr.(*ssa.Alloc)
			if ok && slices.ContainsFunc(loadsOf(alloc), func(load ssa.Value) bool {
				return slices.ContainsFunc(*load.Referrers(), func(ref ssa.Instruction) bool {
					ended, ok := ref.(*ssa.Defer)
					return ok && ended.Call.Value == load
				})
			}) {
				return true
			}
		}
	}
	return false
}

// onlyAtStart reports whether all that calls the function is main, init, or a function that
// sets something up; others may call it if it is exported.
func (r *run) onlyAtStart(fn *ssa.Function, depth int) bool {
	calls := r.callers[fn]
	if obj := fn.Object(); depth == 0 || len(calls) == 0 || obj != nil && obj.Exported() && r.Pkg.Name() != "main" {
		return false
	}
	return !slices.ContainsFunc(calls, func(call ssa.CallInstruction) bool {
		caller := lazyssa.Outermost(call.Parent())
		return caller.Name() != "init" && caller.Name() != "main" && !setsUp(caller.Name()) && !r.onlyAtStart(caller, depth-1)
	})
}

// locks reports whether the function locks a mutex of the thing that root is.
func locks(fn *ssa.Function, root ssa.Value) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || len(call.Call.Args) == 0 {
				continue
			}
			callee := call.Call.StaticCallee()
			if callee != nil && lint.IsMethod(callee.Object(), "sync", "Mutex", "Lock") || callee != nil && lint.IsMethod(callee.Object(), "sync", "RWMutex", "Lock") {
				if fa, ok := call.Call.Args[0].(*ssa.FieldAddr); ok && fa.X == root {
					return true
				}
			}
		}
	}
	return false
}

// shared reports whether things of type t serve many calls: they have a lock, a channel or a
// group of goroutines of their own.
func shared(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if _, ok := f.Type().Underlying().(*types.Chan); ok || lint.IsNamed(lint.Deref(f.Type()), "sync", "Mutex", "RWMutex", "WaitGroup") {
			return true
		}
	}
	return false
}
