package skips

import "errors"

// An order waits for its verdict, which the desk gives.
type order struct {
	id      int
	kind    string
	verdict chan error
}

type desk struct {
	orders  chan order
	quit    chan struct{}
	dropped int
}

func newDesk() *desk { // want newDesk:`starts a goroutine that Close of 0 ends`
	d := &desk{orders: make(chan order, 4), quit: make(chan struct{})}
	go d.serve()
	return d
}

func (d *desk) serve() {
	for {
		select {
		case o := <-d.orders:
			o.verdict <- nil
		case <-d.quit:
			return
		}
	}
}

// offer drops what there is no room for.
func (d *desk) offer(o order) {
	select {
	case d.orders <- o:
	default:
		d.dropped++
	}
}

func (d *desk) place(id int) error {
	o := order{id: id, verdict: make(chan error, 1)}
	d.offer(o)
	return <-o.verdict // want `this receive blocks forever when the select at line \d+ of offer drops the request: then nobody has o.verdict to answer to`
}

func (d *desk) placeHere(id int) error {
	o := order{id: id, verdict: make(chan error, 1)}
	select {
	case d.orders <- o:
	default:
		d.dropped++
	}
	return <-o.verdict // want `this receive blocks forever when the select at line \d+ of placeHere drops the request: then nobody has o.verdict to answer to`
}

var errBusy = errors.New("busy")

// offerOr answers what it drops.
func (d *desk) offerOr(o order) {
	select {
	case d.orders <- o:
	default:
		o.verdict <- errBusy
	}
}

func (d *desk) placeOr(id int) error {
	o := order{id: id, verdict: make(chan error, 1)}
	d.offerOr(o)
	return <-o.verdict
}

// tryOffer says whether it has dropped it.
func (d *desk) tryOffer(o order) bool {
	select {
	case d.orders <- o:
		return true
	default:
		return false
	}
}

func (d *desk) tryPlace(id int) error {
	o := order{id: id, verdict: make(chan error, 1)}
	if !d.tryOffer(o) {
		return errBusy
	}
	return <-o.verdict
}

func (d *desk) placeOnce(id int) error {
	o := order{id: id, verdict: make(chan error, 1)}
	sent := false
	select {
	case d.orders <- o:
		sent = true
	default:
	}
	if sent {
		return <-o.verdict
	}
	return errBusy
}

func (d *desk) Close() { close(d.quit) }

// A query is answered by the table, unless it asks for what is not there.
type query struct {
	key   string
	value *string
	reply chan string
}

type table struct {
	queries chan query
	quit    chan struct{}
}

func newTable() *table { // want newTable:`starts a goroutine that Close of 0 ends`
	t := &table{queries: make(chan query), quit: make(chan struct{})}
	go t.run()
	return t
}

func (t *table) run() {
	rows := make(map[string]string)
	for {
		select {
		case q := <-t.queries:
			if q.value != nil {
				rows[q.key] = *q.value
				q.reply <- ""
				continue
			}
			row, ok := rows[q.key]
			if !ok {
				continue
			}
			q.reply <- row
		case <-t.quit:
			return
		}
	}
}

func (t *table) ask(q query) string {
	q.reply = make(chan string)
	select {
	case t.queries <- q:
		return <-q.reply // want `this receive blocks forever when run goes on to the next request at line \d+ without an answer: nobody else has q.reply`
	case <-t.quit:
		return ""
	}
}

func (t *table) Get(key string) string { return t.ask(query{key: key}) }
func (t *table) Put(key, value string) { t.ask(query{key: key, value: &value}) }
func (t *table) Close()                { close(t.quit) }

// A call is answered later, or by its kind; who wants no answer does not wait for one.
type call struct {
	kind  string
	reply chan int
}

type line struct {
	calls   chan *call
	pending []*call
	n       int
}

func newLine() *line {
	l := &line{calls: make(chan *call)}
	go l.run()
	return l
}

func (l *line) run() {
	for c := range l.calls {
		if l.n > 10 {
			l.pending = append(l.pending, c)
			l.n = 0
			continue
		}
		switch c.kind {
		case "add":
			l.n++
			c.reply <- l.n
		case "clear":
			l.n = 0
			c.reply <- 0
		}
		for _, p := range l.pending {
			p.reply <- l.n
		}
		l.pending = nil
	}
}

func (l *line) do(kind string) int {
	c := &call{kind: kind, reply: make(chan int)}
	l.calls <- c
	return <-c.reply
}

func (l *line) Add() int { return l.do("add") }
func (l *line) Clear()   { l.do("clear") }

// The note of a kind that nobody reads is thrown away, and who writes it does not wait.
type note struct {
	text string
	read chan bool
}

type wall struct {
	notes chan note
	seen  map[string]bool
}

