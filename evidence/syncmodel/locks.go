package syncmodel

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Locks is what is known of the mutexes of a package: where each is taken, what is
// held there, and which functions return with a mutex held.
type Locks struct {
	m *Model

	places   map[placeKey]*Place
	ofValue  map[ssa.Value]*Place
	owners   map[*types.Var]types.Type // structs that have a lock or lead to one
	moved    map[any]bool              // fields and globals whose pointer is replaced after construction
	condLock map[any]*condAlias        // locks of condition variables, by field
	funcs    []*ssa.Function           // that matter, callees first
	sums     map[*ssa.Function]*lockSummary
	loose    map[*ssa.Function]bool // run by a go statement or used as a value
	walked   map[*ssa.Function]*shape

	freed   map[any]bool           // classes that some caller outside of the package's own calls may release
	handed  map[*ssa.Function]bool // return with a lock that a caller releases
	crossed map[any]bool           // classes that are released by function values and other goroutines
	writers map[any]bool           // classes that are locked for writing somewhere

	goes    map[*ssa.Function]bool // run by a go statement, and loose for no other reason
	heldAt  map[ssa.Instruction][]Hold
	takings map[*ssa.Function][]taking
	ops     map[ssa.Instruction][]*Op
	classOf map[*Op]*Class

	steps   int // of all walks
	scratch key
	callers map[*ssa.Function][]*ssa.Function
	locking map[*ssa.Function]bool // take locks, themselves or through what they call

	record  bool
	again   []*Again
	left    []*Left
	events  []*LockEvent
	blocked []*BlockEvent
	missing map[againKey]bool // states that reach an acquisition without the lock

	outer map[*types.Func]*LockEffect // of functions of other packages; nil if there is none
	back  map[backKey]bool            // whether elements are put into the field of the object that they point to
}

// A Hold is a lock that a function has taken.
type Hold struct {
	Lock  *Place
	Read  bool
	At    ssa.Instruction // takes it: the Lock call, or a call that returns holding
	Round bool            // the loop around At has come round since
	stale bool            // names another object by now
}

// Again is a lock that is taken by who holds it.
type Again struct {
	Fn    *ssa.Function // that holds the lock
	Hold  Hold
	Read  bool                  // the second time is for reading
	Chain []ssa.CallInstruction // calls that lead from Fn to the second time
	At    ssa.Instruction       // the second time
	Weak  bool                  // depends on arguments, or on what a call is to, that are not known
	Must  bool                  // the lock is held whenever At is reached
	Freed bool                  // Fn releases the lock on some other path
}

// Left is a lock that is held when the function returns, or goes on to another one.
type Left struct {
	Fn      *ssa.Function
	Hold    Hold
	Returns []*ssa.Return
	Next    ssa.Value // if not nil, the loop goes on with another lock of the name, which this computes
	Freed   bool      // Fn releases it on some other path
	Sure    bool      // all paths to Returns hold it
}

// A LockEvent is the acquisition of a lock while others are held.
type LockEvent struct {
	Fn    *ssa.Function
	Held  []Hold
	Lock  *Place // nil if it has no name in Fn
	Class any
	Read  bool
	Chain []ssa.CallInstruction
	At    ssa.Instruction
	Weak  bool

	// Guarded tells for each of Held whether a flag that is read meanwhile decides about
	// the acquisition.
	Guarded []bool

	element element // that the lock is of, if it has no name in Fn
}

// First returns the instruction of Fn that leads to the acquisition, or is it.
func (ev *LockEvent) First() ssa.Instruction { return firstOf(ev.Chain, ev.At) }

// First returns the instruction of Fn that leads to the operation, or is it.
func (b *BlockEvent) First() ssa.Instruction { return firstOf(b.Chain, b.At) }

// firstOf returns the instruction that a chain of calls to an instruction begins with.
func firstOf(chain []ssa.CallInstruction, at ssa.Instruction) ssa.Instruction {
	if len(chain) > 0 {
		return chain[0]
	}
	return at
}

// A BlockEvent is an operation that may block while locks are held.
type BlockEvent struct {
	Fn    *ssa.Function // that holds the locks
	At    ssa.Instruction
	Chain []ssa.CallInstruction // calls that lead from Fn to At
	Held  []Hold
	Weak  bool // depends on what a call is to, or on the state of an object

	Guarded []bool // for each of Held: a flag that is read meanwhile decides
}

// Locks returns what is known of the mutexes of the package.
func (m *Model) Locks() *Locks {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locks == nil {
		m.locks = newLocks(m)
	}
	return m.locks
}

