package a

import "sync"

type account struct {
	in, out  sync.Mutex
	gate     sync.Mutex
	one, two sync.Mutex
	r, w     sync.RWMutex
	n        int
}

func (a *account) Move() {
	a.in.Lock()
	defer a.in.Unlock()
	a.out.Lock() // want `this Lock waits for a.out while a.in is held since line 14; \(\*account\).Undo takes them the other way round on line 32: two goroutines can wait for each other for ever`
	a.n++
	a.out.Unlock()
}

func (a *account) Undo() {
	a.out.Lock()
	defer a.out.Unlock()
	a.check()
	a.n--
}

func (a *account) check() { a.enter() }

func (a *account) enter() {
	if a.n > 0 {
		a.in.Lock()
		defer a.in.Unlock()
		a.n--
	}
}

// A third lock keeps them apart.
func (a *account) First() {
	a.gate.Lock()
	defer a.gate.Unlock()
	a.one.Lock()
	defer a.one.Unlock()
	a.two.Lock()
	defer a.two.Unlock()
}

func (a *account) Second() {
	a.gate.Lock()
	defer a.gate.Unlock()
	a.backwards()
}

func (a *account) backwards() {
	a.two.Lock()
	defer a.two.Unlock()
	a.one.Lock()
	defer a.one.Unlock()
}

// Readers do not wait for each other.
func (a *account) Read() int {
	a.r.RLock()
	defer a.r.RUnlock()
	a.w.RLock()
	defer a.w.RUnlock()
	return a.n
}

func (a *account) ReadToo() int {
	a.w.RLock()
	defer a.w.RUnlock()
	a.r.RLock()
	defer a.r.RUnlock()
	return a.n
}

var registry, names sync.Mutex

func Register() {
	registry.Lock()
	defer registry.Unlock()
	names.Lock() // want `this Lock waits for names while registry is held since line 81; Rename takes them the other way round on line 90`
	names.Unlock()
}

func Rename() {
	names.Lock()
	defer names.Unlock()
	registry.Lock()
	registry.Unlock()
}

type left struct {
	mu sync.Mutex
	r  *right
	n  int
}

type right struct {
	mu sync.Mutex
	l  *left
	n  int
}

// One lets go before it takes the other.
func (l *left) Push() {
	l.mu.Lock()
	l.n++
	l.mu.Unlock()
	l.r.mu.Lock()
	l.r.n++
	l.r.mu.Unlock()
}

func (r *right) Pull() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.l.mu.Lock()
	r.l.n++
	r.l.mu.Unlock()
}

type pair struct{ x, y sync.Mutex }

func (p *pair) Both() {
	p.x.Lock()
	defer p.x.Unlock()
	p.y.Lock()
	defer p.y.Unlock()
}

// Nobody else has it yet.
func NewPair() *pair {
	p := new(pair)
	p.y.Lock()
	defer p.y.Unlock()
	p.x.Lock()
	defer p.x.Unlock()
	return p
}

// Two pairs: the locks are those of different objects.
func Swap(p, q *pair) {
	p.y.Lock()
	defer p.y.Unlock()
	q.x.Lock()
	defer q.x.Unlock()
}

// The order that only one function takes is the one to change.
type mill struct {
	wheel sync.Mutex
	stone sync.Mutex
}

func (m *mill) grind() {
	m.wheel.Lock()
	defer m.wheel.Unlock()
	m.stone.Lock()
	m.stone.Unlock()
}

func (m *mill) rest() {
	m.wheel.Lock()
	defer m.wheel.Unlock()
	m.stone.Lock()
	m.stone.Unlock()
}

func (m *mill) clean() {
	m.stone.Lock()
	defer m.stone.Unlock()
	m.wheel.Lock() // want `this Lock waits for m.wheel while m.stone is held since line \d+; \(\*mill\).grind takes them the other way round`
	m.wheel.Unlock()
}
