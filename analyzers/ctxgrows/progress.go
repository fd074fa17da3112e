package ctxgrows

import (
	"go/token"
	"slices"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"golang.org/x/tools/go/ssa"
)

// progressOf returns how parameter i of fn differs when fn is called by way of self.
func (r *run) progressOf(fn *ssa.Function, p *ssa.Parameter, i int, self *selfCall) progress {
	args := self.call.Common().Args
	if self.back == nil {
		return r.progress(fn, p, args[i])
	}
	other, arg := self.back.Parent(), self.back.Common().Args[i]
	result := fresh
	for j, q := range other.Params {
		if isContext(q.Type()) {
			continue
		}
		inner := r.progress(other, q, arg)
		if inner == fresh {
			continue
		}
		outer := r.progress(fn, p, args[j])
		switch {
		case outer == fresh:
		case inner == unchanged && outer == unchanged:
			result = unchanged
		default:
			return bounded
		}
	}
	if _, ok := arg.(*ssa.Const); ok && len(other.Params) > 0 {
		return bounded
	}
	return result
}

// A progress says how an argument of a recursive call differs from the parameter.
type progress int

const (
	unchanged progress = iota
	bounded            // it is part of what the parameter was, or counts to a limit
	fresh              // it comes from elsewhere
)

func (r *run) progress(fn *ssa.Function, p *ssa.Parameter, arg ssa.Value) progress {
	if arg == ssa.Value(p) {
		return unchanged
	}
	if free := freeCopy(r, arg); free == ssa.Value(p) {
		return unchanged
	}
	if _, ok := arg.(*ssa.Const); ok {
		return bounded // a flag, such as "second attempt"
	}
	if call, ok := arg.(*ssa.Call); ok && isBuiltin(call.Call.Value) && call.Call.Value.Name() == "append" {
		return fresh // it collects what the calls find
	}
	seen := make(map[ssa.Value]bool)
	var through func(v ssa.Value) bool
	through = func(v ssa.Value) bool {
		if v == ssa.Value(p) || freeCopy(r, v) == ssa.Value(p) {
			return true
		}
		instr, ok := v.(ssa.Instruction)
		if !ok || seen[v] || len(seen) > 60 {
			return false
		}
		seen[v] = true
		if call, ok := v.(*ssa.Call); ok {
			// A method of the parameter, such as its parent; not an operation with it.
			sig := call.Call.Signature()
			if fails(call) || sig.Recv() == nil && !call.Call.IsInvoke() && !isBuiltin(call.Call.Value) {
				return false
			}
		}
		for _, op := range instr.Operands(nil) {
			if *op != nil && through(*op) {
				return true
			}
		}
		return false
	}
	if !through(arg) {
		return fresh
	}
	if isNumber(p.Type()) && !compared(p) {
		return unchanged // it only counts
	}
	return bounded
}

func isBuiltin(v ssa.Value) bool {
	_, ok := v.(*ssa.Builtin)
	return ok
}

// freeCopy returns the parameter that a captured variable always holds, for a load of it.
func freeCopy(r *run, v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	addr := load.X
	if free, ok := addr.(*ssa.FreeVar); ok {
		addr = r.captured(free.Parent(), free)
	}
	if addr == nil {
		return nil
	}
	return onlyStored(addr)
}

// compared reports whether the function branches on the number.
func compared(p *ssa.Parameter) bool {
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value) bool
	visit = func(v ssa.Value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.BinOp:
				switch ref.Op {
				case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
					return true
				}
				if visit(ref) {
					return true
				}
			case *ssa.Convert:
				if visit(ref) {
					return true
				}
			case *ssa.Store: // a captured variable
				if stores, ok := lazyssa.StoresTo(ref.Addr); !ok || len(stores) > 1 {
					return true
				}
				for _, load := range loadsOf(ref.Addr) {
					if visit(load) {
						return true
					}
				}
			}
		}
		return false
	}
	return visit(p)
}

// loadsOf returns the loads of a local variable, those in function literals included.
func loadsOf(addr ssa.Value) (loads []ssa.Value) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			loads = append(loads, ref)
		case *ssa.MakeClosure:
			loads = append(loads, loadsOf(ref.Fn.(*ssa.Function).FreeVars[slices.Index(ref.Bindings, addr)])...)
		}
	}
	return loads
}
