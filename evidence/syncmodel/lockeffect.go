package syncmodel

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A LockEffect is the fact of what a function or method does with locks that its caller can
// meet again.
type LockEffect struct {
	Takes []LockName // locks of the receiver that it takes, whatever its arguments are
	Runs  []LockRun  // parameters that it calls with locks of the receiver held
	Ends  []LockEnd  // the ways to return, if they leave locks other than they were
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

// A LockEnd is one way to return.
type LockEnd struct {
	Held    []LockAt // taken
	Freed   []LockAt // released, and taken by somebody else
	Unsure  []LockAt // one or the other
	Results string   // for each result: 't' true or nil, 'f' false or not nil, ' ' unknown
}

// A LockAt is a lock that a parameter leads to.
type LockAt struct {
	Param int // the receiver being the first
	LockName
}

// AFact marks LockEffect as a fact.
func (*LockEffect) AFact() {}

func (e *LockEffect) String() string {
	var says []string
	for _, n := range e.Takes {
		says = append(says, "takes "+n.Path)
	}
	for _, r := range e.Runs {
		says = append(says, fmt.Sprintf("calls parameter %d with %s held", r.Param, r.Path))
	}
	for _, end := range e.Ends {
		var does []string
		for _, as := range []struct {
			verb  string
			locks []LockAt
		}{{"holds", end.Held}, {"frees", end.Freed}, {"may hold", end.Unsure}} {
			for _, at := range as.locks {
				does = append(does, fmt.Sprintf("%s %d.%s", as.verb, at.Param, at.Path))
			}
		}
		if len(does) == 0 {
			does = []string{"changes nothing"}
		}
		says = append(says, fmt.Sprintf("returns (%s) and %s", end.Results, strings.Join(does, ", ")))
	}
	return strings.Join(says, ", ")
}

// EffectOf returns what a function of another package does with locks, or nil. The analyzer of
// pass requires [Analyzer].
func EffectOf(pass *analysis.Pass, obj *types.Func) *LockEffect {
	fact := new(LockEffect)
	if !pass.ResultOf[Analyzer].(*result).fact(obj, fact) {
		return nil
	}
	return fact
}

// maxEffects bounds what is told of one function.
const maxEffects = 8

// effects returns what the exported functions and methods of the package do with locks, as far
// as others can meet these locks: because they can name them, because a method calls functions
// with them held, or because a function returns with them.
func (l *Locks) effects() map[*types.Func]*LockEffect {
	effects := make(map[*types.Func]*LockEffect)
	met := make(map[any]bool) // classes of locks that others meet
	takes := make(map[*types.Func][]*Place)
	for fn, sum := range l.sums {
		obj := l.m.exported(fn)
		if obj == nil || sum == nil || len(fn.Params) == 0 {
			continue
		}
		e := &LockEffect{Ends: l.lockEnds(fn, sum, met)}
		effects[obj] = e
		if !exportedReceiver(fn) {
			continue
		}
		receiver := func(p *Place) bool { return p != nil && p.root == fn.Params[0] && len(p.path) > 0 }
		for _, a := range sum.acquires {
			if !receiver(a.lock) || a.weak || a.state || a.given || a.again || len(a.conds)+len(a.gone) > 0 || len(e.Takes) == maxEffects {
				continue
			}
			if n := l.lockName(a.lock, a.read); !slices.Contains(e.Takes, n) {
				e.Takes = append(e.Takes, n)
				takes[obj] = append(takes[obj], a.lock)
			}
		}
		for _, r := range sum.runs {
			for _, h := range r.held {
				if receiver(h.Lock) && !r.state && !l.crossed[h.Lock.Class()] && len(e.Runs) < maxEffects {
					met[h.Lock.Class()] = true
					e.Runs = append(e.Runs, LockRun{slices.Index(fn.Params, r.param), l.lockName(h.Lock, h.Read)})
				}
			}
		}
	}
	for obj, e := range effects {
		var kept []LockName
		for i, p := range takes[obj] {
			if met[p.Class()] || named(p) {
				kept = append(kept, e.Takes[i])
			}
		}
		if e.Takes = kept; len(e.Takes)+len(e.Runs)+len(e.Ends) == 0 {
			delete(effects, obj)
		}
	}
	return effects
}

func exportedReceiver(fn *ssa.Function) bool {
	if fn.Signature.Recv() == nil {
		return false
	}
	named, ok := types.Unalias(pointee(fn.Params[0].Type())).(*types.Named)
	return ok && named.Obj().Exported()
}

// named reports whether other packages can name all fields of a place.
func named(p *Place) bool {
	return !slices.ContainsFunc(p.path, func(f *types.Var) bool { return f != nil && !token.IsExported(f.Name()) })
}

func (l *Locks) lockName(p *Place, read bool) LockName {
	return LockName{pathOf(p.path), read, l.writers[p.Class()]}
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

// lockEnds returns the ways in which a function returns, or nil if they leave all locks as they
// were; and notes the classes of those that it leaves held. What is handed on as a function or an
// interface may be released by it: of such a function nothing is told.
func (l *Locks) lockEnds(fn *ssa.Function, sum *lockSummary, met map[any]bool) (ends []LockEnd) {
	for r := range fn.Signature.Results().Variables() {
		switch r.Type().Underlying().(type) {
		case *types.Signature, *types.Interface:
			if !lint.IsError(r.Type()) {
				return nil
			}
		}
	}
	if len(sum.vague) > 0 {
		return nil
	}
	at := func(p *Place, read bool) []LockAt { // none if a caller does not know it
		param, ok := p.root.(*ssa.Parameter)
		if !ok || param.Parent() != fn || l.crossed[p.Class()] || p.Class() == nil {
			return nil
		}
		return []LockAt{{slices.Index(fn.Params, param), l.lockName(p, read)}}
	}
	told := false
	for _, o := range sum.outcomes {
		var end LockEnd
		for _, h := range o.taken {
			held := at(h.Lock, h.Read)
			end.Held = append(end.Held, held...)
			if len(held) > 0 {
				met[h.Lock.Class()] = true
			}
		}
		for _, p := range o.gone {
			end.Freed = append(end.Freed, at(p, false)...)
		}
		for _, p := range o.unsure {
			end.Unsure = append(end.Unsure, at(p, false)...)
		}
		told = told || len(end.Held)+len(end.Freed)+len(end.Unsure) > 0
		end.Results = strings.Map(func(r rune) rune {
			if r == 0 {
				return ' '
			}
			return r
		}, string(o.results))
		ends = append(ends, end)
	}
	if !told {
		return nil
	}
	return ends
}

// foreign returns what a call of a function of another package does with locks, or nil.
func (l *Locks) foreign(c *ssa.CallCommon) *LockEffect {
	fn := c.StaticCallee()
	if fn == nil || lockOpOf(c) != noLockOp {
		return nil
	}
	obj := l.m.foreign(fn)
	if obj == nil {
		return nil
	}
	e, ok := l.outer[obj]
	if !ok {
		if fact := new(LockEffect); l.m.fact(obj, fact) {
			e = fact
		}
		l.outer[obj] = e
	}
	return e
}

// at names a lock that an argument of a call leads to, or returns nil.
func (l *Locks) at(c *ssa.CallCommon, param int, path string) *Place {
	if param >= len(c.Args) {
		return nil
	}
	v := c.Args[param]
	p, t := l.place(v), v.Type()
	if len(p.path)+strings.Count(path, ".")+1 > maxPath {
		return nil
	}
	for name := range strings.SplitSeq(path, ".") {
		if name == "*" {
			p = l.extend(p, nil, nil, v)
			continue
		}
		owner := pointee(t)
		f := fieldNamed(owner, name)
		if f == nil {
			return nil
		}
		p, t = l.extend(p, f.Origin(), owner, v), f.Type()
	}
	return p
}

// allAt names those of some locks that have a name in the caller.
func (l *Locks) allAt(c *ssa.CallCommon, locks []LockAt) (places []*Place) {
	for _, at := range locks {
		if p := l.at(c, at.Param, at.Path); p != nil {
			places = append(places, p)
		}
	}
	return places
}

// fieldNamed returns the field of a struct that has a name, or nil.
func fieldNamed(t types.Type, name string) *types.Var {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

// runForeign does what a function of another package does with locks, and returns the states
// after it.
func (w *lockWalk) runForeign(s *lockState, call ssa.CallInstruction, e *LockEffect) []*lockState {
	l, c := w.l, call.Common()
	for _, n := range e.Takes {
		p := l.at(c, 0, n.Path)
		if p == nil {
			continue
		}
		if n.Written {
			l.writers[p.Class()] = true
		}
		if !w.meet(s, call, acquisition{lock: p, class: p.Class(), read: n.Read, at: call}) {
			return nil
		}
	}
	outcomes := make([]outcome, len(e.Ends))
	for i, end := range e.Ends {
		o := &outcomes[i]
		o.results = []byte(end.Results)
		for _, at := range end.Held {
			if p := l.at(c, at.Param, at.Path); p != nil {
				o.taken = append(o.taken, Hold{Lock: p, Read: at.Read, At: call})
			}
		}
		o.gone, o.unsure = l.allAt(c, end.Freed), l.allAt(c, end.Unsure)
	}
	return w.split(s, call, outcomes, w.change)
}
