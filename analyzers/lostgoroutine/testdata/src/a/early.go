package a

import (
	"errors"
	"io"
	"sync"
	"time"
)

// Who reads leaves for an error of its own, and whoever sends goes on.

type postman interface{ deliver(string) error }

func mails(in <-chan string, p postman) error {
	bags := make(chan string)
	go func() {
		defer close(bags)
		for letter := range in {
			if letter != "" {
				bags <- letter // want `this send blocks forever when mails returns at line 26: nobody receives from bags and it has no buffer; the goroutine started at line 16 never ends`
			}
		}
	}()
	for bag := range bags {
		if err := p.deliver(bag); err != nil {
			return err
		}
	}
	return nil
}

// Several leave one by one.
func sort(letters []string, clerks int, p postman) {
	var wg sync.WaitGroup
	tray := make(chan string)
	go func() {
		defer close(tray)
		for _, l := range letters {
			tray <- l // want `this send blocks forever once the function has returned at line 46: nobody else receives from tray`
		}
	}()
	for range clerks {
		wg.Go(func() {
			for l := range tray {
				if err := p.deliver(l); err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
}

// The sender says that it was the last one.
func stamped(in <-chan string) error {
	type stamp struct {
		text string
		err  error
	}
	stamps := make(chan stamp)
	go func() {
		defer close(stamps)
		for letter := range in {
			if letter == "" {
				stamps <- stamp{err: io.ErrUnexpectedEOF}
				return
			}
			stamps <- stamp{text: letter}
		}
	}()
	for s := range stamps {
		if s.err != nil {
			return s.err
		}
	}
	return nil
}

// Who comes back for the rest may leave.
type round struct{ bags chan string }

func (r *round) walk(p postman) {
	r.bags = make(chan string)
	go func() {
		for range time.Tick(time.Second) {
			r.bags <- "bag"
		}
	}()
	for {
		if r.street(p) == nil {
			return
		}
	}
}

func (r *round) street(p postman) error {
	for bag := range r.bags {
		if err := p.deliver(bag); err != nil {
			return err
		}
	}
	return nil
}

// As many senders as a list that is written out has entries.
func offices(north, south postman) error {
	open := make(chan error, 2)
	for _, o := range []postman{north, south} {
		go func() { open <- o.deliver("key") }()
	}
	return <-open
}

func branches(north, south, west postman) error {
	open := make(chan error, 1)
	for _, o := range []postman{north, south, west} {
		go func() { open <- o.deliver("key") }() // want `all but 2 block forever at this send`
	}
	return <-open
}

// What is set when an object is made decides nothing between goroutines.
type parcel struct {
	to      string
	arrived chan error
}

func send(p postman, to string) error {
	x := &parcel{to: to, arrived: make(chan error)}
	go x.travel(p)
	return <-x.arrived
}

func (x *parcel) travel(p postman) {
	err := p.deliver(x.to)
	if err != nil {
		x.arrived <- err
	}
	if x.to == "" {
		err = errors.New("no address")
	}
	x.arrived <- err // want `this send blocks forever after an earlier one on the same path`
}

// The way out by an error leaves the list open for those who have been started.
func collect(next func() (string, error), carriers int, p postman) error {
	list := make(chan string, carriers)
	var wg sync.WaitGroup
	for range carriers {
		wg.Go(func() {
			for l := range list { // want `this range never ends if collect returns at line 162: that way it does not close list, and nobody else does`
				_ = p.deliver(l)
			}
		})
	}
	for {
		l, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		list <- l
	}
	close(list)
	wg.Wait()
	return nil
}

// Nobody has been started yet when it leaves early, or it closes at the end whatever happens.
func collected(next func() (string, error), p postman) error {
	first, err := next()
	if err != nil {
		return err
	}
	list := make(chan string)
	if first == "" {
		return errors.New("no first letter")
	}
	go func() {
		for l := range list {
			_ = p.deliver(l)
		}
	}()
	defer close(list)
	for {
		l, err := next()
		if err != nil {
			return err
		}
		list <- l
	}
}

// It knows whether somebody has been started.
func collectLate(next func() (string, error), p postman) error {
	list := make(chan string)
	started := false
	for {
		l, err := next()
		if err != nil {
			if started {
				close(list)
			}
			return err
		}
		if !started {
			started = true
			go func() {
				for l := range list {
					_ = p.deliver(l)
				}
			}()
		}
		list <- l
	}
}

// The method that stops the clock is handed to the caller, as a value.
func chimes(every time.Duration, ring func()) (stop func()) {
	t := time.NewTicker(every)
	go func() { // want `this goroutine never ends: Stop at line 228 does not close the channel of the ticker that it waits for`
		for range t.C {
			ring()
		}
	}()
	return t.Stop
}

// A letterbox is emptied by a loop that says when it has ended. One method looks at that.
type letterbox struct {
	in    chan string
	keys  chan string
	shut  chan struct{}
	empty chan struct{}
}

func hang(p postman) *letterbox { // want hang:`starts a goroutine that Close of 0 ends`
	b := &letterbox{make(chan string), make(chan string), make(chan struct{}), make(chan struct{})}
	go b.loop(p)
	return b
}

func (b *letterbox) loop(p postman) {
	defer close(b.empty)
	for {
		select {
		case l := <-b.in:
			_ = p.deliver(l)
		case k := <-b.keys:
			_ = p.deliver(k)
		case <-b.shut:
			return
		}
	}
}

func (b *letterbox) Post(l string) {
	b.in <- l // want `this send blocks forever once loop has returned at line 254: nobody else receives from b.in`
}

func (b *letterbox) Unlock(key string) error {
	select {
	case b.keys <- key:
		return nil
	case <-b.empty:
		return errors.New("the letterbox is gone")
	}
}

func (b *letterbox) Close() {
	close(b.shut)
	<-b.empty
}

// Who sends is the one that tells the loop to end, when it ends itself.
type sluice struct {
	rain  <-chan int
	water chan int
	level chan int
	halt  chan struct{}
	dry   chan struct{}
}

func newSluice(rain <-chan int) *sluice {
	return &sluice{rain, make(chan int), make(chan int), make(chan struct{}), make(chan struct{})}
}

func (s *sluice) Open(key string) error {
	if key == "" {
		close(s.dry)
		return errors.New("no key")
	}
	go s.gate()
	go s.river()
	return nil
}

func (s *sluice) river() {
	for {
		select {
		case n := <-s.rain:
			s.water <- n
		case <-s.halt:
			close(s.dry)
			return
		}
	}
}

func (s *sluice) gate() {
	for {
		select {
		case <-s.water:
		case <-s.level:
		case <-s.dry:
			return
		}
	}
}

func (s *sluice) Set(n int) {
	select {
	case s.level <- n:
	case <-s.dry:
	}
}

func (s *sluice) Stop() { close(s.halt) }

// So does one whose message is asked for the error in it.
type telegram struct {
	text string
	err  error
}

func (t telegram) failed() error { return t.err }

func read(t telegram, upTo int) (string, error) { return t.text[:upTo], t.err }

func wired(in <-chan string) error {
	telegrams := make(chan telegram)
	go func() {
		defer close(telegrams)
		for text := range in {
			if text == "" {
				telegrams <- telegram{err: io.ErrUnexpectedEOF}
				return
			}
			telegrams <- telegram{text: text}
		}
	}()
	for t := range telegrams {
		if err := t.failed(); err != nil {
			return err
		}
	}
	return nil
}

func wiredText(in <-chan string) (text string, err error) {
	telegrams := make(chan telegram)
	go func() {
		defer close(telegrams)
		for text := range in {
			if text == "" {
				telegrams <- telegram{err: io.ErrUnexpectedEOF}
				return
			}
			telegrams <- telegram{text: text}
		}
	}()
	for t := range telegrams {
		s, err := read(t, 10)
		if err != nil {
			return text, err
		}
		text += s
	}
	return text, nil
}