func newLocks(m *Model) *Locks {
	l := &Locks{
		m:        m,
		places:   make(map[placeKey]*Place),
		ofValue:  make(map[ssa.Value]*Place),
		owners:   make(map[*types.Var]types.Type),
		moved:    make(map[any]bool),
		condLock: make(map[any]*condAlias),
		sums:     make(map[*ssa.Function]*lockSummary),
		loose:    make(map[*ssa.Function]bool),
		walked:   make(map[*ssa.Function]*shape),
		freed:    make(map[any]bool),
		crossed:  make(map[any]bool),
		handed:   make(map[*ssa.Function]bool),
		writers:  make(map[any]bool),
		goes:     make(map[*ssa.Function]bool),
		callers:  make(map[*ssa.Function][]*ssa.Function),
		heldAt:   make(map[ssa.Instruction][]Hold),
		takings:  make(map[*ssa.Function][]taking),
		ops:      make(map[ssa.Instruction][]*Op),
		classOf:  make(map[*Op]*Class),
		missing:  make(map[againKey]bool),
		outer:    make(map[*types.Func]*LockEffect),
		back:     make(map[backKey]bool),
	}
	l.survey()
	l.indexOps()
	if len(l.funcs) == 0 {
		return l
	}
	l.summarize()
	l.findFreed()
	l.record = true
	for _, f := range l.funcs {
		if l.locking[f] {
			l.walk(f)
		}
	}
	l.settle()
	return l
}

// Again returns the locks that are taken by who holds them.
func (l *Locks) Again() []*Again { return l.again }

// Left returns the locks that are held when a function returns.
func (l *Locks) Left() []*Left { return l.left }

// Events returns the acquisitions of locks while others are held.
func (l *Locks) Events() []*LockEvent { return l.events }

// Blocked returns the operations that may block while locks are held.
func (l *Locks) Blocked() []*BlockEvent { return l.blocked }

// Freed reports whether code that is not called by who takes a lock of the class may release it.
func (l *Locks) Freed(p *Place) bool { return l.freed[p.Class()] }

// Handed reports whether a caller releases what fn has locked.
func (l *Locks) Handed(fn *ssa.Function) bool { return l.handed[fn] }

// Crossed reports whether a function value or another goroutine releases locks of the class.
func (l *Locks) Crossed(p *Place) bool { return l.crossed[p.Class()] }

// Written reports whether another goroutine may take the lock for writing. Of a lock that is
// hidden in another package, that package says it.
func (l *Locks) Written(p *Place) bool {
	f, _ := p.Class().(*types.Var)
	hidden := f != nil && !f.Exported() && f.Pkg() != l.m.pass.Pkg
	return !p.private() && (l.writers[p.Class()] || l.Open(p) && !hidden)
}

// Open reports whether code outside the package can reach locks of the class.
func (l *Locks) Open(p *Place) bool { return l.open(p) }

type againKey struct {
	at   ssa.Instruction
	lock *Place
}

// settle puts what was recorded into the order of the source and joins what belongs together.
func (l *Locks) settle() {
	for _, a := range l.again {
		a.Must = !l.missing[againKey{firstOf(a.Chain, a.At), a.Hold.Lock}]
		a.Freed = l.walked[a.Fn].freed[a.Hold.At] && !l.walked[a.Fn].coarse
	}
	for _, x := range l.left {
		x.Freed = l.walked[x.Fn].freed[x.Hold.At]
		slices.SortFunc(x.Returns, func(a, b *ssa.Return) int { return int(a.Pos() - b.Pos()) })
	}
	slices.SortStableFunc(l.again, func(a, b *Again) int { return int(a.At.Pos() - b.At.Pos()) })
	slices.SortStableFunc(l.left, func(a, b *Left) int { return int(a.Hold.At.Pos() - b.Hold.At.Pos()) })
	slices.SortStableFunc(l.blocked, func(a, b *BlockEvent) int { return int(a.At.Pos() - b.At.Pos()) })
	slices.SortStableFunc(l.events, func(a, b *LockEvent) int { return int(a.At.Pos() - b.At.Pos()) })
}

// String names a place as the source would.
func (p *Place) String() string {
	var b strings.Builder
	b.WriteString(rootName(p.root))
	for i, f := range p.path {
		if f == nil || f.Embedded() && i == len(p.path)-1 && b.Len() > 0 {
			continue
		}
		if f.Embedded() && i == len(p.path)-1 {
			return fieldName(f, p.owner)
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(f.Name())
	}
	if b.Len() == 0 {
		return "the lock"
	}
	return b.String()
}

// fieldName names the lock that a field of some struct is; an embedded one by the struct.
func fieldName(f *types.Var, owner types.Type) string {
	if named, ok := types.Unalias(owner).(*types.Named); ok && f.Embedded() {
		return "the lock of " + named.Obj().Name()
	}
	return f.Name()
}

// ClassName names the locks of a class.
func (l *Locks) ClassName(class any) string {
	switch c := class.(type) {
	case *types.Var:
		return fieldName(c, l.owners[c])
	case ssa.Value:
		return c.Name()
	}
	return "a lock"
}
