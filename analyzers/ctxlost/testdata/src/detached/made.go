package detached

import (
	"context"
	"errors"
	"time"

	"detached/roots"
)

const limit = time.Second

// timed gives every query the same time.
func timed() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), limit)
}

func detachedTimed() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), limit)
}

// unbound is for what must not be cancelled with the caller.
func unbound() context.Context { return context.Background() }

func (s *Service) viaHelper(ctx context.Context, u *User) error {
	c, cancel := timed() // want `timed\(\) drops the deadline and cancellation of ctx: s.repo.Save goes on after the caller has given up; pass ctx`
	defer cancel()
	return s.repo.Save(c, u)
}

func (s *Service) viaOther(ctx context.Context, u *User) error {
	return s.repo.Save(roots.Query(), u) // want `roots.Query\(\) drops the deadline and cancellation of ctx`
}

func (s *Service) viaTimedOther(ctx context.Context, u *User) error {
	c, cancel := roots.Timed(limit) // want `roots.Timed\(limit\) drops the deadline and cancellation of ctx`
	defer cancel()
	return s.repo.Save(c, u)
}

func (s *Service) onPurpose(ctx context.Context, u *User) error {
	c, cancel := detachedTimed()
	defer cancel()
	if err := s.repo.Save(c, u); err != nil {
		return err
	}
	if err := s.repo.Save(unbound(), u); err != nil {
		return err
	}
	return s.repo.Save(roots.Of(ctx), u)
}

func (s *Service) noneAtHand(u *User) error {
	c, cancel := timed()
	defer cancel()
	return s.repo.Save(c, u)
}

// Literals that run for the caller.
func (s *Service) named(ctx context.Context, us []*User) error {
	save := func(u *User) error {
		return s.repo.Save(context.Background(), u) // want `context.Background\(\) drops the deadline and cancellation of ctx`
	}
	for _, u := range us {
		if err := save(u); err != nil {
			return err
		}
	}
	return nil
}

func each(ctx context.Context, us []*User, fn func(context.Context, *User) error) error {
	for _, u := range us {
		if err := fn(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) handed(ctx context.Context, us []*User) error {
	return each(ctx, us, func(_ context.Context, u *User) error {
		return s.repo.Save(context.Background(), u) // want `context.Background\(\) drops the deadline and cancellation of ctx`
	})
}

// What deals with a failure is done all the same.
func (s *Service) failed(ctx context.Context, u *User) error {
	cleanup := func() { s.repo.Save(context.Background(), nil) }
	mark := func() error { return s.repo.Save(context.Background(), nil) }
	if err := s.repo.Save(ctx, u); err != nil {
		mark()
		return err
	}
	if u == nil {
		cleanup()
	}
	return nil
}

// And those of which it is not known when they run.
func (s *Service) later(ctx context.Context, u *User, hooks *[]func() error) {
	save := func() error { return s.repo.Save(context.Background(), u) }
	*hooks = append(*hooks, save)
	undo := func() error { return s.repo.Save(context.Background(), u) }
	defer undo()
	async := func() error { return s.repo.Save(context.Background(), u) }
	go async()
}

func spawn(ctx context.Context, fn func() error) {
	go fn()
}

func (s *Service) spawned(ctx context.Context, u *User) {
	spawn(ctx, func() error { return s.repo.Save(context.Background(), u) })
}

// A tick is no job that somebody waits for.
func (s *Service) ticks(ctx context.Context, every <-chan time.Time, jobs <-chan *User) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every:
			if err := s.repo.Save(context.Background(), nil); err != nil { // want `context.Background\(\) drops the deadline and cancellation of ctx`
				return err
			}
		case u := <-jobs:
			if err := s.repo.Save(context.Background(), u); err != nil {
				return err
			}
		}
	}
}

// A helper that has nothing but what its caller gives it has nobody else to work for.

func attempts(n int, pause time.Duration, fn func(n int) error) (err error) {
	for i := range n {
		if err = fn(i); err == nil || errors.Is(err, errGone) {
			return err
		}
		time.Sleep(pause)
	}
	return err
}

var errGone = errors.New("gone")

func (s *Service) attempted(ctx context.Context, u *User) error {
	return attempts(3, limit, func(int) error {
		return s.repo.Save(context.Background(), u) // want `context.Background\(\) drops the deadline and cancellation of ctx`
	})
}

// And one that keeps what comes of it for all who ask.

var known = make(map[int]error)

func onceFor(id int, fn func() error) error {
	err, ok := known[id]
	if !ok {
		err = fn()
		known[id] = err
	}
	return err
}

func (s *Service) shared(ctx context.Context, u *User) error {
	return onceFor(1, func() error { return s.repo.Save(context.Background(), u) })
}

type flight struct{ done map[int]error }

func (f *flight) do(id int, fn func() error) error {
	if err, ok := f.done[id]; ok {
		return err
	}
	f.done[id] = fn()
	return f.done[id]
}

func with(f *flight, id int, fn func() error) error {
	err := fn()
	f.done[id] = err
	return err
}

func (s *Service) flown(ctx context.Context, f *flight, u *User) error {
	if err := with(f, 1, func() error { return s.repo.Save(context.Background(), u) }); err != nil {
		return err
	}
	return f.do(1, func() error { return s.repo.Save(context.Background(), u) })
}

// Nor has one that asks a store of others nothing but what it is given.

func stored(id int, fn func() error) error {
	f := flights()
	err := fn()
	f.done[id] = err
	return err
}

func flights() *flight { return theFlight }

var theFlight = &flight{known}

func kept(id int, fn func() error) error {
	err := fn()
	roots.Results.Put(id, err)
	return err
}

func safely(fn func()) {
	defer func() { _ = recover() }()
	fn()
}

func (s *Service) stores(ctx context.Context, u *User) error {
	go safely(func() { s.repo.Save(context.Background(), u) })
	defer safely(func() { s.repo.Save(context.Background(), u) })
	if err := kept(1, func() error { return s.repo.Save(context.Background(), u) }); err != nil {
		return err
	}
	return stored(1, func() error { return s.repo.Save(context.Background(), u) })
}
