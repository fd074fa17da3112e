package silent

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"strings"
	"sync"
	"time"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func withBuf(f func(*bytes.Buffer)) {
	b := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(b)
	b.Reset()
	f(b)
}

func resetHelper(b *bytes.Buffer) { b.Truncate(0) }

var bufs2 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func viaHelper(s string) string {
	b := bufs2.Get().(*bytes.Buffer)
	defer bufs2.Put(b)
	resetHelper(b)
	b.WriteString(s)
	return b.String()
}

var bufs3 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func putBuf3(b *bytes.Buffer) {
	if b.Cap() > 1<<16 {
		return
	}
	b.Reset()
	bufs3.Put(b)
}
func use3(s string) (string, error) {
	b := bufs3.Get().(*bytes.Buffer)
	b.WriteString(s)
	if b.Len() > 3 {
		putBuf3(b)
		return "", io.EOF
	}
	r := b.String()
	putBuf3(b)
	return r, nil
}

// temporarily appended and truncated back
var bufs4 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func drain(s string) string {
	b := bufs4.Get().(*bytes.Buffer)
	defer bufs4.Put(b)
	b.WriteString(s)
	out := make([]byte, len(s))
	io.ReadFull(b, out)
	return string(out)
}

var hashes = sync.Pool{New: func() any { return sha256.New() }}

func sum(p []byte) []byte {
	h := hashes.Get().(hash.Hash)
	defer hashes.Put(h)
	h.Reset()
	h.Write(p)
	return h.Sum(nil)
}

// state machine: fields valid by state
type lex struct {
	src   string
	pos   int
	state int
	tok   string
	depth int
	errs  []error
}

func (l *lex) init(src string) {
	l.src, l.pos, l.state, l.depth = src, 0, 0, 0
	l.errs = nil
}

func (l *lex) next() bool {
	if l.pos >= len(l.src) {
		return false
	}
	l.tok = l.src[l.pos : l.pos+1]
	l.pos++
	l.depth++
	return true
}

var lexes = sync.Pool{New: func() any { return new(lex) }}

func Lex(src string) (out []string) {
	l := lexes.Get().(*lex)
	defer lexes.Put(l)
	l.init(src)
	for l.next() {
		out = append(out, l.tok)
	}
	return
}

// cached lookups
type cache struct {
	m    map[string]int
	last time.Time
}

var caches = sync.Pool{New: func() any { return &cache{m: map[string]int{}} }}

func lookup(k string) int {
	c := caches.Get().(*cache)
	defer caches.Put(c)
	if v, ok := c.m[k]; ok {
		return v
	}
	v := len(k) * 31
	c.m[k] = v
	return v
}

// map as cache in root
var mcaches = sync.Pool{New: func() any { return map[string]int{} }}

func lookup2(k string) int {
	m := mcaches.Get().(map[string]int)
	defer mcaches.Put(m)
	if v, ok := m[k]; ok {
		return v
	}
	v := len(k)
	m[k] = v
	return v
}

// free list link / stats
type node struct {
	next *node
	val  int
	uses int
}

var nodes = sync.Pool{New: func() any { return new(node) }}

func visit(xs []int) int {
	n := nodes.Get().(*node)
	defer nodes.Put(n)
	n.uses++
	n.val = 0
	for _, x := range xs {
		n.val += x
	}
	if n.uses > 1000 {
		fmt.Println("old")
	}
	return n.val
}

// set in both arms
type resp struct {
	Code int
	Err  string
}

var resps = sync.Pool{New: func() any { return new(resp) }}

func reply(w io.Writer, err error) {
	r := resps.Get().(*resp)
	defer resps.Put(r)
	if err != nil {
		r.Code, r.Err = 500, err.Error()
	} else {
		r.Code, r.Err = 200, ""
	}
	json.NewEncoder(w).Encode(r)
}

// switch default
func reply2(w io.Writer, k int) {
	r := resps2.Get().(*resp)
	defer resps2.Put(r)
	switch k {
	case 1:
		r.Code = 1
	case 2:
		r.Code = 2
	default:
		r.Code = 3
	}
	r.Err = ""
	json.NewEncoder(w).Encode(r)
}

var resps2 = sync.Pool{New: func() any { return new(resp) }}

// reset by assigning a zero variable, by helper from other type, by loop
type multi struct {
	a, b, c string
	list    []string
	sb      strings.Builder
}

var zeroMulti multi

func (m *multi) Reset() { *m = multi{list: m.list[:0]} }

var multis = sync.Pool{New: func() any { return new(multi) }}

func useMulti(a string) string {
	m := multis.Get().(*multi)
	defer func() { m.Reset(); multis.Put(m) }()
	if a != "" {
		m.a = a
		m.list = append(m.list, a)
		m.sb.WriteString(a)
	}
	return m.a + m.b + strings.Join(m.list, ",") + m.sb.String()
}

