package detached

import (
	"context"
	"io"
	"net/http"
	"sync"
)

// A Call is a context itself.
type Call struct {
	context.Context
	user string
}

// A Visit is one by its methods.
type Visit interface {
	context.Context
	User() string
}

// A Site has a context for its own life.
type Site struct {
	ctx context.Context
	Service
}

// Defects.

func byCall(s *Service, c *Call) error {
	_, err := s.repo.Find(context.Background(), len(c.user)) // want `drops the deadline and cancellation of c: s.repo.Find goes on`
	return err
}

func byVisit(s *Service, v Visit) error {
	return s.repo.Save(context.TODO(), &User{v.User()}) // want `drops the deadline and cancellation of v: s.repo.Save goes on`
}

func (c *Call) load(s *Service) (*User, error) {
	return s.repo.Find(context.Background(), 1) // want `drops the deadline and cancellation of c: s.repo.Find goes on`
}

// Right.

func (c *Call) find(s *Service) (*User, error) { return s.repo.Find(c, 1) }

func (s *Site) site() (*User, error) { return s.repo.Find(context.Background(), 1) }

func (c *Call) Close(s *Service) error { return s.repo.Save(context.Background(), &User{}) }

func plainRequest(s *Service, h http.Header) (*User, error) {
	return s.repo.Find(context.Background(), len(h))
}

type letter struct {
	ctx   context.Context
	reply chan error
}

type clerk struct{ in chan letter }

// ask hands the context on, and waits under it.
func (c *clerk) ask(ctx context.Context) error {
	l := letter{ctx: ctx, reply: make(chan error, 1)}
	select {
	case c.in <- l:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-l.reply
}

// leave hands it on.
func (c *clerk) leave(ctx context.Context) error {
	c.in <- letter{ctx: ctx}
	return nil
}

func asksClerk(ctx context.Context, c *clerk) error {
	return c.ask(context.Background()) // want `c.ask goes on after the caller has given up`
}

func leavesLetter(ctx context.Context, c *clerk) error { return c.leave(context.Background()) }

// Names that sound like metrics, of functions that answer.

type ledger interface {
	CountOpen(ctx context.Context, owner string) (int, error)
	Events(ctx context.Context, owner string) ([]string, error)
	Count(ctx context.Context, n int) error
	RecordEvent(ctx context.Context, name string) error
}

func Count(ctx context.Context, l ledger) (int, error) {
	return l.CountOpen(context.Background(), "root") // want `l.CountOpen goes on`
}

func list(ctx context.Context, l ledger) error {
	all, err := l.Events(context.Background(), "root") // want `l.Events goes on`
	if err != nil {
		return err
	}
	for i := range all {
		if err := l.Count(context.Background(), i); err != nil {
			return err
		}
	}
	return l.RecordEvent(context.Background(), "listed")
}

type pipes interface {
	OpenPipe(ctx context.Context, name string) (io.ReadCloser, error)
}

// copies leaves the pipe to a goroutine, which goes on with it.
func copies(ctx context.Context, p pipes, w io.Writer) error {
	f, err := p.OpenPipe(context.Background(), "stdin")
	if err != nil {
		return err
	}
	var begun sync.WaitGroup
	begun.Add(1)
	go func() {
		begun.Done()
		io.Copy(w, f)
		f.Close()
	}()
	begun.Wait()
	return nil
}

func copiesHere(ctx context.Context, p pipes, w io.Writer) error {
	f, err := p.OpenPipe(context.Background(), "stdin") // want `p.OpenPipe goes on`
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}
