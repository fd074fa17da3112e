// Package a keeps memory for no use, beside what it needs.
package a

import (
	"bytes"
	"container/list"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"
)

// package variables

var (
	mu       sync.Mutex
	sessions = map[string]*session{}
	byID     = make(map[int]string)
	history  []string
	events   = list.New()
	seen     sync.Map
	closing  = map[string]bool{}
	swapped  = map[string]bool{}
	limited  = map[string]bool{}
	kinds    = map[kind]int{}
	methods  = map[string]int{}
	types    = map[reflect.Type]string{}
	registry = map[string]http.Handler{}
	allowed  = map[string]bool{"a": true}
	counts   = map[string]int{}
	window   []string
	recent   []string
	lent     = map[string]bool{}
)

type kind int

const (
	one kind = iota
	two
	three
)

type session struct{ user string }

func login(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	mu.Lock()
	sessions[id] = &session{user: id} // want `sessions only grows: login adds a key to it for every request`
	mu.Unlock()
	remember(len(id), id)
	note(id)
	events.PushBack(id) // want `events only grows: login appends to it for every request`
	seen.Store(id, w)   // want `seen only grows: login adds a key to it for every request`
	closing[id] = true
	delete(closing, id)
	swapped[id] = true
	if len(limited) < 1000 {
		limited[id] = true
	}
	kinds[kind(len(id))]++
	methods[r.Method]++
	types[reflect.TypeOf(w)] = id
	if allowed[id] {
		counts[id]++
	}
	window = append(window, id)
	if len(window) > 100 {
		window = window[1:]
	}
	recent = append(recent, id)
	lent[id] = true
}

func remember(n int, id string) {
	byID[n] = id // want `byID only grows: remember adds a key to it for every request`
}

func note(id string) {
	history = append(history, id) // want `history only grows: note appends to it for every request, and nothing in the package shortens it`
}

func rotate() { swapped = map[string]bool{} }

func flush() {
	for _, id := range recent {
		log.Print(id)
	}
	recent = recent[:0]
}

func lend() map[string]bool { return lent }

func Register(name string, h http.Handler) { registry[name] = h }

func init() { Register("x", http.NotFoundHandler()) }

// fields

type server struct {
	peers  map[string]net.Conn
	stats  map[string]int
	byName index[string]
	closed map[string]bool
}

type index[K comparable] struct{ m map[K]int }

func (x *index[K]) add(k K) {
	x.m[k]++ // want `m only grows: add adds a key to it for every connection`
}

func newServer() *server {
	return &server{peers: make(map[string]net.Conn), stats: make(map[string]int)}
}

func (s *server) run(l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go s.serve(c)
	}
}

func (s *server) serve(c net.Conn) {
	defer c.Close()
	addr := c.RemoteAddr().String()
	s.peers[addr] = c // want `peers only grows: serve adds a key to it for every connection`
	s.byName.add(addr)
	s.closed[addr] = true
	defer delete(s.closed, addr)
}

func (s *server) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.stats == nil {
			s.stats = make(map[string]int)
		}
		s.stats[r.URL.Path]++ // want `stats only grows: handler adds a key to it for every request`
	})
}

type sampler struct {
	samples []float64
	last    []float64
}

func (s *sampler) run(read func() float64) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for range t.C {
		s.samples = append(s.samples, read()) // want `samples only grows: run appends to it at every tick`
		s.last = append(s.last, read())
		if len(s.last) == 60 {
			s.last = nil
		}
	}
}

// made anew for each request

type page struct{ vars map[string]string }

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.vars[r.URL.Path] = "x"
}

func servePage(w http.ResponseWriter, r *http.Request) {
	p := &page{vars: make(map[string]string)}
	p.ServeHTTP(w, r)
}

type form struct{ fields map[string]string }

func parse(r *http.Request) *form {
	f := &form{fields: make(map[string]string)}
	f.set("q", r.FormValue("q"))
	return f
}

func (f *form) set(k, v string) { f.fields[k] = v }

func serveForm(w http.ResponseWriter, r *http.Request) { parse(r) }

// once

func load(paths []string) {
	for _, p := range paths {
		byID[len(p)] = p
	}
}

// pieces

type header struct {
	magic []byte
	title string
	all   []byte
}

var titles = map[string]string{}

func (h *header) read(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	h.magic = data[4:8] // want `4 bytes in magic keeps all of what os.ReadFile yields`
	return nil
}

func readBody(r io.Reader) ([]byte, error) { return io.ReadAll(r) }

func (h *header) fromBody(r io.Reader) error {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	text := string(body)
	h.title, _, _ = strings.Cut(text, "\n") // want `the part before the separator in title keeps all of what readBody yields`
	titles[text[:16]] = ""                  // want `16 bytes in titles keeps all`
	return nil
}

func firstLine(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	titles[path] = strings.Split(string(data), "\n")[0] // want `one part in titles keeps all of what os.ReadFile yields in memory; store a copy: strings.Clone`
	return nil
}

func (h *header) right(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	h.magic = bytes.Clone(data[:4])
	h.title = string(data[:4])
	h.all = data
	local := header{magic: data[:4]}
	log.Print(local.magic)
	for _, line := range strings.Split(string(data), "\n") {
		titles[line] = line
	}
	return nil
}

// cut short

var stack []*session

func popHandler(w http.ResponseWriter, r *http.Request) {
	stack = stack[:len(stack)-1] // want `stack is cut short, but the last one is still behind the end`
}

func dropHandler(w http.ResponseWriter, r *http.Request) {
	stack = append(stack[:1], stack[2:]...) // want `stack is cut short, but the last one is still behind the end`
}

func popRight(w http.ResponseWriter, r *http.Request) {
	stack[len(stack)-1] = nil
	stack = stack[:len(stack)-1]
}

func refill(w http.ResponseWriter, r *http.Request) {
	stack = stack[:0]
	for range 10 {
		stack = append(stack, new(session))
	}
}

var numbers []int

func popNumber(w http.ResponseWriter, r *http.Request) {
	numbers = numbers[:len(numbers)-1]
}

func (h *header) fromBuffer(r io.Reader) {
	var buf bytes.Buffer
	buf.ReadFrom(r)
	h.magic = buf.Bytes()[:16] // want `16 bytes in magic keeps all of what the buffer yields`
}

func (h *header) fromLarge(r io.Reader) {
	b := make([]byte, 1<<20)
	r.Read(b)
	h.magic = b[:16] // want `16 bytes in magic keeps all of what make\(\[\]byte, 1048576\) yields`
}

func (h *header) allKept(r io.Reader) {
	b := make([]byte, 1<<20)
	r.Read(b)
	h.all = b
	h.magic = b[:16]
}

func (h *header) fromSmall(r io.Reader) {
	b := make([]byte, 64)
	r.Read(b)
	h.magic = b[:16]
}

// captured variables

func countPaths(next http.Handler) http.Handler {
	var mu sync.Mutex
	paths := make(map[string]int)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths[r.URL.Path]++ // want `paths only grows: countPaths adds a key to it for every request`
		mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

func countRecentPaths(next http.Handler) http.Handler {
	paths := make(map[string]int)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(paths) > 1000 {
			clear(paths)
		}
		paths[r.URL.Path]++
		next.ServeHTTP(w, r)
	})
}

func perRequest(w http.ResponseWriter, r *http.Request) {
	vars := make(map[string]string)
	func() { vars[r.URL.Path] = "x" }()
}
