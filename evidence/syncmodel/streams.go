package syncmodel

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// streams reports whether a goroutine sends in a loop that does not end because of
// what it has sent, and closes the channel after it, if ever: receivers need not know
// how much there is, and one that leaves early has not got a last value.
func (s *search) streams(st *state, g *Goroutine, send *Event, depth int) bool {
	l := s.rounds(send.Loops, send.Obj)
	if l == nil || depth == 0 {
		return false
	}
	if s.leavesAlone(st, g, send.Obj) {
		return true
	}
	closed := false
	for _, t := range g.Traces {
		for _, ev := range t.Events {
			switch {
			case ev.Obj != send.Obj:
			case ev.Kind == EvClose:
				closed = true
			case ev.Kind == EvSend && ev.Instr != send.Instr:
				return false
			}
		}
	}
	switch {
	case l.leftAfter(send.Instr.Block()):
		return false
	case l.kind == rangeLoop:
		return closed && s.fed(st, g, l, depth-1)
	case l.kind == boundLoop || l.asks():
		return closed
	}
	return l.endless()
}

// leavesAlone reports whether the root may leave the loop in which it gets all that is sent until the
// channel is closed for a reason of its own, or for an error of one of several who send: those that are
// left have more to say, for all that it knows.
func (s *search) leavesAlone(st *state, g *Goroutine, obj *Object) bool {
	site, ok := obj.Site.(ssa.Value)
	if !ok || !s.closed(st, obj) {
		return false
	}
	several := false
	for i := range st.procs {
		for j := range i {
			several = several || st.procs[i].g.Spawn == g.Spawn && st.procs[j].g.Spawn == g.Spawn
		}
	}
	return slices.ContainsFunc(s.e.m.node(site).ops, func(op *Op) bool {
		return (op.Kind == Range || op.Kind == Recv) && op.Fn == s.root && s.e.m.leftFor(op, several)
	})
}

// leftFor reports whether a range loop may be left for an error that the receiver met with itself,
// or that a callback asks for it; or, if so allowed, for one that it has got.
func (m *Model) leftFor(reads *Op, got bool) bool {
	l := m.loopsOf(reads.Fn)[reads.Instr.Block()]
	if l == nil || l.kind != rangeLoop || l.header != reads.Instr.Block() {
		return false
	}
	if m.fails(reads) != nil {
		return true
	}
	for b := range l.body {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if ok && b != l.header && slices.ContainsFunc(b.Succs, func(to *ssa.BasicBlock) bool {
			return !l.body[to] && (isCallback(br.Cond) || got && aboutError(br.Cond) && underError(to))
		}) {
			return true
		}
	}
	return false
}

// isCallback reports whether a condition is what a function value says that is called for it.
func isCallback(cond ssa.Value) bool {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	}
	call, ok := cond.(*ssa.Call)
	return ok && !call.Call.IsInvoke() && call.Call.StaticCallee() == nil
}

// fed reports whether all that a loop over a channel gets comes from streams.
func (s *search) fed(st *state, g *Goroutine, l *loop, depth int) bool {
	from := rangedOver(g, l)
	if from == nil || s.unknown(from) || s.e.fed[from.Site] {
		return false
	}
	found := false
	for i := range st.procs {
		g := st.procs[i].g
		for _, t := range g.Traces {
			for _, ev := range t.Events {
				if ev.Kind == EvSend && ev.Obj == from {
					if found = true; !s.streams(st, g, ev, depth) {
						return false
					}
				}
			}
		}
	}
	return found
}

// rangedOver returns the channel that a goroutine receives from at the head of a loop.
func rangedOver(g *Goroutine, l *loop) (from *Object) {
	for _, t := range g.Traces {
		for _, ev := range t.Events {
			if ev.Kind == EvRecv && ev.Instr.Block() == l.header {
				from = ev.Obj
			}
		}
	}
	return from
}

// fedByGuess reports whether somebody sends what a loop over a channel gets in a loop that he has
// left after a number of rounds that says nothing.
func (s *search) fedByGuess(st *state, g *Goroutine, l *loop) bool {
	from := rangedOver(g, l)
	if from == nil {
		return false
	}
	return slices.ContainsFunc(st.procs, func(q proc) bool {
		return len(q.t.guessed) > 0 && slices.ContainsFunc(q.g.Traces, func(t *Trace) bool {
			return slices.ContainsFunc(t.Events, func(ev *Event) bool {
				return ev.Kind == EvSend && ev.Obj == from && slices.ContainsFunc(ev.Loops, func(l *loop) bool { return q.t.guessed[l] })
			})
		})
	})
}

// leftAfter reports whether the loop can be left after b, other than by its own test.
func (l *loop) leftAfter(b *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || b == l.header && l.pre == nil {
			continue
		}
		seen[b] = true
		for _, to := range b.Succs {
			switch {
			case l.body[to]:
				work = append(work, to)
			case l.test == nil || l.test.Block() != b:
				return true
			}
		}
	}
	return false
}

// endless reports whether nothing but a crash ends the loop.
func (l *loop) endless() bool {
	for b := range l.body {
		if slices.ContainsFunc(b.Succs, func(to *ssa.BasicBlock) bool { return !l.body[to] }) {
			return false
		}
	}
	return true
}

// asks reports whether the loop goes on as long as a call says so, as in
// for scanner.Scan().
func (l *loop) asks() bool {
	test, ok := l.header.Instrs[len(l.header.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	_, ok = test.Cond.(*ssa.Call)
	return ok
}
