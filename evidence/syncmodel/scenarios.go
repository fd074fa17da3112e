package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// maxStates bounds the states of one root that are looked at.
const maxStates = 30_000

// A Lost is a goroutine that a run leaves blocked for ever.
type Lost struct {
	Root  *ssa.Function   // whose call the run is
	Go    ssa.Instruction // started the goroutine; nil if it is the one that calls Root
	At    *Event          // what it is stuck at; of a select, all its cases are
	Obj   *Object         // of At
	Trace *Trace          // of the stuck goroutine
	Done  int             // events of Trace that it got through

	Alone    bool       // no other goroutine is stuck, save in waiting for this one
	Partners []*Partner // the other goroutines of the run, the root first
	Sized    bool       // the length or capacity of the channel is asked for
	Received int        // values received from Obj in the run
	Stuck    int        // goroutines from the same go statement stuck in the run at it
	Siblings int        // goroutines from the same go statement in the run
	Undone   *Partner   // of a Wait: a goroutine of the run that returned without the Done that it has on other paths
	Sends    int        // values that one goroutine of the kind sends to Obj at most

	Doubt        bool // a goroutine of the run decided on what it received, or on whose turn it is
	Shared       bool // a goroutine of the run decided on a variable that another one sets
	Apart        bool // siblings come from calls apart, and what changes from one to the next may decide which of them starts one
	OtherSenders bool // goroutines from other go statements may send to Obj
	Given        bool // Root returns Obj on another path
}

// A Partner is another goroutine of the run that leaves one stuck.
type Partner struct {
	Go    ssa.Instruction // nil for the root
	Trace *Trace
	Done  int // events that it got through: all, unless it is stuck as well
}

// Scenarios returns the goroutines that calls of root may leave behind for ever,
// because of what root and the goroutines it starts do with channels and wait
// groups that nobody else knows. It returns none if it is not sure.
func (m *Model) Scenarios(root *ssa.Function) []*Lost {
	if len(root.Blocks) == 0 || !starts(root) {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e := newExplorer(m, root)
	e.many = manyTrips + smallBuffer(root)
	g := e.goroutine(nil, &closure{fn: root}, nil, nil, nil, 0)
	if e.limited {
		m.limited = append(m.limited, root)
	}
	if e.failed {
		return nil
	}
	s := &search{e: e, root: root, seen: make(map[digest]bool), found: make(map[ssa.Instruction]*Lost)}
	for _, t := range g.Traces {
		s.run(&state{procs: []proc{{g: g, t: t}}, decided: t.decided})
		if e.limited {
			m.limited = append(m.limited, root)
			return nil
		}
	}
	return s.lost
}

// Limited returns the functions that have had more paths than are followed, so that
// they have no scenarios.
func (m *Model) Limited() []*ssa.Function {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.limited)
}

// smallBuffer returns the largest constant capacity of the channels that a function makes,
// large ones not counted.
func smallBuffer(fn *ssa.Function) (room int) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if mk, ok := instr.(*ssa.MakeChan); ok {
				if c, ok := mk.Size.(*ssa.Const); ok && c.Int64() <= smallRoom {
					room = max(room, int(c.Int64()))
				}
			}
		}
	}
	return room
}

// starts reports whether a function makes channels or wait groups, or gets channels
// from functions that do.
func starts(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.MakeChan:
				return true
			case *ssa.Alloc:
				if isSync(lint.Deref(v.Type())) {
					return true
				}
			case *ssa.Call:
				if callee := v.Call.StaticCallee(); callee != nil && makesChan(callee) {
					return true
				}
			}
		}
	}
	return false
}

// terminal looks at a state in which nobody can go on.
func (s *search) terminal(st *state) {
	var stuck []int
	for i := range st.procs {
		p := &st.procs[i]
		ev := p.next()
		if ev == nil {
			if p.t.Cut {
				return // it goes on in ways that were not followed
			}
			continue
		}
		if !s.forever(st, i, ev) {
			return // it would go on another way
		}
		stuck = append(stuck, i)
	}
	for _, i := range stuck {
		s.consider(st, i)
	}
}

