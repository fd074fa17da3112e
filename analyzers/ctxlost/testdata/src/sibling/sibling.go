// Package sibling calls what takes no context.
package sibling

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"sync"
	"time"
)

type store struct {
	db    *sql.DB
	hc    *http.Client
	once  sync.Once
	keys  []byte
	calls int
}

func (s *store) rename(ctx context.Context, id int, name string) error {
	_, err := s.db.Exec("UPDATE users SET name = ? WHERE id = ?", name, id) // want `s.db.Exec takes no context and goes on after the caller has given up; use ExecContext with ctx`
	return err
}

func (s *store) renameRight(ctx context.Context, id int, name string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE users SET name = ? WHERE id = ?", name, id)
	return err
}

func (s *store) ping(ctx context.Context) error {
	return s.db.Ping() // want `s.db.Ping takes no context`
}

func (s *store) count(w http.ResponseWriter, r *http.Request) {
	var n int
	if err := s.db.QueryRow("SELECT count(*) FROM users").Scan(&n); err != nil { // want `s.db.QueryRow takes no context and goes on after the client has gone; use QueryRowContext with r.Context\(\)`
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func allowed(ctx context.Context, url string) (bool, error) {
	resp, err := http.Get(url) // want `http.Get takes no context and goes on after the caller has given up; use http.NewRequestWithContext with ctx`
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK, nil
}

func (s *store) head(ctx context.Context, url string) error {
	resp, err := s.hc.Head(url) // want `s.hc.Head takes no context`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Silent.

func plain(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// What is kept is for others, too.
func (s *store) load(ctx context.Context, url string) error {
	var err error
	s.once.Do(func() {
		var resp *http.Response
		if resp, err = http.Get(url); err == nil {
			s.keys, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
	})
	return err
}

func (s *store) Close(ctx context.Context) error {
	_, err := s.db.Exec("UNLISTEN *")
	return err
}

func (s *store) undo(ctx context.Context, do func(context.Context) error) error {
	if err := do(ctx); err != nil {
		s.db.Exec("DELETE FROM drafts")
		return err
	}
	return nil
}

func (s *store) after(ctx context.Context) error {
	<-ctx.Done()
	_, err := s.db.Exec("DELETE FROM leases")
	return err
}

func (s *store) inBackground(ctx context.Context, d time.Duration) {
	go func() {
		for range time.Tick(d) {
			s.db.Exec("VACUUM")
		}
	}()
}

func (s *store) onPurpose(ctx context.Context) error {
	// Must not be cancelled half way.
	_, err := s.db.Exec("INSERT INTO audit VALUES (1)")
	return err
}

func (s *store) transaction(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.Exec("DELETE FROM users") // its context is that of the transaction
	return err
}
