package a

import "time"

type owner struct{ t *time.Ticker }

// Somebody else stops these.
func newOwner() *owner { return &owner{time.NewTicker(time.Second)} }

func returned() *time.Ticker { return time.NewTicker(time.Second) }

func handed(use func(*time.Ticker)) { use(time.NewTicker(time.Second)) }

func captured(done <-chan struct{}) {
	t := time.NewTicker(time.Second)
	defer func() { t.Stop() }()
	select {
	case <-t.C:
	case <-done:
	}
}

// This one never returns.
func forever(work func()) {
	t := time.NewTicker(time.Second)
	for range t.C {
		work()
	}
}

func early(ready bool, done <-chan struct{}) {
	t := time.NewTicker(time.Second) // want `this ticker is not stopped when this function returns at line 34`
	if !ready {
		return
	}
	defer t.Stop()
	<-done
}

func timeout(in <-chan int) int {
	t := time.NewTimer(time.Minute) // want `this timer is not stopped when this function returns at line \d+; as go.mod asks for go1.22, the runtime keeps it, some 260 B, until it fires`
	select {
	case v := <-in:
		return v
	case <-t.C:
		return 0
	}
}

// Soon gone.
func short(in <-chan int) int {
	t := time.NewTimer(time.Second)
	select {
	case v := <-in:
		return v
	case <-t.C:
		return 0
	}
}

func fires() {
	t := time.NewTimer(time.Hour)
	<-t.C
}
