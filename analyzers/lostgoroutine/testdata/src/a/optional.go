package a

// A radio has a channel for requests, or none.
type radio struct {
	wishes chan string
	songs  chan string
	off    chan struct{}
}

func newRadio() *radio {
	return &radio{wishes: make(chan string, 8), songs: make(chan string), off: make(chan struct{})}
}

func newPlainRadio() *radio {
	return &radio{songs: make(chan string), off: make(chan struct{})}
}

func newPerhaps(room int) *radio {
	r := &radio{songs: make(chan string), off: make(chan struct{})}
	if room > 0 {
		r.wishes = make(chan string, room)
	}
	return r
}

func (r *radio) Wish(song string) {
	if r.wishes == nil {
		return
	}
	select {
	case r.wishes <- song:
	case <-r.off:
	}
}

func (r *radio) NextWish() string {
	return <-r.wishes // want `this receive blocks forever where r.wishes is nil, which others ask before: the object that is made at line 15 has none`
}

func (r *radio) Wishes() (all []string) {
	if r.wishes == nil {
		return nil
	}
	for w := range r.wishes {
		all = append(all, w)
	}
	return all
}

// Who calls it has asked.
func (r *radio) Serve() {
	if r.wishes != nil {
		go r.serve()
	}
}

func (r *radio) serve() {
	for range r.wishes {
		r.songs <- "song"
	}
}

func (r *radio) Listen() string { return <-r.songs }

func (r *radio) Off() {
	close(r.off)
	if r.wishes != nil {
		close(r.wishes)
	}
}

// It is made when it is first asked for.
type beacon9 struct{ lit chan bool }

func newBeacon9() *beacon9 { return new(beacon9) }

func (l *beacon9) Light() {
	if l.lit == nil {
		l.lit = make(chan bool, 1)
	}
	l.lit <- true
}

func (l *beacon9) Wait() bool { return <-l.lit }

// A type that has no name is the same wherever it is written.
type shelf9[T any] struct {
	slots []*struct{ value chan T }
}

func newShelf9[T any](n int) *shelf9[T] {
	s := &shelf9[T]{slots: make([]*struct{ value chan T }, n)}
	for i := range s.slots {
		s.slots[i] = &struct{ value chan T }{value: make(chan T, 1)}
	}
	return s
}

func (s *shelf9[T]) Put(i int, v T) { s.slots[i].value <- v }

func (s *shelf9[T]) Take(i int) T { return <-s.slots[i].value }

// Others may ask before they call.
type kiosk struct {
	papers chan string
	tea    chan string
}

func newKiosk() *kiosk { return &kiosk{papers: make(chan string, 1), tea: make(chan string, 1)} }

func newTeahouse() *kiosk { return &kiosk{tea: make(chan string, 1)} }

func (k *kiosk) HasPapers() bool { return k.papers != nil }

func (k *kiosk) Print(p string) {
	if k.papers != nil {
		k.papers <- p
	}
}

func (k *kiosk) Paper() string { return <-k.papers }

// The channel comes with all the rest.
type stand struct {
	fruit chan string
	name  string
}

func newStand(name string) *stand { return &stand{name: name} }

func (s *stand) Open() { *s = stand{name: s.name, fruit: make(chan string, 8)} }

func (s *stand) Fill(f string) {
	if s.fruit != nil {
		s.fruit <- f
	}
}

func (s *stand) Take() string { return <-s.fruit }

// Who makes one with a channel waits for that.
type chore struct{ finished chan int }

func newChore() *chore { return &chore{finished: make(chan int)} }

func newErrand() *chore { return new(chore) }

func (c *chore) run() {
	if c.finished != nil {
		c.finished <- 1
	}
}

func (c *chore) Wait() int { return <-c.finished }

func doChore() int {
	c := newChore()
	go c.run()
	go newErrand().run()
	return c.Wait()
}

// A booth has a bell and a clerk, or neither.
type booth struct {
	owner  *kiosk
	orders chan string
	closed chan struct{}
}

func newBooth(owner *kiosk) *booth {
	b := &booth{owner: owner}
	if owner != nil {
		b.orders = make(chan string, 4)
		b.closed = make(chan struct{})
		go b.serve()
	}
	return b
}

func (b *booth) serve() {
	defer close(b.closed)
	for o := range b.orders {
		b.owner.Print(o)
	}
}

func (b *booth) Order(o string) {
	if b.orders != nil {
		b.orders <- o
	}
}

func (b *booth) Close() {
	if b.orders != nil {
		close(b.orders)
	}
	<-b.closed // want `this receive blocks forever where b.closed is nil, as orders is, of which the function asks that: the object that is made at line \d+ has none`
}

// Leave waits for those that have a clerk.
func (b *booth) Leave() {
	if b.orders == nil {
		return
	}
	close(b.orders)
	<-b.closed
}

// So does who knows by something else, here or where it is called.
func (b *booth) Part() {
	if b.orders != nil {
		b.orders <- ""
	}
	if b.owner != nil {
		<-b.closed
	}
}

func (b *booth) part() {
	if b.orders != nil {
		close(b.orders)
	}
	<-b.closed
}

func (b *booth) Go() {
	if b.owner != nil {
		b.part()
	}
}

// Here one comes without the other.
type desk9 struct {
	calls chan string
	left  chan struct{}
}

func newDesk9(phone bool) *desk9 {
	d := &desk9{}
	if phone {
		d.calls = make(chan string, 4)
	}
	d.left = make(chan struct{})
	go d.sit()
	return d
}

func (d *desk9) sit() {
	defer close(d.left)
	if d.calls != nil {
		<-d.calls
	}
}

func (d *desk9) Close() {
	if d.calls != nil {
		close(d.calls)
	}
	<-d.left
}
