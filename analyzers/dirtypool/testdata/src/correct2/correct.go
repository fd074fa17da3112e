package correct2

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"
)

// response recorder fully re-initialised in acquire
type rec01 struct {
	http.ResponseWriter
	status int
	wrote  bool
	body   *bytes.Buffer
}

func (r *rec01) WriteHeader(c int) {
	if r.wrote {
		return
	}
	r.wrote = true
	r.status = c
	r.ResponseWriter.WriteHeader(c)
}

var p01 = sync.Pool{New: func() any { return &rec01{body: new(bytes.Buffer)} }}

func acquire01(w http.ResponseWriter) *rec01 {
	r := p01.Get().(*rec01)
	r.ResponseWriter, r.status, r.wrote = w, 200, false
	r.body.Reset()
	return r
}
func MW01(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := acquire01(w)
		defer p01.Put(rec)
		next.ServeHTTP(rec, r)
		log.Println(rec.status, rec.body.Len())
	})
}

// ctx with reset through interface
type resetter interface{ reset() }
type ctx02 struct {
	aborted bool
	errs    []error
}

func (c *ctx02) reset() { c.aborted = false; c.errs = nil }

var p02 = sync.Pool{New: func() any { return new(ctx02) }}

func put02(v resetter) { v.reset(); p02.Put(v) }
func H02(fs []func(*ctx02)) []error {
	c := p02.Get().(*ctx02)
	defer put02(c)
	for _, f := range fs {
		f(c)
		if c.aborted {
			break
		}
	}
	return c.errs
}
func (c *ctx02) Abort(err error) { c.aborted = true; c.errs = append(c.errs, err) }

// poisoned objects are dropped
type conn03 struct {
	broken bool
	buf    []byte
}

var p03 = sync.Pool{New: func() any { return &conn03{buf: make([]byte, 512)} }}

func Do03(rw io.ReadWriter) error {
	c := p03.Get().(*conn03)
	if _, err := rw.Read(c.buf); err != nil {
		c.broken = true
	}
	if c.broken {
		return io.ErrUnexpectedEOF
	}
	p03.Put(c)
	return nil
}

// timer reuse
var p04 = sync.Pool{New: func() any { t := time.NewTimer(time.Hour); t.Stop(); return t }}

func Wait04(d time.Duration, ch <-chan int) int {
	t := p04.Get().(*time.Timer)
	t.Reset(d)
	defer func() { t.Stop(); p04.Put(t) }()
	select {
	case v := <-ch:
		return v
	case <-t.C:
		return 0
	}
}

// fields all set by an init that takes options
type opt05 func(*req05)
type req05 struct {
	url     string
	retries int
	hdr     map[string]string
}

var p05 = sync.Pool{New: func() any { return new(req05) }}

func new05(url string, opts ...opt05) *req05 {
	r := p05.Get().(*req05)
	*r = req05{url: url, retries: 3}
	for _, o := range opts {
		o(r)
	}
	return r
}
func (r *req05) Close() { p05.Put(r) }
func Do05(u string, opts ...opt05) string {
	r := new05(u, opts...)
	defer r.Close()
	if r.hdr != nil {
		return fmt.Sprint(r.hdr)
	}
	return r.url
}

// buffers with header placeholder patch
var p06 = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

func Frame06(w io.Writer, payload []byte) error {
	bp := p06.Get().(*[]byte)
	*bp = append((*bp)[:0], 0, 0, 0, 0)
	*bp = append(*bp, payload...)
	(*bp)[3] = byte(len(payload))
	_, err := w.Write(*bp)
	p06.Put(bp)
	return err
}

// linked release: chain
type seg07 struct {
	next *seg07
	data [128]byte
	n    int
}

var p07 = sync.Pool{New: func() any { return new(seg07) }}

func Chain07(r io.Reader) (total int) {
	var head *seg07
	for {
		s := p07.Get().(*seg07)
		n, err := r.Read(s.data[:])
		s.n = n
		s.next = head
		head = s
		if err != nil {
			break
		}
	}
	for s := head; s != nil; {
		next := s.next
		total += s.n
		s.next = nil
		p07.Put(s)
		s = next
	}
	return total
}

// lazily compiled config stays
type val08 struct {
	once  sync.Once
	rules []string
	errs  []string
}

var p08 = sync.Pool{New: func() any { return new(val08) }}

