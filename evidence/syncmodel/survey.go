package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// survey looks at all instructions once: which pointers are replaced, which functions
// are used as values, and which functions matter.
func (l *Locks) survey() {
	direct := make(map[*ssa.Function]bool)
	callers := l.callers
	locks := make(map[*ssa.Function]bool)
	var conds []*ssa.Store
	for _, f := range l.m.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Store:
					l.noteStore(f, v)
					if newCond(v.Val) != nil || isCondField(v.Addr) {
						conds = append(conds, v)
					}
				case *ssa.Send, *ssa.Select:
					direct[f] = true
				case *ssa.UnOp:
					if isReceive(v) {
						direct[f] = true
					}
				case ssa.CallInstruction:
					if lockOpOf(v.Common()) != noLockOp || l.foreign(v.Common()) != nil {
						direct[f], locks[f] = true, true
					} else if waits(v.Common()) || parameterOf(v.Common().Value, f) != nil {
						direct[f] = true
					}
					if _, isGo := v.(*ssa.Go); isGo {
						if fn := v.Common().StaticCallee(); fn != nil {
							l.loose[origin(fn)], l.goes[origin(fn)] = true, true
						}
					}
					for _, fn := range l.callees(v) {
						callers[fn] = append(callers[fn], f)
					}
				}
				l.noteValues(instr)
			}
		}
	}
	if len(locks) == 0 {
		return
	}
	for _, st := range conds {
		l.noteCond(st)
	}
	// What calls a function that takes locks, or waits, matters too.
	above := func(from map[*ssa.Function]bool) map[*ssa.Function]bool {
		set := make(map[*ssa.Function]bool)
		var mark func(f *ssa.Function)
		mark = func(f *ssa.Function) {
			if set[f] {
				return
			}
			set[f] = true
			for _, c := range callers[f] {
				mark(c)
			}
		}
		for _, f := range l.m.funcs {
			if from[f] {
				mark(f)
			}
		}
		return set
	}
	matter := above(direct)
	l.locking = above(locks)
	done := make(map[*ssa.Function]bool)
	var add func(f *ssa.Function)
	add = func(f *ssa.Function) {
		if done[f] || !matter[f] {
			return
		}
		done[f] = true
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					for _, fn := range l.callees(call) {
						add(fn)
					}
				}
			}
		}
		l.funcs = append(l.funcs, f)
	}
	for _, f := range l.m.funcs {
		add(f)
	}
}

func isCondField(addr ssa.Value) bool {
	fa, ok := addr.(*ssa.FieldAddr)
	return ok && lint.IsNamed(lint.Deref(fa.X.Type()), "sync", "Cond")
}

// noteStore remembers which pointers are replaced after the object has been made.
func (l *Locks) noteStore(f *ssa.Function, st *ssa.Store) {
	switch st.Val.Type().Underlying().(type) {
	case *types.Pointer, *types.Interface:
	default:
		return
	}
	if newCond(st.Val) != nil {
		return // what matters is its lock, see noteCond
	}
	switch a := st.Addr.(type) {
	case *ssa.FieldAddr:
		x := a.X
		for {
			fa, ok := x.(*ssa.FieldAddr)
			if !ok {
				break
			}
			x = fa.X
		}
		if u, ok := x.(*ssa.UnOp); ok && u.Op == token.MUL { // a variable that holds a new object
			if cell, ok := u.X.(*ssa.Alloc); ok {
				if sts := stores(cell); len(sts) == 1 {
					x = sts[0].Val
				}
			}
		}
		if _, fresh := x.(*ssa.Alloc); fresh || partOfNew(x) {
			return
		}
		if st, ok := pointee(a.X.Type()).Underlying().(*types.Struct); ok {
			l.moved[st.Field(a.Field).Origin()] = true
		}
	case *ssa.Global:
		if f.Name() != "init" || f.Synthetic == "" {
			l.moved[a] = true
		}
	}
}

// partOfNew reports whether an object is loaded from the field of a new one that the function has
// put it into when it made both.
func partOfNew(x ssa.Value) bool {
	from := lazyssa.FieldLoaded(x)
	if from == nil {
		return false
	}
	whole, ok := from.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	made := 0
	for _, ref := range *whole.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok || fa.Field != from.Field {
			continue
		}
		for _, use := range *fa.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa {
				if _, fresh := st.Val.(*ssa.Alloc); !fresh {
					return false
				}
				made++
			}
		}
	}
	return made == 1
}

// noteValues remembers the functions that are used other than by calling them at once.
func (l *Locks) noteValues(instr ssa.Instruction) {
	if mc, ok := instr.(*ssa.MakeClosure); ok {
		for _, ref := range *mc.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if _, isGo := ref.(*ssa.Go); !ok || isGo || call.Common().Value != mc {
				if _, dbg := ref.(*ssa.DebugRef); !dbg {
					l.loose[origin(mc.Fn.(*ssa.Function))] = true
				}
			}
		}
		return
	}
	var callee ssa.Value
	if call, ok := instr.(ssa.CallInstruction); ok && !call.Common().IsInvoke() {
		callee = call.Common().Value
	}
	for _, op := range instr.Operands(nil) {
		if fn, ok := (*op).(*ssa.Function); ok && (fn != callee || slices.ContainsFunc(instr.(ssa.CallInstruction).Common().Args, func(a ssa.Value) bool { return a == fn })) {
			l.loose[origin(fn)] = true
		}
	}
}
