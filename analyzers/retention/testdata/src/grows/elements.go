package grows

import (
	"cmp"
	"io"
	"net/http"
	"sync"
)

// Keys that are properties of what is in a list or map, or variables that function literals share.

type pier struct {
	Name  string
	label string
}

type sensor interface {
	Place() string
	Read() float64
}

var (
	piers  = []pier{{"north", "n"}, {"south", "s"}}
	depths = map[string]pier{"deep": {"north", "n"}}
)

type harbour struct {
	mu       sync.Mutex
	sensors  []sensor
	quays    []*pier
	readings map[string]float64
	calls    map[string]int
	labels   map[string]int
	berths   map[string]int
	flags    map[string]int
	cranes   map[string]int
	tides    map[string]int
	later    map[string]int
	cargo    map[string]int
	kinds    map[string]int
	orders   map[string]int
	letters  map[string]int
	numbers  map[int]int
	number   int
	winds    map[string]int
	masters  map[string]int
	turns    map[string]int
	turn     int
}

type clerk interface{ order(string) }

func (h *harbour) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.sensors {
		h.readings[s.Place()] = s.Read()
	}
	for _, p := range piers {
		h.calls[p.Name]++
		h.labels[p.label]++
	}
	for _, q := range h.quays {
		h.berths[q.Name]++
	}
	h.cranes[depths[r.FormValue("depth")].Name]++
	colours := map[string]string{"nl": "orange", "de": "black"}
	h.flags[colours[r.FormValue("flag")]]++
	tide := "low"
	if r.FormValue("tide") != "" {
		tide = "high"
	}
	defer func() { h.tides[tide]++ }()
	ship := r.FormValue("ship")
	defer func() { h.later[ship]++ }() // want `later only grows`
	var head [64]byte
	n, _ := io.ReadFull(r.Body, head[:])
	h.cargo[string(head[:n])]++ // want `cargo only grows`
	h.kinds[http.DetectContentType(head[:n])]++
	wind, err := windOf(r.FormValue("wind"))
	if err != nil {
		return
	}
	h.winds[wind]++
	master, err := masterOf(r.FormValue("master"))
	if err != nil {
		return
	}
	h.masters[master]++ // want `masters only grows`
	h.turns[h.pick().Name]++
	h.order("fuel")
	var c clerk = h
	c.order(r.FormValue("order"))
	h.letter("none")
	each(r.Form["letter"], h.letter)
	harbours.count()
}

func (h *harbour) order(what string) {
	h.orders[what]++ // want `orders only grows`
}

func (h *harbour) letter(to string) {
	h.letters[to]++ // want `letters only grows`
}

func (h *harbour) pick() *pier {
	if len(h.quays) == 0 {
		return nil
	}
	h.turn++
	return h.quays[h.turn%len(h.quays)]
}

func windOf(s string) (string, error) {
	switch s {
	case "north", "west":
		return s, nil
	}
	return "", http.ErrNotSupported
}

func masterOf(s string) (string, error) {
	if s == "" {
		return "", http.ErrNotSupported
	}
	return s, nil
}

func each(list []string, do func(string)) {
	for _, s := range list {
		do(s)
	}
}

var harbours = &harbour{numbers: map[int]int{}}

func (h *harbour) count() {
	h.number++
	h.numbers[h.number] = 1 // want `numbers only grows`
}

// The zero of a type parameter that has no such constant.

type lowest[K cmp.Ordered] struct {
	mu sync.Mutex
	of map[K]int
}

func (l *lowest[K]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var zero K
	l.add(zero)
}

func (l *lowest[K]) add(k K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var zero K
	l.of[min(k, zero)]++
}