func (v *val08) load() { v.once.Do(func() { v.rules = append(v.rules, "a", "b") }) }
func Check08(s string) []string {
	v := p08.Get().(*val08)
	defer p08.Put(v)
	v.load()
	v.errs = v.errs[:0]
	for _, r := range v.rules {
		if !strings.Contains(s, r) {
			v.errs = append(v.errs, r)
		}
	}
	return append([]string(nil), v.errs...)
}

// resets at both nested levels by helper func taking address
type hdr09 struct {
	keys []string
	fin  bool
}
type msg09 struct {
	h hdr09
	n int
}

func resetHdr(h *hdr09) { *h = hdr09{keys: h.keys[:0]} }

var p09 = sync.Pool{New: func() any { return new(msg09) }}

func M09(ks []string) string {
	m := p09.Get().(*msg09)
	defer p09.Put(m)
	resetHdr(&m.h)
	m.n = 0
	for _, k := range ks {
		m.h.keys = append(m.h.keys, k)
		if k == "" {
			m.h.fin = true
		}
		m.n++
	}
	return fmt.Sprint(m.h.keys, m.h.fin, m.n)
}

// stats aggregated across users on purpose? merged to global then zeroed
type st10 struct{ hits, misses int }

var p10 = sync.Pool{New: func() any { return new(st10) }}

func S10(xs []int, report func(int, int)) {
	s := p10.Get().(*st10)
	for _, x := range xs {
		if x > 0 {
			s.hits++
		} else {
			s.misses++
		}
	}
	report(s.hits, s.misses)
	s.hits, s.misses = 0, 0
	p10.Put(s)
}

// pool of encoders bound to own buffer
type je11 struct {
	buf bytes.Buffer
	enc *json.Encoder
}

var p11 = sync.Pool{New: func() any { e := new(je11); e.enc = json.NewEncoder(&e.buf); return e }}

func J11(w io.Writer, v any) error {
	e := p11.Get().(*je11)
	defer p11.Put(e)
	e.buf.Reset()
	if err := e.enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(e.buf.Bytes())
	return err
}

// generation ids
type ids12 struct{ next int }

var p12 = sync.Pool{New: func() any { return new(ids12) }}

func IDs12(n int) (out []int) {
	s := p12.Get().(*ids12)
	defer p12.Put(s)
	for range n {
		out = append(out, s.next)
		s.next++
	}
	return out
}

// pointer to owner set on get, nil check in method
type w13 struct {
	dst  io.Writer
	tee  *bytes.Buffer
	line []byte
}

var p13 = sync.Pool{New: func() any { return new(w13) }}

func (w *w13) Write(p []byte) (int, error) {
	if w.tee != nil {
		w.tee.Write(p)
	}
	return w.dst.Write(p)
}
func W13(dst io.Writer, tee *bytes.Buffer, s string) {
	w := p13.Get().(*w13)
	w.dst, w.tee = dst, tee
	fmt.Fprint(w, s)
	w.dst, w.tee = nil, nil
	p13.Put(w)
}

// channel handoff with reset by worker
type job14 struct {
	args []string
	fail bool
}

var p14 = sync.Pool{New: func() any { return new(job14) }}

func Submit14(ch chan<- *job14, fail bool, args ...string) {
	j := p14.Get().(*job14)
	j.args = append(j.args, args...)
	if fail {
		j.fail = true
	}
	ch <- j
}
func Work14(ch <-chan *job14, out func(string)) {
	for j := range ch {
		if !j.fail {
			out(strings.Join(j.args, " "))
		}
		j.args, j.fail = j.args[:0], false
		p14.Put(j)
	}
}

// stack popping
type vm15 struct {
	stack []int
	halt  bool
}

func (v *vm15) push(x int) { v.stack = append(v.stack, x) }
func (v *vm15) pop() int {
	x := v.stack[len(v.stack)-1]
	v.stack = v.stack[:len(v.stack)-1]
	return x
}

var p15 = sync.Pool{New: func() any { return new(vm15) }}

func Run15(ops []int) int {
	v := p15.Get().(*vm15)
	defer p15.Put(v)
	v.halt = false
	v.stack = v.stack[:0]
	for _, op := range ops {
		if op == 0 {
			v.halt = true
		}
		if v.halt {
			break
		}
		v.push(op)
	}
	if len(v.stack) == 0 {
		return 0
	}
	return v.pop()
}

// a setter with a zero argument, through a nested struct
type hdr16 struct {
	raw  []byte
	bare bool
}

func (h *hdr16) SetBare(b bool) { h.bare = b }
func (h *hdr16) Reset() {
	h.raw = h.raw[:0]
	h.SetBare(false)
}

