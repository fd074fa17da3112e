package fix

import "time"

func loop(t *time.Timer, in <-chan int) {
	for {
		select {
		case <-t.C:
		case <-in:
			if !t.Stop() { <-t.C } // want `has been taken`
			t.Reset(time.Second)
		}
	}
}

// A comment would be lost.
func commented(t *time.Timer, in <-chan int) {
	for {
		select {
		case <-t.C:
		case <-in:
			if !t.Stop() {
				<-t.C // want `has been taken`
			}
			t.Reset(time.Second)
		}
	}
}

func noted(t *time.Timer, in <-chan int) {
	for {
		select {
		case <-t.C:
		case <-in:
			stopped := t.Stop()
			if !stopped {
				<-t.C // want `has been taken`
			}
			t.Reset(time.Second)
		}
	}
}
