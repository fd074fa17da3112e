package unboundedgo

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// limited reports whether something may limit the goroutines: whatever the loop, or
// the goroutine before it works, waits for. What is not known may be a limit.
func (f *finder) limited(call ssa.CallInstruction, body *ssa.Function, cycle map[*ssa.BasicBlock]bool, in *input) bool {
	for b := range cycle {
		for _, instr := range b.Instrs {
			if instr != ssa.Instruction(call) && instr != in.recv && f.mayWait(instr, 2) {
				return true
			}
		}
	}
	if body == nil {
		return false
	}
	if len(body.Blocks) == 0 {
		return true
	}
	for _, instr := range body.Blocks[0].Instrs {
		switch v := instr.(type) {
		case *ssa.Send:
			return true
		case *ssa.UnOp:
			if v.Op == token.ARROW {
				return true
			}
		case *ssa.Defer: // releases what was acquired
			if fn := function(v.Call.Value); fn != nil && receives(fn) {
				return true
			}
		case *ssa.Call:
			if fn := called(v); fn != nil && fn.Signature().Recv() != nil && (isLock(fn) || isAcquire(fn)) {
				return true
			}
		}
	}
	if g, ok := call.(*ssa.Call); ok && lint.IsMethod(called(g), "golang.org/x/sync/errgroup", "Group", "Go") {
		return setLimit(g.Call.Args[0])
	}
	return false
}

func isLock(fn *types.Func) bool {
	return lint.IsMethod(fn, "sync", "Mutex", "Lock") || lint.IsMethod(fn, "sync", "RWMutex", "Lock", "RLock")
}

func isAcquire(fn *types.Func) bool {
	return lint.IsMethod(fn, "golang.org/x/sync/semaphore", "Weighted", "Acquire", "TryAcquire")
}

// mayWait reports whether an instruction of the loop may wait for goroutines that are
// running, or for anything else that slows the loop down.
func (f *finder) mayWait(instr ssa.Instruction, depth int) bool {
	switch v := instr.(type) {
	case *ssa.Send, *ssa.Select:
		return !isInput(v)
	case *ssa.UnOp:
		return v.Op == token.ARROW
	case *ssa.Call:
		fn := called(v)
		if fn == nil {
			_, builtin := v.Call.Value.(*ssa.Builtin)
			return !builtin // a function value
		}
		if lint.IsFunc(fn, "time", "Sleep") || lint.IsMethod(fn, "sync", "WaitGroup", "Wait") || lint.IsMethod(fn, "sync", "Cond", "Wait") ||
			lint.IsMethod(fn, "golang.org/x/sync/errgroup", "Group", "Wait") || isAcquire(fn) {
			return true
		}
		if callee := v.Call.StaticCallee(); callee != nil && len(callee.Blocks) > 0 {
			if depth == 0 {
				return true
			}
			for _, b := range callee.Blocks {
				for _, instr := range b.Instrs {
					if f.mayWait(instr, depth-1) {
						return true
					}
				}
			}
			return false
		}
		return takesContext(fn.Signature())
	}
	return false
}

// isInput reports whether a select without sends only waits for what comes next.
func isInput(instr ssa.Instruction) bool {
	sel, ok := instr.(*ssa.Select)
	if !ok {
		return false
	}
	for _, s := range sel.States {
		if s.Dir == types.SendOnly {
			return false
		}
	}
	return true
}

func receives(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if u, ok := instr.(*ssa.UnOp); ok && u.Op == token.ARROW {
				return true
			}
			if call, ok := instr.(*ssa.Call); ok && lint.IsMethod(called(call), "golang.org/x/sync/semaphore", "Weighted", "Release") {
				return true
			}
		}
	}
	return false
}

// setLimit reports whether a group may have a limit: it is not known where it comes
// from, or SetLimit is called.
func setLimit(group ssa.Value) bool {
	if ex, ok := group.(*ssa.Extract); ok {
		group = ex.Tuple
	}
	var refs []ssa.Instruction
	switch v := group.(type) {
	case *ssa.Alloc:
		refs = *v.Referrers()
	case *ssa.Call: // errgroup.WithContext
		for _, ref := range *v.Referrers() {
			if ex, ok := ref.(*ssa.Extract); ok && ex.Index == 0 {
				refs = append(refs, *ex.Referrers()...)
			}
		}
	default:
		return true
	}
	for _, ref := range refs {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			if lint.IsMethod(called(ref), "golang.org/x/sync/errgroup", "Group", "SetLimit") {
				return true
			}
		case *ssa.Store, *ssa.MakeClosure, *ssa.Phi:
			return true
		}
	}
	return false
}

// doesWork reports whether a goroutine does what takes long, or what others have to
// serve: it calls something that takes a context, or the network, files, processes or a
// database.
func doesWork(fn *ssa.Function, depth int, seen map[*ssa.Function]bool) bool {
	if seen[fn] || depth == 0 {
		return false
	}
	seen[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			callee := called(call)
			if callee == nil {
				continue
			}
			if pkg := callee.Pkg(); pkg != nil && pkg.Path() != "context" {
				switch pkg.Path() {
				case "net", "net/http", "os", "os/exec", "database/sql":
					return true
				}
				if takesContext(callee.Signature()) {
					return true
				}
			}
			if inner := call.Call.StaticCallee(); inner != nil && doesWork(inner, depth-1, seen) {
				return true
			}
		}
	}
	return false
}

func takesContext(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if lint.IsNamed(v.Type(), "context", "Context") {
			return true
		}
	}
	return false
}
