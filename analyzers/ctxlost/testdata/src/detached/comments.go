package detached

import (
	"context"
	"time"
)

// Comments about something else, and those that call the place unfinished.

func (s *Service) plain(ctx context.Context, u *User) error {
	// Write the user with a timeout; the caller must always hold the lock.
	c, cancel := context.WithTimeout(context.Background(), time.Second) // want `s.repo.Save goes on after`
	defer cancel()
	return s.repo.Save(c, u)
}

func (s *Service) unfinished(ctx context.Context, u *User) error {
	// TODO: use ctx, so that this is not detached from the caller.
	return s.repo.Save(context.TODO(), u) // want `s.repo.Save goes on after`
}

func (s *Service) fixme(ctx context.Context, u *User) error {
	// The first write. FIXME: it goes on even if the client disconnects.
	return s.repo.Save(context.Background(), u) // want `s.repo.Save goes on after`
}

// describes saves a user and sets a deadline so that the database cannot keep us waiting. It
// should pass ctx on, not a context without cancellation.
func (s *Service) describes(ctx context.Context, u *User) error {
	c, cancel := context.WithTimeout(context.Background(), time.Second) // want `s.repo.Save goes on after`
	defer cancel()                                                      // don't forget to cancel, or the timer leaks
	return s.repo.Save(c, u)
}

func (s *Service) because(ctx context.Context, u *User) error {
	// First the user, because the order refers to it.
	return s.repo.Save(context.Background(), u) // want `s.repo.Save goes on after`
}

// Reasons.

func (s *Service) reason1(ctx context.Context, u *User) error {
	// Don't use ctx here: a cancelled request would leave half a record behind.
	return s.repo.Save(context.Background(), u)
}

func (s *Service) reason2(ctx context.Context, u *User) error {
	// not tied to the request
	return s.repo.Save(context.Background(), u)
}

func (s *Service) reason3(ctx context.Context, u *User) error {
	return s.repo.Save(context.Background(), u) // ctx may already be done
}

func (s *Service) reason4(ctx context.Context, u *User) error {
	// We use a new context, so the write isn't aborted when its parent is canceled.
	// TODO: a shorter timeout.
	c, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s.repo.Save(c, u)
}

// reason5 saves the user.
//
// The write must not be interrupted.
func (s *Service) reason5(ctx context.Context, u *User) error {
	return s.repo.Save(context.Background(), u)
}

func (s *Service) reason6(ctx context.Context, u *User) error {
	// Best effort: the cleanup job finds what is left.
	return s.repo.Save(context.Background(), u)
}

func (s *Service) reason7(ctx context.Context, u *User) error {
	// The user has paid, so finish after the client has gone away.
	return s.repo.Save(context.Background(), u)
}

// A result for all callers that is kept in a part of something else.

type loaded struct {
	user *User
	err  error
}

type keeper struct {
	repo Repo
	all  map[int]*loaded
	one  struct{ last *loaded }
}

func (k *keeper) get(ctx context.Context, id int) (*User, error) {
	l := k.all[id]
	if l == nil {
		u, err := k.repo.Find(context.Background(), id)
		l = &loaded{u, err}
		k.all[id] = l
	}
	return l.user, l.err
}

func (k *keeper) put(ctx context.Context, id int) error {
	u, err := k.repo.Find(context.Background(), id)
	k.all[id] = &loaded{user: u, err: err}
	return err
}

func (k *keeper) local(ctx context.Context, id int) (*User, error) {
	u, err := k.repo.Find(context.Background(), id) // want `k.repo.Find goes on`
	l := &loaded{user: u, err: err}
	return l.user, l.err
}
