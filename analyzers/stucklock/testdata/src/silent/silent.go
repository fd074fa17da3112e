// Package silent hands its locks around.
package silent

import (
	"bufio"
	"sync"
)

func try() error

type db struct {
	mu     sync.Mutex
	closed bool
	n      int
}

// acquire returns holding the lock, unless it fails.
func (d *db) acquire() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return try()
	}
	return nil
}

func (d *db) work() error {
	if err := d.acquire(); err != nil {
		return err
	}
	defer d.mu.Unlock()
	return try()
}

type table struct {
	mu sync.RWMutex
	n  int
}

// grab returns holding the lock, with a function that lets go of it.
func (t *table) grab() (func(), error) {
	t.mu.RLock()
	if t.n == 0 {
		t.mu.RUnlock()
		return nil, try()
	}
	return func() { t.mu.RUnlock() }, nil
}

func (t *table) use() error {
	release, err := t.grab()
	if err != nil {
		return err
	}
	defer release()
	return try()
}

type gate struct {
	mu sync.Mutex
	on bool
}

func (g *gate) enter() func() {
	g.mu.Lock()
	if g.on {
		return g.mu.Unlock
	}
	g.mu.Unlock()
	return func() {}
}

type box struct {
	lock sync.Mutex
	n    int
}

func (b *box) Lock()   { b.lock.Lock() }
func (b *box) Unlock() { b.lock.Unlock() }

// begin and end belong together.
func begin(b *box) bool {
	b.Lock()
	if b.n > 0 {
		return true
	}
	b.Unlock()
	return false
}

func end(b *box) { b.Unlock() }

type queue struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

func newQueue() *queue {
	q := new(queue)
	q.cond = sync.NewCond(&q.mu)
	return q
}

func (q *queue) take() {
	q.cond.L.Lock()
	for q.n == 0 {
		q.cond.Wait()
	}
	q.n--
	q.mu.Unlock()
}

type Shared struct {
	sync.Mutex
	n int
}

// Start hands the lock to who calls it.
func (s *Shared) Start() bool {
	s.Lock()
	if s.n == 0 {
		s.Unlock()
		return false
	}
	return true
}

func async(d *table) {
	d.mu.Lock()
	if d.n == 0 {
		d.mu.Unlock()
		return
	}
	go func() {
		defer d.mu.Unlock()
		d.n--
	}()
}

type session struct {
	mu    sync.Mutex
	in    sync.Mutex
	ready bool
	old   bool
	res   chan int
	done  bool
}

// Only an old session comes to renew, and only a new one is fed.
func (s *session) feed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next()
}

func (s *session) next() {
	if s.old {
		s.renew()
	}
}

func (s *session) renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = true
}

// Once it is ready, nobody takes the second lock here.
func (s *session) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready {
		return
	}
	s.in.Lock()
	defer s.in.Unlock()
}

func (s *session) read() {
	s.in.Lock()
	defer s.in.Unlock()
	s.renew()
}

func newSession() *session { return &session{res: make(chan int, 1)} }

// What is received is there when done is set.
func (s *session) deliver() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = true
	s.res <- 1
	close(s.res)
}

func (s *session) result() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		return <-s.res
	}
	return 0
}

type pipeline struct {
	commit struct{ mu sync.Mutex }
	mu     struct {
		sync.Mutex
		cond *sync.Cond
		n    int
	}
}

func newPipeline() *pipeline {
	p := new(pipeline)
	p.mu.cond = sync.NewCond(&p.mu)
	return p
}

// The literal lets go of the first lock before it takes the second.
func (p *pipeline) Compact() {
	p.mu.Lock()
	func() {
		p.mu.Unlock()
		p.commit.mu.Lock()
		p.mu.Lock()
		defer p.commit.mu.Unlock()
		p.mu.n++
	}()
	p.mu.Unlock()
}

func (p *pipeline) Flush() {
	p.commit.mu.Lock()
	defer p.commit.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mu.n--
}

// The lock of the condition is that of the struct around it.
func (p *pipeline) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.mu.n > 0 {
		p.mu.cond.Wait()
	}
}

func (p *pipeline) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mu.n = 0
	p.mu.cond.Broadcast()
}

func drain(p *pipeline) {
	go p.done()
	p.wait()
}

type crew struct {
	mu sync.Mutex
	wg sync.WaitGroup
}

// The goroutines start under the lock, and do not need it.
func (c *crew) all() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range 3 {
		c.wg.Go(func() { try() })
	}
	c.wg.Wait()
}

type link struct {
	mu sync.Mutex
	wg sync.WaitGroup
	n  int
}

// connect takes the lock before it is counted: nobody waits for it then.
func (l *link) connect() {
	for range 3 {
		l.mu.Lock()
		l.n++
		l.serve()
	}
}

func (l *link) serve() {
	l.wg.Add(1)
	l.mu.Unlock()
	func() {
		defer l.wg.Done()
		try()
	}()
}

func (l *link) settle() {
	go l.connect()
	l.mu.Lock()
	l.wg.Wait()
	l.mu.Unlock()
}

// wire.next hands its callers the lock of what it has found.
type wire struct {
	mu  sync.Mutex
	in  *bufio.Reader
	err error
}

func (w *wire) next(id byte) (size int, lock *sync.Mutex, err error) {
	for {
		var b []byte
		w.mu.Lock()
		if b, err = w.in.Peek(2); err != nil {
			w.mu.Unlock()
			break
		}
		if b[0] == id {
			size, lock = int(b[1]), &w.mu
			break
		}
		w.mu.Unlock()
	}
	return size, lock, err
}

