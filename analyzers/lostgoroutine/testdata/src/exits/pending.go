package exits

import (
	"encoding/json"
	"io"
	"os"
	"sync"
)

type utterance struct {
	ID   int
	Text string
}

// The reader that has met with an error leaves those who wait for an answer.
type Dialog struct {
	conn    io.ReadWriteCloser
	mu      sync.Mutex
	last    int
	waiting map[int]chan utterance
	err     error
}

func NewDialog(conn io.ReadWriteCloser) *Dialog {
	d := &Dialog{conn: conn, waiting: make(map[int]chan utterance)}
	go d.read()
	return d
}

func (d *Dialog) read() {
	dec := json.NewDecoder(d.conn)
	for {
		var a utterance
		if err := dec.Decode(&a); err != nil {
			d.mu.Lock()
			d.err = err
			d.mu.Unlock()
			return
		}
		d.mu.Lock()
		ch, ok := d.waiting[a.ID]
		delete(d.waiting, a.ID)
		d.mu.Unlock()
		if ok {
			ch <- a
		}
	}
}

func (d *Dialog) Ask(text string) (string, error) {
	ch := make(chan utterance, 1)
	d.mu.Lock()
	if d.err != nil {
		d.mu.Unlock()
		return "", d.err
	}
	d.last++
	id := d.last
	d.waiting[id] = ch
	d.mu.Unlock()
	if err := json.NewEncoder(d.conn).Encode(utterance{id, text}); err != nil {
		return "", err
	}
	return (<-ch).Text, nil // want `this receive blocks forever once read has returned at line 38: it alone answers those that wait in waiting, and tells nobody who is left there`
}

// The same for what a helper closes, in a literal that calls the loop.
type question struct {
	text string
	done chan struct{}
}

type Quiz struct {
	conn io.ReadWriter
	mu   sync.Mutex
	open map[byte]*question
}

func NewQuiz(conn io.ReadWriteCloser) *Quiz {
	q := &Quiz{conn: conn, open: make(map[byte]*question)}
	go func() {
		defer conn.Close()
		q.listen()
	}()
	return q
}

func (q *Quiz) listen() {
	buf := make([]byte, 512)
	for {
		n, err := q.conn.Read(buf)
		if err != nil {
			break
		}
		q.solve(buf[0], string(buf[1:n]))
	}
}

func (q *Quiz) solve(id byte, text string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if o := q.open[id]; o != nil {
		delete(q.open, id)
		o.text = text
		close(o.done)
	}
}

func (q *Quiz) Ask(id byte) string {
	o := &question{done: make(chan struct{})}
	q.mu.Lock()
	q.open[id] = o
	q.mu.Unlock()
	q.conn.Write([]byte{id})
	<-o.done // want `this receive blocks forever once listen has returned: it alone answers those that wait in open, and tells nobody who is left there`
	return o.text
}

// All that wait are told.
type Talk struct {
	conn    io.ReadWriter
	mu      sync.Mutex
	waiting map[byte]chan utterance
}

func NewTalk(conn io.ReadWriter) *Talk {
	t := &Talk{conn: conn, waiting: make(map[byte]chan utterance)}
	go t.read()
	return t
}

func (t *Talk) read() {
	defer t.hangUp()
	var id [1]byte
	for {
		if _, err := t.conn.Read(id[:]); err != nil {
			return
		}
		t.mu.Lock()
		ch := t.waiting[id[0]]
		delete(t.waiting, id[0])
		t.mu.Unlock()
		if ch != nil {
			ch <- utterance{}
		}
	}
}

func (t *Talk) hangUp() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ch := range t.waiting {
		close(ch)
	}
}

func (t *Talk) Ask(id byte) utterance {
	ch := make(chan utterance, 1)
	t.mu.Lock()
	t.waiting[id] = ch
	t.mu.Unlock()
	t.conn.Write([]byte{id})
	return <-ch
}

// Who waits looks at the end as well.
type Chat struct {
	conn    io.ReadWriter
	over    chan struct{}
	mu      sync.Mutex
	waiting map[byte]chan utterance
}

func NewChat(conn io.ReadWriter) *Chat {
	c := &Chat{conn: conn, over: make(chan struct{}), waiting: make(map[byte]chan utterance)}
	go c.read()
	return c
}

func (c *Chat) read() {
	defer close(c.over)
	var id [1]byte
	for {
		if _, err := c.conn.Read(id[:]); err != nil {
			return
		}
		c.mu.Lock()
		ch := c.waiting[id[0]]
		c.mu.Unlock()
		if ch != nil {
			ch <- utterance{}
		}
	}
}

