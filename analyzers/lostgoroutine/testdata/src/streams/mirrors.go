package streams

import (
	"context"
	"errors"
	"sync"
)

type download[T any] struct {
	content T
	err     error
}

type mirror[T any] func(ctx context.Context) (T, error)

// The first mirror that has the file is enough; the others go on to tell what they have.
func fastestOf[T any](ctx context.Context, wait func() error, mirrors []mirror[T]) (T, error) {
	var none T
	answers := make(chan download[T])
	for _, m := range mirrors {
		go tryMirror(ctx, wait, m, answers)
	}
	var errs []error
	for range mirrors {
		d := <-answers
		if d.err == nil {
			return d.content, nil
		}
		errs = append(errs, d.err)
	}
	return none, errors.Join(errs...)
}

func tryMirror[T any](ctx context.Context, wait func() error, m mirror[T], answers chan<- download[T]) {
	var d download[T]
	if d.err = wait(); d.err == nil {
		d.content, d.err = m(ctx)
	}
	answers <- d // want `of the goroutines started at line 21, all but 1 block forever at this send: fastestOf receives from answers no more often and it has no buffer`
}

// Only the first that is done tells: it sets what they all ask.
func onlyFirst(ctx context.Context, mirrors []mirror[string]) string {
	answers := make(chan string)
	race := &struct {
		sync.Mutex
		over bool
	}{}
	for _, m := range mirrors {
		go func() {
			content, _ := m(ctx)
			race.Lock()
			defer race.Unlock()
			if race.over {
				return
			}
			race.over = true
			answers <- content
		}()
	}
	return <-answers
}
