package aba

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// Nodes that are recycled, the old way.

type old struct {
	next unsafe.Pointer
	v    int
}

var (
	head unsafe.Pointer
	olds = sync.Pool{New: func() any { return new(old) }}
)

func pushOld(v int) {
	n := olds.Get().(*old)
	n.v = v
	for {
		n.next = atomic.LoadPointer(&head)
		if atomic.CompareAndSwapPointer(&head, n.next, unsafe.Pointer(n)) {
			return
		}
	}
}

func popOld() (v int) {
	for {
		n := (*old)(atomic.LoadPointer(&head))
		if n == nil {
			return 0
		}
		if atomic.CompareAndSwapPointer(&head, unsafe.Pointer(n), n.next) { // want `compare-and-swap of \*old, which a sync.Pool recycles`
			v = n.v
			olds.Put(n)
			return v
		}
	}
}

// A queue that is generic.

type item[T any] struct {
	next atomic.Pointer[item[T]]
	v    T
}

type queue[T any] struct {
	head  atomic.Pointer[item[T]]
	items sync.Pool
}

func (q *queue[T]) add(v T) {
	n := q.items.Get().(*item[T])
	n.v = v
	last := q.head.Load()
	for {
		if q.head.CompareAndSwap(last, n) {
			return
		}
		last = q.head.Load()
	}
}

func (q *queue[T]) take() (v T) {
	for {
		n := q.head.Load()
		next := n.next.Load()
		if q.head.CompareAndSwap(n, next) { // want `compare-and-swap of \*item, which a sync.Pool recycles`
			v = n.v
			q.items.Put(n)
			return v
		}
	}
}

// Nodes that are left to the collector.

type fresh struct {
	next *fresh
	v    int
}

type stack struct{ head atomic.Pointer[fresh] }

func (s *stack) pop() int {
	for {
		n := s.head.Load()
		if n == nil {
			return 0
		}
		if s.head.CompareAndSwap(n, n.next) {
			return n.v
		}
	}
}

// Values that are exchanged as a whole.

type config struct{ n int }

var (
	current atomic.Pointer[config]
	configs = sync.Pool{New: func() any { return new(config) }}
)

func set(n int) {
	c := configs.Get().(*config)
	c.n = n
	old := current.Load()
	if current.CompareAndSwap(old, c) {
		configs.Put(old)
	}
}

// A list of free nodes, which get back to it from those who took them.

type cell struct {
	next *cell
	buf  [64]byte
}

type arena struct{ free atomic.Pointer[cell] }

func (a *arena) get() *cell {
	for {
		c := a.free.Load()
		if c == nil {
			return new(cell)
		}
		if a.free.CompareAndSwap(c, c.next) { // want `compare-and-swap of \*cell, which is pushed back`
			return c
		}
	}
}

func (a *arena) put(c *cell) {
	for {
		c.next = a.free.Load()
		if a.free.CompareAndSwap(c.next, c) {
			return
		}
	}
}

func (a *arena) fill(p []byte) int {
	c := a.get()
	defer a.put(c)
	return copy(c.buf[:], p)
}

// Two lists that give each other their nodes.

type job struct {
	next *job
	run  func()
}

type list struct{ head atomic.Pointer[job] }

func (l *list) push(j *job) {
	for {
		old := l.head.Load()
		j.next = old
		if l.head.CompareAndSwap(old, j) {
			return
		}
	}
}

func (l *list) pop() *job {
	for {
		old := l.head.Load()
		if old == nil {
			return nil
		}
		if l.head.CompareAndSwap(old, old.next) { // want `compare-and-swap of \*job, which is pushed back`
			return old
		}
	}
}

type worker struct{ ready, idle list }

func (w *worker) step() {
	j := w.ready.pop()
	if j == nil {
		return
	}
	j.run()
	w.idle.push(j)
}

func (w *worker) add(run func()) {
	j := w.idle.pop()
	if j == nil {
		j = new(job)
	}
	j.run = run
	w.ready.push(j)
}

// A channel of nodes that were popped.

type frame struct {
	next *frame
	data []byte
}

type ring struct {
	head  atomic.Pointer[frame]
	spare chan *frame
}

func (r *ring) push(p []byte) {
	var f *frame
	select {
	case f = <-r.spare:
	default:
		f = &frame{}
	}
	f.data = append(f.data[:0], p...)
	for {
		f.next = r.head.Load()
		if r.head.CompareAndSwap(f.next, f) {
			return
		}
	}
}

func (r *ring) pop(do func([]byte)) {
	for {
		f := r.head.Load()
		if f == nil {
			return
		}
		if r.head.CompareAndSwap(f, f.next) { // want `compare-and-swap of \*frame, which is pushed back`
			do(f.data)
			select {
			case r.spare <- f:
			default:
			}
			return
		}
	}
}

// A slice of them, with a lock of its own.

