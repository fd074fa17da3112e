package skips

import (
	"errors"
	"sync"
)

// A timetable is read once for all who ask for it; whoever reads it ends that by a helper.
type timetables struct {
	read  func(of string) (string, error)
	mu    sync.Mutex
	known map[string]string
	open  map[string]*reading
}

type reading struct {
	over chan struct{}
	text string
	err  error
}

func Timetables(read func(of string) (string, error)) *timetables {
	return &timetables{read: read, known: make(map[string]string), open: make(map[string]*reading)}
}

func (t *timetables) Of(of string) (string, error) {
	t.mu.Lock()
	if r, ok := t.open[of]; ok {
		t.mu.Unlock()
		<-r.over // want `this receive blocks forever if first returns at line 47: that way it does not close r.over, and nobody else does`
		return r.text, r.err
	}
	r := &reading{over: make(chan struct{})}
	t.open[of] = r
	t.mu.Unlock()
	return t.first(of, r)
}

func (t *timetables) first(of string, r *reading) (string, error) {
	text, err := t.read(of)
	if err != nil {
		r.err = err
		t.end(of, r)
		return "", err
	}
	if err := check(text); err != nil {
		return "", err
	}
	r.text = text
	t.end(of, r)
	return text, nil
}

func (t *timetables) end(of string, r *reading) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, of)
	close(r.over)
}

func check(text string) error {
	if text == "" {
		return errors.New("empty")
	}
	return nil
}

// A price list is ended by its helper on every way.
type priceLists struct {
	read func(of string) (string, error)
	mu   sync.Mutex
	open map[string]*pricing
}

type pricing struct {
	over chan struct{}
	text string
	err  error
}

func PriceLists(read func(of string) (string, error)) *priceLists {
	return &priceLists{read: read, open: make(map[string]*pricing)}
}

func (p *priceLists) Of(of string) (string, error) {
	p.mu.Lock()
	if r, ok := p.open[of]; ok {
		p.mu.Unlock()
		<-r.over
		return r.text, r.err
	}
	r := &pricing{over: make(chan struct{})}
	p.open[of] = r
	p.mu.Unlock()
	return p.first(of, r)
}

func (p *priceLists) first(of string, r *pricing) (string, error) {
	text, err := p.read(of)
	if err != nil {
		p.end(of, r, "", err)
		return "", err
	}
	if err := check(text); err != nil {
		p.end(of, r, "", err)
		return "", err
	}
	p.end(of, r, text, nil)
	return text, nil
}

func (p *priceLists) end(of string, r *pricing, text string, err error) {
	p.mu.Lock()
	delete(p.open, of)
	p.mu.Unlock()
	r.text, r.err = text, err
	close(r.over)
}
