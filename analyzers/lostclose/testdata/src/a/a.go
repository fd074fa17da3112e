// Package a has what is left open beside what is not.
package a

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"sync"
	"syscall"
	"time"
)

// files

func never(path string) (string, error) {
	f, err := os.Open(path) // want `f is never closed`
	if err != nil {
		return "", err
	}
	line, err := bufio.NewReader(f).ReadString('\n')
	return line, err
}

func touched(path string) error {
	_, err := os.Create(path) // want `what os.Create returns is dropped, and never closed`
	return err
}

func fileOnPath(path string, strict bool) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644) // want `f is not closed on the path that returns at line`
	if err != nil {
		return err
	}
	r := csv.NewReader(f)
	if _, err := r.Read(); err != nil && strict {
		return fmt.Errorf("header: %w", err)
	}
	return f.Close()
}

func eachFile(paths []string) (n int64) {
	for _, path := range paths {
		f, err := os.Open(path) // want `f is not closed before the loop comes round`
		if err != nil {
			continue
		}
		if info, err := f.Stat(); err == nil {
			n += info.Size()
		}
	}
	return n
}

func skipped(paths []string) error {
	for _, path := range paths {
		f, err := os.Open(path) // want `f is not closed before the loop comes round`
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err != nil || info.IsDir() {
			continue
		}
		f.Close()
	}
	return nil
}

func fsFile(fsys fs.FS) ([]byte, error) {
	f, err := fsys.Open("x") // want `f is never closed`
	if err != nil {
		return nil, err
	}
	return io.ReadAll(f)
}

func dialed(addr string, msg []byte) error {
	conn, err := net.Dial("tcp", addr) // want `conn is not closed on the path that returns at line`
	if err != nil {
		return err
	}
	if _, err := conn.Write(msg); err != nil {
		return err
	}
	return conn.Close()
}

func accepted(l net.Listener, full func() bool) error {
	for {
		conn, err := l.Accept() // want `conn is not closed before the loop comes round`
		if err != nil {
			return err
		}
		if full() {
			continue
		}
		go serve(conn)
	}
}

func serve(c net.Conn) { defer c.Close() }

func pipe() error {
	r, w, err := os.Pipe() // want `w is never closed`
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = w.Write([]byte("x"))
	return err
}

// constructors

type store struct {
	f *os.File
	n int
}