// consider makes a finding of a stuck goroutine, if the run is one that can be believed.
func (s *search) consider(st *state, i int) {
	p := &st.procs[i]
	ev := p.next()
	obj := ev.Obj
	if ev.Kind == EvSelect && len(ev.Cases) > 0 {
		obj = ev.Cases[0].Obj
	}
	if obj == nil || !s.credible(st, i, obj) || p.g.Spawn != nil && s.e.m.overcounted(st, p.g.Spawn) {
		return
	}
	l := &Lost{Root: s.root, Go: p.g.Spawn, At: ev, Obj: obj, Trace: p.t, Done: p.i, Received: s.obj(st, obj).recvd, Alone: true, Sized: s.e.sized[obj.Site]}
	l.Undone = undone(st, i, obj)
	l.Given = slices.ContainsFunc(st.procs[0].g.Traces, func(t *Trace) bool { return slices.Contains(t.given, obj.Site) })
	l.Shared = s.shared(st)
	for _, t := range p.g.Traces {
		l.Sends = max(l.Sends, sends(t, obj))
	}
	for j := range st.procs {
		q := &st.procs[j]
		if q.g.Spawn != p.g.Spawn && slices.ContainsFunc(q.g.Traces, func(t *Trace) bool { return sends(t, obj) > 0 }) {
			l.OtherSenders = true
		}
		if next := q.next(); next != nil {
			if next.Obj == obj && next.Kind == ev.Kind && q.g.Spawn == p.g.Spawn {
				l.Stuck++ // at the same operation, or at the twin of it in another branch
			} else if j != i && !(j == 0 && next.Kind == EvWait) && !awaits(next, p.g) {
				l.Alone = false
			}
		}
		if q.g.Spawn == p.g.Spawn {
			l.Siblings++
		}
		if q.t.turns && apart(q.t, p.g.Spawn) {
			l.Apart = true
		}
		l.Doubt = l.Doubt || q.t.dataDep || q.t.turns
		if j != i {
			l.Partners = append(l.Partners, &Partner{q.g.Spawn, q.t, q.i})
		}
	}
	if old := s.found[ev.Instr]; old == nil {
		s.found[ev.Instr] = l
		s.lost = append(s.lost, l)
	} else if l.simpler(old) {
		*old = *l
	}
}

// shared reports whether a goroutine of the run went its way because of a variable that
// another one sets: the two may have an understanding that the search does not see.
func (s *search) shared(st *state) bool {
	for i := range st.procs {
		for _, v := range st.procs[i].t.asked {
			for j := range st.procs {
				if j != i && s.e.m.writesOf(st.procs[j].g.Fn)[v] {
					return true
				}
			}
		}
	}
	return false
}

// apart reports whether a goroutine comes to a go statement more than once, and in no loop.
func apart(t *Trace, spawn ssa.Instruction) bool {
	n := 0
	for _, ev := range t.Events {
		if ev.Kind == EvSpawn && ev.Instr == spawn && len(ev.Loops) == 0 {
			n++
		}
	}
	return n > 1
}

// awaits reports whether a stuck operation needs its partner from g.
func awaits(at *Event, g *Goroutine) bool {
	other, ok := map[EventKind]EventKind{EvRecv: EvSend, EvSend: EvRecv, EvWait: EvAdd}[at.Kind]
	return ok && slices.ContainsFunc(g.Traces, func(t *Trace) bool {
		return slices.ContainsFunc(t.Events, func(ev *Event) bool { return ev.Kind == other && ev.Obj == at.Obj && ev.N <= 0 })
	})
}

// undone returns a goroutine of a run that has returned without calling Done on
// the wait group that proc i waits for, although its function does on other paths.
func undone(st *state, i int, wg *Object) *Partner {
	if st.procs[i].next().Kind != EvWait {
		return nil
	}
	done := func(t *Trace) bool {
		return slices.ContainsFunc(t.Events, func(ev *Event) bool { return ev.Kind == EvAdd && ev.Obj == wg && ev.N < 0 })
	}
	for j := range st.procs {
		q := &st.procs[j]
		if q.g.Spawn != nil && q.next() == nil && !q.t.Cut && !done(q.t) && slices.ContainsFunc(q.g.Traces, done) {
			return &Partner{q.g.Spawn, q.t, q.i}
		}
	}
	return nil
}

func sends(t *Trace, obj *Object) (n int) {
	for _, ev := range t.Events {
		if ev.sends(obj) {
			n++
		}
	}
	return n
}

func (ev *Event) sends(obj *Object) bool {
	return ev.Kind == EvSend && ev.Obj == obj || ev.Chosen != nil && ev.Chosen.Kind == EvSend && ev.Chosen.Obj == obj
}

// simpler reports whether l explains the same finding with less than m does.
func (l *Lost) simpler(m *Lost) bool {
	cost := func(l *Lost) int {
		n := l.Done
		for _, p := range l.Partners {
			n += 2 + p.Done
			if p.Done < len(p.Trace.Events) {
				n += 20 // it is stuck as well
			}
		}
		return n
	}
	return cost(l) < cost(m)
}

// closed reports whether any goroutine closes the object on some path.
func (s *search) closed(st *state, obj *Object) bool {
	return slices.ContainsFunc(st.procs, func(p proc) bool {
		return slices.ContainsFunc(p.g.Traces, func(t *Trace) bool { return closes(t, obj) })
	})
}

