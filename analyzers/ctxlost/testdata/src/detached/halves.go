package detached

import "context"

type accounts interface {
	SetPassword(ctx context.Context, name, password string) error
	RemoveSessions(ctx context.Context, name string) (int, error)
	Check(ctx context.Context, name string) error
	Sessions(ctx context.Context, name string) (int, error)
}

// A change of two halves.
func (s *Service) relock(ctx context.Context, a accounts, name, password string) error {
	if err := a.SetPassword(ctx, name, password); err != nil {
		return err
	}
	if name != "guest" {
		if _, err := a.RemoveSessions(context.Background(), name); err != nil {
			return err
		}
	}
	return nil
}

// What is only asked for may be given up.
func (s *Service) relockAndCount(ctx context.Context, a accounts, name, password string) (int, error) {
	if err := a.SetPassword(ctx, name, password); err != nil {
		return 0, err
	}
	n, err := a.Sessions(context.Background(), name) // want `a.Sessions goes on after`
	return n, err
}

// Nothing has been changed yet.
func (s *Service) forget(ctx context.Context, a accounts, name string) error {
	if err := a.Check(ctx, name); err != nil {
		return err
	}
	_, err := a.RemoveSessions(context.Background(), name) // want `a.RemoveSessions goes on after`
	return err
}

// Nobody has thought about this one.
func (s *Service) relockSoon(ctx context.Context, a accounts, name, password string) error {
	if err := a.SetPassword(ctx, name, password); err != nil {
		return err
	}
	_, err := a.RemoveSessions(context.TODO(), name) // want `a.RemoveSessions goes on after`
	return err
}

// On another way.
func (s *Service) relockOr(ctx context.Context, a accounts, name, password string) error {
	if password != "" {
		if err := a.SetPassword(ctx, name, password); err != nil {
			return err
		}
	} else if _, err := a.RemoveSessions(context.Background(), name); err != nil { // want `a.RemoveSessions goes on after`
		return err
	}
	return nil
}

type userCache struct{ all map[int]*User }

func (c *userCache) StoreUser(id int, u *User) { c.all[id] = u }

type directory struct {
	repo   Repo
	cache  *userCache
	recent *userCache
}

// Others will find it in the cache.
func lookUp(ctx context.Context, d *directory, id int) (*User, error) {
	u, err := d.repo.Find(context.Background(), id)
	if err != nil {
		return nil, err
	}
	d.cache.StoreUser(id, u)
	return u, nil
}

// And here in something that may be the caller's own.
func lookUpRecent(ctx context.Context, d *directory, id int) (*User, error) {
	u, err := d.repo.Find(context.Background(), id) // want `d.repo.Find goes on after`
	if err != nil {
		return nil, err
	}
	d.recent.StoreUser(id, u)
	return u, nil
}