func newStore(path string) (*store, error) {
	f, err := os.Open(path) // want `f is not closed on the path that returns at line`
	if err != nil {
		return nil, err
	}
	s := &store{f: f}
	if err := s.load(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *store) load() error {
	_, err := fmt.Fscan(s.f, &s.n)
	return err
}

func (s *store) Close() error { return s.f.Close() }

func useStore(path string) (int, error) {
	s, err := newStore(path) // want `s is not closed on the path that returns at line .*: the file or connection that it holds stays open`
	if err != nil {
		return 0, err
	}
	if s.n == 0 {
		return 0, errors.New("empty")
	}
	return s.n, s.Close()
}

type lazyStore struct{ *os.File }

func openLazy(path string) (*lazyStore, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	l := &lazyStore{f}
	if _, err := l.Stat(); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func open[T any](path string, into *T, parse func(io.Reader, *T) error) error {
	f, err := os.Open(path) // want `f is not closed on the path`
	if err != nil {
		return err
	}
	if err := parse(f, into); err != nil {
		return err
	}
	return f.Close()
}

// right

func deferred(path string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.WriteString("x")
	return err
}

func returned(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func gzipped(path string) (io.Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return zr, nil
}

func flagged(path string) error {
	var f *os.File
	if path != "-" {
		var err error
		f, err = os.Open(path)
		if err != nil {
			return err
		}
	} else {
		f = os.Stdin
	}
	_, err := io.Copy(io.Discard, f)
	if path != "-" {
		f.Close()
	}
	return err
}

func optional(path string) error {
	var f *os.File
	if path != "" {
		var err error
		if f, err = os.Open(path); err != nil {
			return err
		}
	}
	if f != nil {
		defer f.Close()
	}
	return nil
}

func swept(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func switched(path string) error {
	f, err := os.Open(path)
	switch {
	case os.IsNotExist(err):
		return nil
	case err != nil:
		return err
	}
	defer f.Close()
	return nil
}

func profiled(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return pprof.StartCPUProfile(f)
}

func logged(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	log.SetOutput(f)
	return nil
}

func served(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return http.Serve(l, nil)
}

func posted(url, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	resp, err := http.Post(url, "text/plain", f)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func closers(paths []string) (files []*os.File, err error) {
	defer func() {
		if err != nil {
			for _, f := range files {
				f.Close()
			}
		}
	}()
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func walked(dir string) error {
	out, err := os.Create(dir + ".list")
	if err != nil {
		return err
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		fmt.Fprintln(out, path)
		return err
	})
	if err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

type holder struct{ f *os.File }

func (h *holder) reopen(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	h.f = f
	return nil
}

var current *os.File

func global(path string) (err error) {
	current, err = os.Open(path)
	return err
}

func once(path string) func() error {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	var o sync.Once
	return func() (err error) {
		o.Do(func() { err = f.Close() })
		return err
	}
}

func checkedLater(path string) error {
	f, openErr := os.Open(path)
	if openErr != nil {
		log.Print(openErr)
	}
	if openErr == nil {
		f.Close()
	}
	return nil
}

func retriedOpen(path string) (*os.File, error) {
	for range 3 {
		f, err := os.Open(path)
		if err == nil {
			return f, nil
		}
		time.Sleep(time.Second)
	}
	return nil, os.ErrNotExist
}

func pipeToGoroutine() (io.Reader, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	go func() {
		defer w.Close()
		w.WriteString("x")
	}()
	return r, nil
}

// writers

func tarred(w io.Writer, names []string) error {
	tw := tar.NewWriter(w) // want `tw is never closed: what it still holds is not written`
	for _, name := range names {
		if err := tw.WriteHeader(&tar.Header{Name: name}); err != nil {
			return err
		}
	}
	return tw.Flush()
}

func zipped(w io.Writer, empty bool) error {
	zw := zip.NewWriter(w) // want `zw is not closed on the path that returns at line`
	if empty {
		return nil
	}
	if _, err := zw.Create("x"); err != nil {
		return err
	}
	return zw.Close()
}

func zippedRight(w io.Writer) error {
	zw := zip.NewWriter(w)
	if _, err := zw.Create("x"); err != nil {
		return err
	}
	return zw.Close()
}

func stacked(w io.Writer, b []byte) error {
	zw := gzip.NewWriter(w) // want `zw is never closed`
	bw := bufio.NewWriter(zw)
	if _, err := bw.Write(b); err != nil {
		return err
	}
	return bw.Flush()
}

type compressor struct {
	http.ResponseWriter
	zw *gzip.Writer
}

func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		zw := gzip.NewWriter(w)
		defer zw.Close()
		next.ServeHTTP(&compressor{w, zw}, r)
	})
}

func failing(b []byte) ([]byte, error) {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if len(b) == 0 {
		return nil, errors.New("empty")
	}
	zw.Write(b)
	err := zw.Close()
	return buf.Bytes(), err
}

// transactions

func beginTx(ctx context.Context, db *sql.DB, ids []int) error {
	tx, err := db.BeginTx(ctx, nil) // want `tx is not committed or rolled back on the path that returns at line`
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, "DELETE FROM t WHERE id = ?", id); err != nil {
			return fmt.Errorf("delete %d: %w", id, err)
		}
	}
	if len(ids) == 0 {
		return tx.Rollback()
	}
	return tx.Commit()
}

func inTx(db *sql.DB, do func(*sql.Tx) error) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		}
	}()
	if err = do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func rolledBack(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := insert(tx); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			return rerr
		}
		return err
	}
	return tx.Commit()
}

