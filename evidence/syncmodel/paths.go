package syncmodel

import (
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// The limits of an exploration. A function that meets one has no scenarios.
const (
	maxSteps  = 8_000 // blocks run, over all paths of a root and of what it starts
	maxTraces = 96    // different sequences of events of one goroutine
	maxEvents = 48    // events of one path
	maxDepth  = 8     // frames of one goroutine
	maxTrips  = 16    // iterations of a loop with a constant bound
	manyTrips = 2     // iterations of a loop whose bound is only known by name: more than one, and than a small buffer has room for
	smallRoom = 2     // the largest buffer that is small
	openTrips = 3     // iterations of a loop without a bound, before the path is cut off

	// What all functions of a package may cost together, in steps of their paths and in
	// states of their goroutines: about a second on a slow machine. Those of its tests, of
	// which a package may have thousands, cost no more than a part of that.
	maxPackageSteps  = 40_000
	maxPackageStates = 100_000
	maxTestSteps     = 8_000
	maxTestStates    = 20_000
)

// effort is what the explorations of a package have cost so far.
type effort struct{ steps, states int }

// An Object is a channel or wait group that one path makes.
type Object struct {
	Site ssa.Instruction // the make call, or the variable of a wait group
	Cap  int
	sym  string // the name of the number that Cap depends on
	id   int    // of the search, from 1
}

// EventKind is what a goroutine does to objects.
type EventKind int

// The events of a path.
const (
	EvSend EventKind = iota
	EvRecv
	EvClose
	EvAdd
	EvWait
	EvSpawn
	EvSelect
	EvHang    // an operation that never returns
	EvBarrier // waits for something that is not modelled
)

// Outcome restricts what a receive must bring for a path to go on as it does.
type Outcome int

// The outcomes of a receive.
const (
	AnyOutcome Outcome = iota
	GotValue
	GotClosed
)

// An Event is one step of a path that other goroutines can see.
type Event struct {
	Kind   EventKind
	Obj    *Object
	Instr  ssa.Instruction
	Pos    token.Pos
	Want   Outcome
	N      int      // of an Add; 1 of a close that may be repeated
	Cases  []*Event // of a select: the cases on known objects
	Chosen *Event   // of a select: the case the path takes; nil if it is on something else, or default
	Other  bool     // of a select: it has a default, or a case that may always fire
	Child  *Goroutine
	Loops  []*loop
}

// A Goroutine is one activation: the root call or a started function.
type Goroutine struct {
	Spawn  ssa.Instruction // nil for the root
	Fn     *ssa.Function
	Traces []*Trace
}

// A Trace is one way in which a goroutine may run.
type Trace struct {
	Events  []*Event
	Cut     bool // exploration ended here, the goroutine may go on
	End     token.Pos
	decided map[string]bool
	guessed map[*loop]bool    // loops without a bound that it left on a condition
	turns   bool              // it branched on, or did, what one of several goroutines does
	dataDep bool              // it branched on a received value
	asked   []any             // variables that it branched on after a goroutine was started
	given   []ssa.Instruction // the sites of objects that the caller gets as results
}

// values of the abstract machine; nil is unknown.
type (
	value   any
	closure struct {
		fn    *ssa.Function
		binds []value
	}
	cell   int     // address of a variable
	tuple  []value // results of a call, or of a select
	number int
	truth  bool
	text   string
)

type deferred struct {
	call ssa.CallInstruction
	fn   value
	args []value
}

type frame struct {
	fn     *ssa.Function
	block  *ssa.BasicBlock
	prev   *ssa.BasicBlock
	idx    int
	env    map[ssa.Value]value
	defers []deferred
	trips  map[*loop]int
	call   ssa.Value // in the caller, that the results are for
	done   *Object   // wait group told when the frame returns
}

type path struct {
	m       *Model
	frames  []*frame
	vars    memory
	trace   []*Event
	decided map[string]bool
	guessed map[*loop]bool
	dataDep bool
	turns   bool
	spawned bool  // there is another goroutine by now
	asked   []any // variables that it has branched on since then
	events  map[string]*Event
	shared  map[cell]bool // variables that other goroutines may see
	loops   []*loop       // around the go statement that started the goroutine
}

func (p *path) clone() *path {
	q := *p
	q.frames = make([]*frame, len(p.frames))
	for i, f := range p.frames {
		g := *f
		g.env = maps.Clone(f.env)
		g.trips = maps.Clone(f.trips)
		g.defers = slices.Clone(f.defers)
		q.frames[i] = &g
	}
	q.vars = p.vars.share()
	q.trace = slices.Clone(p.trace)
	q.decided = maps.Clone(p.decided)
	q.guessed = maps.Clone(p.guessed)
	q.shared = maps.Clone(p.shared)
	return &q
}

func (p *path) top() *frame { return p.frames[len(p.frames)-1] }

// explorer enumerates the paths of one root function and of what it starts.
type explorer struct {
	m                   *Model
	steps               int
	spent               *effort                  // of all explorations of the kind
	maxSteps, maxStates int                      // of all of them
	escaped             map[ssa.Instruction]bool // objects that others may touch, by site
	fed                 map[ssa.Instruction]bool // those to which others may send, and no more
	sized               map[ssa.Instruction]bool // channels whose len or cap is asked
	events              map[string]*Event
	children            map[string]*Goroutine // by call and arguments
	many                int                   // see manyTrips
	failed              bool
	limited             bool // it failed because there is too much to look at
}

// limit ends an exploration that has met one of its limits.
func (e *explorer) limit() { e.failed, e.limited = true, true }

func newExplorer(m *Model, root *ssa.Function) *explorer {
	e := &explorer{m: m, spent: &m.effort, maxSteps: maxPackageSteps, maxStates: maxPackageStates, escaped: make(map[ssa.Instruction]bool), fed: make(map[ssa.Instruction]bool), sized: make(map[ssa.Instruction]bool),
		events: make(map[string]*Event), children: make(map[string]*Goroutine)}
	if m.tests.Has(root.Pos()) {
		e.spent, e.maxSteps, e.maxStates = &m.testEffort, maxTestSteps, maxTestStates
	}
	return e
}

// goroutine runs all paths of fn.
func (e *explorer) goroutine(spawn ssa.Instruction, fn *closure, args []value, from *path, done *Object, depth int) *Goroutine {
	g := &Goroutine{Spawn: spawn, Fn: fn.fn}
	p := &path{m: e.m, vars: newMemory(), events: e.events, decided: map[string]bool{}, guessed: map[*loop]bool{}, shared: map[cell]bool{}}
	if from != nil {
		p.shared = maps.Clone(from.shared)
		p.vars = from.vars.share()
		p.decided = maps.Clone(from.decided)
		p.loops = from.around()
		p.spawned = true
	}
	fr := newFrame(fn, args)
	fr.done = done
	p.frames = []*frame{fr}
	seen := make(map[digest]bool)
	work := []*path{p}
	for len(work) > 0 && !e.failed {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		if e.steps++; e.steps > maxSteps || e.spent.steps >= e.maxSteps {
			e.limit()
			break
		}
		e.spent.steps++
		next, end := e.block(p, depth)
		if end != nil {
			if g.add(end); len(g.Traces) > maxTraces {
				e.limit()
			}
		}
		for i := len(next) - 1; i >= 0; i-- {
			q := next[i]
			if len(q.trace) > maxEvents || len(q.frames) > maxDepth {
				e.limit()
				break
			}
			if q.alone() {
				work = append(work, q)
			} else if key := q.key(); !seen[key] {
				seen[key] = true
				work = append(work, q)
			}
		}
	}
	return g
}

func newFrame(fn *closure, args []value) *frame {
	fr := &frame{fn: fn.fn, block: fn.fn.Blocks[0], env: make(map[ssa.Value]value), trips: make(map[*loop]int)}
	for i, p := range fn.fn.Params {
		if i < len(args) && args[i] != nil {
			fr.env[p] = args[i]
		}
	}
	for i, v := range fn.fn.FreeVars {
		if i < len(fn.binds) && fn.binds[i] != nil {
			fr.env[v] = fn.binds[i]
		}
	}
	return fr
}

// alone reports whether no other path can be where p is: its block has one way in.
func (p *path) alone() bool {
	f := p.top()
	return f.idx == 0 && len(f.block.Preds) == 1
}

// around returns the loops around the point that a path has reached.
func (p *path) around() []*loop {
	ls := slices.Clone(p.loops)
	for _, f := range p.frames {
		for l := p.m.loopsOf(f.fn)[f.block]; l != nil; l = l.outer {
			ls = append(ls, l)
		}
	}
	return ls
}

func (g *Goroutine) add(t *Trace) {
	for _, u := range g.Traces {
		if u.Cut == t.Cut && slices.Equal(u.Events, t.Events) && maps.Equal(u.decided, t.decided) &&
			maps.Equal(u.guessed, t.guessed) && u.dataDep == t.dataDep && u.turns == t.turns && slices.Equal(u.given, t.given) {
			u.asked = slices.DeleteFunc(slices.Clone(u.asked), func(v any) bool { return !slices.Contains(t.asked, v) })
			return
		}
	}
	g.Traces = append(g.Traces, t)
}

func (p *path) end(pos token.Pos, cut bool) *Trace {
	return &Trace{Events: p.trace, Cut: cut, End: pos, decided: p.decided, guessed: p.guessed, dataDep: p.dataDep, turns: p.turns, asked: p.asked}
}

func (p *path) emit(ev *Event) {
	if ev.Instr != nil && !ev.Pos.IsValid() {
		ev.Pos = ev.Instr.Pos()
	}
	ev.Loops = p.around()
	var k key
	k.event(ev)
	for _, l := range ev.Loops {
		k.pointer(l)
	}
	if old := p.events[string(k)]; old != nil {
		ev = old // equal events are identical
	} else {
		p.events[string(k)] = ev
	}
	p.trace = append(p.trace, ev)
}

// nilValue is the nil of any type.
type nilValue struct{}