func newWall() *wall {
	b := &wall{notes: make(chan note), seen: make(map[string]bool)}
	go b.run()
	return b
}

func (b *wall) run() {
	for n := range b.notes {
		if b.seen[n.text] {
			continue
		}
		b.seen[n.text] = true
		if n.read != nil {
			n.read <- true
		}
	}
}

func (b *wall) pin(text string, wait bool) {
	n := note{text: text, read: make(chan bool, 1)}
	b.notes <- n
	if wait {
		<-n.read
	}
}

func (b *wall) drop(text string) { b.notes <- note{text: text} }

func pins() { newWall().pin("a", false); newWall().drop("b") }

// A turn is kept until the other side is ready as well.
type handover struct {
	by   int
	done chan error
}

type mill struct {
	turns chan *handover
	wake  chan bool
	gone  chan bool
	fail  error
}

func newMill() *mill {
	m := &mill{turns: make(chan *handover), wake: make(chan bool, 1), gone: make(chan bool)}
	go m.grind()
	return m
}

func (m *mill) grind() {
	defer close(m.gone)
	for m.fail == nil {
		var t *handover
		var ready bool
		for t == nil || !ready {
			select {
			case t = <-m.turns:
			case <-m.wake:
			}
			if !ready {
				if m.fail = m.prepare(); m.fail != nil {
					break
				}
				ready = true
			}
		}
		if m.fail != nil {
			if t != nil {
				t.done <- m.fail
			}
			break
		}
		t.done <- nil
	}
}

func (m *mill) prepare() error { return nil }

func (m *mill) turn(by int) error {
	t := &handover{by: by, done: make(chan error, 1)}
	select {
	case m.turns <- t:
		return <-t.done
	case <-m.gone:
		return m.fail
	}
}

// deliver gives up when the context has ended, if there is one.
func deliver[T any](done <-chan struct{}, to chan<- T, what T) {
	select {
	case <-done:
	case to <- what:
	}
}

func (d *desk) placeAlways(id int) error {
	o := order{id: id, verdict: make(chan error, 1)}
	deliver(nil, d.orders, o)
	return <-o.verdict
}

// A scale weighs what is asked for until it is switched off; some may have been put on it by then.
type scale struct {
	on   chan weighing
	off  chan struct{}
	dark chan struct{}
}

type weighing struct {
	item  string
	grams chan int
}

func NewScale() *scale { // want NewScale:`starts a goroutine that Off of 0 ends`
	s := &scale{on: make(chan weighing, 8), off: make(chan struct{}), dark: make(chan struct{})}
	go s.weigh()
	return s
}

func (s *scale) weigh() {
	defer close(s.dark)
	for {
		select {
		case w := <-s.on:
			w.grams <- len(w.item)
		case <-s.off:
			return
		}
	}
}

func (s *scale) Off() { close(s.off) }

func (s *scale) Weigh(item string) int {
	w := weighing{item, make(chan int, 1)}
	select {
	case s.on <- w:
	case <-s.dark:
		return 0
	}
	return <-w.grams // want `this receive blocks forever when weigh returns at line \d+ with the request still in the buffer: nobody answers it then`
}

// A till answers those too that are still there at its end.
type till struct {
	on   chan weighing
	off  chan struct{}
	dark chan struct{}
}

func NewTill() *till { // want NewTill:`starts a goroutine that Off of 0 ends`
	c := &till{on: make(chan weighing, 8), off: make(chan struct{}), dark: make(chan struct{})}
	go c.count()
	return c
}

func (c *till) count() {
	defer close(c.dark)
	for {
		select {
		case w := <-c.on:
			w.grams <- len(w.item)
		case <-c.off:
			for {
				select {
				case w := <-c.on:
					w.grams <- 0
				default:
					return
				}
			}
		}
	}
}

func (c *till) Off() { close(c.off) }

func (c *till) Count(item string) int {
	w := weighing{item, make(chan int, 1)}
	select {
	case c.on <- w:
	case <-c.dark:
		return 0
	}
	return <-w.grams
}

// A hand takes a request only when it can answer it, for there is no buffer.
type hand struct {
	on   chan weighing
	off  chan struct{}
	dark chan struct{}
}

func NewHand() *hand { // want NewHand:`starts a goroutine that Off of 0 ends`
	h := &hand{on: make(chan weighing), off: make(chan struct{}), dark: make(chan struct{})}
	go h.weigh()
	return h
}

func (h *hand) weigh() {
	defer close(h.dark)
	for {
		select {
		case w := <-h.on:
			w.grams <- len(w.item)
		case <-h.off:
			return
		}
	}
}

func (h *hand) Off() { close(h.off) }

func (h *hand) Weigh(item string) int {
	w := weighing{item, make(chan int, 1)}
	select {
	case h.on <- w:
	case <-h.dark:
		return 0
	}
	return <-w.grams
}
