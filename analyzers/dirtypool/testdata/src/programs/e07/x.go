// Package e07: LRU-ish metrics batch w/ early return forgetting reset.
package e07

import (
	"errors"
	"sync"
)

type sample struct {
	name string
	v    float64
}

type batch struct {
	samples []sample
	labels  map[string]string
}

var batches = sync.Pool{New: func() any { return &batch{labels: make(map[string]string)} }}

func release(b *batch) { batches.Put(b) }

func Push(names []string, send func([]sample) error) error {
	b := batches.Get().(*batch) // want `the \*batch from batches may still hold its previous user.s field samples: it is reset neither after this Get nor on every way to its Put`
	defer release(b)
	for _, n := range names {
		b.samples = append(b.samples, sample{n, 1})
	}
	if len(b.samples) == 0 {
		return errors.New("empty")
	}
	if err := send(b.samples); err != nil {
		return err
	}
	b.samples = b.samples[:0]
	return nil
}
