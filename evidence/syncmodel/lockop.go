package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

type lockOp int

const (
	noLockOp lockOp = iota
	takeLock
	takeRead
	dropLock
	dropRead
	tryLock
	tryRead
)

var lockOps = map[string]lockOp{"Lock": takeLock, "RLock": takeRead, "Unlock": dropLock, "RUnlock": dropRead, "TryLock": tryLock, "TryRLock": tryRead}

// lockCall tells what a call does to a mutex, and to which.
func (l *Locks) lockCall(c *ssa.CallCommon) (lockOp, *Place) {
	op := lockOpOf(c)
	if op == noLockOp {
		return noLockOp, nil
	}
	v := c.Value
	if !c.IsInvoke() {
		v = c.Args[0]
	}
	p, reader := l.lockPlace(v)
	if reader {
		switch op {
		case takeLock:
			op = takeRead
		case dropLock:
			op = dropRead
		}
	}
	return op, p
}

func lockOpOf(c *ssa.CallCommon) lockOp {
	if c.IsInvoke() {
		if c.Method.Pkg() != nil && c.Method.Pkg().Path() == "sync" {
			return lockOps[c.Method.Name()]
		}
		return noLockOp
	}
	fn := c.StaticCallee()
	if fn == nil || len(c.Args) == 0 {
		return noLockOp
	}
	if obj := fn.Object(); lint.IsMethod(obj, "sync", "Mutex", "Lock", "Unlock", "TryLock") ||
		lint.IsMethod(obj, "sync", "RWMutex", "Lock", "Unlock", "TryLock", "RLock", "RUnlock", "TryRLock") {
		return lockOps[obj.Name()]
	}
	return noLockOp
}

// lockPlace returns the place of a mutex, and whether it is used through RLocker.
func (l *Locks) lockPlace(v ssa.Value) (p *Place, reader bool) {
	p = l.embedded(v)
	if arg := rlocker(p.root); arg != nil && len(p.path) == 0 {
		return l.place(arg), true
	}
	// The lock of a condition variable is the one that it was made with.
	if n := len(p.path); n > 1 && p.path[n-1] == nil && p.path[n-2] != nil && p.path[n-2].Name() == "L" && lint.IsNamed(p.owner, "sync", "Cond") {
		if q, r := l.lockOfCond(l.intern(p.root, p.path[:n-2], p.owner)); q != nil {
			return q, r
		}
	}
	return p, false
}

// embedded returns the place of the mutex that a pointer to a struct locks by the methods
// that it has from it.
func (l *Locks) embedded(v ssa.Value) *Place {
	p := l.place(v)
	x := v
	if mi, ok := v.(*ssa.MakeInterface); ok {
		x = mi.X
	}
	t := pointee(x.Type())
	obj, index, _ := types.LookupFieldOrMethod(t, true, l.m.pass.Pkg, "Lock")
	if fn, ok := obj.(*types.Func); !ok || fn.Pkg() == nil || fn.Pkg().Path() != "sync" || len(index) < 2 {
		return p
	}
	for _, i := range index[:len(index)-1] {
		st, ok := pointee(t).Underlying().(*types.Struct)
		if !ok {
			return p
		}
		f := st.Field(i)
		p = l.extend(p, f.Origin(), pointee(t), v)
		if t = f.Type(); t != pointee(t) {
			p = l.extend(p, nil, nil, v) // an embedded pointer
		}
	}
	return p
}

func rlocker(v ssa.Value) ssa.Value {
	if c, ok := v.(*ssa.Call); ok {
		if fn := c.Call.StaticCallee(); fn != nil && lint.IsMethod(fn.Object(), "sync", "RWMutex", "RLocker") {
			return c.Call.Args[0]
		}
	}
	return nil
}

// newCond returns the lock that a call of sync.NewCond is given.
func newCond(v ssa.Value) ssa.Value {
	if c, ok := v.(*ssa.Call); ok {
		if fn := c.Call.StaticCallee(); fn != nil && lint.IsFunc(fn.Object(), "sync", "NewCond") {
			return c.Call.Args[0]
		}
	}
	return nil
}

// condAlias says where the lock of a condition variable is, seen from the struct that
// both are in.
type condAlias struct {
	path   []*types.Var
	owner  types.Type
	up     int // steps of the condition's own place to go back
	reader bool
	wrong  bool // not always the same
}

