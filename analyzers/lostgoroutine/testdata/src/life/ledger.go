package life

import (
	"errors"
	"log"
	"sync"
)

var errOver = errors.New("over")

type shelf interface{ put(pages []string) error }

// A binder binds the pages that it is given until it is stopped, or the shelf takes no more.
type binder struct {
	pages chan string
	stop  chan struct{}
	over  chan struct{}
	once  sync.Once
}

func newBinder(s shelf) *binder { // want newBinder:`starts a goroutine that Stop of 0 ends`
	b := &binder{pages: make(chan string), stop: make(chan struct{}), over: make(chan struct{})}
	go b.bind(s)
	return b
}

func (b *binder) bind(s shelf) {
	defer close(b.over)
	for {
		var book []string
		select {
		case p := <-b.pages:
			book = append(book, p)
		case <-b.stop:
			return
		}
		book = b.more(book)
		if err := s.put(book); err != nil {
			return
		}
	}
}

func (b *binder) more(book []string) []string {
	for len(book) < 8 {
		select {
		case p := <-b.pages:
			book = append(book, p)
		default:
			return book
		}
	}
	return book
}

// It asks whether the binder has been told to stop, but not whether it has.
func (b *binder) Add(page string) error {
	select { // want `this select blocks once bind has returned at line 39, until another case of it ends: nobody else receives from b.pages, and the select does not ask for what bind closes at its end, at line 28`
	case b.pages <- page:
		return nil
	case <-b.stop:
		return errOver
	}
}

func (b *binder) Stop() {
	b.once.Do(func() { close(b.stop) })
	<-b.over
}

func Bind(s shelf, page string) error {
	b := newBinder(s)
	defer b.Stop()
	return b.Add(page)
}

// One that asks for both.
type askingBinder struct {
	pages chan string
	stop  chan struct{}
	over  chan struct{}
}

func NewAskingBinder(s shelf) *askingBinder { // want NewAskingBinder:`starts a goroutine that Stop of 0 ends`
	b := &askingBinder{make(chan string), make(chan struct{}), make(chan struct{})}
	go b.bind(s)
	return b
}

func (b *askingBinder) bind(s shelf) {
	defer close(b.over)
	for {
		select {
		case p := <-b.pages:
			if err := s.put([]string{p}); err != nil {
				return
			}
		case <-b.stop:
			return
		}
	}
}

func (b *askingBinder) Add(page string) error {
	select {
	case b.pages <- page:
		return nil
	case <-b.over:
		return errOver
	}
}

func (b *askingBinder) Stop() {
	close(b.stop)
	<-b.over
}

// One that stops itself when the shelf is full.
type stoppingBinder struct {
	pages chan string
	once  sync.Once
	stop  chan struct{}
	over  chan struct{}
}

func NewStoppingBinder(s shelf) *stoppingBinder {
	b := &stoppingBinder{pages: make(chan string), stop: make(chan struct{}), over: make(chan struct{})}
	go b.bind(s)
	return b
}

func (b *stoppingBinder) bind(s shelf) {
	defer close(b.over)
	defer b.halt()
	for {
		select {
		case p := <-b.pages:
			if err := s.put([]string{p}); err != nil {
				log.Print(err)
				return
			}
		case <-b.stop:
			return
		}
	}
}

func (b *stoppingBinder) halt() { b.once.Do(func() { close(b.stop) }) }

func (b *stoppingBinder) Add(page string) error {
	select {
	case b.pages <- page:
		return nil
	case <-b.stop:
		return errOver
	}
}

func (b *stoppingBinder) Stop() {
	b.halt()
	<-b.over
}

// One that goes on when the shelf takes no more.
type patientBinder struct {
	pages chan string
	stop  chan struct{}
	over  chan struct{}
}

func NewPatientBinder(s shelf) *patientBinder { // want NewPatientBinder:`starts a goroutine that Stop of 0 ends`
	b := &patientBinder{make(chan string), make(chan struct{}), make(chan struct{})}
	go b.bind(s)
	return b
}

func (b *patientBinder) bind(s shelf) {
	defer close(b.over)
	for {
		select {
		case p := <-b.pages:
			if err := s.put([]string{p}); err != nil {
				log.Print(err)
			}
		case <-b.stop:
			return
		}
	}
}

func (b *patientBinder) Add(page string) error {
	select {
	case b.pages <- page:
		return nil
	case <-b.stop:
		return errOver
	}
}

func (b *patientBinder) Stop() {
	close(b.stop)
	<-b.over
}

// One whose owner is told, and stops it.
type toldBinder struct {
	pages chan string
	fail  func(error)
	stop  chan struct{}
	over  chan struct{}
}

func NewToldBinder(s shelf, fail func(error)) *toldBinder { // want NewToldBinder:`starts a goroutine that Stop of 0 ends`
	b := &toldBinder{make(chan string), fail, make(chan struct{}), make(chan struct{})}
	go b.bind(s)
	return b
}

func (b *toldBinder) bind(s shelf) {
	defer close(b.over)
	for {
		select {
		case p := <-b.pages:
			if err := s.put([]string{p}); err != nil {
				b.fail(err)
				return
			}
		case <-b.stop:
			return
		}
	}
}

func (b *toldBinder) Add(page string) error {
	select {
	case b.pages <- page:
		return nil
	case <-b.stop:
		return errOver
	}
}

func (b *toldBinder) Stop() {
	close(b.stop)
	<-b.over
}

// One that is stopped by somebody who waits until it is over.
type watchedBinder struct {
	pages chan string
	stop  chan struct{}
	over  chan struct{}
}

func NewWatchedBinder(s shelf) *watchedBinder {
	b := &watchedBinder{make(chan string), make(chan struct{}), make(chan struct{})}
	go b.bind(s)
	go func() {
		<-b.over
		close(b.stop)
	}()
	return b
}

func (b *watchedBinder) bind(s shelf) {
	defer close(b.over)
	for p := range b.pages {
		if err := s.put([]string{p}); err != nil {
			return
		}
	}
}

func (b *watchedBinder) Add(page string) error {
	select {
	case b.pages <- page:
		return nil
	case <-b.stop:
		return errOver
	}
}

func (b *watchedBinder) Stop() { close(b.pages) }
