package detached

import (
	"context"
	"net/http"
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
