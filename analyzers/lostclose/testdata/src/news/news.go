// Package news publishes.
package news

type Feed struct{ subs []*Listener }

type Listener struct {
	c    chan string
	feed *Feed
}

func (f *Feed) Subscribe() *Listener {
	l := &Listener{make(chan string), f}
	f.subs = append(f.subs, l)
	return l
}

func (f *Feed) Close() {
	for _, l := range f.subs {
		close(l.c)
	}
}

func (l *Listener) Close() {
	for i, x := range l.feed.subs {
		if x == l {
			l.feed.subs[i] = nil
		}
	}
}

func (l *Listener) Events() <-chan string { return l.c }

// A ticket is what every kind of reader has, and ends it for all of them.
type ticket struct {
	over chan struct{}
}

func (t *ticket) Cancel() { close(t.over) }

type Reader struct {
	ticket
	Lines chan string
}

func (f *Feed) SubscribeReader(name string) (*Reader, error) {
	r := &Reader{ticket{make(chan struct{})}, make(chan string)}
	f.subs = append(f.subs, &Listener{c: r.Lines})
	return r, nil
}

// A Line is answered until it is given up, or has been drained.
type Line struct{ orders chan<- string }

func (f *Feed) SubscribeLine() (*Line, error) { return &Line{make(chan string, 1)}, nil }

func (l *Line) Unsubscribe() { l.orders <- "unsubscribe" }

func (l *Line) Drain() error {
	l.orders <- "drain"
	return nil
}

func (l *Line) Next() (string, error) { return "", nil }
