package skips

import (
	"bufio"
	"errors"
	"io"
	"sync"
)

// Desk asks many questions over one line. When the line is cut, those who ask are forgotten.

type Desk struct {
	line  io.ReadWriter
	mu    sync.Mutex
	asked map[string]chan string
	cut   error
}

func NewDesk(line io.ReadWriter) *Desk {
	d := &Desk{line: line, asked: make(map[string]chan string)}
	go d.listen()
	return d
}

func (d *Desk) listen() {
	in := bufio.NewReader(d.line)
	for {
		s, err := in.ReadString('\n')
		if err != nil {
			d.hangUp(err)
			return
		}
		if c := d.whose(s); c != nil {
			c <- s
		}
	}
}

func (d *Desk) whose(s string) chan string {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.asked[s]
	delete(d.asked, s)
	return c
}

func (d *Desk) hangUp(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cut = err
	d.asked = make(map[string]chan string)
}

func (d *Desk) enter(s string) (chan string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cut != nil {
		return nil, d.cut
	}
	c := make(chan string, 1)
	d.asked[s] = c
	return c, nil
}

func (d *Desk) Ask(s string) (string, error) {
	c, err := d.enter(s)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(d.line, s); err != nil {
		d.whose(s)
		return "", err
	}
	answer, ok := <-c // want `this receive blocks forever when hangUp empties the map at line 51 that others find c in: nobody can send to it or close it any more; close each channel before`
	if !ok {
		return "", errors.New("cut off")
	}
	return answer, nil
}

// Window tells each.

type Window struct {
	mu    sync.Mutex
	asked map[string]chan string
}

func NewWindow() *Window { return &Window{asked: make(map[string]chan string)} }

func (d *Window) Answer(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.asked[s]; c != nil {
		c <- s
		delete(d.asked, s)
	}
}

func (d *Window) HangUp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.asked {
		close(c)
	}
	clear(d.asked)
}

func (d *Window) Ask(s string) (string, bool) {
	c := make(chan string, 1)
	d.mu.Lock()
	d.asked[s] = c
	d.mu.Unlock()
	answer, ok := <-c
	return answer, ok
}

// Booth has another way on.

type Booth struct {
	mu    sync.Mutex
	asked map[string]chan string
	cut   chan struct{}
}

func NewBooth() *Booth { return &Booth{asked: make(map[string]chan string), cut: make(chan struct{})} }

func (d *Booth) Answer(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.asked[s]; c != nil {
		c <- s
		delete(d.asked, s)
	}
}

func (d *Booth) HangUp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.asked)
	close(d.cut)
}

func (d *Booth) Ask(s string) (string, bool) {
	c := make(chan string, 1)
	d.mu.Lock()
	d.asked[s] = c
	d.mu.Unlock()
	select {
	case answer := <-c:
		return answer, true
	case <-d.cut:
		return "", false
	}
}

// Who takes the map away tells those who are in it.

type Switchboard struct {
	mu    sync.Mutex
	asked map[string]chan string
}

func NewSwitchboard() *Switchboard { return &Switchboard{asked: make(map[string]chan string)} }

func (d *Switchboard) Answer(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.asked[s]; c != nil {
		c <- s
		delete(d.asked, s)
	}
}

func (d *Switchboard) take() map[string]chan string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.asked
	d.asked = make(map[string]chan string)
	return all
}

func (d *Switchboard) HangUp() {
	for s, c := range d.take() {
		c <- s
	}
}

func (d *Switchboard) Ask(s string) string {
	c := make(chan string, 1)
	d.mu.Lock()
	d.asked[s] = c
	d.mu.Unlock()
	return <-c
}

// Who answers here has been given the channel; the map is for the curious.

type Kiosk struct {
	mu    sync.Mutex
	asked map[string]chan string
}

func NewKiosk() *Kiosk { return &Kiosk{asked: make(map[string]chan string)} }

func (d *Kiosk) HangUp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.asked)
}

func (d *Kiosk) Ask(s string) string {
	c := make(chan string, 1)
	d.mu.Lock()
	d.asked[s] = c
	d.mu.Unlock()
	go d.answer(s, c)
	return <-c
}

func (d *Kiosk) answer(s string, c chan string) { c <- s }

// Nobody is left who asks when this one is emptied.

type Lodge struct {
	mu    sync.Mutex
	in    sync.WaitGroup
	asked map[string]chan string
	shut  bool
}

func NewLodge() *Lodge { return &Lodge{asked: make(map[string]chan string)} }

func (d *Lodge) Answer(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.asked[s]; c != nil {
		c <- s
		delete(d.asked, s)
	}
}

func (d *Lodge) Ask(s string) string {
	d.mu.Lock()
	if d.shut {
		d.mu.Unlock()
		return ""
	}
	d.in.Add(1)
	defer d.in.Done()
	c := make(chan string, 1)
	d.asked[s] = c
	d.mu.Unlock()
	return <-c
}

func (d *Lodge) Shut() {
	d.rest()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = true
	clear(d.asked)
}

func (d *Lodge) rest() { d.in.Wait() }

// Those who have asked before are found elsewhere.

type Relay struct {
	mu        sync.Mutex
	now, then map[string]chan string
	shut      bool
}

func NewRelay() *Relay {
	return &Relay{now: make(map[string]chan string), then: make(map[string]chan string)}
}

func (d *Relay) Answer(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.now[s]; c != nil {
		c <- s
	} else if c := d.then[s]; c != nil {
		c <- s
	}
}

func (d *Relay) Ask(s string) string {
	d.mu.Lock()
	if d.shut {
		d.mu.Unlock()
		return ""
	}
	c := make(chan string, 1)
	d.now[s] = c
	d.mu.Unlock()
	return <-c
}

func (d *Relay) Turn() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = true
	d.then = d.now
	d.now = make(map[string]chan string)
}

// The map is made when it is needed, or anew when nobody is in it.

type Counter struct {
	mu    sync.Mutex
	asked map[string]chan string
	open  bool
}

func NewCounter2() *Counter { return new(Counter) }

func (d *Counter) Open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = true
	d.asked = make(map[string]chan string)
}

func (d *Counter) Answer(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.asked[s]; c != nil {
		c <- s
		delete(d.asked, s)
	}
	if len(d.asked) == 0 {
		d.asked = make(map[string]chan string)
	}
}

func (d *Counter) Ask(s string) string {
	c := make(chan string, 1)
	d.mu.Lock()
	if !d.open {
		d.mu.Unlock()
		return ""
	}
	if d.asked == nil {
		d.asked = make(map[string]chan string)
	}
	d.asked[s] = c
	d.mu.Unlock()
	return <-c
}

// Whether somebody waits when this is begun anew is not known.

type Table struct {
	mu    sync.Mutex
	asked map[string]chan string
}

func NewTable() *Table { return &Table{asked: make(map[string]chan string)} }

func (d *Table) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = make(map[string]chan string)
}

func (d *Table) Answer(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.asked[s]; c != nil {
		c <- s
		delete(d.asked, s)
	}
}

func (d *Table) Ask(s string) string {
	c := make(chan string, 1)
	d.mu.Lock()
	d.asked[s] = c
	d.mu.Unlock()
	return <-c
}
