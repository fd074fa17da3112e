package exits

import (
	"io"
	"log"
)

// A Printer writes in the background.
type Printer struct {
	w     io.Writer
	lines chan string
	fail  func(error)
}

func NewPrinter(w io.Writer) *Printer {
	p := &Printer{w: w, lines: make(chan string)}
	go p.loop()
	return p
}

func (p *Printer) loop() {
	for l := range p.lines {
		if _, err := io.WriteString(p.w, l); err != nil {
			log.Print(err)
			return
		}
	}
}

func (p *Printer) Print(l string) {
	p.lines <- l // want `this send blocks forever once loop has returned at line 25: nobody else receives from p.lines`
}

func (p *Printer) Close() { close(p.lines) }

// A Plotter tells that it has failed.
type Plotter struct {
	w     io.Writer
	lines chan string
	fail  func(error)
}

func NewPlotter(w io.Writer, fail func(error)) *Plotter {
	p := &Plotter{w: w, lines: make(chan string), fail: fail}
	go p.loop()
	return p
}

func (p *Plotter) loop() {
	for l := range p.lines {
		if _, err := io.WriteString(p.w, l); err != nil {
			p.fail(err)
			return
		}
	}
}

func (p *Plotter) Print(l string) { p.lines <- l }

// A Punch closes what the senders read from.
type Punch struct {
	rw    io.ReadWriteCloser
	lines chan string
}

func NewPunch(rw io.ReadWriteCloser) *Punch {
	p := &Punch{rw: rw, lines: make(chan string)}
	go p.loop()
	return p
}

func (p *Punch) loop() {
	defer p.rw.Close()
	for l := range p.lines {
		if _, err := io.WriteString(p.rw, l); err != nil {
			return
		}
	}
}

func (p *Punch) Copy(l string) { p.lines <- l }

// A Tape has room for what comes.
type Tape struct {
	w     io.Writer
	lines chan string
}

func NewTape(w io.Writer) *Tape {
	t := &Tape{w: w, lines: make(chan string, 16)}
	go t.loop()
	return t
}

func (t *Tape) loop() {
	for l := range t.lines {
		if _, err := io.WriteString(t.w, l); err != nil {
			return
		}
	}
}

func (t *Tape) Write(l string) { t.lines <- l }

// A Screen goes on after an error.
type Screen struct {
	w     io.Writer
	lines chan string
}

func NewScreen(w io.Writer) *Screen {
	s := &Screen{w: w, lines: make(chan string)}
	go s.loop()
	return s
}

func (s *Screen) loop() {
	for l := range s.lines {
		if _, err := io.WriteString(s.w, l); err != nil {
			log.Print(err)
		}
	}
}

func (s *Screen) Show(l string) { s.lines <- l }