// object that owns scratch slices with length bookkeeping
type sorter struct {
	keys []string
	n    int
}

func (s *sorter) Keys(m map[string]int) []string {
	keys := s.keys[:0]
	for k := range m {
		keys = append(keys, k)
	}
	s.keys = keys
	return keys
}

var sorters = sync.Pool{New: func() any { return new(sorter) }}

func keys(m map[string]int) string {
	s := sorters.Get().(*sorter)
	defer sorters.Put(s)
	return strings.Join(s.Keys(m), ",")
}

// restored by defer
type depth struct {
	lvl  int
	path []string
}

func (d *depth) push(s string) { d.path = append(d.path, s) }
func (d *depth) pop()          { d.path = d.path[:len(d.path)-1] }

var depths = sync.Pool{New: func() any { return new(depth) }}

func walk(xs []string) int {
	d := depths.Get().(*depth)
	defer depths.Put(d)
	n := 0
	for _, x := range xs {
		d.push(x)
		n += len(d.path)
		d.pop()
	}
	return n
}

// put only if clean: error path drops
type conn struct {
	err error
	id  int
}

var conns = sync.Pool{New: func() any { return new(conn) }}

func do(f func() error) error {
	c := conns.Get().(*conn)
	if c.err = f(); c.err != nil {
		return c.err
	}
	conns.Put(c)
	return nil
}

// reused inside one Get
type acc struct {
	total int
	seen  bool
}

var accs = sync.Pool{New: func() any { return new(acc) }}

func accumulate(xs []int) int {
	a := accs.Get().(*acc)
	defer accs.Put(a)
	a.total, a.seen = 0, false
	for _, x := range xs {
		if !a.seen {
			a.seen = true
		}
		a.total += x
	}
	return a.total
}

// balanced brackets in a stack popped empty
var stacks = sync.Pool{New: func() any { s := make([]int, 0, 16); return &s }}

func sumTree(xs []int) int {
	sp := stacks.Get().(*[]int)
	s := append(*sp, xs...)
	t := 0
	for len(s) > 0 {
		t += s[len(s)-1]
		s = s[:len(s)-1]
	}
	*sp = s
	stacks.Put(sp)
	return t
}

// bool toggled off
type busy struct {
	on   bool
	name string
}

var busies = sync.Pool{New: func() any { return new(busy) }}

func toggle(s string) string {
	b := busies.Get().(*busy)
	defer busies.Put(b)
	if b.on {
		panic("busy")
	}
	b.on = true
	b.name = s
	out := b.name
	b.on = false
	return out
}

func toggleDefer(s string) string {
	b := busies.Get().(*busy)
	if b.on {
		panic("busy")
	}
	b.on = true
	defer func() {
		b.on = false
		busies.Put(b)
	}()
	b.name = s
	return b.name
}

// what every turn of a loop assigns is assigned after the loop
type cursor struct {
	last string
	buf  bytes.Buffer
	list []string
	all  []string
}

var cursors = sync.Pool{New: func() any { return new(cursor) }}

func lastOf(xs []string) string {
	c := cursors.Get().(*cursor)
	defer cursors.Put(c)
	for _, x := range xs {
		c.last = x
		c.buf.Reset()
		c.buf.WriteString(x)
	}
	return c.last + c.buf.String()
}

// reset in the order of defers
var deferred = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func deferOrder(s string) string {
	b := deferred.Get().(*bytes.Buffer)
	defer deferred.Put(b)
	defer b.Reset()
	b.WriteString(s)
	return b.String()
}

// only written on after it was read for its length
var prefixes = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func afterPrefix(s string) string {
	b := prefixes.Get().(*bytes.Buffer)
	defer prefixes.Put(b)
	n := b.Len()
	b.WriteString(s)
	return string(b.Bytes()[n:])
}

// cleared where it is not empty
type checks struct {
	top  string
	errs []error
	bad  bool
}

func (c *checks) check(s string) {
	if s != c.top {
		c.errs = append(c.errs, io.EOF)
		c.bad = true
	}
}

var checkers = sync.Pool{New: func() any { return new(checks) }}

func check(top string, ss []string) (errs []error) {
	c := checkers.Get().(*checks)
	c.top = top
	for _, s := range ss {
		c.check(s)
	}
	if len(c.errs) > 0 {
		errs = c.errs
		c.errs = nil
	}
	if c.bad {
		c.bad = false
	}
	checkers.Put(c)
	return errs
}

// a note for the next user, written after the reset
type sized struct {
	out  []string
	last int
}

func (s *sized) reset() { s.out = s.out[:0] }

var sizes = sync.Pool{New: func() any { return new(sized) }}

func build(in []string) string {
	s := sizes.Get().(*sized)
	if s.last > len(in) {
		fmt.Println("smaller than before")
	}
	s.out = append(s.out, in...)
	res := strings.Join(s.out, " ")
	s.reset()
	s.last = len(in)
	sizes.Put(s)
	return res
}
