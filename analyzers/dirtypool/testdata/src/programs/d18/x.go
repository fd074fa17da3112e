// Package d18: pool in struct field, worker method, early return skips reset.
package d18

import (
	"errors"
	"sync"
)

type job struct {
	payload []byte
	retries int
	lastErr error
}

type Worker struct{ jobs sync.Pool }

func NewWorker() *Worker {
	return &Worker{jobs: sync.Pool{New: func() any { return new(job) }}}
}

func (w *Worker) Do(p []byte, try func([]byte) error) error {
	j := w.jobs.Get().(*job) // want `the \*job from Worker\.jobs may still hold its previous user.s field retries: it is reset neither after this Get nor before its Put`
	defer w.jobs.Put(j)
	j.payload = append(j.payload[:0], p...)
	for j.retries < 3 {
		if err := try(j.payload); err != nil {
			j.lastErr = err
			j.retries++
			continue
		}
		return nil
	}
	if j.lastErr != nil {
		return j.lastErr
	}
	return errors.New("gave up")
}
