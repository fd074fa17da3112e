package skips

import "context"

// A runner has a few workers, which end when there is nothing to do. Once its context has ended
// nobody needs their places, and until then nobody waits for one.
type runner struct {
	ctx    context.Context
	places chan struct{}
	jobs   chan func()
}

func newRunner(ctx context.Context) *runner {
	return &runner{ctx, make(chan struct{}, 4), make(chan func(), 64)}
}

func (r *runner) schedule(job func()) {
	r.jobs <- job
	select {
	case r.places <- struct{}{}:
		go r.work()
	case <-r.ctx.Done():
	default:
	}
}

func (r *runner) work() {
	for {
		select {
		case <-r.ctx.Done():
			return
		case job := <-r.jobs:
			job()
		default:
			<-r.places
			return
		}
	}
}

// These wait for one.
type waitingList struct {
	places chan struct{}
	jobs   chan func()
	quit   chan struct{}
}

func newWaitingList() *waitingList {
	return &waitingList{make(chan struct{}, 4), make(chan func(), 64), make(chan struct{})}
}

func (l *waitingList) schedule(job func()) {
	l.jobs <- job
	l.places <- struct{}{} // want `the place taken here is not given back on a path to the return at line \d+`
	go l.work()
}

func (l *waitingList) work() {
	for {
		select {
		case <-l.quit:
			return
		case job := <-l.jobs:
			job()
		default:
			<-l.places
			return
		}
	}
}