type resp16 struct{ hdr hdr16 }

var p16 = sync.Pool{New: func() any { return new(resp16) }}

func Resp16(bare bool, s string) string {
	r := p16.Get().(*resp16)
	defer func() {
		r.hdr.Reset()
		p16.Put(r)
	}()
	if bare {
		r.hdr.SetBare(true)
	}
	r.hdr.raw = append(r.hdr.raw, s...)
	if r.hdr.bare {
		return string(r.hdr.raw)
	}
	return "x" + string(r.hdr.raw)
}

// cut and appended, then appended onwards
type path17 struct{ raw, low []byte }

var p17 = sync.Pool{New: func() any { return new(path17) }}

func (p *path17) set(s string) {
	p.raw = append(p.raw[:0], s...)
	p.low = append(p.low[:0], p.raw...)
}
func Path17(s string) string {
	p := p17.Get().(*path17)
	defer p17.Put(p)
	p.set(s)
	return string(p.raw) + string(p.low)
}

// saved and restored by a deferred function
type dec18 struct {
	index int
	cur   int
}

func (d *dec18) array(xs []any) (n int) {
	last := d.index
	d.index = 0
	defer func() { d.index = last }()
	for _, x := range xs {
		if inner, ok := x.([]any); ok {
			n += len(inner)
		}
		d.index++
	}
	return n + d.index
}

var p18 = sync.Pool{New: func() any { return new(dec18) }}

func Dec18(xs []any) int {
	d := p18.Get().(*dec18)
	defer p18.Put(d)
	d.cur = 0
	return d.array(xs)
}

// scratch that is valid where a scanner says so
type kv19 struct{ key, val []byte }
type cookie19 struct {
	name []byte
	tmp  kv19
}

func next19(s *string, kv *kv19) bool {
	if *s == "" {
		return false
	}
	k, v, _ := strings.Cut(*s, "=")
	kv.key = append(kv.key[:0], k...)
	kv.val = append(kv.val[:0], v...)
	*s = ""
	return true
}

var p19 = sync.Pool{New: func() any { return new(cookie19) }}

func (c *cookie19) Reset() { c.name = c.name[:0] }
func Cookie19(s string) string {
	c := p19.Get().(*cookie19)
	defer func() { c.Reset(); p19.Put(c) }()
	kv := &c.tmp
	if !next19(&s, kv) {
		return ""
	}
	c.name = append(c.name, kv.key...)
	return string(c.name) + string(kv.val)
}

// what decides on the Put, swapped on the way
type frame20 struct {
	data   []byte
	pooled bool
}

var p20 = sync.Pool{New: func() any { return &frame20{pooled: true} }}

func put20(f *frame20) {
	if !f.pooled {
		return
	}
	f.data = f.data[:0]
	p20.Put(f)
}

func (f *frame20) split(n int) *frame20 {
	if n > len(f.data) {
		return nil
	}
	next := p20.Get().(*frame20)
	next.pooled, f.pooled = f.pooled, next.pooled
	next.data = append(next.data[:0], f.data[:n]...)
	return next
}

func Frame20(f *frame20, n int) int {
	next := f.split(n)
	if next == nil {
		return 0
	}
	n = len(next.data)
	put20(next)
	return n
}

// reset to the value of a variable
var never time.Time

type lease21 struct {
	key   string
	until time.Time
}

func (l *lease21) Reset() { l.key, l.until = "", never }

var p21 = sync.Pool{New: func() any { return new(lease21) }}

func Lease21(key string, d time.Duration) string {
	l := p21.Get().(*lease21)
	defer func() { l.Reset(); p21.Put(l) }()
	l.key = key
	if d > 0 {
		l.until = time.Now().Add(d)
	}
	if l.until.IsZero() {
		return l.key
	}
	return l.key + l.until.String()
}

// pools in local variables, shared by the handler
func NewHandler22(max int) http.HandlerFunc {
	inputs := sync.Pool{New: func() any { return &opt22{} }}
	return func(w http.ResponseWriter, r *http.Request) {
		in := inputs.Get().(*opt22)
		defer inputs.Put(in)
		*in = opt22{}
		if err := json.NewDecoder(r.Body).Decode(in); err != nil {
			http.Error(w, "bad", 400)
			return
		}
		if in.X > max {
			http.Error(w, in.Tag, 400)
		}
	}
}

type opt22 struct {
	X   int
	Tag string
}
