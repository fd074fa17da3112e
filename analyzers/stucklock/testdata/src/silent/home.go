package silent

import "sync"

// A guest may move to another house: where its pointer leads is not known.
type house struct {
	mu     sync.Mutex
	guests map[string]*guest
}

type guest struct {
	name  string
	house *house
}

func (h *house) invite(name string) *guest {
	g := &guest{name: name, house: h}
	h.mu.Lock()
	h.guests[name] = g
	h.mu.Unlock()
	return g
}

func (g *guest) move(to *house) { g.house = to }

func (g *guest) wave() {
	g.house.mu.Lock()
	println(g.name)
	g.house.mu.Unlock()
}

func (h *house) party(other *house) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.guests {
		g.move(other)
		g.wave()
	}
}

// What is collected first is told when the lock is free.
type cabinet struct {
	mu    sync.Mutex
	files map[int]*paper
}

type paper struct {
	id      int
	cabinet *cabinet
}

func (d *cabinet) open(id int) {
	f := &paper{id: id, cabinet: d}
	d.mu.Lock()
	d.files[id] = f
	d.mu.Unlock()
}

func (f *paper) close() {
	f.cabinet.mu.Lock()
	delete(f.cabinet.files, f.id)
	f.cabinet.mu.Unlock()
}

func (d *cabinet) closeAll() {
	d.mu.Lock()
	var all []*paper
	for _, f := range d.files {
		all = append(all, f)
	}
	d.mu.Unlock()
	for _, f := range all {
		f.close()
	}
}

// The cabinet of a paper is not where it has been put: it is a shared one.
type rack struct {
	mu    sync.Mutex
	books []*volume
}

type volume struct{ rack *rack }

var nowhere rack

func newRack() *rack { return &rack{} }

func NewRack() *rack { return newRack() }

func (s *rack) take() {
	b := &volume{rack: &nowhere}
	s.books = append(s.books, b)
}

func (b *volume) note() {
	b.rack.mu.Lock()
	b.rack.mu.Unlock()
}

func (s *rack) notes() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.books {
		b.note()
	}
}

// An entry that has just been made is nobody else's.
type journal struct {
	mu   sync.Mutex
	rows []*stanza
}

type stanza struct{ mu sync.Mutex }

func (l *journal) add() {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &stanza{}
	r.mu.Lock()
	defer r.mu.Unlock()
	l.pause()
	l.rows = append(l.rows, r)
}

func (l *journal) pause() {
	l.mu.Unlock()
	println("pause")
	l.mu.Lock()
}

// The next of a parish is in another one, and so are the grandchildren.
type parish struct {
	mu     sync.Mutex
	parent *parish
	next   *parish
	kids   []*parish
	souls  int
}

func (p *parish) found() {
	k := &parish{parent: p}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kids) > 0 {
		p.kids[len(p.kids)-1].next = k
	}
	p.kids = append(p.kids, k)
}

func (p *parish) report() {
	p.parent.mu.Lock()
	p.parent.souls++
	p.parent.mu.Unlock()
}

func (p *parish) reportNext() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next != nil {
		p.next.report()
	}
}

func (p *parish) reportBelow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.kids {
		for _, g := range k.kids {
			g.report()
		}
	}
}

// A garage knows the cars of its neighbour, and one that it has been lent.
type garage struct {
	mu    sync.Mutex
	cars  []*car
	other *garage
	lent  *car
	trips int
}

type car struct{ garage *garage }

func (g *garage) park() {
	c := &car{garage: g}
	g.mu.Lock()
	g.cars = append(g.cars, c)
	g.mu.Unlock()
}

func (g *garage) meet(other *garage) {
	g.mu.Lock()
	g.other = other
	g.mu.Unlock()
}

func (g *garage) borrow(c *car) {
	g.mu.Lock()
	g.lent = c
	g.mu.Unlock()
}

func (c *car) drive() {
	c.garage.mu.Lock()
	c.garage.trips++
	c.garage.mu.Unlock()
}

func (g *garage) driveOthers() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range g.other.cars {
		c.drive()
	}
}

func (g *garage) driveLent() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lent.drive()
}

// What a range is over eight steps away.
type shire struct {
	mu    sync.Mutex
	towns map[string]*town
}

type town struct {
	mu     sync.Mutex
	square *square
}

type square struct{ stalls []*stall }

type stall struct{ town *town }

func (t *town) rebuild() { t.square = new(square) }

func (s *shire) visit() {
	for _, t := range s.towns {
		for _, x := range t.square.stalls {
			x.town.mu.Lock()
			x.town.mu.Unlock()
		}
	}
}
