package exits

import (
	"slices"
	"sync"
	"time"
)

// A room has guests, each of whom has a goroutine.
type guest struct {
	name string
	mu   sync.Mutex
	seen time.Time
}

func (g *guest) greet() {
	g.mu.Lock()
	g.seen = time.Now()
	g.mu.Unlock()
}

type room struct {
	mu     sync.Mutex
	guests map[string]*guest
	dogs   map[string]*guest
	staff  []*guest
	cooks  []*guest
	every  time.Duration
}

func (r *room) attend(g *guest) {
	t := time.NewTicker(r.every)
	defer t.Stop()
	for {
		<-t.C
		g.greet()
	}
}

func (r *room) enter(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := &guest{name: name}
	r.guests[name] = g
	go r.attend(g) // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and goes on for what is taken out of guests at line \d+`
}

func (r *room) leave(name string) {
	r.mu.Lock()
	delete(r.guests, name)
	r.mu.Unlock()
}

func (r *room) hire(name string) {
	g := &guest{name: name}
	r.staff = append(r.staff, g)
	go func() { // want `and goes on for what is taken out of staff at line \d+`
		for range time.Tick(r.every) {
			g.greet()
		}
	}()
}

func (r *room) fire(name string) {
	r.staff = slices.DeleteFunc(r.staff, func(g *guest) bool { return g.name == name })
}

// Dogs and cooks stay.
func (r *room) bring(name string) {
	g := &guest{name: name}
	r.dogs[name] = g
	go r.attend(g)
}

func (r *room) employ(name string) {
	g := &guest{name: name}
	r.cooks = append(r.cooks, g)
	go r.attend(g)
}

func (r *room) fed() (cooks []*guest) {
	r.cooks = slices.Clip(r.cooks)
	return r.cooks
}

// Who has left is no longer looked for.
type visitors struct {
	mu    sync.Mutex
	times map[string]time.Time
	all   map[string]bool
}

func (v *visitors) enter(name string) {
	v.mu.Lock()
	v.times[name] = time.Now()
	v.mu.Unlock()
	go v.watch(name)
}

func (v *visitors) watch(name string) {
	for {
		time.Sleep(time.Second)
		v.mu.Lock()
		_, in := v.times[name]
		v.mu.Unlock()
		if !in {
			return
		}
		beat()
	}
}

func (v *visitors) leave(name string) {
	v.mu.Lock()
	delete(v.times, name)
	v.mu.Unlock()
}

// The goroutine is for all of them.
func (v *visitors) count() {
	v.all["count"] = true
	go func() {
		for {
			time.Sleep(time.Minute)
			beat()
		}
	}()
}

func (v *visitors) uncount() { delete(v.all, "count") }

func party() {
	r := &room{guests: map[string]*guest{}, dogs: map[string]*guest{}, every: time.Second}
	r.enter("a")
	r.leave("a")
	r.hire("b")
	r.fire("b")
	r.bring("c")
	r.employ("d")
	r.fed()
	v := &visitors{times: map[string]time.Time{}, all: map[string]bool{}}
	v.enter("e")
	v.leave("e")
	v.count()
	v.uncount()
}
