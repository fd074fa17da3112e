// Package doc holds the examples of the documentation.
package doc

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"
)

const (
	update = "UPDATE users SET name = ? WHERE id = ?"
	remove = "DELETE FROM users WHERE id = ?"
	touch  = "UPDATE users SET seen = now() WHERE id = ?"
)

type Store struct{ db *sql.DB }

func (s *Store) welcome(ctx context.Context, to string) error {
	if to == "" {
		return errors.New("nobody")
	}
	_, err := s.db.ExecContext(ctx, "INSERT INTO mails VALUES (?)", to)
	return err
}

func (s *Store) Rename(ctx context.Context, id int, name string) error {
	_, err := s.db.ExecContext(context.Background(), update, name, id) // want `s.db.ExecContext goes on`
	return err
}

func (s *Store) SetName(ctx context.Context, id int, name string) error {
	_, err := s.db.ExecContext(ctx, update, name, id)
	return err
}

func (s *Store) Remove(ctx context.Context, id int) error {
	_, err := s.db.Exec(remove, id) // want `s.db.Exec takes no context and goes on after the caller has given up; use ExecContext with ctx`
	return err
}

func (s *Store) RemoveWithin(ctx context.Context, id int) error {
	_, err := s.db.ExecContext(ctx, remove, id)
	return err
}

func (s *Store) touch(id int) error {
	_, err := s.db.ExecContext(context.TODO(), touch, id) // want `context.TODO\(\) stands in for the context that those who call touch have`
	return err
}

func (s *Store) Visit(ctx context.Context, id int) error {
	return s.touch(id)
}

func (s *Store) touchWithin(ctx context.Context, id int) error {
	_, err := s.db.ExecContext(ctx, touch, id)
	return err
}

func (s *Store) VisitWithin(ctx context.Context, id int) error {
	return s.touchWithin(ctx, id)
}

func (s *Store) Register(w http.ResponseWriter, r *http.Request) {
	go s.welcome(r.Context(), r.FormValue("mail")) // want `when the handler returns, but this goroutine may go on: s.welcome then fails`
	w.WriteHeader(http.StatusAccepted)
}

func (s *Store) SignUp(w http.ResponseWriter, r *http.Request) {
	go s.welcome(context.WithoutCancel(r.Context()), r.FormValue("mail"))
	w.WriteHeader(http.StatusAccepted)
}

type Poller struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (p *Poller) run(fetch func(context.Context)) {
	for p.ctx.Err() == nil {
		fetch(p.ctx)
	}
}

func NewPoller(fetch func(context.Context)) *Poller {
	p := &Poller{}
	p.ctx, p.cancel = context.WithCancel(context.Background()) // want `the cancel function that is kept in field cancel is never called: .*`
	go p.run(fetch)
	return p
}

type host struct{ url string }

func (h host) ping(ctx context.Context) {
	if req, err := http.NewRequestWithContext(ctx, "HEAD", h.url, nil); err == nil {
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}
}

func pingAll(ctx context.Context, hosts []host) {
	for _, h := range hosts {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel() // want `cancel is deferred in a loop: the context of every iteration, with its timer, is kept until the function returns; call cancel when the iteration is done`
		h.ping(ctx)
	}
}

func pingEach(ctx context.Context, hosts []host) {
	for _, h := range hosts {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		h.ping(ctx)
		cancel()
	}
}
