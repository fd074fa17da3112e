package a

import "time"

// A meter lets a car stay for as long as coins are put in.
type meter struct {
	coins chan int
	leave chan struct{}
	free  int
}

func (m *meter) run() {
	t := time.NewTimer(time.Minute)
	defer m.release(t)
	for {
		select {
		case <-m.coins:
			t.Reset(time.Minute)
		case <-m.leave:
			return
		case <-t.C:
			return
		}
	}
}

func (m *meter) release(t *time.Timer) {
	if !t.Stop() {
		<-t.C // want `this receive blocks forever once the value of t.C has been taken at line 21: Stop returns false then, too`
	}
	m.free++
}

func wash(in <-chan int, leave <-chan struct{}) (n int) {
	t := time.NewTimer(time.Minute)
	defer func() {
		if !t.Stop() {
			<-t.C // want `once the value of t.C has been taken at line 47: Stop returns false then, too`
		}
	}()
	for {
		select {
		case <-in:
			n++
		case <-leave:
			return n
		case <-t.C:
			return n
		}
	}
}

// What is taken is the end of a round.
func (m *meter) runRounds() {
	t := time.NewTimer(time.Minute)
	defer m.leaveRounds(t)
	for {
		select {
		case <-m.leave:
			return
		case <-t.C:
			t.Reset(time.Minute)
		}
	}
}

func (m *meter) leaveRounds(t *time.Timer) {
	if !t.Stop() {
		<-t.C
	}
	m.free++
}

// Who has taken the value says so.
func washTold(in <-chan int) (n int) {
	t := time.NewTimer(time.Minute)
	over := false
	defer func() {
		if !over && !t.Stop() {
			<-t.C
		}
	}()
	for {
		select {
		case <-in:
			n++
		case <-t.C:
			over = true
			return n
		}
	}
}

// Another timer by then.
func washTwice(in <-chan int) (n int) {
	t := time.NewTimer(time.Minute)
	defer func() {
		if !t.Stop() {
			<-t.C
		}
	}()
	for range 2 {
		select {
		case <-in:
			n++
		case <-t.C:
			t = time.NewTimer(time.Minute)
		}
	}
	return n
}

// It begins again on the way out.
func washLong(in <-chan int) (n int) {
	t := time.NewTimer(time.Minute)
	defer func() {
		if !t.Stop() {
			<-t.C
		}
	}()
	select {
	case <-in:
		n++
	case <-t.C:
		defer t.Reset(time.Second)
	}
	return n
}

// Each coin starts it again.
func washMore(coin func(func()), leave <-chan struct{}) {
	t := time.NewTimer(time.Minute)
	coin(func() { t.Reset(time.Minute) })
	defer func() {
		if !t.Stop() {
			<-t.C
		}
	}()
	select {
	case <-leave:
	case <-t.C:
	}
}

// The timer is drained before the loop, and not after it.
func washLater(in <-chan int) (n int) {
	t := time.NewTimer(time.Minute)
	go func() {
		if !t.Stop() {
			<-t.C
		}
	}()
	select {
	case <-in:
		n++
	case <-t.C:
	}
	return n
}

// Who returns with the value of the timer has not come to the defer statement.
func washShort(short bool, leave <-chan struct{}) {
	t := time.NewTimer(time.Minute)
	if short {
		<-t.C
		return
	}
	defer func() {
		if !t.Stop() {
			<-t.C
		}
	}()
	<-leave
}
