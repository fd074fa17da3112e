package found

import (
	"net/http"
	"sync"
)

// Code out of sight calls some of the methods of an interface, or none.
type spy struct {
	http.ResponseWriter
	code int
}

var spies = sync.Pool{New: func() any { return new(spy) }}

func (s *spy) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func Spy(next http.Handler, log func(code int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := spies.Get().(*spy)
		s.ResponseWriter = w
		next.ServeHTTP(s, r)
		log(s.code)
		s.ResponseWriter = nil
		spies.Put(s) // want `\*spy goes back to spies with field code still set, which its next user reads`
	})
}

type guard struct {
	http.ResponseWriter
	code int
	sent bool
}

var guardPool = sync.Pool{New: func() any { return new(guard) }}

func (g *guard) WriteHeader(code int) {
	if g.sent {
		return
	}
	g.sent = true
	g.code = code
	g.ResponseWriter.WriteHeader(code)
}

func Guard(next http.Handler, log func(code int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g := guardPool.Get().(*guard)
		g.ResponseWriter = w
		next.ServeHTTP(g, r)
		log(g.code)
		g.ResponseWriter = nil
		guardPool.Put(g) // want `\*guard goes back to guardPool with field code still set, which its next user reads`
	})
}

// The code is what it is unless somebody says otherwise.
type watcher struct {
	http.ResponseWriter
	code int
}

var watchers = sync.Pool{New: func() any { return new(watcher) }}

func (s *watcher) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func Watch(next http.Handler, log func(code int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := watchers.Get().(*watcher)
		s.ResponseWriter, s.code = w, http.StatusOK
		next.ServeHTTP(s, r)
		log(s.code)
		s.ResponseWriter = nil
		watchers.Put(s)
	})
}

// It is reset where it goes back.
type witness struct {
	http.ResponseWriter
	code int
}

var witnesses = sync.Pool{New: func() any { return new(witness) }}

func (s *witness) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func (s *witness) release() {
	*s = witness{}
	witnesses.Put(s)
}

func Witness(next http.Handler, log func(code int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := witnesses.Get().(*witness)
		defer s.release()
		s.ResponseWriter = w
		next.ServeHTTP(s, r)
		log(s.code)
	})
}

// A method of the interface does it.
type phone interface {
	Dial(number string)
	HangUp()
}

type handset struct {
	line   chan string
	number string
}

var handsets = sync.Pool{New: func() any { return &handset{line: make(chan string, 1)} }}

func (h *handset) Dial(number string) { h.number = number }
func (h *handset) HangUp()            { h.number = "" }

func Talk(who func(phone), bill func(string)) {
	h := handsets.Get().(*handset)
	who(h)
	bill(h.number)
	handsets.Put(h)
}
