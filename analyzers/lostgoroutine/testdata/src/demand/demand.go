// Package demand holds what is only reported on demand: the missing message may be
// sent in ways, or not awaited for reasons, that do not show.
package demand

func try() error { return nil }

func noMessage() {
	ch := make(chan error)
	go func() {
		if err := try(); err != nil {
			ch <- err
		}
	}()
	<-ch // want `this receive blocks forever once the goroutine started at line 9 returns: nobody sends to ch or closes it`
}
