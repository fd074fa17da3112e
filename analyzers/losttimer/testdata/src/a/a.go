package a

import (
	"log"
	"time"
)

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

// Nothing else has this timer, so that calls cannot restart it.
func own(reset <-chan struct{}, fire func()) {
	t := time.NewTimer(time.Second)
	for {
		select {
		case <-t.C:
			fire()
		case <-reset:
			stopped := t.Stop()
			log.Print("reset")
			if !stopped {
				<-t.C // want `once the value of t.C has been taken at line 58`
			}
			t.Reset(time.Second)
		}
	}
}

// fire may restart this one.
func shared(t *time.Timer, reset <-chan struct{}, fire func()) {
	for {
		select {
		case <-t.C:
			fire()
		case <-reset:
			if !t.Stop() {
				<-t.C
			}
			t.Reset(time.Second)
		}
	}
}

// Drained twice: the second round finds the channel empty.
func straight() {
	t := time.NewTimer(time.Second)
	<-t.C
	if !t.Stop() {
		<-t.C // want `once the value of t.C has been taken at line 89`
	}
}

func again() {
	t := time.NewTimer(time.Second)
	<-t.C
	t.Reset(time.Second)
	if !t.Stop() {
		<-t.C
	}
}

// A flag says whether the value has been taken.
func flag(reset <-chan int) {
	t := time.NewTimer(time.Second)
	fired := false
	for {
		select {
		case <-t.C:
			fired = true
		case <-reset:
			if !fired {
				if !t.Stop() {
					<-t.C
				}
			}
			t.Reset(time.Second)
			fired = false
		}
	}
}

// The condition has nothing to do with the timer.
func filter(in <-chan int) {
	t := time.NewTimer(time.Second)
	for {
		select {
		case <-t.C:
			log.Print("idle")
		case v := <-in:
			if v > 3 {
				if !t.Stop() {
					<-t.C // want `once the value of t.C has been taken at line 129`
				}
				t.Reset(time.Second)
			}
		}
	}
}

// Another timer each round.
func each(in <-chan int) {
	for {
		t := time.NewTimer(time.Second)
		select {
		case <-t.C:
		case <-in:
			if !t.Stop() {
				<-t.C
			}
		}
	}
}

type holder struct{ t *time.Timer }

// restart is why drain of the field is not judged.
func (h *holder) restart() { h.t.Reset(time.Second) }

func (h *holder) loop(in <-chan int) {
	for {
		select {
		case <-h.t.C:
		case <-in:
			if !h.t.Stop() {
				<-h.t.C
			}
			h.t.Reset(time.Second)
		}
	}
}

// Since Go 1.23 a forgotten ticker is collected.
func forgotten(done <-chan struct{}) {
	t := time.NewTicker(time.Second)
	select {
	case <-t.C:
	case <-done:
	}
}

// The way to the Stop asks whether the timer has fired, in words of its own.
func asked(reset <-chan int, fired func() bool) {
	t := time.NewTimer(time.Second)
	for {
		select {
		case <-t.C:
			log.Print("fired")
		case <-reset:
			if !fired() && !t.Stop() {
				<-t.C
			}
			t.Reset(time.Second)
		}
	}
}

// After the failure nothing starts the timer again.
func failed(reset <-chan int, work func() error) {
	t := time.NewTimer(time.Second)
	for {
		select {
		case <-t.C:
			if work() != nil {
				continue
			}
			t.Reset(time.Second)
		case <-reset:
			if !t.Stop() {
				<-t.C // want `once the value of t.C has been taken at line 204`
			}
			t.Reset(time.Second)
		}
	}
}
