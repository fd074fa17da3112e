//go:build ignore

// Who reads ahead is told when the search has ended.

package main

import (
	"errors"
	"iter"
)

type page struct {
	titles []string
	err    error
}

type stacks struct {
	read func(n int) ([]string, error)
}

func (s *stacks) all() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		pages := make(chan page)
		ended := make(chan struct{})
		defer close(ended)
		go s.ahead(pages, ended)
		for p := range pages {
			if p.err != nil {
				yield("", p.err)
				return
			}
			for _, title := range p.titles {
				if !yield(title, nil) {
					return
				}
			}
		}
	}
}

func (s *stacks) ahead(pages chan<- page, ended <-chan struct{}) {
	defer close(pages)
	for n := 0; ; n++ {
		titles, err := s.read(n)
		if err != nil {
			select {
			case pages <- page{err: err}:
			case <-ended:
			}
			return
		}
		select {
		case pages <- page{titles: titles}:
		case <-ended:
			return
		}
		if len(titles) == 0 {
			return
		}
	}
}

func run() {
	s := &stacks{read: func(n int) ([]string, error) {
		if n > 3 {
			return nil, errors.New("no such page")
		}
		return []string{"a", "b"}, nil
	}}
	for title := range s.all() {
		if title == "b" {
			break
		}
	}
}
