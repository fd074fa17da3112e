package found

import (
	"strings"
	"sync"
)

// A Ticket has two pools: what the users of one clear says nothing of the other.
type Ticket struct {
	Seat  string
	Gate  string
	Guest string
	shown bool
}

type turnstile interface{ Admit(*Ticket) bool }

var tickets = sync.Pool{New: func() any { return new(Ticket) }}

func guestAt(seat string) (name, phone string, ok bool) {
	name, rest, ok := strings.Cut(seat, "/")
	return name, rest, ok
}

func Enter(t turnstile, seat, gate string) bool {
	k := tickets.Get().(*Ticket)
	k.Seat, k.Gate = seat, gate
	if g, _, ok := guestAt(seat); ok {
		k.Guest = g
	}
	ok := t.Admit(k)
	k.Seat, k.Gate, k.shown = "", "", false
	tickets.Put(k) // want `\*Ticket goes back to tickets with field Guest still set, which its next user reads`
	return ok
}

var passes = sync.Pool{New: func() any { return new(Ticket) }}

func Leave(t turnstile, seat string, guests map[string]string) bool {
	k := passes.Get().(*Ticket)
	k.Seat = seat
	if g, ok := guests[seat]; ok {
		k.Guest = g
	}
	ok := t.Admit(k)
	k.Seat, k.Gate, k.Guest, k.shown = "", "", "", false
	passes.Put(k)
	return ok
}

// The height of a step is added to what its last user left.
type step struct {
	height int
	marks  []int
}

var steps = sync.Pool{New: func() any { return new(step) }}

func climb(below *step, rise int) *step {
	s := steps.Get().(*step) // want `the \*step from steps may still hold its previous user's field height`
	s.height += below.height + rise
	return s
}

func descend(s *step) { steps.Put(s) }

func Climb(rises []int) (top int) {
	var stairs []*step
	at := new(step)
	for _, r := range rises {
		if r < 0 && len(stairs) > 0 {
			descend(stairs[len(stairs)-1])
			stairs = stairs[:len(stairs)-1]
			continue
		}
		at = climb(at, r)
		stairs = append(stairs, at)
		top = max(top, at.height)
	}
	return top
}

// That of a rung is assigned.
var rungs = sync.Pool{New: func() any { return new(step) }}

func hang(below *step, rise int) *step {
	s := rungs.Get().(*step)
	s.height = below.height + rise
	s.marks = s.marks[:0]
	return s
}

func drop(s *step) { rungs.Put(s) }

func Hang(rises []int) (top int) {
	var ladder []*step
	at := new(step)
	for _, r := range rises {
		at = hang(at, r)
		ladder = append(ladder, at)
		top = max(top, at.height)
	}
	for _, s := range ladder {
		drop(s)
	}
	return top
}
