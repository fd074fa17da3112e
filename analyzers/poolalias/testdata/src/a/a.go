package a

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
	"unsafe"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}
var slicePool = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

func P03(w io.Writer, v any) {
	b := bufPool.Get().(*bytes.Buffer)
	b.Reset()
	fmt.Fprint(b, v)
	bufPool.Put(b)
	w.Write(b.Bytes()) // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
}

func P04(v any) error {
	b := bufPool.Get().(*bytes.Buffer)
	defer bufPool.Put(b)
	b.Reset()
	if err := json.NewEncoder(b).Encode(v); err != nil {
		bufPool.Put(b) // want `b may be put back twice, here and by the deferred call on line [0-9]+: two users would then get the same object`
		return err
	}
	return nil
}

func P05(v any) []byte {
	b := bufPool.Get().(*bytes.Buffer)
	b.Reset()
	defer bufPool.Put(b)
	fmt.Fprint(b, v)
	return b.Bytes() // want `the returned \[\]byte shares memory with b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func P05b(v string) []byte {
	bp := slicePool.Get().(*[]byte)
	b := (*bp)[:0]
	b = append(b, v...)
	*bp = b
	slicePool.Put(bp)
	return b[:len(b)-1] // want `the returned \[\]byte shares memory with bp, which is put back on line [0-9]+: the next user overwrites it`
}

func P05c(v any) ([]byte, error) {
	b := bufPool.Get().(*bytes.Buffer)
	b.Reset()
	defer func() { b.Reset(); bufPool.Put(b) }()
	if err := json.NewEncoder(b).Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil // want `the returned \[\]byte shares memory with b, which goes back to the pool when the function returns: the next user overwrites it`
}

func P14(v any) {
	b := bufPool.Get().(*bytes.Buffer)
	b.Reset()
	defer bufPool.Put(b)
	fmt.Fprint(b, v)
	go func() { // want `this goroutine may still use b when it goes back to bufPool when the function returns`
		fmt.Println(b.String())
	}()
}

type cache struct {
	mu   sync.Mutex
	m    map[string][]byte
	last []byte
}

func (c *cache) P23(k string, v any) {
	b := bufPool.Get().(*bytes.Buffer)
	b.Reset()
	fmt.Fprint(b, v)
	c.mu.Lock()
	c.m[k] = b.Bytes() // want `what is stored here shares memory with b, which is put back on line [0-9]+: the next user overwrites it`
	c.mu.Unlock()
	bufPool.Put(b)
}

func (c *cache) Last() []byte { return c.last }

