package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

type proc struct {
	g *Goroutine
	t *Trace
	i int // next event
}

func (p *proc) next() *Event {
	if p.i < len(p.t.Events) {
		return p.t.Events[p.i]
	}
	return nil
}

type objState struct {
	n      int // values in the buffer, or the counter of a wait group
	recvd  int
	closed bool
}

type state struct {
	procs   []proc
	objs    []objState // by the numbers of the objects
	decided map[string]bool
}

func (s *state) clone() *state {
	return &state{procs: slices.Clone(s.procs), objs: slices.Clone(s.objs), decided: s.decided}
}

// obj returns what a state knows of an object, for reading or writing.
func (s *search) obj(st *state, o *Object) *objState {
	if o.id == 0 {
		s.objects++
		o.id = s.objects
	}
	for len(st.objs) <= o.id {
		st.objs = append(st.objs, objState{})
	}
	return &st.objs[o.id]
}

// search runs the traces of a root against those of what it starts, in all orders.
type search struct {
	e       *explorer
	root    *ssa.Function
	steps   int
	objects int // that have a number
	seen    map[digest]bool
	found   map[ssa.Instruction]*Lost
	lost    []*Lost
	given   []ssa.Instruction // see Trace, of the path of the root that is looked at
}

func (s *search) unknown(o *Object) bool {
	return s.e.escaped[o.Site] || slices.Contains(s.given, o.Site)
}

// simple returns the operation that a proc does next: of a select, the chosen case.
// It is nil if nothing can hinder the proc.
func (s *search) simple(ev *Event) *Event {
	if ev.Kind == EvSelect {
		ev = ev.Chosen
	}
	if ev == nil || ev.Obj != nil && s.unknown(ev.Obj) {
		return nil
	}
	return ev
}

func (s *search) run(first *state) {
	s.given = first.procs[0].t.given
	work := []*state{first}
	for len(work) > 0 {
		st := work[len(work)-1]
		work = work[:len(work)-1]
		key := st.key()
		if s.seen[key] {
			continue
		}
		s.seen[key] = true
		s.steps++
		if s.e.spent.states++; s.steps > maxStates || s.e.spent.states > s.e.maxStates {
			s.e.limit()
			return
		}
		next, ok := s.moves(st)
		if !ok {
			continue // somebody panics
		}
		if len(next) == 0 {
			s.terminal(st)
		}
		slices.Reverse(next)
		work = append(work, next...)
	}
}

// moves returns the states that can follow. Steps that hinder nobody are taken at once.
func (s *search) moves(st *state) (next []*state, ok bool) {
	for i := range st.procs {
		p := &st.procs[i]
		ev := p.next()
		if ev == nil {
			continue
		}
		switch ev.Kind {
		case EvSpawn:
			for _, t := range ev.Child.Traces {
				decided, fits := agree(st.decided, t.decided)
				if !fits {
					continue
				}
				n := st.clone()
				n.decided = decided
				n.procs[i].i++
				n.procs = append(n.procs, proc{g: ev.Child, t: t})
				next = append(next, n)
			}
			return next, len(next) > 0
		case EvAdd, EvBarrier:
			n := st.clone()
			n.procs[i].i++
			if ev.Kind == EvAdd && !s.unknown(ev.Obj) {
				o := s.obj(n, ev.Obj)
				if o.n += ev.N; o.n < 0 {
					return nil, false
				}
			}
			return []*state{n}, true
		case EvHang:
		default:
			if s.simple(ev) == nil {
				n := st.clone()
				n.procs[i].i++
				return []*state{n}, true
			}
		}
	}
	for i := range st.procs {
		ev := st.procs[i].next()
		if ev == nil {
			continue
		}
		if ev.Kind == EvHang {
			continue
		}
		op := s.simple(ev)
		o := *s.obj(st, op.Obj)
		advance := func(f func(*objState)) {
			n := st.clone()
			n.procs[i].i++
			f(s.obj(n, op.Obj))
			next = append(next, n)
		}
		switch op.Kind {
		case EvClose:
			if o.closed && op.N == 0 {
				return nil, false
			}
			advance(func(o *objState) { o.closed = true }) // a context may be cancelled twice
		case EvWait:
			if o.n == 0 {
				advance(func(*objState) {})
			}
		case EvSend:
			switch {
			case o.closed:
				return nil, false
			case o.n < op.Obj.Cap:
				advance(func(o *objState) { o.n++ })
			case op.Obj.Cap == 0:
				for j := range st.procs {
					if j == i || st.procs[j].next() == nil {
						continue
					}
					if r := s.simple(st.procs[j].next()); r != nil && r.Kind == EvRecv && r.Obj == op.Obj && r.Want != GotClosed {
						advance(func(o *objState) { o.recvd++ })
						next[len(next)-1].procs[j].i++
					}
				}
			}
		case EvRecv:
			switch {
			case o.n > 0 && op.Want != GotClosed:
				advance(func(o *objState) { o.n--; o.recvd++ })
			case o.n == 0 && o.closed && op.Want != GotValue:
				advance(func(*objState) {})
			}
		}
	}
	return next, true
}

// agree joins two sets of decisions, unless they contradict each other.
func agree(a, b map[string]bool) (map[string]bool, bool) {
	var extra []string
	for k, v := range b {
		if w, ok := a[k]; !ok {
			extra = append(extra, k)
		} else if v != w {
			return nil, false
		}
	}
	if extra == nil {
		return a, true
	}
	all := make(map[string]bool, len(a)+len(extra))
	for k, v := range a {
		all[k] = v
	}
	for _, k := range extra {
		all[k] = b[k]
	}
	return all, true
}

// forever reports whether proc i can not leave its operation in a terminal state,
// whatever it does next.
func (s *search) forever(st *state, i int, ev *Event) bool {
	ops := []*Event{ev}
	if ev.Kind == EvSelect {
		if ev.Other {
			return false
		}
		ops = ev.Cases
	}
	for _, op := range ops {
		if op.Obj == nil {
			continue
		}
		if s.unknown(op.Obj) {
			return false
		}
		o := s.obj(st, op.Obj)
		switch op.Kind {
		case EvRecv:
			if o.closed || o.n > 0 || s.e.fed[op.Obj.Site] || s.meets(st, i, op.Obj, EvSend) {
				return false
			}
		case EvSend:
			if o.closed || o.n < op.Obj.Cap || s.meets(st, i, op.Obj, EvRecv) {
				return false
			}
		}
	}
	return true
}

// meets reports whether another proc is at an operation of the kind, as any case.
func (s *search) meets(st *state, i int, obj *Object, kind EventKind) bool {
	for j := range st.procs {
		ev := st.procs[j].next()
		if j == i || ev == nil {
			continue
		}
		if ev.Kind == kind && ev.Obj == obj || ev.Kind == EvSelect && slices.ContainsFunc(ev.Cases, func(c *Event) bool { return c.Kind == kind && c.Obj == obj }) {
			return true
		}
	}
	return false
}
