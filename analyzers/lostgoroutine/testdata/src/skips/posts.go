package skips

// Sorter works on one parcel after the other, and lays those that are not done back behind the others.

type Parcel interface{ Sort() (again bool) }

type Sorter struct {
	belt chan Parcel
	off  chan struct{}
	over chan struct{}
}

func NewSorter(n int) *Sorter { // want NewSorter:`starts a goroutine that Off of 0 ends`
	s := &Sorter{belt: make(chan Parcel, n), off: make(chan struct{}), over: make(chan struct{})}
	go s.run()
	return s
}

func (s *Sorter) run() {
	defer close(s.over)
	for {
		select {
		case p := <-s.belt:
			s.sort(p)
		case <-s.off:
			return
		}
	}
}

func (s *Sorter) sort(p Parcel) {
	if p.Sort() {
		s.back(p)
	}
}

func (s *Sorter) back(p Parcel) {
	s.belt <- p // want `this send blocks forever once the buffer is full: it is made by the loop of run, which comes here itself, and nobody else receives from s.belt`
}

func (s *Sorter) Lay(p Parcel) {
	select {
	case s.belt <- p:
	case <-s.over:
	}
}

func (s *Sorter) Off() {
	close(s.off)
	<-s.over
}

// What patientSorter can not lay back goes there by a goroutine of its own.

type patientSorter struct {
	belt chan Parcel
	over chan struct{}
}

func PatientSorter() *patientSorter { // want PatientSorter:`starts a goroutine that Off of 0 ends`
	s := &patientSorter{belt: make(chan Parcel, 8), over: make(chan struct{})}
	go s.run()
	return s
}

func (s *patientSorter) run() {
	for {
		select {
		case p := <-s.belt:
			if p.Sort() {
				s.back(p)
			}
		case <-s.over:
			return
		}
	}
}

func (s *patientSorter) back(p Parcel) {
	go func() {
		select {
		case s.belt <- p:
		case <-s.over:
		}
	}()
}

func (s *patientSorter) Lay(p Parcel) {
	select {
	case s.belt <- p:
	case <-s.over:
	}
}

func (s *patientSorter) Off() { close(s.over) }

// Nobody but who has taken a box out lays one on this shelf.

type shelf struct{ boxes chan []byte }

func Shelf() *shelf {
	s := &shelf{make(chan []byte, 4)}
	for range 4 {
		s.boxes <- make([]byte, 512)
	}
	go s.air()
	return s
}

func (s *shelf) air() {
	for b := range s.boxes {
		clear(b)
		s.boxes <- b
	}
}

// Each hands on to the next.

type porter struct {
	in   chan Parcel
	next *porter
}

func Porter(next *porter) *porter {
	p := &porter{make(chan Parcel, 1), next}
	go p.carry()
	return p
}

func (p *porter) carry() {
	for x := range p.in {
		x.Sort()
		if p.next != nil {
			p.next.in <- x
		}
	}
}

func (p *porter) Give(x Parcel) { p.in <- x }

// Another one of these empties what one fills.

type gang struct{ work chan Parcel }

func Gang(n int) *gang {
	g := &gang{make(chan Parcel, 8)}
	for range n {
		go g.run()
	}
	return g
}

func (g *gang) run() {
	for p := range g.work {
		if p.Sort() {
			g.work <- p
		}
	}
}

func (g *gang) Give(p Parcel) { g.work <- p }

// This one asks for room before.

type modest struct{ work chan Parcel }

func Modest() *modest {
	m := &modest{make(chan Parcel, 8)}
	go m.run()
	return m
}

func (m *modest) run() {
	for p := range m.work {
		if p.Sort() {
			select {
			case m.work <- p:
			default:
			}
		}
	}
}

func (m *modest) Give(p Parcel) { m.work <- p }

// Line empties the buffer before, while nobody fills it.

type Line struct{ broken chan error }

func NewLine() *Line {
	l := &Line{make(chan error, 1)}
	go l.mend()
	return l
}

func (l *Line) mend() {
	for range l.broken {
		for {
			select {
			case <-l.broken:
				continue
			default:
			}
			break
		}
		if err := try(1); err != nil {
			l.broken <- err
		}
	}
}

func (l *Line) Break(err error) { l.broken <- err }

// What is said of Hawser is said by its own goroutines, which have ended when it is mended.

type Hawser struct {
	broken chan error
	off    chan struct{}
}

func NewHawser() *Hawser { // want NewHawser:`starts a goroutine that Off of 0 ends`
	r := &Hawser{make(chan error, 1), make(chan struct{})}
	go r.mend()
	return r
}

func (r *Hawser) mend() {
	for {
		select {
		case <-r.broken:
			if err := try(1); err != nil {
				r.broken <- err
				continue
			}
			go r.pull()
		case <-r.off:
			return
		}
	}
}

func (r *Hawser) pull() { r.broken <- try(2) }

func (r *Hawser) Off() { close(r.off) }
