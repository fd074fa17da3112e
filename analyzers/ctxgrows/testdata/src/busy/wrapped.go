package busy

import "net/http"

type traced struct {
	name string
	next http.Handler
}

func (t *traced) ServeHTTP(w http.ResponseWriter, r *http.Request) { t.next.ServeHTTP(w, r) }

// Middleware that makes the chain longer, instead of its own link.
func tracing(name string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next = &traced{name: name, next: next} // want `next is wrapped once more on every request`
			next.ServeHTTP(w, r)
		})
	}
}

func traceSome(next http.Handler, on bool, level int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if on && level > 2 {
			if r.Method == "POST" {
				next = &traced{r.Method, next} // want `next is wrapped once more on every request`
			}
		}
		next.ServeHTTP(w, r)
	}
}

// Those who leave before have nothing to do with it.
func traceGets(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "GET" || r.URL.Path == "/" {
			http.NotFound(w, r)
			return
		}
		next = &traced{r.Method, next} // want `next is wrapped once more on every request`
		next.ServeHTTP(w, r)
	}
}

// A handler for each of many routes is none for each request.
func routes(mux *http.ServeMux, all map[string]http.Handler) {
	for path, h := range all {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			h = &traced{path, h} // want `h is wrapped once more on every request`
			h.ServeHTTP(w, r)
		})
	}
}
