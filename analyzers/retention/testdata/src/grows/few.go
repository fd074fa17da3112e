package grows

import (
	"net/http"
	"slices"
	"sync"
)

// Keys of which there are few, as the code that leads to them shows.

type tariffs struct {
	mu        sync.Mutex
	byPlan    map[string]int
	byRegion  map[string]int
	byBrowser map[string]int
	byZone    map[string]int
	byStep    map[string]int
	byLang    map[string]int
	byClass   map[string]int
	byTopic   map[string]int
	byVoucher map[string]int
}

func (t *tariffs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.plan(r.FormValue("plan"))
	t.region(r.FormValue("region"))
	t.zone(r.FormValue("zone"))
	t.browser(r.UserAgent())
	t.byLang[language(r.Header.Get("Accept-Language"))]++
	t.byClass[class(r.Header.Get("X-Class"))]++ // want `byClass only grows: ServeHTTP adds a key to it for every request`
	t.step("ask")
	t.topic("price")
	t.topic(r.FormValue("topic"))
	t.voucher(r.FormValue("voucher"))
	t.step("answer")
}

func (t *tariffs) plan(p string) {
	switch p {
	case "day", "month", "year":
	default:
		p = "unknown"
	}
	t.byPlan[p]++
}

func (t *tariffs) region(name string) {
	if name != "north" && name != "south" {
		return
	}
	t.byRegion[name]++
}

func (t *tariffs) zone(z string) {
	switch z {
	case "a", "b":
		t.byZone[z]++
	case "c":
		t.byZone["a"] += 2
	}
}

// Whatever is not known stays as it is.
func (t *tariffs) browser(agent string) {
	switch agent {
	case "", "-":
		agent = "none"
	}
	t.byBrowser[agent]++ // want `byBrowser only grows: browser adds a key to it for every request`
}

// A known one is rejected, all others are kept.
func (t *tariffs) voucher(code string) {
	if code == "free" || code == "trial" {
		return
	}
	t.byVoucher[code]++ // want `byVoucher only grows: voucher adds a key to it for every request`
}

func language(header string) string {
	switch header {
	case "de", "fr":
		return header
	}
	return "en"
}

func class(header string) string {
	if header == "" {
		return "none"
	}
	return header
}

func (t *tariffs) step(name string) { t.byStep[name]++ }

func (t *tariffs) topic(name string) {
	t.byTopic[name]++ // want `byTopic only grows: topic adds a key to it for every request`
}

// Names that are in a list, looked up by a function that is given one.

var (
	boards = []string{"news", "help", "trade"}
	views  sync.Map
	drafts sync.Map
)

func view(name string) any {
	if v, ok := views.Load(name); ok {
		return v
	}
	v := new(visitor)
	views.Store(name, v)
	return v
}

func draft(name string) any {
	if v, ok := drafts.Load(name); ok {
		return v
	}
	v := new(visitor)
	drafts.Store(name, v) // want `drafts only grows: draft adds a key to it for every request`
	return v
}

func board(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("board")
	if !slices.Contains(boards, name) {
		http.NotFound(w, r)
		return
	}
	view(name)
	draft(r.FormValue("draft"))
}
