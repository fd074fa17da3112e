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
type table2 struct {
	mu    sync.Mutex
	files map[int]*paper
}

type paper struct {
	id   int
	table2 *table2
}

func (d *table2) open(id int) {
	f := &paper{id: id, table2: d}
	d.mu.Lock()
	d.files[id] = f
	d.mu.Unlock()
}

func (f *paper) close() {
	f.table2.mu.Lock()
	delete(f.table2.files, f.id)
	f.table2.mu.Unlock()
}

func (d *table2) closeAll() {
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

// The table2 of a paper is not where it has been put: it is a shared one.
type rack struct {
	mu    sync.Mutex
	books []*volume
}

type volume struct{ rack *rack }

var nowhere rack

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
