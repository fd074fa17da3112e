package a

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

func scan(line string) {}

func each(dir []os.DirEntry) {
	for _, e := range dir {
		f, err := os.Open(e.Name())
		if err != nil {
			panic(err)
		}
		defer f.Close() // want `f\.Close runs when each returns, not`
		for s := bufio.NewScanner(f); s.Scan(); {
			if s.Text() == "" {
				break
			}
			scan(s.Text())
		}
	}
}

// A helper opens it; a literal closes it.
type store struct{ dir string }

func (s *store) open(name string) (io.ReadCloser, error) { return os.Open(s.dir + name) }

func (s *store) sum(names []string) (n int64, err error) {
	for i := 0; i < len(names); i++ {
		r, err := s.open(names[i])
		if err != nil {
			continue
		}
		defer func() { // want `this deferred function runs when sum returns, not`
			if cerr := r.Close(); cerr != nil {
				println(cerr.Error())
			}
		}()
		k, _ := io.Copy(io.Discard, r)
		n += k
	}
	return n, nil
}

// One query per name, all results open at once.
func names(db *sql.DB, ids []int) (all []string, err error) {
	for _, id := range ids {
		rows, err := db.Query("select name from t where id = ?", id)
		if err != nil {
			return nil, err
		}
		defer rows.Close() // want `rows\.Close runs when names returns, not`
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return nil, err
			}
			all = append(all, name)
		}
	}
	return all, nil
}

// Nothing ends the loop while the listener lives.
func serve(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		defer conn.Close() // want `conn\.Close runs when serve returns, and this loop goes on: every conn is held until then, with a record of the call on the heap; defer it in the goroutine that uses it`
		go io.Copy(conn, conn)
	}
}

// Silent neighbours.

func first(names []string) (*bufio.Scanner, error) {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		defer f.Close() // left on every path
		return bufio.NewScanner(f), nil
	}
	return nil, os.ErrNotExist
}

func concat(w io.Writer, names []string) error {
	var rs []io.Reader
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() // read after the loop
		rs = append(rs, f)
	}
	_, err := io.Copy(w, io.MultiReader(rs...))
	return err
}

func wrapped(w io.Writer, names []string) error {
	var rs []io.Reader
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() // read after the loop, through a buffer
		b := bufio.NewReader(f)
		rs = append(rs, b)
	}
	_, err := io.Copy(w, io.MultiReader(rs...))
	return err
}

type shard struct{ mu sync.Mutex }

func all(shards []*shard) {
	for _, s := range shards {
		s.mu.Lock()
		defer s.mu.Unlock() // all are locked on purpose
	}
}

func attempts(name string) error {
	for range 3 {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() // three at most
		scan(f.Name())
	}
	return nil
}

type poolOf struct{ files []*os.File }

func (p *poolOf) add(f *os.File) { p.files = append(p.files, f) }

func pooled(p *poolOf, names []string) {
	for _, name := range names {
		f, _ := os.Open(name)
		defer f.Close()
		p.add(f)
	}
}

func parallel(names []string) {
	var wg sync.WaitGroup
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		defer f.Close() // used until Wait
		wg.Go(func() { io.Copy(io.Discard, f) })
	}
	wg.Wait()
}

func literals(names []string) {
	for _, name := range names {
		func() {
			f, _ := os.Open(name)
			defer f.Close()
			scan(f.Name())
		}()
	}
}

func last(ctx context.Context, names []string) context.Context {
	for range names {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx) // goes on after the loop
		defer cancel()
	}
	return ctx
}

func locked(lock func(string) func(), keys []string) {
	for _, k := range keys {
		unlock := lock(k)
		defer unlock() // perhaps all together
	}
}

func race(ctx context.Context, late <-chan bool, results <-chan int, start func(context.Context)) int {
	for {
		select {
		case <-late:
			ctx, cancel := context.WithCancel(ctx)
			defer cancel() // once, and for a goroutine
			go start(ctx)
		case r := <-results:
			return r
		}
	}
}

func limited(events <-chan int, limit time.Duration) {
	var expired <-chan time.Time
	for {
		timer := time.NewTimer(limit)
		defer timer.Stop() // waited for in the next round
		expired = timer.C
		select {
		case <-events:
		case <-expired:
			return
		}
	}
}

func careful(names []string) {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return
		}
		defer func() { // for the function as a whole
			recover()
			f.Close()
		}()
		scan(f.Name())
	}
}

