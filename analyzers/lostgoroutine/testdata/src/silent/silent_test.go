package silent

import (
	"context"
	"testing"
	"time"
)

type sink struct {
	OnCreate, OnUpdate func(string)
}

func serve(t *testing.T, s *sink) { t.Helper(); s.OnCreate("x"); report(s) }

func report(any) {}

// OnUpdate is not expected to be called: the test would hang, and so be seen.
func TestSink(t *testing.T) {
	created := make(chan string, 1)
	updated := make(chan string)
	serve(t, &sink{
		OnCreate: func(name string) { created <- name },
		OnUpdate: func(name string) { updated <- name },
	})
	if name := <-created; name != "x" {
		t.Error(name)
	}
}

// Work that does not end, for what is under test.
func TestBlocked(t *testing.T) {
	var never chan struct{}
	block := func(context.Context) error {
		<-never
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := giveUp(ctx, block); err == nil {
		t.Fatal("it is over")
	}
}

func giveUp(ctx context.Context, work func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return work(ctx)
}

func TestRuns(t *testing.T) {
	r := newRuns(context.Background())
	if err := r.add(func() { <-t.Context().Done() }); err != nil {
		t.Error(err)
	}
}

// What is left behind by a test that has failed ends with it.
func TestReaders(t *testing.T) {
	const readers = 3
	done := make(chan bool, readers)
	read := func(n int) {
		if n < 0 {
			t.Errorf("%d", n)
			done <- false
		}
		done <- true
	}
	for i := range readers {
		go read(i)
	}
	for range readers {
		if !<-done {
			return
		}
	}
}

func TestMonitor(t *testing.T) {
	m := &monitor{failed: make(chan error, 1), stop: make(chan struct{})}
	told := m.start()
	m.failed <- context.Canceled
	select {
	case err := <-told:
		if err == nil {
			t.Fatal("no error")
		}
	case <-time.After(time.Second):
		t.Fatal("late")
	}
}

// What is under test leaves early only if it fails, and then the test does.
type forwarding struct {
	is interface{ NoError(error) bool }
	f  *forwarder
}

func (s *forwarding) TestForward() {
	in := make(chan struct{})
	go func() {
		in <- struct{}{}
		in <- struct{}{}
		s.f.quit.Quit()
	}()
	err := s.f.run(in)
	s.is.NoError(err)
}