func (c *Chat) Ask(id byte) utterance {
	ch := make(chan utterance, 1)
	c.mu.Lock()
	c.waiting[id] = ch
	c.mu.Unlock()
	c.conn.Write([]byte{id})
	select {
	case a := <-ch:
		return a
	case <-c.over:
		return utterance{}
	}
}

// It reads on, whatever it meets with; and the whole program ends with the other one.
type Radio struct {
	conn    io.ReadWriter
	mu      sync.Mutex
	waiting map[byte]chan utterance
}

func NewRadio(conn io.ReadWriter) *Radio {
	r := &Radio{conn: conn, waiting: make(map[byte]chan utterance)}
	go r.read()
	return r
}

func (r *Radio) read() {
	var id [1]byte
	for {
		if _, err := r.conn.Read(id[:]); err != nil {
			if err == io.EOF {
				os.Exit(1)
			}
			continue
		}
		r.mu.Lock()
		ch := r.waiting[id[0]]
		r.mu.Unlock()
		if ch != nil {
			ch <- utterance{}
		}
	}
}

func (r *Radio) Ask(id byte) utterance {
	ch := make(chan utterance, 1)
	r.mu.Lock()
	r.waiting[id] = ch
	r.mu.Unlock()
	return <-ch
}

// Whoever connects again asks all open questions again.
type Phone struct {
	dial    func() (io.ReadWriter, error)
	mu      sync.Mutex
	waiting map[byte]chan utterance
}

func NewPhone(dial func() (io.ReadWriter, error)) *Phone {
	p := &Phone{dial: dial, waiting: make(map[byte]chan utterance)}
	go p.run()
	return p
}

func (p *Phone) run() {
	for {
		conn, err := p.dial()
		if err != nil {
			continue
		}
		p.mu.Lock()
		for id := range p.waiting {
			conn.Write([]byte{id})
		}
		p.mu.Unlock()
		p.read(conn)
	}
}

func (p *Phone) read(conn io.ReadWriter) {
	var id [1]byte
	for {
		if _, err := conn.Read(id[:]); err != nil {
			return
		}
		p.mu.Lock()
		ch := p.waiting[id[0]]
		p.mu.Unlock()
		if ch != nil {
			ch <- utterance{}
		}
	}
}

func (p *Phone) Ask(id byte) utterance {
	ch := make(chan utterance, 1)
	p.mu.Lock()
	p.waiting[id] = ch
	p.mu.Unlock()
	return <-ch
}

// Those who wait are in a queue.
type Teller struct {
	conn  io.ReadWriter
	mu    sync.Mutex
	queue []chan byte
}

func NewTeller(conn io.ReadWriter) *Teller {
	t := &Teller{conn: conn}
	go t.serve()
	return t
}

func (t *Teller) serve() {
	var b [1]byte
	for {
		if _, err := t.conn.Read(b[:]); err != nil {
			return
		}
		t.mu.Lock()
		next := t.queue[0]
		t.queue = t.queue[1:]
		t.mu.Unlock()
		next <- b[0]
	}
}

func (t *Teller) Ask(b byte) byte {
	ch := make(chan byte, 1)
	t.mu.Lock()
	t.queue = append(t.queue, ch)
	t.conn.Write([]byte{b})
	t.mu.Unlock()
	return <-ch // want `this receive blocks forever once serve has returned at line \d+: it alone answers those that wait in queue, and tells nobody who is left there`
}

// Somebody else gets the queue.
type Usher struct {
	conn  io.ReadWriter
	mu    sync.Mutex
	queue []chan byte
}

func NewUsher(conn io.ReadWriter) *Usher {
	u := &Usher{conn: conn}
	go u.serve()
	return u
}

func (u *Usher) serve() {
	var b [1]byte
	for {
		if _, err := u.conn.Read(b[:]); err != nil {
			u.mu.Lock()
			rest := u.queue
			u.queue = nil
			u.mu.Unlock()
			sendAway(rest)
			return
		}
		u.mu.Lock()
		next := u.queue[0]
		u.queue = u.queue[1:]
		u.mu.Unlock()
		next <- b[0]
	}
}

func sendAway(rest []chan byte) {
	for _, ch := range rest {
		close(ch)
	}
}

func (u *Usher) Ask(b byte) byte {
	ch := make(chan byte, 1)
	u.mu.Lock()
	u.queue = append(u.queue, ch)
	u.conn.Write([]byte{b})
	u.mu.Unlock()
	return <-ch
}
