package a

import (
	"context"
	"sync"
)

// A station plays to its listeners, which are the elements of one of its fields.
type station struct {
	mu        sync.RWMutex
	listeners map[*Listener]bool
}

// A Listener hears what is played until it leaves.
type Listener struct {
	at   *station
	hear chan string
	left chan struct{}
	once sync.Once
}

func (s *station) Join(room int) *Listener {
	l := &Listener{at: s, hear: make(chan string, room), left: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners[l] = true
	return l
}

// Heard is what the listener's owner receives from.
func (l *Listener) Heard() <-chan string { return l.hear }

// Leave ends the listener, which need not hear what is left.
func (l *Listener) Leave() {
	l.once.Do(func() {
		l.at.forget(l)
		close(l.left)
	})
}

func (s *station) forget(l *Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
}

func (s *station) Play(song string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for l := range s.listeners {
		l.play(song) // want `this call of \(\*Listener\).play leads to the select on line \d+, which waits while s.mu is held by \(\*station\).Play since line \d+, and the close on line \d+ needs that lock first: both wait for ever`
	}
}

func (l *Listener) play(song string) {
	select {
	case l.hear <- song:
	case <-l.left:
	}
}

// PlayFor gives up when its context ends.
func (s *station) PlayFor(ctx context.Context, song string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for l := range s.listeners {
		select {
		case l.hear <- song:
		case <-l.left:
		case <-ctx.Done():
			return
		}
	}
}

// Copy plays when it has let the lock go.
func (s *station) Copy(song string) {
	s.mu.RLock()
	all := make([]*Listener, 0, len(s.listeners))
	for l := range s.listeners {
		all = append(all, l)
	}
	s.mu.RUnlock()
	for _, l := range all {
		l.play(song)
	}
}

// A Guest says that it leaves before it takes the lock.
type Guest struct {
	at   *salon
	hear chan string
	left chan struct{}
	once sync.Once
}

type salon struct {
	mu     sync.Mutex
	guests map[*Guest]bool
}

func (c *salon) Enter() *Guest {
	g := &Guest{at: c, hear: make(chan string), left: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.guests[g] = true
	return g
}

func (g *Guest) Heard() <-chan string { return g.hear }

func (g *Guest) Leave() {
	g.once.Do(func() {
		close(g.left)
		g.at.mu.Lock()
		defer g.at.mu.Unlock()
		delete(g.at.guests, g)
	})
}

func (c *salon) Play(song string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for g := range c.guests {
		select {
		case g.hear <- song:
		case <-g.left:
		}
	}
}

// A Viewer is in a map of a map, made when it is first needed.
type Viewer struct {
	of   *cinema
	film string
	see  chan int
	gone chan struct{}
}

type cinema struct {
	mu    sync.Mutex
	films map[string]map[*Viewer]bool
}

func (c *cinema) Sit(film string) *Viewer {
	v := &Viewer{of: c, film: film, see: make(chan int), gone: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	row := c.films[film]
	if row == nil {
		row = make(map[*Viewer]bool)
		c.films[film] = row
	}
	row[v] = true
	return v
}

func (v *Viewer) Sees() <-chan int { return v.see }

func (v *Viewer) Go() {
	v.of.mu.Lock()
	delete(v.of.films[v.film], v)
	v.of.mu.Unlock()
	close(v.gone)
}

func (c *cinema) Show(film string, frame int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for v := range c.films[film] {
		select { // want `this select waits while c.mu is held since line \d+, and the close on line \d+ needs that lock first: both wait for ever`
		case v.see <- frame:
		case <-v.gone:
		}
	}
}
