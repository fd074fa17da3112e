package grows

import (
	"net/http"
	"reflect"
	"sync"
	"time"
)

// What is counted by the status of an answer, by the hour, by what a field is set to.

type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

type visit2 struct {
	from   string
	kind   string
	source string
}

type stats struct {
	mu      sync.Mutex
	next    http.Handler
	codes   map[int]int
	classes map[int]int
	hours   map[int]int
	shards  map[uint64]int
	kinds   map[string]int
	sources map[string]int
	sizes   map[int64]int
	tokens  map[uint64]int
	lines   map[int]string
	types   map[string]int
	bodies  map[int64]int
}

func (s *stats) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sw := &statusWriter{w, http.StatusOK}
	s.next.ServeHTTP(sw, r)
	v := visit2{from: r.RemoteAddr, kind: "page", source: r.Referer()}
	if r.FormValue("feed") != "" {
		v.kind = "feed"
	}
	s.count(sw.code, &v, hashOf(r.RemoteAddr))
	s.line(r, http.StatusOK)
	s.types[reflect.TypeOf(s.next).Elem().Name()]++
	s.bodies[-r.ContentLength]++ // want `bodies only grows: ServeHTTP adds a key to it for every request`
	s.sizes[r.ContentLength]++   // want `sizes only grows: ServeHTTP adds a key to it for every request`
}

func (s *stats) count(code int, v *visit2, hash uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code]++
	s.classes[code/100]++
	s.hours[time.Now().Hour()]++
	s.shards[hash%16]++
	s.kinds[v.kind]++
	s.sources[v.source]++ // want `sources only grows: count adds a key to it for every request`
	s.tokens[hash]++      // want `tokens only grows: count adds a key to it for every request`
}

func (s *stats) line(r *http.Request, code int) {
	key := code
	if !r.ProtoAtLeast(1, 1) {
		key = -key
	}
	s.lines[key] = r.Proto
}

func hashOf(s string) (h uint64) {
	for _, c := range s {
		h = h*31 + uint64(c)
	}
	return h
}