func (w *wire) use(id byte) error {
	_, lock, err := w.next(id)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	_, err = w.in.ReadByte()
	return err
}

// refresh backs down if another one is under way, and says so by a result with a name.
type refresher struct {
	mu *sync.Mutex
	n  int
}

func (r *refresher) count(twice bool) (int, bool) { r.n++; return r.n, twice }

func (r *refresher) refresh(twice bool) (n int, more, ok bool) {
	if ok = r.mu.TryLock(); !ok {
		return 0, false, false
	}
	defer r.mu.Unlock()
	n, more = r.count(twice)
	return n, more, ok
}

func (r *refresher) both() {
	if _, _, ok := r.refresh(true); !ok {
		return
	}
	r.refresh(false)
}

// listener unlocks once, by a function made of its lock, and serves without it.
type listener struct {
	mu      sync.RWMutex
	started bool
}

func unlockOnce(l sync.Locker) func() {
	var once sync.Once
	return func() { once.Do(l.Unlock) }
}

func (l *listener) listen() error {
	unlock := unlockOnce(&l.mu)
	l.mu.Lock()
	defer unlock()
	if l.started {
		return try()
	}
	l.started = true
	unlock()
	return l.serve()
}

func (l *listener) serve() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return nil
}

// prepare leaves it to the store to unlock.
type Stmts interface {
	Get(query string) (int, bool)
	Put(query string, mu *sync.RWMutex) (int, error)
}

type Prepared struct {
	known Stmts
	mu    *sync.RWMutex
}

func NewPrepared(known Stmts) *Prepared { return &Prepared{known, new(sync.RWMutex)} }

func (p *Prepared) prepare(query string, tx bool) (int, error) {
	p.mu.Lock()
	if p.known != nil {
		if n, ok := p.known.Get(query); ok && (n > 0 || tx) {
			p.mu.Unlock()
			return n, nil
		}
	}
	return p.known.Put(query, p.mu)
}

func (p *Prepared) Exec(query string) error {
	n, err := p.prepare(query, false)
	if err == nil && n > 1 {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.known.Get(query)
	}
	return err
}

// A number is either nothing or more.
type meter struct {
	mu             *sync.Mutex
	first, retries int
}

func NewMeter() *meter { return &meter{mu: new(sync.Mutex)} }

func (m *meter) Start(attempt int, size uint64) {
	if attempt == 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.first += int(size)
	}
	if attempt > 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.retries++
	}
}

type level struct {
	mu             sync.Mutex
	first, retries int
}

func (m *level) Set(n int) {
	if n > 10 {
		m.mu.Lock()
		m.retries += n
	}
	if n >= 11 {
		m.mu.Unlock()
	}
	if n < 3 {
		m.mu.Lock()
		m.first = n
		m.mu.Unlock()
	}
}

func (m *meter) Sum() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.first + m.retries
}

// Whoever writes to a shelf holds the library for writing, and who reads from it for reading: no
// Lock waits between two RLocks.
type library struct {
	mu      sync.RWMutex
	shelves map[string]*shelf
}

type shelf struct {
	mu    sync.RWMutex
	books []int
}

func (s *shelf) add(book int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books = append(s.books, book)
}

func (s *shelf) from(i int) (all []int) {
	if i == len(s.books) {
		return nil
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all = append(all, s.books[i])
	return append(all, s.from(i+1)...)
}

func (l *library) Add(name string, book int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shelves[name].add(book)
}

func (l *library) All(name string) []int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.shelves[name].from(0)
}

var errEmpty = bufio.ErrInvalidUnreadByte

// Who gets the object unlocks it.
type order struct {
	sync.Mutex
	done  bool
	lines []string
}

type orders struct {
	pool sync.Pool
	open bool
}

func (o *orders) begin(lines []string) (*order, int, error) {
	ord := o.pool.Get().(*order)
	ord.Lock()
	for _, line := range lines {
		if line == "" {
			ord.Unlock()
			return nil, 0, errEmpty
		}
		ord.lines = append(ord.lines, line)
	}
	return ord, len(ord.lines), nil
}

func (o *orders) Send(lines []string) error {
	ord, n, err := o.begin(lines)
	if err != nil {
		return err
	}
	ord.done = n > 0
	ord.Unlock()
	o.pool.Put(ord)
	return nil
}

func (o *order) Done() bool {
	o.Lock()
	defer o.Unlock()
	return o.done
}

// The lock is taken in the first round.
func (l *library) load(names []string, each func(string) bool) error {
	n := 0
	for _, name := range names {
		n++
		if n == 1 {
			l.mu.Lock()
			defer l.mu.Unlock()
		}
		if name == "" {
			continue
		}
		if !each(name) {
			return try()
		}
	}
	return nil
}

// A request for a token brings its own, and asks for none.
type portal struct {
	mu    sync.Mutex
	token string
}

type fields map[string]string

func (p *portal) current() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.token == "" {
		p.token = p.ask(fields{"token": "*", "name": "me"})
		p.describe()
	}
	return p.token
}

func (p *portal) describe() { p.ask(fields{"token": "*"}) }

func (p *portal) ask(f fields) string {
	token, ok := f["token"]
	if !ok {
		token = p.current()
	}
	return token + f["name"]
}
