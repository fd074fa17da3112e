package syncmodel

import (
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
