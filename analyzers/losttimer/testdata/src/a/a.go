package a

import "time"

// The timer is restarted by the case that takes its value, or the loop ends.
func debounce(t *time.Timer, reset <-chan struct{}) {
	for {
		select {
		case <-t.C:
			t.Reset(time.Second)
		case <-reset:
			if !t.Stop() {
				<-t.C
			}
			t.Reset(time.Second)
		}
	}
}

func debounceOnce(t *time.Timer, reset <-chan struct{}) {
	for {
		select {
		case <-t.C:
			return
		case <-reset:
			if !t.Stop() {
				<-t.C
			}
			t.Reset(time.Second)
		}
	}
}

func drainSafely(t *time.Timer, reset <-chan struct{}) {
	for {
		select {
		case <-t.C:
		case <-reset:
			if !t.Stop() {
				select {
				case <-t.C:
				default:
				}
			}
			t.Reset(time.Second)
		}
	}
}
