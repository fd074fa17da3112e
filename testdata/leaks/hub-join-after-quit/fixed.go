//go:build ignore

// Who joins asks whether the hub still runs, as who leaves does.

package main

import "time"

type member struct{ name string }

type hub struct {
	join, leave chan *member
	quit, done  chan struct{}
}

func newHub() *hub {
	return &hub{make(chan *member), make(chan *member), make(chan struct{}), make(chan struct{})}
}

func (h *hub) run() {
	defer close(h.done)
	members := make(map[*member]bool)
	for {
		select {
		case m := <-h.join:
			members[m] = true
		case m := <-h.leave:
			delete(members, m)
		case <-h.quit:
			return
		}
	}
}

func (h *hub) add(m *member) {
	select {
	case h.join <- m:
	case <-h.done:
	}
}

func (h *hub) remove(m *member) {
	select {
	case h.leave <- m:
	case <-h.done:
	}
}

func (h *hub) serve(m *member) {
	time.Sleep(time.Millisecond)
	h.add(m)
	defer h.remove(m)
}

type room struct{ h *hub }

func (r *room) open() {
	r.h = newHub()
	go r.h.run()
}

func (r *room) enter(name string) { go r.h.serve(&member{name}) }

func (r *room) close() {
	close(r.h.quit)
	<-r.h.done
}

func run() {
	r := new(room)
	r.open()
	r.enter("a")
	r.close()
}
