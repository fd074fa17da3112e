// Package detached drops contexts that are at hand.
package detached

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
)

type User struct{ Name string }

type Repo interface {
	Find(ctx context.Context, id int) (*User, error)
	Save(ctx context.Context, u *User) error
	Names(ctx context.Context) []string
}

type Service struct {
	db   *sql.DB
	repo Repo
	http *http.Client
	hook func(context.Context, string) error
	mu   sync.Mutex
	last *User
	all  map[int]*User
}

func (s *Service) load(ctx context.Context, id int) (*User, error) {
	row := s.db.QueryRowContext(ctx, "SELECT name FROM users WHERE id = ?", id)
	u := new(User)
	return u, row.Scan(&u.Name)
}

// The plain forms.

func (s *Service) Get(ctx context.Context, id int) (*User, error) {
	return s.repo.Find(context.Background(), id) // want `s.repo.Find goes on`
}

func (s *Service) Todo(ctx context.Context, id int) (*User, error) {
	if err := s.repo.Save(ctx, &User{}); err != nil {
		return nil, err
	}
	return s.load(context.TODO(), id) // want `s.load goes on after`
}

func (s *Service) Bounded(ctx context.Context, u *User) error {
	c, cancel := context.WithTimeout(context.Background(), 5*time.Second) // want `s.repo.Save goes on after`
	defer cancel()
	return s.repo.Save(c, u)
}

func (s *Service) Shadow(ctx context.Context, id int) (*User, error) {
	{
		ctx := context.Background() // want `s.load goes on after`
		return s.load(ctx, id)
	}
}

func (s *Service) Overwritten(ctx context.Context, id int) (*User, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) // want `s.load goes on after`
	defer cancel()
	return s.load(ctx, id)
}

func (s *Service) Row(ctx context.Context) (n int) {
	s.db.QueryRowContext(context.Background(), "SELECT count(*) FROM users").Scan(&n) // want `s.db.QueryRowContext goes on`
	return n
}

func (s *Service) Rows(ctx context.Context) ([]string, error) {
	rows, err := s.db.QueryContext(context.Background(), "SELECT name FROM users") // want `s.db.QueryContext goes on`
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

func (s *Service) Tx(ctx context.Context) error {
	bg := context.Background() // want `s.db.BeginTx goes on`
	tx, err := s.db.BeginTx(bg, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(bg, "DELETE FROM users"); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *Service) Fetch(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil) // want `http.NewRequestWithContext goes on`
	if err != nil {
		return nil, err
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func command(ctx context.Context) ([]byte, error) {
	return exec.CommandContext(context.Background(), "git", "gc").Output() // want `exec.CommandContext goes on`
}

func (s *Service) Field(ctx context.Context) error {
	return s.hook(context.Background(), "x") // want `s.hook goes on`
}

func (s *Service) InLoop(ctx context.Context, ids []int) error {
	for _, id := range ids {
		if err := s.repo.Save(context.Background(), &User{}); err != nil { // want `s.repo.Save goes on`
			return err
		}
		_ = id
	}
	return nil
}

func (s *Service) AfterCheck(ctx context.Context, id int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := s.load(context.Background(), id) // want `s.load goes on`
	return err
}

func (s *Service) Group(ctx context.Context, ids []int) error {
	g, _ := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error {
			_, err := s.load(context.Background(), id) // want `s.load goes on`
			return err
		})
	}
	return g.Wait()
}

func (s *Service) Joined(ctx context.Context) error {
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs[i] = s.repo.Save(context.Background(), &User{}) // want `s.repo.Save goes on`
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}

type ring[T any] struct {
	load func(context.Context) (T, error)
}

func (r *ring[T]) next(ctx context.Context) (T, error) {
	return r.load(context.Background()) // want `r.load goes on`
}

// Requests.

func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u, err := s.repo.Find(context.Background(), 1) // want `s.repo.Find goes on after the client has gone; pass r`
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	io.WriteString(w, u.Name)
}

// What it is kept in goes with the request.
func (s *Service) page(w http.ResponseWriter, r *http.Request) {
	u, err := s.repo.Find(context.Background(), 3) // want `s.repo.Find goes on after the client has gone; pass r`
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	page := &results{make(map[string]*User)}
	page.StoreUser("user", u)
	w.Header().Set("Name", u.Name)
	io.WriteString(w, page.seen["user"].Name)
}

func (s *Service) routes(mux *http.ServeMux) {
	mux.HandleFunc("/save", func(w http.ResponseWriter, req *http.Request) {
		c, stop := context.WithTimeout(context.Background(), time.Minute) // want `s.repo.Save goes on after the client has gone`
		defer stop()
		if s.repo.Save(c, &User{req.FormValue("name")}) != nil {
			w.WriteHeader(500)
		}
	})
}

func (s *Service) gin(c *gin.Context) {
	u, err := s.load(context.Background(), 1) // want `pass c.Request`
	if err == nil {
		c.JSON(200, u)
	}
}

func (s *Service) List(req *User, stream grpc.ServerStream) error {
	u, err := s.load(context.TODO(), 1) // want `pass stream`
	if err != nil {
		return err
	}
	return stream.SendMsg(u)
}

type transport struct {
	next  http.RoundTripper
	token func(context.Context) (string, error)
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	tok, err := t.token(context.Background()) // want `t.token goes on after the caller has given up`
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", tok)
	return t.next.RoundTrip(r)
}

func (s *Service) signUp(w http.ResponseWriter, r *http.Request) {
	s.enter(context.Background(), r) // want `s.enter goes on after the client has gone`
}

func (s *Service) enter(ctx context.Context, r *http.Request) error {
	return s.repo.Save(ctx, &User{Name: r.FormValue("name")})
}

// documented speaks of ctx, and is wrong all the same.
func documented(ctx context.Context, s *Service) error {
	return s.repo.Save(context.Background(), &User{}) // want `s.repo.Save goes on`
}

func dialled(ctx context.Context, d *net.Dialer, addr string) error {
	c, err := d.DialContext(context.Background(), "tcp", addr) // want `d.DialContext goes on`
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Write([]byte("hello"))
	return err
}

// Nobody waits to listen, but to dial.
func listened(ctx context.Context, lc *net.ListenConfig, path string) error {
	l, err := lc.Listen(context.Background(), "unix", path)
	if err != nil {
		return err
	}
	defer l.Close()
	_, err = l.Accept()
	return err
}
