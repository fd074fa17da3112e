package grows

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Keys that are computed from few values, or checked by functions that know them all.

type registry struct {
	mu       sync.Mutex
	byRoute  map[string]int
	byErr    map[string]int
	byExt    map[string]int
	byLevel  map[string]int
	byVerb   map[string]int
	byProto  map[string]int
	byStatus map[string]int
	byTenant map[string]int
	byFeat   map[string]int
	byDay    map[string]int
	byNet    map[netip.Prefix]int
	bySize   map[int]int
	byErrT   map[string]int
	byBool   map[bool]int
	byTriple map[[2]string]int
	tenants  []string
	known    map[string]struct{}
	lastSeen map[string]time.Time
	ring     [64]string
	pos      int
	byPath   map[string]int
	byAgent  map[string]int
	byName   map[string]int
	byLength map[int64]int
	byForm   map[string]int
	byPair   map[[2]string]int
	bySerial map[int]int
	serial   int
	next     http.Handler
}

var errBadRequest = errors.New("bad")

func (r *registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byRoute[areaOf(req.URL.Path)]++
	r.byExt[suffixOf(req.URL.Path)]++
	r.byVerb[strings.ToLower(verbOf(req.Method))]++
	r.byProto[fmt.Sprintf("HTTP/%d", req.ProtoMajor)]++
	r.byStatus[strconv.Itoa(statusOf(req))]++
	r.byErr[reasonOf(refusal(req))]++
	r.byLevel[volume(len(req.URL.Path)).String()]++
	if t := req.Header.Get("Tenant"); r.isTenantOf(t) {
		r.byTenant[t]++
	}
	if f, ok := flavours[req.FormValue("feature")]; ok {
		r.byFeat[f]++
	}
	r.byDay[time.Now().Weekday().String()]++
	r.bySize[min(len(req.URL.Path), 256)]++
	r.bySize[bucketOf(req.ContentLength)]++
	r.byBool[req.TLS != nil]++
	r.byTriple[[2]string{verbOf(req.Method), suffixOf(req.URL.Path)}]++
	r.byPath[fmt.Sprintf("%s %s", verbOf(req.Method), req.URL.Path)]++ // want `byPath only grows`
	r.byAgent[strings.ToLower(req.UserAgent())]++                      // want `byAgent only grows`
	if t := req.Header.Get("Name"); isName(t) {
		r.byName[t]++ // want `byName only grows`
	}
	r.byLength[max(req.ContentLength, 16)]++                                // want `byLength only grows`
	r.byForm[req.Form.Get("a")]++                                           // want `byForm only grows`
	r.byPair[[2]string{verbOf(req.Method), req.Host}]++                     // Host is one of those that are served
	r.byPair[[2]string{verbOf(req.Method), req.Pattern + req.RequestURI}]++ // want `byPair only grows`
	r.serial++
	r.bySerial[r.serial]++ // want `bySerial only grows`
	var ne net.Error
	if err := refusal(req); errors.As(err, &ne) {
		r.byErrT["net"]++
	} else if err != nil {
		r.byErrT[fmt.Sprintf("%T", err)]++
	}
	r.ring[r.pos%len(r.ring)] = req.URL.Path
	r.pos++
	if _, ok := r.known[req.Host]; !ok {
		http.Error(w, "unknown", http.StatusNotFound)
		return
	}
	r.lastSeen[req.Host] = time.Now()
	r.next.ServeHTTP(w, req)
}

var flavours = map[string]string{"a": "alpha", "b": "beta"}

func (r *registry) isTenantOf(t string) bool { return slices.Contains(r.tenants, t) }

func areaOf(p string) string {
	switch {
	case strings.HasPrefix(p, "/api/"):
		return "api"
	case strings.HasPrefix(p, "/static/"):
		return "static"
	}
	return "other"
}

func isName(t string) bool { return strings.HasPrefix(t, "n-") && len(t) < 80 }

var suffixes = []string{".js", ".css", ".png"}

func suffixOf(p string) string {
	e := path.Ext(p)
	if slices.Contains(suffixes, e) {
		return e
	}
	return ""
}

func verbOf(m string) string {
	if m == "" {
		return "GET"
	}
	for _, v := range []string{"GET", "POST"} {
		if v == m {
			return v
		}
	}
	return "OTHER"
}

func statusOf(req *http.Request) int {
	if req.Body == nil {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func refusal(req *http.Request) error {
	if req.Body == nil {
		return errBadRequest
	}
	return req.Context().Err()
}

func reasonOf(err error) string {
	switch {
	case err == nil:
		return "none"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, errBadRequest):
		return errBadRequest.Error()
	}
	return "other"
}

type volume int

func (l volume) String() string {
	if l > 10 {
		return "high"
	}
	return "low"
}

func bucketOf(n int64) int {
	for i, limit := range []int64{1 << 10, 1 << 20, 1 << 30} {
		if n < limit {
			return i
		}
	}
	return 3
}

// Keys that are in the map already, or in another one of the same object, and those of a form.

type beds struct {
	mu     sync.Mutex
	plants map[string]int
	wet    map[string]bool
	rows   []string
	asked  map[string]int
}

func (b *beds) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, n := range b.plants {
		b.plants[name] = n + 1
		b.wet[name] = true
	}
	for _, row := range b.rows {
		b.wet[row] = false
	}
	for name := range req.Form {
		b.asked[name]++ // want `asked only grows`
	}
}

// A registry refuses what it has; one that remembers who was there says so, too, but only grows with who comes.

type plugin struct {
	name string
	n    int
}

var (
	pluginsMu sync.Mutex
	plugins   = map[string]*plugin{}
	hooks     = map[string]func() int{}
	nonces    = map[string]time.Time{}
	errTwice  = errors.New("twice")
)

func AddPlugin(name string) (*plugin, error) {
	pluginsMu.Lock()
	defer pluginsMu.Unlock()
	if _, ok := plugins[name]; ok {
		return nil, errTwice
	}
	p := &plugin{name, len(plugins)}
	plugins[name] = p
	return p, nil
}

func AddHook(name string) {
	if _, ok := hooks[name]; ok {
		panic("twice: " + name)
	}
	n := 0
	hooks[name] = func() int { n++; return n }
}

func UseNonce(nonce string) error {
	pluginsMu.Lock()
	defer pluginsMu.Unlock()
	if _, ok := nonces[nonce]; ok {
		return errTwice
	}
	nonces[nonce] = time.Now() // want `nonces only grows: UseNonce adds each new key that it is called with`
	return nil
}