type entry struct {
	next *entry
	v    int
}

type table struct {
	head atomic.Pointer[entry]
	mu   sync.Mutex
	free []*entry
}

func (t *table) alloc() *entry {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.free); n > 0 {
		e := t.free[n-1]
		t.free = t.free[:n-1]
		return e
	}
	return new(entry)
}

func (t *table) push(v int) {
	e := t.alloc()
	e.v = v
	for {
		e.next = t.head.Load()
		if t.head.CompareAndSwap(e.next, e) {
			return
		}
	}
}

func (t *table) pop() int {
	for {
		e := t.head.Load()
		if e == nil {
			return 0
		}
		if t.head.CompareAndSwap(e, e.next) { // want `compare-and-swap of \*entry, which is pushed back`
			v := e.v
			t.mu.Lock()
			t.free = append(t.free, e)
			t.mu.Unlock()
			return v
		}
	}
}

// Two lists of the same nodes, of which one leaves them to the collector.

type both[T any] struct {
	next *both[T]
	v    T
}

type recycles[T any] struct {
	head atomic.Pointer[both[T]]
	pool sync.Pool
}

func (s *recycles[T]) push(v T) {
	n, ok := s.pool.Get().(*both[T])
	if !ok {
		n = new(both[T])
	}
	n.v = v
	for {
		n.next = s.head.Load()
		if s.head.CompareAndSwap(n.next, n) {
			return
		}
	}
}

func (s *recycles[T]) pop() (v T, ok bool) {
	for {
		old := s.head.Load()
		if old == nil {
			return v, false
		}
		if s.head.CompareAndSwap(old, old.next) { // want `compare-and-swap of \*both, which a sync.Pool recycles`
			v = old.v
			s.pool.Put(old)
			return v, true
		}
	}
}

type collects[T any] struct{ head atomic.Pointer[both[T]] }

func (s *collects[T]) push(v T) {
	n := &both[T]{v: v}
	for {
		n.next = s.head.Load()
		if s.head.CompareAndSwap(n.next, n) {
			return
		}
	}
}

func (s *collects[T]) pop() (v T, ok bool) {
	for {
		old := s.head.Load()
		if old == nil {
			return v, false
		}
		if s.head.CompareAndSwap(old, old.next) {
			return old.v, true
		}
	}
}

// Nodes from a pool that are not given back to it while the list can see them: they
// leave for another list.

type event struct {
	next *event
	v    int
}

type in struct {
	head atomic.Pointer[event]
	done []*event
}

func (i *in) push(v int) {
	e := &event{v: v}
	for {
		e.next = i.head.Load()
		if i.head.CompareAndSwap(e.next, e) {
			return
		}
	}
}

func (i *in) pop() *event {
	for {
		e := i.head.Load()
		if e == nil {
			return nil
		}
		if i.head.CompareAndSwap(e, e.next) {
			i.done = append(i.done, e)
			return e
		}
	}
}

// A list of free nodes for other packages: who takes one gives it back.

type Page struct {
	next *Page
	Data [4096]byte
}

type Pages struct{ top atomic.Pointer[Page] }

func (p *Pages) Take() *Page {
	page := p.top.Load()
	for page != nil {
		if p.top.CompareAndSwap(page, page.next) { // want `compare-and-swap of \*Page, which whoever calls Give pushes back`
			return page
		}
		page = p.top.Load()
	}
	return &Page{}
}

func (p *Pages) Give(page *Page) {
	for {
		top := p.top.Load()
		page.next = top
		if p.top.CompareAndSwap(top, page) {
			return
		}
	}
}

// A list of what is to be done: nobody makes a node because there is none.

type Task struct {
	next *Task
	Run  func()
}

type Tasks struct{ top atomic.Pointer[Task] }

func (t *Tasks) Next() *Task {
	for {
		task := t.top.Load()
		if task == nil {
			return nil
		}
		if t.top.CompareAndSwap(task, task.next) {
			return task
		}
	}
}

func (t *Tasks) Add(task *Task) {
	for {
		task.next = t.top.Load()
		if t.top.CompareAndSwap(task.next, task) {
			return
		}
	}
}

// Nodes that only the package gives, which makes them anew.

type Chunk struct {
	next *Chunk
	Data []byte
}

type Chunks struct{ top atomic.Pointer[Chunk] }

func (c *Chunks) Get() *Chunk {
	for {
		chunk := c.top.Load()
		if chunk == nil {
			return new(Chunk)
		}
		if c.top.CompareAndSwap(chunk, chunk.next) {
			return chunk
		}
	}
}

func (c *Chunks) Prepare(n int) {
	for range n {
		c.push(&Chunk{Data: make([]byte, 4096)})
	}
}

func (c *Chunks) push(chunk *Chunk) {
	for {
		chunk.next = c.top.Load()
		if c.top.CompareAndSwap(chunk.next, chunk) {
			return
		}
	}
}