type network struct{ pool *lease }

type lease struct{ id int }

func (*lease) Release() {}

func (n *network) request(name string) (*lease, error) { return new(lease), nil }

func (n *network) allocate(names []string) (err error) {
	for _, name := range names {
		l, err := n.request(name)
		if err != nil {
			return err
		}
		defer func() { // only if a later one fails
			if err != nil {
				l.Release()
			}
		}()
	}
	return nil
}

func (n *network) probe(names []string) {
	for _, name := range names {
		l, err := n.request(name)
		if err != nil {
			continue
		}
		defer l.Release() // perhaps all are meant to be held
		scan(name)
	}
}

func closing(names []string) error {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() // on the way out by an error
		scan(f.Name())
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// What is deferred need not hold anything.
func countAll(jobs <-chan int, done <-chan struct{}, total *int) {
	n := 0
	for {
		n++
		defer func() { *total += n }() // want `this deferred function runs when countAll returns, and this loop goes on: a record of the call is added on the heap every time, and then all of them run`
		select {
		case <-jobs:
		case <-done:
			return
		}
	}
}

func countOnce(jobs <-chan int, done <-chan struct{}, total *int) {
	n := 0
	defer func() { *total += n }()
	for {
		n++
		select {
		case <-jobs:
		case <-done:
			return
		}
	}
}

func countLast(jobs <-chan int, done <-chan struct{}, total *int) {
	for n := 0; ; n++ {
		select {
		case <-jobs:
			continue
		case <-done:
		}
		defer func() { *total += n }()
		return
	}
}

// A view of what each iteration makes, which is put together after the loop.
type sheet struct{ parts [][]byte }

type text struct{ parts [][]byte }

func newSheet(name string) *sheet { return &sheet{[][]byte{[]byte(name)}} }

func (s *sheet) Text() text    { return text{s.parts} }
func (s *sheet) First() []byte { return s.parts[0] }
func (s *sheet) Close()        { clear(s.parts) }

func bind(names []string) map[string]text {
	bound := make(map[string]text)
	for _, name := range names {
		s := newSheet(name)
		defer s.Close()
		bound[name] = s.Text()
	}
	print(len(bound))
	return nil
}

func join(names []string) (list [][]byte) {
	for _, name := range names {
		s := newSheet(name)
		defer s.Close()
		first := s.First()
		list = append(list, first[1:])
	}
	return list
}

// A copy of it, or its length, needs it no longer.
func titles(names []string) (list []string, n int) {
	for _, name := range names {
		s := newSheet(name)
		defer s.Close() // want `s\.Close runs when titles returns, not`
		list = append(list, string(s.First()))
		n += len(s.First())
	}
	return list, n
}

// All are open while the function waits.
type stage interface{ Add(io.Reader) }

func serveAll(s stage, names []string, done <-chan struct{}) error {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		scan(f.Name())
	}
	<-done
	return nil
}

func serveForEver(s stage, names []string) {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return
		}
		defer f.Close()
		scan(f.Name())
	}
	select {}
}

// A list that is written down, element by element, is short.
func settings(dir, extra string) error {
	var names []string
	names = append(names, dir+"/settings")
	if extra != "" {
		names = append(names, extra)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		scan(f.Name())
	}
	return nil
}

func settingsOf(dirs []string, extra string) error {
	names := []string{extra}
	for _, dir := range dirs {
		names = append(names, dir+"/settings")
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() // want `f\.Close runs when settingsOf returns, not`
		scan(f.Name())
	}
	return nil
}

// The ports differ because all are taken meanwhile.
func ports(n int) (list []string, err error) {
	for len(list) < n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		list = append(list, port)
	}
	return list, nil
}

// Of each of many rounds one is written down: it grows.
func settingsOfAll(dirs [][]string, extra string) error {
	var names []string
	add := func(name string) { names = append(names, name) }
	for _, list := range dirs {
		for _, dir := range list {
			add(dir)
		}
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close() // want `f\.Close runs when settingsOfAll returns, not`
		scan(f.Name())
	}
	return nil
}

// ctxlost tells of the functions that cancel contexts.
func pings(ctx context.Context, hosts []string, ping func(context.Context, string)) {
	for _, h := range hosts {
		ctx, cancel := context.WithTimeout(ctx, 1)
		defer cancel()
		ping(ctx, h)
	}
}
