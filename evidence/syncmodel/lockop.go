package syncmodel

import (
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
	obj := fn.Object()
	if lint.IsMethod(obj, "sync", "Mutex", "Lock", "Unlock", "TryLock") ||
		lint.IsMethod(obj, "sync", "RWMutex", "Lock", "Unlock", "TryLock", "RLock", "RUnlock", "TryRLock") ||
		fn.Blocks == nil && isLocker(fn) {
		return lockOps[obj.Name()]
	}
	return noLockOp
}

// isLocker reports whether a method is one of a lock type of another package: one that has
// Lock and Unlock as sync.Locker has them.
func isLocker(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	op := lockOps[fn.Name()]
	if recv == nil || op == noLockOp || fn.Signature.Params().Len() > 0 {
		return false
	}
	if res := fn.Signature.Results(); op == tryLock || op == tryRead {
		if res.Len() != 1 || !lint.IsBool(res.At(0).Type()) {
			return false
		}
	} else if res.Len() > 0 {
		return false
	}
	for _, name := range []string{"Lock", "Unlock"} {
		obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, nil, name)
		m, ok := obj.(*types.Func)
		if !ok || m.Signature().Params().Len()+m.Signature().Results().Len() > 0 {
			return false
		}
	}
	return true
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