func (c *cache) field(v any) {
	b := bufPool.Get().(*bytes.Buffer)
	defer bufPool.Put(b)
	b.Reset()
	fmt.Fprint(b, v)
	c.last = b.Bytes() // want `what is stored here shares memory with b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func R18c(v any) string {
	b := bufPool.Get().(*bytes.Buffer)
	defer bufPool.Put(b)
	b.Reset()
	fmt.Fprint(b, v)
	bs := b.Bytes()
	return unsafe.String(unsafe.SliceData(bs), len(bs)) // want `the returned string shares memory with b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func b2s(b []byte) string { return *(*string)(unsafe.Pointer(&b)) }

func R18d(v any) string {
	b := bufPool.Get().(*bytes.Buffer)
	defer bufPool.Put(b)
	b.Reset()
	fmt.Fprint(b, v)
	return b2s(b.Bytes()) // want `the returned string shares memory with b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func get() *bytes.Buffer { b := bufPool.Get().(*bytes.Buffer); b.Reset(); return b }
func put(b *bytes.Buffer) {
	if b == nil || b.Cap() > 1<<16 {
		return
	}
	bufPool.Put(b)
}

func encode(b *bytes.Buffer, v any) ([]byte, error) {
	if err := json.NewEncoder(b).Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func Wrapped(v any) ([]byte, error) {
	b := get()
	defer put(b)
	return encode(b, v) // want `the returned \[\]byte shares memory with b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func WrappedUse(v any) int {
	b := get()
	put(b)
	return b.Len() // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
}

func WrappedDouble(v any) error {
	b := get()
	defer put(b)
	if v == nil {
		put(b) // want `b may be put back twice, here and by the deferred call on line [0-9]+: two users would then get the same object`
		return errors.New("nil")
	}
	return nil
}

type msg struct {
	buf  []byte
	hdr  map[string]string
	name string
}

var msgs = sync.Pool{New: func() any { return &msg{buf: make([]byte, 0, 512)} }}

func (m *msg) reset()          { m.buf = m.buf[:0]; m.name = "" }
func (m *msg) Payload() []byte { return m.buf }           // want Payload:`poolalias: result 0 is memory of param 0`
func (m *msg) Free()           { m.reset(); msgs.Put(m) } // want Free:`poolalias: puts back param 0`

func Field(s string) []byte {
	m := msgs.Get().(*msg)
	defer m.Free()
	m.buf = append(m.buf, s...)
	return m.Payload() // want `the returned \[\]byte shares memory with m, which goes back to msgs when the function returns: the next user overwrites it`
}

func Field2(s string) []byte {
	m := msgs.Get().(*msg)
	m.buf = append(m.buf[:0], s...)
	out := m.buf
	msgs.Put(m)
	return out // want `the returned \[\]byte shares memory with m, which is put back on line [0-9]+: the next user overwrites it`
}

func FieldUse(s string) string {
	m := msgs.Get().(*msg)
	m.name = s
	m.Free()
	return m.name // want `m is used after it was put back on line [0-9]+: another goroutine may own it by then`
}

func Chan(ch chan []byte, s string) {
	b := get()
	defer put(b)
	b.WriteString(s)
	ch <- b.Bytes() // want `the receiver may still use memory of b when it goes back to bufPool when the function returns`
}

type resp struct {
	Body []byte
	Code int
}

func Box(s string) *resp {
	b := get()
	defer put(b)
	b.WriteString(s)
	return &resp{Body: b.Bytes(), Code: 200} // want `the returned \*resp holds memory of b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func Box2(s string) (r resp) {
	b := get()
	defer put(b)
	b.WriteString(s)
	r.Body = b.Bytes()
	return r // want `the returned resp holds memory of b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func Collect(in []string) (out [][]byte) {
	for _, s := range in {
		b := get()
		b.WriteString(s)
		out = append(out, b.Bytes())
		put(b)
	}
	return out // want `the returned \[\]\[\]byte holds memory of b, which is put back on line [0-9]+: the next user overwrites it`
}

func LoopUse(in []string, w io.Writer) {
	b := get()
	for _, s := range in {
		b.WriteString(s) // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
		w.Write(b.Bytes())
		put(b) // want `b may be put back again in the next turn of the loop: two users would then get the same object`
	}
}

func acquire() (*bytes.Buffer, func()) {
	b := bufPool.Get().(*bytes.Buffer)
	b.Reset()
	return b, func() { bufPool.Put(b) }
}

func Closure(s string) []byte {
	b, release := acquire()
	defer release()
	b.WriteString(s)
	return b.Bytes() // want `the returned \[\]byte shares memory with the pooled object, which goes back to bufPool when the function returns: the next user overwrites it`
}

func ClosureUse(s string) int {
	b, release := acquire()
	b.WriteString(s)
	release()
	return b.Len() // want `the pooled object is used after it was put back on line [0-9]+: another goroutine may own it by then`
}

type Writer struct {
	buf *bytes.Buffer
	w   io.Writer
}

func NewWriter(w io.Writer) *Writer           { return &Writer{buf: bufPool.Get().(*bytes.Buffer), w: w} }
func (w *Writer) Write(p []byte) (int, error) { return w.buf.Write(p) }
func (w *Writer) Close() error { // want Close:`poolalias: puts back param 0\*\.buf`
	bufPool.Put(w.buf)
	_, err := w.w.Write(w.buf.Bytes()) // want `w\.buf is used after it was put back on line [0-9]+: another goroutine may own it by then`
	w.buf = nil
	return err
}

func (w *Writer) Finish() []byte { // want Finish:`poolalias: puts back param 0\*\.buf`
	defer w.release()
	return w.buf.Bytes() // want `the returned \[\]byte shares memory with w, which goes back to the pool when the function returns: the next user overwrites it`
}

func (w *Writer) release() {
	if w.buf != nil {
		bufPool.Put(w.buf)
		w.buf = nil
	}
}

func WriterUser(s string) []byte {
	w := NewWriter(io.Discard)
	defer w.release()
	io.WriteString(w, s)
	return w.buf.Bytes() // want `the returned \[\]byte shares memory with w, which goes back to the pool when the function returns: the next user overwrites it`
}

type Pool[T any] struct{ p sync.Pool }

func (p *Pool[T]) Get() *T  { return p.p.Get().(*T) }
func (p *Pool[T]) Put(x *T) { p.p.Put(x) } // want Put:`poolalias: puts back param 1`

var gp Pool[bytes.Buffer]

func Generic(s string) []byte {
	b := gp.Get()
	defer gp.Put(b)
	b.WriteString(s)
	return b.Bytes() // want `the returned \[\]byte shares memory with b, which goes back to gp\.p when the function returns: the next user overwrites it`
}

func GenericUse(s string) string {
	b := gp.Get()
	b.WriteString(s)
	gp.Put(b)
	return b.String() // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
}

func ErrPath(r io.Reader) (n int64, err error) {
	b := get()
	n, err = b.ReadFrom(r)
	if err != nil {
		put(b)
	}
	fmt.Println(b.Len()) // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
	put(b)               // want `b may be put back twice, here and on line [0-9]+: two users would then get the same object`
	return n, err
}

func Timeout(v any, d time.Duration) (string, error) {
	b := get()
	defer put(b)
	done := make(chan string, 1)
	go func() { // want `this goroutine may still use b when it goes back to bufPool when the function returns`
		json.NewEncoder(b).Encode(v)
		done <- b.String()
	}()
	select {
	case s := <-done:
		return s, nil
	case <-time.After(d):
		return "", errors.New("timeout")
	}
}

func NewReader(s string) io.Reader {
	b := get()
	defer put(b)
	b.WriteString(s)
	return bytes.NewReader(b.Bytes()) // want `the returned io\.Reader holds memory of b, which goes back to bufPool when the function returns: the next user overwrites it`
}

var global []byte

func Global(s string) {
	b := get()
	b.WriteString(s)
	global = b.Bytes() // want `what is stored here shares memory with b, which is put back on line [0-9]+: the next user overwrites it`
	put(b)
}

func Param(dst *resp, s string) {
	b := get()
	defer put(b)
	b.WriteString(s)
	dst.Body = b.Bytes() // want `what is stored here shares memory with b, which goes back to bufPool when the function returns: the next user overwrites it`
}

func Named(s string) (out []byte) {
	b := get()
	defer func() {
		put(b)
	}()
	b.WriteString(s)
	out = b.Bytes()
	return // want `the returned \[\]byte shares memory with b, which goes back to the pool when the function returns: the next user overwrites it`
}

func withBuf(f func(b *bytes.Buffer)) {
	b := get()
	defer put(b)
	f(b)
}

func Callback(s string) (out []byte) {
	withBuf(func(b *bytes.Buffer) {
		b.WriteString(s)
		out = b.Bytes()
	})
	return out // want `the returned \[\]byte shares memory with the pooled object, which is put back on line [0-9]+: the next user overwrites it`
}

func ReturnSelf(s string) *bytes.Buffer {
	b := bufPool.Get().(*bytes.Buffer)
	defer bufPool.Put(b)
	b.WriteString(s)
	return b // want `b is returned, but it goes back to bufPool when the function returns: the caller would use another user's object`
}
func SwitchPut(k int) {
	b := get()
	switch k {
	case 1:
		put(b)
	case 2:
		b.Reset()
	}
	b.WriteByte('x') // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
	put(b)           // want `b may be put back twice, here and on line [0-9]+: two users would then get the same object`
}

func DeferOrder(s string) {
	b := get()
	defer fmt.Println(b) // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
	defer put(b)
	b.WriteString(s)
}

func freeAll(head *node) {
	for n := head; n != nil; n = n.next { // want `n is used after it was put back on line [0-9]+: another goroutine may own it by then`
		nodes.Put(n)
	}
}

type node struct{ next *node }

var nodes = sync.Pool{New: func() any { return new(node) }}

func hand(s string, handle func([]byte)) {
	b := get()
	defer put(b)
	b.WriteString(s)
	go handle(b.Bytes()) // want `this goroutine may still use b when it goes back to bufPool when the function returns`
}

func methodValue(s string) []byte {
	b := get()
	release := bufPool.Put
	defer release(b)
	b.WriteString(s)
	return b.Bytes() // want `the returned \[\]byte shares memory with .*, which goes back to .* when the function returns: the next user overwrites it`
}

var classes [8]sync.Pool

func class(n int) int {
	c := 0
	for n > 64 {
		n, c = n>>1, c+1
	}
	return c
}

func chunk(n int) *[]byte {
	if p, _ := classes[class(n)].Get().(*[]byte); p != nil {
		*p = (*p)[:n]
		return p
	}
	b := make([]byte, n, 64<<class(n))
	return &b
}

func unchunk(p *[]byte) {
	c := class(cap(*p))
	if c >= len(classes) || cap(*p) != 64<<c {
		return
	}
	classes[c].Put(p)
}

func record(r io.Reader, n int) ([]byte, error) {
	p := chunk(n)
	defer unchunk(p)
	if _, err := io.ReadFull(r, *p); err != nil {
		return nil, err
	}
	return (*p)[2:], nil // want `the returned \[\]byte shares memory with p, which goes back to classes when the function returns: the next user overwrites it`
}

func dispatch(names []string, serve func(*bytes.Buffer)) {
	for _, n := range names {
		b := get()
		b.WriteString(n)
		go serve(b) // want `this goroutine may still use b when it is put back on line [0-9]+`
		put(b)
	}
}

func later(d time.Duration, say func(string)) {
	b := get()
	b.WriteString("late")
	time.AfterFunc(d, func() { say(b.String()) }) // want `this goroutine may still use b when it is put back on line [0-9]+`
	put(b)
}

func each(ws []io.Writer, s string) {
	b := get()
	defer put(b)
	b.WriteString(s)
	for _, w := range ws {
		go w.Write(b.Bytes()) // want `this goroutine may still use b when it goes back to bufPool when the function returns`
	}
}

func deferring(fs []io.Closer, s string) []byte {
	b := get()
	defer put(b)
	for _, f := range fs {
		defer f.Close()
	}
	b.WriteString(s)
	return b.Bytes() // want `the returned \[\]byte shares memory with b`
}

func offer(out chan []byte, s string) {
	b := get()
	b.WriteString(s)
	select { // want `the receiver may still use memory of b when it is put back on line [0-9]+`
	case out <- b.Bytes():
	default:
	}
	put(b)
}

type question struct {
	name []byte
	kind int
}

var questions = sync.Pool{New: func() any { return new(question) }}

func tallied(counts map[string]int, s string) {
	q := questions.Get().(*question)
	defer questions.Put(q)
	q.name = append(q.name[:0], s...)
	view := *(*string)(unsafe.Pointer(&q.name))
	counts[view]++ // want `what is stored here shares memory with q`
}

type lender interface {
	lend() *bytes.Buffer
	settle(*bytes.Buffer)
}

type desk struct{ p sync.Pool }

func (d *desk) lend() *bytes.Buffer    { return d.p.Get().(*bytes.Buffer) }
func (d *desk) settle(b *bytes.Buffer) { d.p.Put(b) }

func overCounter(l lender, w io.Writer, s string) {
	b := l.lend()
	b.Reset()
	b.WriteString(s)
	l.settle(b)
	w.Write(b.Bytes()) // want `b is used after it was put back on line [0-9]+`
}

// The last of what a literal has stored is looked at afterwards, or by the next call of it.
func lastWritten(each func(func(v any) bool)) []byte {
	var data []byte
	each(func(v any) bool {
		b := bufPool.Get().(*bytes.Buffer)
		defer bufPool.Put(b)
		b.Reset()
		fmt.Fprint(b, v)
		data = b.Bytes() // want `what is stored here shares memory with b`
		return len(data) > 0
	})
	return data
}

func unlikeLast(w io.Writer, each func(func(v any) bool)) {
	var data []byte
	each(func(v any) bool {
		b := bufPool.Get().(*bytes.Buffer)
		defer bufPool.Put(b)
		b.Reset()
		fmt.Fprint(b, v)
		if bytes.Equal(data, b.Bytes()) {
			return false
		}
		data = b.Bytes() // want `what is stored here shares memory with b`
		_, err := w.Write(data)
		return err == nil
	})
}

func sameElement(parts [][]byte) {
	part := &parts[0]
	for range 2 {
		putPart(part) // want `part may be put back again in the next turn of the loop`
	}
}

func putPart(b *[]byte) {
	*b = (*b)[:0]
	partPool.Put(b)
}

var partPool = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

var rawPool = sync.Pool{New: func() any { return make([]byte, 0, 1024) }}

// The result is what went back.
func digested(names []string) (b []byte) {
	b = rawPool.Get().([]byte)
	defer func() {
		b = b[:0] // want `what is stored here shares memory with b`
		rawPool.Put(b)
	}()
	for _, n := range names {
		b = append(b, n...)
	}
	return b // want `the returned \[\]byte shares memory with b`
}

// It is put back for one error, and returned with another.
func decodedTwice(r io.Reader) (b *bytes.Buffer, err error) {
	b = bufPool.Get().(*bytes.Buffer)
	if _, err := b.ReadFrom(r); err != nil {
		bufPool.Put(b)
	}
	_, err = io.Copy(io.Discard, r)
	return b, err // want `b is returned, but it is put back on line \d+`
}
