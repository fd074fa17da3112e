package life

import (
	"sync"
	"time"
)

// A Tally has a goroutine that Close forgets: it closes another channel.
type Tally struct {
	in   chan int
	done chan struct{}
	sum  int
}

func NewTally() *Tally {
	t := &Tally{in: make(chan int, 8), done: make(chan struct{})}
	go t.loop() // want `this goroutine never ends: it ranges over t.in at line \d+, which nothing closes, and Close, which closes done, does not end it`
	return t
}

func (t *Tally) loop() {
	for n := range t.in {
		t.sum += n
	}
}

func (t *Tally) Add(n int) {
	select {
	case t.in <- n:
	case <-t.done:
	}
}

func (t *Tally) Close() { close(t.done) }

// A Peer has two goroutines, and Close ends one.
type Peer struct {
	out  chan []byte
	done chan struct{}
	once sync.Once

	mu   sync.Mutex
	seen time.Time
}

func Connect() *Peer { // want Connect:`starts a goroutine that Close of 0 ends`
	p := &Peer{out: make(chan []byte), done: make(chan struct{})}
	go p.write()
	go p.touch(time.Second) // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and Close, which closes done, does not end it`
	return p
}

func (p *Peer) write() {
	for {
		select {
		case b := <-p.out:
			println(len(b))
		case <-p.done:
			return
		}
	}
}

func (p *Peer) touch(every time.Duration) {
	for {
		time.Sleep(every)
		p.mu.Lock()
		p.seen = time.Now()
		p.mu.Unlock()
	}
}

func (p *Peer) Close() {
	p.once.Do(func() { close(p.done) })
}

// A Log lives as long as the program: nothing says that it ends.
type Log struct{ lines chan string }

func NewLog() *Log {
	l := &Log{lines: make(chan string, 8)}
	go l.loop()
	return l
}

func (l *Log) loop() {
	for s := range l.lines {
		println(s)
	}
}

func (l *Log) Say(s string) { l.lines <- s }

// A Beat wakes those who wait by closing what they wait for, and makes it anew.
type Beat struct {
	mu   sync.Mutex
	next chan struct{}
	n    int
}

func NewBeat() *Beat {
	b := &Beat{next: make(chan struct{})}
	go b.loop()
	return b
}

func (b *Beat) loop() {
	for {
		time.Sleep(time.Second)
		b.Strike()
	}
}

func (b *Beat) Strike() {
	b.mu.Lock()
	close(b.next)
	b.next = make(chan struct{})
	b.n++
	b.mu.Unlock()
}

func (b *Beat) Wait() {
	b.mu.Lock()
	next := b.next
	b.mu.Unlock()
	<-next
}