func insert(tx *sql.Tx) error {
	_, err := tx.Exec("INSERT INTO t VALUES (1)")
	return err
}

func notRolledBack(db *sql.DB) error {
	tx, err := db.Begin() // want `tx is not committed or rolled back on the path that returns at line`
	if err != nil {
		return err
	}
	if err := insert(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func finish(tx *sql.Tx, err error) error {
	if err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

func finished(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	return finish(tx, insert(tx))
}

// signals

func waitOrTimeout(d time.Duration) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM) // want `c is not given to signal.Stop on the path that returns at line`
	select {
	case <-c:
		signal.Stop(c)
		return nil
	case <-time.After(d):
		return errors.New("timeout")
	}
}

func handlerGoroutine(stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go func() {
		<-c
		stop()
	}()
}

func signalsOf() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c
}

func resetLater() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	<-c
	signal.Reset()
}

// subscriptions

type bus struct{ subs map[chan int]bool }

func (b *bus) Subscribe() chan int {
	c := make(chan int)
	b.subs[c] = true
	return c
}

func (b *bus) Unsubscribe(c chan int) { delete(b.subs, c) }

func next(b *bus, ctx context.Context) (int, error) {
	c := b.Subscribe() // want `c is not ended on the path that returns at line .*: whoever publishes keeps it and goes on delivering to it`
	select {
	case v := <-c:
		b.Unsubscribe(c)
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func nextRight(b *bus, ctx context.Context) (int, error) {
	c := b.Subscribe()
	defer b.Unsubscribe(c)
	select {
	case v := <-c:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

type topic struct{}

type sub struct{ C chan int }

func (*topic) Subscribe(name string) (*sub, error)    { return &sub{}, nil }
func (*topic) SubscribeFunc(f func(int)) (end func()) { return func() {} }
func (s *sub) Unsubscribe()                           {}

func first(t *topic) (int, error) {
	s, err := t.Subscribe("x") // want `s is never ended: .*; defer s.Unsubscribe\(\) after the error check`
	if err != nil {
		return 0, err
	}
	return <-s.C, nil
}

func withFunc(t *topic, ready chan int) error {
	end := t.SubscribeFunc(func(v int) { ready <- v }) // want `end is not ended on the path that returns at line .*; defer end\(\)`
	select {
	case <-ready:
		end()
		return nil
	case <-time.After(time.Second):
		return errors.New("timeout")
	}
}

func forever(t *topic) {
	t.SubscribeFunc(func(int) {})
}

type hub struct{}

func (*hub) Subscribe(ch chan<- int) (id int) { return 1 }
func (*hub) Unsubscribe(id int)               {}

// What Unsubscribe does not take is no subscription.
type topics struct{ subs map[string][]string }

func (t *topics) Subscribe(client, filter string) (isNew bool) {
	t.subs[filter] = append(t.subs[filter], client)
	return len(t.subs[filter]) == 1
}
func (t *topics) Unsubscribe(filter, client string) bool     { delete(t.subs, filter); return true }
func (t *topics) Subscribers(topic string) map[string]string { return map[string]string{topic: ""} }

func subscribeAll(t *topics, filters []string) (fresh int) {
	for _, f := range filters {
		if t.Subscribe("me", f) {
			fresh++
		}
	}
	for range t.Subscribers("x") {
		fresh++
	}
	return fresh
}

func firstOf(h *hub, ctx context.Context) (int, error) {
	ch := make(chan int)
	id := h.Subscribe(ch) // want `id is not ended on the path that returns at line`
	select {
	case v := <-ch:
		h.Unsubscribe(id)
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func firstOfRight(h *hub, ctx context.Context) (int, error) {
	ch := make(chan int)
	id := h.Subscribe(ch)
	defer h.Unsubscribe(id)
	select {
	case v := <-ch:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

type keyed struct{}

func (*keyed) SubscribeTo(topic string, ch chan int) {}
func (*keyed) Unsubscribe(topic string)              {}

func byTopic(k *keyed) int {
	ch := make(chan int)
	k.SubscribeTo("x", ch)
	defer k.Unsubscribe("x")
	return <-ch
}

func useSignals() {
	c := signalsOf() // want `c is never given to signal.Stop`
	<-c
}

func useSignalsRight() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	defer func() { signal.Stop(c) }()
	<-c
}

func dbConn(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx) // want `conn is never closed`
	if err != nil {
		return err
	}
	return conn.PingContext(ctx)
}

func uploaded(r *http.Request) ([]byte, error) {
	f, _, err := r.FormFile("file") // want `f is never closed`
	if err != nil {
		return nil, err
	}
	return io.ReadAll(f)
}

func (b *bus) SubscribeWithEnd() (chan int, func()) {
	c := b.Subscribe()
	return c, func() { b.Unsubscribe(c) }
}

func onlyOne(b *bus) int {
	c, _ := b.SubscribeWithEnd() // want `what b.SubscribeWithEnd returns is dropped, and never ended`
	return <-c
}

func all(b *bus) chan int {
	c, _ := b.SubscribeWithEnd()
	return c
}

// The method Close is that of an embedded struct.
func told(addr *net.UnixAddr, text string) error {
	conn, err := net.DialUnix(addr.Net, nil, addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(text))
	return err
}

func toldAndForgotten(addr *net.UnixAddr, text string) error {
	conn, err := net.DialUnix(addr.Net, nil, addr) // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Write([]byte(text))
	return err
}

// Nobody closes a channel of signals, so that the loop goes on.
func untilKilled(reload func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	for range c {
		reload()
	}
}

// The error is a variable of the function around.
func acceptedOutside(l net.Listener) (err error) {
	conns := make(chan net.Conn)
	go func() {
		defer close(conns)
		for {
			var conn net.Conn
			conn, err = l.Accept()
			if err != nil {
				return
			}
			conns <- conn
		}
	}()
	for conn := range conns {
		conn.Close()
	}
	return err
}

// Made to see whether the level is one.
func validLevel(level int) error {
	if _, err := gzip.NewWriterLevel(io.Discard, level); err != nil {
		return fmt.Errorf("level %d: %w", level, err)
	}
	return nil
}

// A writer that gets its targets later has nothing to lose before.
func blocks(w io.Writer, rows [][]byte) error {
	fw, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		return err
	}
	for _, row := range rows {
		fw.Reset(w)
		if _, err := fw.Write(row); err != nil {
			return errors.Join(err, fw.Close())
		}
		if err := fw.Close(); err != nil {
			return err
		}
	}
	return nil
}

func blocksLost(w io.Writer, rows [][]byte) error {
	fw, err := flate.NewWriter(nil, flate.BestSpeed) // want `fw is not closed on the path that returns at line`
	if err != nil {
		return err
	}
	for _, row := range rows {
		fw.Reset(w)
		if _, err := fw.Write(row); err != nil {
			return errors.Join(err, fw.Close())
		}
		if len(row) == 0 {
			return nil
		}
		if err := fw.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Who only receives cannot stop the signals.
func interruptible(run func(stop <-chan os.Signal) error) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c is never given to signal.Stop`
	signal.Notify(c, syscall.SIGTERM)
	return run(c)
}

func interruptibleRight(run func(stop <-chan os.Signal) error) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	defer signal.Stop(c)
	return run(c)
}

func interruptibleBy(run func(stop chan os.Signal) error) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	return run(c)
}

func watchSignals(handle func(stop <-chan os.Signal)) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go handle(c)
}

type signalHandler struct{ signals <-chan os.Signal }

func newSignalHandler(signals <-chan os.Signal) *signalHandler { return &signalHandler{signals} }

func handlerOfSignals() *signalHandler {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	h := newSignalHandler(c)
	return h
}

// A session keeps the error of Begin in itself.
type session struct {
	Error error
	state *sessionState
}

type sessionState struct{ conn io.Writer }

func (s *session) Begin() *session    { return &session{} }
func (s *session) Commit() *session   { return s }
func (s *session) Rollback() *session { return s }
func (s *session) Save(name string)   { s.Error = errors.New(name) }

func inSession(s *session, do func(*session) error) (err error) {
	failed := true
	tx := s.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer func() {
		if failed || err != nil {
			tx.Rollback()
		}
	}()
	if err = do(tx); err == nil {
		failed = false
		return tx.Commit().Error
	}
	failed = false
	return
}

func inSessionLost(s *session, name string) error {
	tx := s.Begin() // want `tx is not committed or rolled back on the path that returns at line`
	if tx.Error != nil {
		return tx.Error
	}
	tx.Save(name)
	if tx.Error != nil {
		return tx.Error
	}
	return tx.Commit().Error
}

// What it consists of goes on elsewhere.
func (s *session) enter() {
	if tx := s.Begin(); tx.Error == nil {
		s.state = tx.state
	} else {
		s.Error = tx.Error
	}
}

func (s *session) enterByConn() {
	if tx := s.Begin(); tx.Error == nil {
		s.state.conn = tx.state.conn
	}
}

// The error is a field of what others wait for.
type dialing struct {
	conn net.Conn
	err  error
	done chan struct{}
}

func (d *dialing) run(addr string) {
	var conn net.Conn
	defer close(d.done)
	conn, d.err = net.Dial("tcp", addr)
	if d.err != nil {
		return
	}
	if _, d.err = conn.Write([]byte("hello")); d.err != nil {
		conn.Close()
		return
	}
	d.conn = conn
}

func (d *dialing) runAndForget(addr string) {
	var conn net.Conn
	defer close(d.done)
	conn, d.err = net.Dial("tcp", addr) // want `conn is not closed on the path that returns at line`
	if d.err != nil {
		return
	}
	if _, d.err = conn.Write([]byte("hello")); d.err != nil {
		return
	}
	d.conn = conn
}

// A list of what is to be done is no transaction of a database yet.
type batch struct {
	limit int
	names []string
}

func (b *batch) Commit(db *sql.DB) error { _, err := db.Exec("INSERT", len(b.names)); return err }
func (b *batch) Rollback()               { b.names = nil }
func (b *batch) add(name string) error {
	if len(b.names) == b.limit {
		return errors.New("full")
	}
	b.names = append(b.names, name)
	return nil
}

func NewTransaction(limit int) *batch { return &batch{limit: limit} }

func plan(names []string) (*batch, error) {
	tx := NewTransaction(len(names))
	for _, name := range names {
		if err := tx.add(name); err != nil {
			return nil, err
		}
	}
	return tx, nil
}

// The client is told that it failed: the end of an archive would come after that.
func archive(w http.ResponseWriter, names []string) {
	zw := zip.NewWriter(w)
	for _, name := range names {
		f, err := zw.Create(name)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if _, err := f.Write([]byte(name)); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
	}
	zw.Close()
}

func archiveCut(w http.ResponseWriter, names []string) {
	zw := zip.NewWriter(w) // want `zw is not closed on the path that returns at line`
	for _, name := range names {
		f, err := zw.Create(name)
		if err != nil {
			log.Print(err)
			return
		}
		f.Write([]byte(name))
	}
	zw.Close()
}

// A result that holds the file is set to itself before the deferred call.
type opened struct{ f *os.File }

func openLogged(path string) (o *opened, err error) {
	defer func() {
		if err != nil {
			log.Print(err)
		}
	}()
	f, err := os.Open(path) // want `f is not closed on the path that returns at line`
	if err != nil {
		return nil, err
	}
	o = &opened{f: f}
	if _, err := o.f.Stat(); err != nil {
		return nil, err
	}
	return o, nil
}

// Who reads from the pipe is told that there is no more to come.
func stream(files []string) io.Reader {
	r, w := io.Pipe()
	go func() {
		tw := tar.NewWriter(w)
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				w.CloseWithError(err)
				return
			}
			if _, err := tw.Write(b); err != nil {
				w.CloseWithError(err)
				return
			}
		}
		tw.Close()
		w.Close()
	}()
	return r
}

func streamAndForget(files []string) io.Reader {
	r, w := io.Pipe()
	go func() {
		tw := tar.NewWriter(w) // want `tw is never closed`
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				w.CloseWithError(err)
				return
			}
			tw.Write(b)
		}
		w.CloseWithError(nil)
	}()
	return r
}

// A part of a transaction knows which.
type table struct{ tx *sql.Tx }

func (t *table) Tx() *sql.Tx { return t.tx }

type tables interface {
	Tx() *sql.Tx
	Put(name string) error
}

func putAll(t tables, names []string) error {
	for _, name := range names {
		if err := t.Put(name); err != nil {
			return err
		}
	}
	_, err := t.Tx().Exec("INSERT INTO log VALUES (?)", len(names))
	return err
}

type logFile struct{ f *os.File }

func (l *logFile) Close() error { return l.f.Close() }

// There is none where it says so.
func openLog(path string) (*logFile, bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	} else if err != nil {
		return nil, false, err
	}
	return &logFile{f}, true, nil
}

func follow(path string, keep *[]*logFile) (bool, error) {
	l, ok, err := openLog(path)
	if err != nil {
		return false, err
	} else if !ok {
		return false, nil
	}
	*keep = append(*keep, l)
	return true, nil
}

// It may be open whatever it says.
func openAny(path string) (*logFile, bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	return &logFile{f}, strings.HasSuffix(path, ".log"), nil
}

func followAny(path string, keep *[]*logFile) (bool, error) {
	l, ok, err := openAny(path) // want `l is not closed on the path that returns at line`
	if err != nil {
		return false, err
	} else if !ok {
		return false, nil
	}
	*keep = append(*keep, l)
	return true, nil
}

// A consumer whose Unsubscribe gives up the subscription for good, with what waits in it.
type broker struct{}

type consumer struct{}

func (*broker) Subscribe(name string) (*consumer, error) { return &consumer{}, nil }
func (*consumer) Unsubscribe() error                     { return nil }
func (*consumer) Next() (int, error)                     { return 0, nil }
func (*consumer) Close()                                 {}

func consumed(b *broker) (sum int, err error) {
	c, err := b.Subscribe("x") // want `c is not ended on the path that returns at line .*; defer c.Close\(\) after the error check`
	if err != nil {
		return 0, err
	}
	for {
		n, err := c.Next()
		if err != nil {
			return sum, err
		}
		if n == 0 {
			c.Close()
			return sum, nil
		}
		sum += n
	}
}

// Giving up some of the channels does not end the consumer of all.
type channels struct{}

func (*broker) SubscribeChannels(names ...string) *channels              { return &channels{} }
func (*channels) Unsubscribe(ctx context.Context, names ...string) error { return nil }
func (*channels) Next() int                                              { return 0 }
func (*channels) Close() error                                           { return nil }

func unsubscribed(ctx context.Context, b *broker) (sum int) {
	c := b.SubscribeChannels("x") // want `c is never ended: .*; defer c.Close\(\) right here`
	for {
		n := c.Next()
		if n == 0 {
			c.Unsubscribe(ctx, "x")
			return sum
		}
		sum += n
	}
}

func unsubscribedRight(ctx context.Context, b *broker) (sum int) {
	c := b.SubscribeChannels("x")
	defer c.Close()
	for {
		n := c.Next()
		if n == 0 {
			c.Unsubscribe(ctx, "x")
			return sum
		}
		sum += n
	}
}

// All that it has is what it is given back.
type postbox struct{}

func (*broker) SubscribeBox(names ...string) *postbox { return &postbox{} }
func (*postbox) Unsubscribe(names ...string)          {}
func (*postbox) Next() int                            { return 0 }
func (*postbox) Stop()                                {}

func emptied(b *broker) int {
	p := b.SubscribeBox("x")
	defer p.Unsubscribe("x")
	return p.Next()
}