// lockOfCond returns the lock of the condition variable at a place.
func (l *Locks) lockOfCond(p *Place) (*Place, bool) {
	if arg := newCond(p.root); arg != nil && len(p.path) == 0 {
		return l.lockPlace(arg)
	}
	var last any = p.root
	for _, f := range slices.Backward(p.path) {
		if f != nil {
			last = f
			break
		}
	}
	a := l.condLock[last]
	if a == nil || a.wrong || a.up > len(p.path) {
		return nil, false
	}
	return l.intern(p.root, slices.Concat(p.path[:len(p.path)-a.up], a.path), a.owner), a.reader
}

// noteCond learns which lock a condition variable is given.
func (l *Locks) noteCond(st *ssa.Store) {
	arg := newCond(st.Val)
	cond := st.Addr
	up := 2 // the field, and the pointer in it
	if arg == nil {
		fa, ok := st.Addr.(*ssa.FieldAddr)
		if !ok || !lint.IsNamed(lint.Deref(fa.X.Type()), "sync", "Cond") {
			return
		}
		arg, cond, up = st.Val, fa.X, 1
	}
	at := l.place(cond)
	if len(at.path) == 0 {
		return // a local variable is resolved by what it holds
	}
	f := at.path[len(at.path)-1]
	if f == nil {
		return
	}
	lock, reader := l.lockPlace(arg)
	a := &condAlias{up: up, reader: reader, owner: lock.owner}
	n := len(at.path) - 1
	if lock.root != at.root || len(lock.path) < n || !slices.Equal(lock.path[:n], at.path[:n]) {
		a.wrong = true
	} else {
		a.path = lock.path[n:]
	}
	if old := l.condLock[f]; old != nil && (old.wrong || a.wrong || old.up != a.up || old.reader != a.reader || !slices.Equal(old.path, a.path)) {
		a.wrong = true
	}
	l.condLock[f] = a
}

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
					if lockOpOf(v.Common()) != noLockOp {
						direct[f], locks[f] = true, true
					} else if waits(v.Common()) {
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
		if _, fresh := x.(*ssa.Alloc); fresh {
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

// callees returns the functions of the package that a call may be to, at most a few.
func (l *Locks) callees(call ssa.CallInstruction) []*ssa.Function {
	c := call.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return nil
	}
	if fn := c.StaticCallee(); fn != nil {
		if fn = origin(fn); l.m.inside(fn) {
			return []*ssa.Function{fn}
		}
		if lint.IsMethod(fn.Object(), "sync", "Once", "Do") {
			return l.m.funcsOf(c.Args[1])
		}
		return nil
	}
	return l.m.dynamic(call)
}

// maxCallees bounds the functions that a call through a value is followed to.
const maxCallees = 4

// funcsOf returns the functions of the package that a function value may be.
func (m *Model) funcsOf(v ssa.Value) []*ssa.Function {
	if mc, ok := v.(*ssa.MakeClosure); ok {
		if fn := origin(mc.Fn.(*ssa.Function)); m.inside(fn) {
			return []*ssa.Function{fn}
		}
	}
	if _, ok := v.(*ssa.Const); ok {
		return nil
	}
	var fns []*ssa.Function
	for _, fn := range m.node(v).funcs {
		if fn = origin(fn); m.inside(fn) && !slices.Contains(fns, fn) {
			fns = append(fns, fn)
		}
	}
	if len(fns) > maxCallees {
		return nil
	}
	return fns
}

// dynamic returns the functions of the package that a call through a function value
// or an interface may be to.
func (m *Model) dynamic(call ssa.CallInstruction) []*ssa.Function {
	c := call.Common()
	if !c.IsInvoke() {
		return slices.DeleteFunc(m.funcsOf(c.Value), func(fn *ssa.Function) bool {
			return !types.Identical(dropRecv(fn), dropRecv2(c.Signature()))
		})
	}
	var fns []*ssa.Function
	for _, t := range m.node(c.Value).types {
		if fn := m.method(t, c.Method); fn != nil {
			if fn = origin(fn); !slices.Contains(fns, fn) {
				fns = append(fns, fn)
			}
		}
	}
	if len(fns) > maxCallees {
		return nil
	}
	return fns
}

// known reports whether a call can be to nothing but what callees returns.
func (m *Model) known(call ssa.CallInstruction) bool {
	c := call.Common()
	return c.StaticCallee() != nil || m.node(c.Value).outside == 0
}
