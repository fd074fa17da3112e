// Package demand holds what is only reported on demand: the missing message may be
// sent in ways, or not awaited for reasons, that do not show.
package demand

import "sync"

func try() error { return nil }

func noMessage() {
	ch := make(chan error)
	go func() {
		if err := try(); err != nil {
			ch <- err
		}
	}()
	<-ch // want `this receive blocks forever once the goroutine started at line 11 returns: nobody sends to ch or closes it`
}

func noDone(errs []error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if try() != nil {
			return
		}
		wg.Done()
	}()
	wg.Wait() // want `this Wait never returns when the goroutine started at line 22 returns at line 24: not every Add is matched by a Done`
}
