// Package lacking has helpers that were never given a context.
package lacking

import (
	"context"
	"errors"
	"net/http"
	"time"
)

type bucket interface {
	Put(ctx context.Context, name string, data []byte) error
	Stat(ctx context.Context, name string) (int64, error)
	Remove(ctx context.Context, name string) error
	Touch(ctx context.Context, name string)
}

type archive struct {
	bucket bucket
	sizes  map[string]int64
}

// Both callers have a context.
func (a *archive) write(name string, data []byte) error {
	return a.bucket.Put(context.TODO(), name, data) // want `context.TODO\(\) stands in for the context that those who call write have: a.bucket.Put goes on after they have given up; give write a context`
}

func (a *archive) Replace(ctx context.Context, name string, data []byte) error {
	if _, err := a.bucket.Stat(ctx, name); err != nil {
		return err
	}
	return a.write(name, data)
}

func (a *archive) upload(w http.ResponseWriter, r *http.Request) {
	if err := a.write(r.PathValue("name"), nil); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// By a variable, with a limit, and in a function of no receiver.
func sizeOf(b bucket, name string) (int64, error) {
	ctx, cancel := context.WithTimeout(context.TODO(), time.Minute) // want `context.TODO\(\) stands in for the context that those who call sizeOf have: b.Stat goes on`
	defer cancel()
	return b.Stat(ctx, name)
}

func (a *archive) Total(ctx context.Context, names []string) (sum int64, err error) {
	for _, name := range names {
		n, err := sizeOf(a.bucket, name)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, ctx.Err()
}

// One caller has none.
func (a *archive) put(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) Mark(ctx context.Context, name string) error { return a.put(name) }

func (a *archive) Nightly() error { return a.put("night") }

// Somebody may call it as a value.
func (a *archive) probe(name string) error {
	_, err := a.bucket.Stat(context.TODO(), name)
	return err
}

func (a *archive) Probe(ctx context.Context, name string) error { return a.probe(name) }

func (a *archive) Probes() func(string) error { return a.probe }

// Or as a method of an interface.
type checker interface{ check(name string) error }

type plain struct{ b bucket }

func (p plain) check(name string) error {
	_, err := p.b.Stat(context.TODO(), name)
	return err
}

func (p plain) Check(ctx context.Context, name string) error { return p.check(name) }

func checkAll(list []checker) (err error) {
	for _, c := range list {
		err = errors.Join(err, c.check("x"))
	}
	return err
}

// Exported: who knows who calls it.
func (a *archive) Write(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) WriteTwice(ctx context.Context, name string) error { return a.Write(name) }

// Nobody calls it.
func (a *archive) unused(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

// Called when something has failed, when the work has ended, or in a goroutine.
func (a *archive) undo(name string) error { return a.bucket.Remove(context.TODO(), name) }

func (a *archive) mend(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) later(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) last(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) Move(ctx context.Context, from, to string) error {
	defer a.last(from)
	if err := a.bucket.Put(ctx, to, nil); err != nil {
		return errors.Join(err, a.mend(from))
	}
	go a.later(to)
	if err := a.bucket.Remove(ctx, from); err != nil {
		return a.undo(to)
	}
	return nil
}

// It has a context, of the object.
type session struct {
	context.Context
	b bucket
}

func (s *session) stat(name string) (int64, error) { return s.b.Stat(s, name) }

func (s *session) Stat(ctx context.Context, name string) (int64, error) { return s.stat(name) }

// The context is one that has ended.
func (a *archive) flushed(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) Run(ctx context.Context) error {
	<-ctx.Done()
	return a.flushed("end")
}

// It says why.
//
// The write must be finished even if the caller gives up.
func (a *archive) settled(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) Settle(ctx context.Context, name string) error { return a.settled(name) }

// Nothing that waits.
func (a *archive) touched(name string) { a.bucket.Touch(context.TODO(), name) }

func (a *archive) Touch(ctx context.Context, name string) { a.touched(name) }

// Kept for other callers.
func (a *archive) cached(name string) (int64, error) {
	if n, ok := a.sizes[name]; ok {
		return n, nil
	}
	n, err := a.bucket.Stat(context.TODO(), name)
	a.sizes[name] = n
	return n, err
}

func (a *archive) Cached(ctx context.Context, name string) (int64, error) { return a.cached(name) }

// Kept by the caller, for others.
func (a *archive) measured(name string) (int64, error) { return a.bucket.Stat(context.TODO(), name) }

func (a *archive) Measure(ctx context.Context, name string) (err error) {
	a.sizes[name], err = a.measured(name)
	return err
}

// In a goroutine of the helper.
func (a *archive) ahead(name string) {
	go func() { _ = a.bucket.Put(context.TODO(), name, nil) }()
}

func (a *archive) Ahead(ctx context.Context, name string) { a.ahead(name) }

// Background is not a place that waits for a context, but a choice.
func (a *archive) chosen(name string) error { return a.bucket.Put(context.Background(), name, nil) }

func (a *archive) Choose(ctx context.Context, name string) error { return a.chosen(name) }

// By its name, the caller ends something, but the context goes on.
func (a *archive) retire(name string) error {
	return a.bucket.Put(context.TODO(), name, nil) // want `context.TODO\(\) stands in for the context that those who call retire have`
}

func (a *archive) Close(ctx context.Context, name string) error {
	if err := a.retire(name); err != nil {
		return err
	}
	return a.bucket.Remove(ctx, name)
}

func (a *archive) settle(name string) error { return a.bucket.Put(context.TODO(), name, nil) }

func (a *archive) Shutdown(ctx context.Context, name string) error {
	if _, err := a.bucket.Stat(ctx, name); err != nil {
		return err
	}
	return a.settle(name)
}
