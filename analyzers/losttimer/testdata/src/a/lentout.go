package a

import "time"

type sensor struct {
	lines  chan string
	quit   chan struct{}
	report func(string)
	silent func()
}

// push moves the alarm of a sensor that has made itself heard.
func push(alarm *time.Timer, d time.Duration) {
	if !alarm.Stop() {
		<-alarm.C // want `this receive blocks forever once the value of alarm.C has been taken at line 27: Stop returns false then, too`
	}
	alarm.Reset(d)
}

func (s *sensor) listen(d time.Duration) {
	alarm := time.NewTimer(d)
	defer alarm.Stop()
	for {
		select {
		case l := <-s.lines:
			s.report(l)
		case <-alarm.C:
			s.silent()
		case <-s.quit:
			return
		}
		push(alarm, d)
	}
}

// pushIfSet is called while the alarm is set.
func pushIfSet(alarm *time.Timer, d time.Duration) {
	if !alarm.Stop() {
		<-alarm.C
	}
	alarm.Reset(d)
}

// The alarm that has gone off is set anew without it.
func (s *sensor) listenAgain(d time.Duration) {
	alarm := time.NewTimer(d)
	defer alarm.Stop()
	for {
		select {
		case l := <-s.lines:
			s.report(l)
			pushIfSet(alarm, d)
		case <-alarm.C:
			s.silent()
			alarm.Reset(d)
		case <-s.quit:
			return
		}
	}
}

// What is done with the line may set the alarm anew.
func (s *sensor) listenWith(d time.Duration, with func(*time.Timer)) {
	alarm := time.NewTimer(d)
	for {
		select {
		case <-alarm.C:
			with(alarm)
		case <-s.quit:
			return
		}
		pushIfSet(alarm, d)
	}
}

func ringIn(alarm *time.Timer, d time.Duration) { alarm.Reset(d) }

// A helper has set it anew.
func (s *sensor) listenOn(d time.Duration) {
	alarm := time.NewTimer(d)
	defer alarm.Stop()
	for range 10 {
		select {
		case <-alarm.C:
			s.silent()
			ringIn(alarm, d)
		case <-s.quit:
			return
		}
		pushIfSet(alarm, d)
	}
}
