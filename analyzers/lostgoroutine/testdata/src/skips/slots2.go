package skips

import (
	"errors"
	"sync"
	"time"
)

type parcel struct{ n int }

func handAll(h func(parcel) error, tasks []parcel, n int) {
	sem := make(chan struct{}, n)
	var wg sync.WaitGroup
	for _, t := range tasks {
		sem <- struct{}{} // want `the place taken here is not given back on a path to the return at line \d+: when \S+ has no room left, this blocks forever`
		wg.Go(func() {
			if err := h(t); err != nil {
				return
			}
			<-sem
		})
	}
	wg.Wait()
}

func handCounted(h func(parcel) error, tasks []parcel, n int) {
	sem := make(chan struct{}, n)
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Add(1)
		sem <- struct{}{} // want `the place taken here is not given back on a path to the return at line \d+: when \S+ has no room left, this blocks forever`
		go func() {
			defer wg.Done()
			if err := h(t); err != nil {
				return
			}
			<-sem
		}()
	}
	wg.Wait()
}

func handInside(h func(parcel) error, tasks []parcel, n int) {
	sem := make(chan struct{}, n)
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() {
			sem <- struct{}{} // want `the place taken here is not given back on a path to the return at line \d+: when \S+ has no room left, this blocks forever`
			if err := h(t); err != nil {
				return
			}
			<-sem
		})
	}
	wg.Wait()
}

// The semaphore ends with the function that has made it.
func handUntil(h func(parcel) error, tasks []parcel, n int) error {
	sem := make(chan struct{}, n)
	for _, t := range tasks {
		sem <- struct{}{}
		if t.n < 0 {
			return errors.New("x")
		}
		go func() {
			defer func() { <-sem }()
			h(t)
		}()
	}
	return nil
}

func handSome(h func(parcel) error, tasks []parcel, n int) error {
	sem := make(chan struct{}, n)
	for _, t := range tasks {
		sem <- struct{}{} // want `the place taken here is not given back on a path to the next round: when sem has no room left, this blocks forever`
		if t.n < 0 {
			continue
		}
		go func() {
			defer func() { <-sem }()
			h(t)
		}()
	}
	return nil
}

type booths struct{ sem chan struct{} }

func newBooths() *booths { return &booths{make(chan struct{}, 3)} }

func (p *booths) do(f func() error) {
	p.sem <- struct{}{} // want `the place taken here is not given back on a path to the return at line \d+: when \S+ has no room left, this blocks forever`
	go func() {
		if f() != nil {
			return
		}
		<-p.sem
	}()
}
func useBooths(f func() error) { newBooths().do(f) }

// Who gets no place goes on without one, and gives it back in a later round.
func serveOne(in chan int, quit chan bool) {
	busy := make(chan struct{}, 1)
	done := make(chan int)
	for {
		select {
		case busy <- struct{}{}:
			go func() { done <- 1 }()
		default:
		}
		select {
		case <-in:
		case <-done:
			<-busy
		case <-quit:
			return
		}
	}
}

// shutdown takes all places: nobody works any more.
type workers struct{ sema chan struct{} }

func newWorkers(n int) *workers { return &workers{make(chan struct{}, n)} }

func (w *workers) work(n int) {
	w.sema <- struct{}{}
	go func() {
		defer func() { <-w.sema }()
		try(n)
	}()
}

func (w *workers) shutdown() {
	for i := 0; i < cap(w.sema); i++ {
		w.sema <- struct{}{}
	}
}

func (w *workers) start(in chan int) {
	go func() {
		for n := range in {
			w.exec(n)
		}
	}()
}

func (w *workers) exec(n int) {
	w.sema <- struct{}{}
	if n == 0 {
		<-w.sema
		return
	}
	go func() {
		defer func() { <-w.sema }()
		try(n)
	}()
}

func workEach(lists [][]int) error {
	for _, list := range lists {
		w := newWorkers(3)
		in := make(chan int)
		w.start(in)
		for _, n := range list {
			if err := try(n); err != nil {
				w.shutdown()
				return err
			}
			in <- n
		}
		close(in)
		w.shutdown()
	}
	return nil
}

// A flag tells whether the place was taken or the time was over.
type dialer struct{ places chan struct{} }

func newDialer(n int) *dialer { return &dialer{make(chan struct{}, n)} }

func (d *dialer) dial(n int, limit <-chan time.Time) error {
	select {
	case d.places <- struct{}{}:
	default:
		late := false
		select {
		case d.places <- struct{}{}:
		case <-limit:
			late = true
		}
		if late {
			return errors.New("too late")
		}
	}
	defer func() { <-d.places }()
	return try(n)
}

func (d *dialer) dialLost(n int, limit <-chan time.Time) error {
	late := false
	select { // want `the place taken here is not given back on a path to the return at line \d+`
	case d.places <- struct{}{}:
	case <-limit:
		late = true
	}
	if !late && n == 0 {
		return errors.New("nothing to dial")
	}
	defer func() { <-d.places }()
	return try(n)
}

// A client that goes takes its places with it: nobody else asks for them.

type ward struct {
	places turnstile
	read   func() (string, error)
}

type turnstile chan struct{}

func (g turnstile) enter() { g <- struct{}{} }
func (g turnstile) leave() { <-g }

func admit(n int, read func() (string, error)) *ward {
	w := &ward{places: make(turnstile, n), read: read}
	go w.attend()
	return w
}

func (w *ward) attend() {
	for {
		w.places.enter()
		name, err := w.read()
		if err != nil {
			break
		}
		go func() {
			println(name)
			w.places.leave()
		}()
	}
}

// Here others ask, too.

type hall struct {
	places turnstile
	read   func() (string, error)
}

func open(n int, read func() (string, error)) *hall {
	h := &hall{places: make(turnstile, n), read: read}
	go h.attend()
	return h
}

func (h *hall) attend() {
	for {
		h.places.enter() // want `the place taken here is not given back on a path to the return: when h.places has no room left, this blocks forever`
		name, err := h.read()
		if err != nil {
			break
		}
		println(name)
		h.places.leave()
	}
}

func (h *hall) Visit(name string) {
	h.places.enter()
	println(name)
	h.places.leave()
}
