package calm

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

type counted struct {
	http.Handler
	n int
}

// Each request has its own.
func wrapAnew(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next := next
		next = counted{Handler: next}
		next.ServeHTTP(w, r)
	})
}

// So has this one, whose inner handler runs once for a request.
func wrapInside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := next
		inner := func(w http.ResponseWriter, r *http.Request) {
			h = counted{Handler: h}
			h.ServeHTTP(w, r)
		}
		inner(w, r)
	})
}

// It is wrapped once.
func wrapOnce(next http.Handler) http.Handler {
	var once sync.Once
	done, wrapped := false, false
	other := next
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() { next = counted{next, 0} })
		if !done {
			done = true
			other = &counted{other, 1}
		}
		if _, ok := other.(counted); !ok && !wrapped {
			next.ServeHTTP(w, r)
		}
		other.ServeHTTP(w, r)
	})
}

func wrapUnlessWrapped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := next.(counted); !ok {
			next = counted{next, 0}
		}
		next.ServeHTTP(w, r)
	})
}

// What is set back does not grow.
func wrapForOne(next http.Handler) http.Handler {
	h := next
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h = counted{h, 0}
		h.ServeHTTP(w, r)
		h = next
	})
}

type limited struct{ io.Reader }

// A reader of the request is gone with it.
func readLimited(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	body = limited{body}
	io.Copy(w, body)
}

// It is wrapped once, too: the others have left before.
func wrapUnlessLeft(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := next.(counted); ok {
			next.ServeHTTP(w, r)
			return
		}
		next = counted{next, 0}
		next.ServeHTTP(w, r)
	})
}

func wrapUnlessDone(next http.Handler) http.Handler {
	done := false
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if done {
			next.ServeHTTP(w, r)
			return
		}
		done = true
		next = counted{next, 0}
		next.ServeHTTP(w, r)
	})
}

func wrapUnlessSwapped(next http.Handler) http.Handler {
	var done atomic.Bool
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case done.Swap(true):
			next.ServeHTTP(w, r)
			return
		}
		next = counted{next, 0}
		next.ServeHTTP(w, r)
	})
}

func wrapUnlessAsked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, ok := next.(counted)
		if !ok && r.Method == "GET" {
			next = counted{next, 0}
		}
		next.ServeHTTP(w, r)
	})
}

// A range sets it for each.
func wrapRange(list []http.Handler) http.Handler {
	var h http.Handler
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, h = range list {
			h.ServeHTTP(w, r)
		}
		h = counted{h, 0}
		h.ServeHTTP(w, r)
	})
}

// Each request has a chain of its own.
type router struct{ last http.Handler }

func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rt.chain(rt.last).ServeHTTP(w, r)
}

func (rt *router) chain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next = counted{next, 0}
		next.ServeHTTP(w, r)
	})
}
