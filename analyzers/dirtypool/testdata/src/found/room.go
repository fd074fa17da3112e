package found

import "sync"

type Reading struct {
	sensor string
	values []float64
}

// A window is sent off whenever it is full.
type window struct {
	station  string
	readings []*Reading
}

var windows = sync.Pool{New: func() any { return &window{readings: make([]*Reading, 0, 24)} }}

func (w *window) clear() {
	w.station = ""
	w.readings = w.readings[:0] // want `w.readings\[:0\] keeps the old \*Reading values reachable from windows`
}

func Windows(station string, all []*Reading, send func(station string, n int)) {
	w := windows.Get().(*window)
	w.station = station
	for _, r := range all {
		if len(w.readings) == cap(w.readings) {
			send(w.station, len(w.readings))
			w.readings = w.readings[:0]
		}
		w.readings = append(w.readings, r)
	}
	send(w.station, len(w.readings))
	w.clear()
	windows.Put(w)
}

// A shelf takes as much as it has room for.
type shelf struct {
	label string
	boxes []box
}

type box struct {
	owner   *Reading
	content []byte
}

var shelves = sync.Pool{New: func() any { return &shelf{boxes: make([]box, 0, 16)} }}

func Shelve(all map[string]*Reading, visit func(*Reading)) {
	s := shelves.Get().(*shelf)
	for _, r := range all {
		if len(s.boxes) < cap(s.boxes) {
			s.boxes = append(s.boxes, box{owner: r})
		}
	}
	for _, b := range s.boxes {
		visit(b.owner)
	}
	s.boxes = s.boxes[:0] // want `s.boxes\[:0\] keeps the old box values reachable from shelves`
	shelves.Put(s)
}

// A tray is emptied by clear when it is full, and at the end.
type tray struct{ items []*Reading }

var trays = sync.Pool{New: func() any { return &tray{items: make([]*Reading, 0, 24)} }}

func Trays(all []*Reading, send func(n int)) {
	t := trays.Get().(*tray)
	for _, r := range all {
		if len(t.items) == cap(t.items) {
			send(len(t.items))
			clear(t.items)
			t.items = t.items[:0]
		}
		t.items = append(t.items, r)
	}
	send(len(t.items))
	clear(t.items)
	t.items = t.items[:0]
	trays.Put(t)
}

// What is set up where it is missing, in a loop that never ends, stays.
type lane struct {
	seen  []*Reading
	table []*Reading
}

var lanes = sync.Pool{New: func() any { return new(lane) }}

func Lanes(in <-chan *Reading, known []*Reading, use func([]*Reading, *Reading)) {
	for {
		r := <-in
		l := lanes.Get().(*lane)
		if len(l.table) == 0 || l.table[0] == nil {
			l.table = append(l.table, known...)
		}
		use(l.table, r)
		lanes.Put(l)
	}
}

// What many users gather is sent when there is no more room: that is what the pool is for.
type gather struct {
	points []float64
	notes  []*Reading
}

var gathers = sync.Pool{New: func() any { return &gather{points: make([]float64, 0, 64), notes: make([]*Reading, 0, 64)} }}

func Gather(v float64, r *Reading, send func([]float64), save func([]*Reading)) {
	g := gathers.Get().(*gather)
	if len(g.points) == cap(g.points) {
		send(g.points)
		g.points = g.points[:0]
	}
	g.points = append(g.points, v)
	if len(g.notes) >= 64 {
		save(g.notes)
		g.notes = g.notes[:0]
	}
	g.notes = append(g.notes, r)
	gathers.Put(g)
}
