// Package fixes holds what is mended.
package fixes

import (
	"context"
	"database/sql"
	"net/http"
	"time"
)

type Store interface {
	Save(ctx context.Context, name string) error
}

type api struct{ store Store }

func (a *api) plain(ctx context.Context) error {
	return a.store.Save(context.Background(), "x") // want `a.store.Save goes on`
}

func (a *api) bounded(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.TODO(), time.Second) // want `a.store.Save goes on`
	defer cancel()
	return a.store.Save(ctx, "x")
}

func (a *api) derived(ctx context.Context) error {
	{
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := a.store.Save(ctx, "w"); err != nil {
			return err
		}
		return a.store.Save(context.Background(), "x") // want `a.store.Save goes on`
	}
}

// hidden has a name in the way.
func (a *api) hidden(ctx context.Context) error {
	{
		ctx := "name"
		return a.store.Save(context.Background(), ctx) // want `a.store.Save goes on`
	}
}

// replaced would be assigned to itself.
func (a *api) replaced(ctx context.Context) error {
	ctx = context.Background() // want `a.store.Save goes on`
	return a.store.Save(ctx, "x")
}

func (a *api) request(w http.ResponseWriter, r *http.Request) {
	if a.store.Save(context.Background(), r.FormValue("name")) != nil { // want `a.store.Save goes on`
		w.WriteHeader(500)
	}
}

func (a *api) behind(w http.ResponseWriter, r *http.Request) {
	go a.store.Save(r.Context(), "x") // want `a.store.Save then fails`
}

func (a *api) inside(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	go func() {
		c, cancel := context.WithTimeout(ctx, time.Minute) // want `a.store.Save then fails`
		defer cancel()
		if a.store.Save(c, "x") == nil {
			a.store.Save(ctx, "y")
		}
	}()
}

func (a *api) passed(w http.ResponseWriter, r *http.Request) {
	go func(ctx context.Context) {
		a.store.Save(ctx, "x")
	}(r.Context()) // want `a.store.Save then fails`
}

// timed has an end of its own.
func (a *api) timed(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	time.AfterFunc(time.Minute, cancel)
	go a.store.Save(ctx, "x") // want `a.store.Save then fails`
}

func sibling(ctx context.Context, db *sql.DB) error {
	if err := db.Ping(); err != nil { // want `takes no context`
		return err
	}
	_, err := db.Exec("DELETE FROM drafts") // want `takes no context`
	return err
}
