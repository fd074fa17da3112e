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
