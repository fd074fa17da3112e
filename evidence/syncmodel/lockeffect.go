package syncmodel

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A LockEffect is what callers in other packages need to know of a method.
type LockEffect struct {
	Takes []LockName // locks of the receiver that it takes, whatever its arguments are
	Runs  []LockRun  // parameters that it calls with locks of the receiver held
}

// A LockName is a lock of an object: the fields that lead to it.
type LockName struct {
	Path    string
	Read    bool
	Written bool // somebody locks it for writing
}

// A LockRun is a parameter that is called while a lock is held.
type LockRun struct {
	Param int // of the function, the receiver being the first
	LockName
}

// maxEffects bounds what is told of one method.
const maxEffects = 8

// Effects returns what the exported methods of exported types of the package do with the locks
// of their receivers, as far as others can meet these locks: because they can name them, or
// because a method calls functions with them held.
func (l *Locks) Effects() map[*types.Func]*LockEffect {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	effects := make(map[*types.Func]*LockEffect)
	owners := make(map[*types.Func]*types.TypeName)
	meets := make(map[*types.TypeName][]string) // locks that others meet
	for fn, sum := range l.sums {
		obj, ok := fn.Object().(*types.Func)
		if !ok || sum == nil || !obj.Exported() || fn.Signature.Recv() == nil || fn.Parent() != nil || fn.Origin() != nil || len(fn.Params) == 0 {
			continue
		}
		named, ok := types.Unalias(pointee(fn.Params[0].Type())).(*types.Named)
		if !ok || !named.Obj().Exported() {
			continue
		}
		owner := named.Origin().Obj()
		name := func(p *Place, read bool) (LockName, bool) {
			if p == nil || p.root != fn.Params[0] || len(p.path) == 0 {
				return LockName{}, false
			}
			return LockName{pathOf(p.path), read, l.writers[p.Class()]}, true
		}
		e := new(LockEffect)
		for _, a := range sum.acquires {
			if n, ok := name(a.lock, a.read); ok && !a.weak && !a.state && !a.again && len(a.conds)+len(a.gone) == 0 && !slices.Contains(e.Takes, n) && len(e.Takes) < maxEffects {
				e.Takes = append(e.Takes, n)
			}
		}
		for _, r := range sum.runs {
			for _, h := range r.held {
				if n, ok := name(h.Lock, h.Read); ok && !r.state && !l.crossed[h.Lock.Class()] && len(e.Runs) < maxEffects {
					meets[owner] = append(meets[owner], n.Path)
					e.Runs = append(e.Runs, LockRun{slices.Index(fn.Params, r.param), n})
				}
			}
		}
		effects[obj], owners[obj] = e, owner
	}
	for obj, e := range effects {
		e.Takes = slices.DeleteFunc(e.Takes, func(n LockName) bool {
			return !slices.Contains(meets[owners[obj]], n.Path) && !open(n.Path)
		})
		if len(e.Takes)+len(e.Runs) == 0 {
			delete(effects, obj)
		}
	}
	return effects
}

// open reports whether other packages can name all fields of a path.
func open(path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		if name != "*" && !token.IsExported(name) {
			return false
		}
	}
	return true
}

func pathOf(path []*types.Var) string {
	names := make([]string, len(path))
	for i, f := range path {
		if names[i] = "*"; f != nil {
			names[i] = f.Name()
		}
	}
	return strings.Join(names, ".")
}

// A ForeignAgain is a call of a method of another package that takes a lock which is held.
type ForeignAgain struct {
	Call *ssa.Call
	Hold Hold
	Lock LockName // as it is taken by Call
}

// Foreign returns the calls of methods of other packages that take a lock of their receiver
// which the caller holds. The effects of methods come from effect.
func (l *Locks) Foreign(effect func(*types.Func) *LockEffect) (found []*ForeignAgain) {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	for _, f := range l.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || len(l.heldAt[call]) == 0 {
					continue
				}
				fn := call.Call.StaticCallee()
				if fn == nil || fn.Signature.Recv() == nil || l.m.inside(fn) {
					continue
				}
				obj, ok := fn.Object().(*types.Func)
				if !ok {
					continue
				}
				e := effect(obj.Origin())
				if e == nil {
					continue
				}
				object := l.place(call.Call.Args[0])
				n := len(object.path)
				for _, h := range l.heldAt[call] {
					if h.Lock.root != object.root || l.crossed[h.Lock.Class()] || len(h.Lock.path) <= n || !slices.Equal(h.Lock.path[:n], object.path) {
						continue
					}
					for _, t := range e.Takes {
						if t.Path == pathOf(h.Lock.path[n:]) {
							found = append(found, &ForeignAgain{call, h, t})
						}
					}
				}
			}
		}
	}
	return found
}