// credible reports whether a run can happen for all that is known: counts that may
// belong together, protocols in the data and waits that are not modelled make it doubtful.
func (s *search) credible(st *state, i int, obj *Object) bool {
	p := &st.procs[i]
	sent := slices.ContainsFunc(p.t.Events[:p.i], func(ev *Event) bool { op := s.simple(ev); return op != nil && op.Obj == obj })
	send := p.next().Kind == EvSend
	counted := undone(st, i, obj) != nil // how often is of no interest
	mine := s.rounds(p.next().Loops, obj)
	if send && obj.Cap > 0 && mine != nil && mine.kind == openLoop {
		return false // it may stay within the buffer
	}
	if send && obj.Cap > 0 && s.filledByRounds(st, obj) {
		return false // likewise
	}
	stream := send && s.streams(st, p.g, p.next(), 3)
	// Who ranges waits for a close, however much comes before it, unless a value tells the end.
	unclosed := !send && mine != nil && mine.kind == rangeLoop && !s.closed(st, obj) &&
		!slices.ContainsFunc(p.g.Traces, func(t *Trace) bool { return t.dataDep })
	syms := obj.sym == ""
	for j := range st.procs {
		q := &st.procs[j]
		uses := s.uses(q.g, obj)
		for _, loops := range uses {
			theirs := s.rounds(loops, obj)
			switch {
			case j == i:
			case counted && (theirs == nil || theirs.kind == boundLoop):
			case mine == nil && theirs != nil && !send:
				return false
			case mine == nil || mine.kind == rangeLoop:
			case theirs == nil && send && mine.kind == boundLoop: // many send, one receives
			case theirs == nil || mine.kind == boundLoop && theirs.kind != rangeLoop && mine.sym != theirs.sym:
				return false // one side counts in a way that the other side may know of
			case !send && mine.kind == boundLoop && s.fedByGuess(st, q.g, theirs):
				return false // it may have got as much as there is to answer
			}
			for _, l := range loops {
				if q.t.guessed[l] && !unclosed && !(stream && l.kind == rangeLoop) && (send || feeds(q.g, obj)) {
					return false
				}
				if l.sym != "" && (l.sym == obj.sym || l.sym == "len("+obj.sym+")") {
					syms = true
				}
			}
		}
		if j == i {
			continue
		}
		if send && (p.t.turns || p.t.dataDep) && slices.ContainsFunc(q.g.Traces, func(t *Trace) bool { return sends(t, obj) > 0 }) {
			return false // perhaps one of them sends, not all
		}
		if !send && q.t.turns && slices.ContainsFunc(q.g.Traces, func(t *Trace) bool { return closes(t, obj) }) {
			return false // it closes once: who finds it done has done it
		}
		if len(uses) > 0 && q.t.dataDep && sent && !stream && !(send && q.next() == nil && hearsMost(q, obj)) {
			return false
		}
		if send && slices.ContainsFunc(q.t.Events[:q.i], func(ev *Event) bool { return ev.Kind == EvBarrier }) {
			return false
		}
	}
	return syms
}

// filledByRounds reports whether the buffer is only full because a loop that ends on a condition has
// sent more than once.
func (s *search) filledByRounds(st *state, obj *Object) bool {
	n := 0
	for _, q := range st.procs {
		seen := make(map[ssa.Instruction]bool)
		for _, ev := range q.t.Events[:q.i] {
			if !ev.sends(obj) {
				continue
			}
			if l := s.rounds(ev.Loops, obj); l == nil || l.kind != openLoop || !seen[ev.Instr] {
				n++
			}
			seen[ev.Instr] = true
		}
	}
	return n < obj.Cap+s.obj(st, obj).recvd
}

// hearsMost reports whether a goroutine never receives more from a channel than it has:
// whatever it decided on, it was not whether to receive again.
func hearsMost(q *proc, obj *Object) bool {
	n := receives(q.t, obj)
	return !slices.ContainsFunc(q.g.Traces, func(t *Trace) bool { return t.Cut || receives(t, obj) > n })
}

func receives(t *Trace, obj *Object) (n int) {
	for _, ev := range t.Events {
		if ev.Kind == EvRecv && ev.Obj == obj || ev.Chosen != nil && ev.Chosen.Kind == EvRecv && ev.Chosen.Obj == obj {
			n++
		}
	}
	return n
}

// feeds reports whether a goroutine may send to a channel or close it.
func feeds(g *Goroutine, obj *Object) bool {
	return slices.ContainsFunc(g.Traces, func(t *Trace) bool {
		return sends(t, obj) > 0 || closes(t, obj)
	})
}

func closes(t *Trace, obj *Object) bool {
	return slices.ContainsFunc(t.Events, func(ev *Event) bool { return ev.Kind == EvClose && ev.Obj == obj })
}

// uses returns the loops around every operation on obj, close excepted, in all traces
// of a goroutine.
func (s *search) uses(g *Goroutine, obj *Object) (loops [][]*loop) {
	seen := make(map[*Event]bool)
	for _, t := range g.Traces {
		for _, ev := range t.Events {
			if seen[ev] {
				continue
			}
			seen[ev] = true
			if ev.Obj == obj && ev.Kind != EvClose || slices.ContainsFunc(ev.Cases, func(c *Event) bool { return c.Obj == obj }) {
				loops = append(loops, ev.Loops)
			}
		}
	}
	return loops
}

// rounds returns a loop around an operation on obj whose number of rounds is not
// known, loops around the making of obj not counted. Unbounded loops come first.
func (s *search) rounds(ls []*loop, obj *Object) (found *loop) {
	for _, l := range ls {
		if l.body[obj.Site.Block()] {
			continue
		}
		switch {
		case l.kind != boundLoop:
			return l
		case l.sym != "":
			found = l
		}
	}
	return found
}
