package silent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"web"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}
var slicePool = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

func get() *bytes.Buffer { b := bufPool.Get().(*bytes.Buffer); b.Reset(); return b }
func put(b *bytes.Buffer) {
	if b == nil || b.Cap() > 1<<16 {
		return
	}
	bufPool.Put(b)
}

func Clone(v any) []byte  { b := get(); defer put(b); fmt.Fprint(b, v); return bytes.Clone(b.Bytes()) }
func Clone2(v any) []byte { b := get(); defer put(b); fmt.Fprint(b, v); return slices.Clone(b.Bytes()) }
func Clone3(v any) []byte {
	b := get()
	defer put(b)
	fmt.Fprint(b, v)
	return append([]byte(nil), b.Bytes()...)
}
func Clone4(v any) []byte {
	b := get()
	defer put(b)
	fmt.Fprint(b, v)
	out := make([]byte, b.Len())
	copy(out, b.Bytes())
	return out
}
func Str(v any) string  { b := get(); defer put(b); fmt.Fprint(b, v); return b.String() }
func Str2(v any) string { b := get(); defer put(b); fmt.Fprint(b, v); return string(b.Bytes()) }

var sbPool = sync.Pool{New: func() any { return new(strings.Builder) }}

func SB(v any) string {
	b := sbPool.Get().(*strings.Builder)
	defer func() { b.Reset(); sbPool.Put(b) }()
	fmt.Fprint(b, v)
	return b.String()
}

func Write(w io.Writer, v any) error {
	b := get()
	defer put(b)
	fmt.Fprint(b, v)
	_, err := w.Write(b.Bytes())
	return err
}

func Excl(v any, w io.Writer) error {
	b := get()
	if err := json.NewEncoder(b).Encode(v); err != nil {
		put(b)
		return err
	}
	_, err := w.Write(b.Bytes())
	put(b)
	return err
}

func Reassign(v []any) {
	b := get()
	for _, x := range v {
		fmt.Fprint(b, x)
		put(b)
		b = get()
	}
	put(b)
}

func NilGuard(v any) {
	b := get()
	defer func() {
		if b != nil {
			put(b)
		}
	}()
	if v == nil {
		put(b)
		b = nil
		return
	}
	fmt.Fprint(b, v)
}

func Flag(v any) {
	b := get()
	done := false
	if v == nil {
		put(b)
		done = true
	}
	if !done {
		fmt.Fprint(b, v)
		put(b)
	}
}

func FlagClosure(v any) {
	b := get()
	done := false
	defer func() {
		if !done {
			put(b)
		}
	}()
	if v == nil {
		put(b)
		done = true
	}
}

func LoopGet(in []string, w io.Writer) {
	for _, s := range in {
		b := get()
		b.WriteString(s)
		w.Write(b.Bytes())
		put(b)
	}
}

func CapReturn(w io.Writer) {
	b := get()
	w.Write(b.Bytes())
	if b.Cap() > 1000 {
		return
	}
	bufPool.Put(b)
}

func Joined(v []any) {
	b := get()
	defer put(b)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { defer wg.Done(); fmt.Fprint(b, v...) }()
	wg.Wait()
}

func JoinedChan(v []any) {
	b := get()
	defer put(b)
	done := make(chan struct{})
	go func() { defer close(done); fmt.Fprint(b, v...) }()
	<-done
}

func Transfer(v []any) {
	b := get()
	fmt.Fprint(b, v...)
	go func() { defer put(b); fmt.Println(b.String()) }()
}

func LenAfter() int {
	bp := slicePool.Get().(*[]byte)
	b := *bp
	slicePool.Put(bp)
	return len(b) + cap(b)
}

func CmpAfter(o *bytes.Buffer) bool {
	b := get()
	put(b)
	return b == o || b == nil
}

type msg struct {
	buf  []byte
	id   int
	err  error
	next *msg
	user []byte
	rc   atomic.Int32
}

var msgs = sync.Pool{New: func() any { return &msg{} }}

func (m *msg) Release() {
	if m.rc.Add(-1) == 0 {
		msgs.Put(m)
	}
}

func RefCount() int {
	m := msgs.Get().(*msg)
	m.rc.Store(2)
	m.Release()
	n := m.id
	m.Release()
	return n
}

func Values() (int, error) {
	m := msgs.Get().(*msg)
	m.id = 4
	m.err = errors.New("x")
	id, err := m.id, m.err
	msgs.Put(m)
	return id, err
}

func Detach(s string) []byte {
	m := msgs.Get().(*msg)
	m.buf = append(m.buf[:0], s...)
	out := m.buf
	m.buf = nil
	msgs.Put(m)
	return out
}

func (m *msg) free() { m.buf = nil; msgs.Put(m) }

func Detach2(s string) []byte {
	m := msgs.Get().(*msg)
	m.buf = append(m.buf, s...)
	out := m.buf
	m.free()
	return out
}

func User(u []byte) []byte {
	m := msgs.Get().(*msg)
	m.user = u
	defer msgs.Put(m)
	return m.user
}

type enc struct{ b *bytes.Buffer }

func (e *enc) Encode(v any) string {
	e.b = get()
	defer put(e.b)
	return e.do(v)
}
func (e *enc) do(v any) string { fmt.Fprint(e.b, v); return e.b.String() }

type holder struct{ b *bytes.Buffer }

func (h *holder) Close() { // want Close:`poolalias: puts back param 0\*\.b`
	if h.b != nil {
		put(h.b)
		h.b = nil
	}
}
func (h *holder) Bytes() []byte { return h.b.Bytes() }
func (h *holder) Swap() { // want Swap:`poolalias: puts back param 0\*\.b`
	put(h.b)
	h.b = get()
	h.b.WriteByte('x')
}

func Owner() *holder { return &holder{b: get()} }

func Try(v any) (err error) {
	b := get()
	defer func() {
		if r := recover(); r != nil {
			put(b)
			err = fmt.Errorf("%v", r)
		}
	}()
	fmt.Fprint(b, v)
	put(b)
	return nil
}

func Cond(v any, pooled bool) {
	var b *bytes.Buffer
	if pooled {
		b = get()
	} else {
		b = new(bytes.Buffer)
	}
	fmt.Fprint(b, v)
	if pooled {
		put(b)
	}
	if !pooled {
		fmt.Println(b)
	}
}

func Two(x, y any) bool {
	a, b := get(), get()
	defer put(a)
	defer put(b)
	return bytes.Equal(a.Bytes(), b.Bytes())
}

func Restore(dst *struct{ W io.Writer }) {
	old := dst.W
	b := get()
	dst.W = b
	defer func() { dst.W = old; put(b) }()
	fmt.Fprintln(dst.W, "x")
}

func Err(v any) (err error) {
	b := get()
	defer put(b)
	if err = json.NewEncoder(b).Encode(v); err != nil {
		return fmt.Errorf("encode %s: %w", b.Bytes(), err)
	}
	return errors.New(b.String())
}

func Keys(m map[string]int) int {
	b := get()
	defer put(b)
	b.WriteString("k")
	m[b.String()] = 1
	return m[string(b.Bytes())]
}

type nested struct {
	msg *msg
	n   int
}

var nests = sync.Pool{New: func() any { return new(nested) }}

// A part goes back to its own pool before the whole does.
func parts(n *nested) {
	if n.msg != nil {
		msgs.Put(n.msg)
	}
	n.msg = nil
	nests.Put(n)
}

func useParts() {
	n := nests.Get().(*nested)
	n.msg = msgs.Get().(*msg)
	n.msg.buf = append(n.msg.buf[:0], 1)
	parts(n)
}

func (m *msg) restart() error {
	m.buf = m.buf[:0]
	if m.id < 0 {
		return m.err
	}
	return nil
}

// What a method returns of an object is not always its memory.
func restart() error {
	m := msgs.Get().(*msg)
	err := m.restart()
	msgs.Put(m)
	return err
}

type limited struct {
	io.ReadCloser
	n int
}

var limPool = sync.Pool{New: func() any { return new(limited) }}

func BodyLimit(next func(*web.Request) error) func(*web.Request) error {
	return func(req *web.Request) error {
		r := limPool.Get().(*limited)
		r.ReadCloser = req.Body
		r.n = 0
		defer limPool.Put(r)
		req.Body = r
		return next(req)
	}
}

// A body is read while the handler runs.
func bodyLimit(c web.Context) {
	req := c.Request()
	r, ok := limPool.Get().(*limited)
	if !ok {
		return
	}
	r.ReadCloser = req.Body
	defer limPool.Put(r)
	req.Body = r
}

type store struct {
	remote io.Writer
	local  map[string]*msg
}

func (s *store) release(m *msg) {
	if s.remote != nil {
		return
	}
	m.user = nil
	msgs.Put(m)
}

func (s *store) set(m *msg) {
	if s.remote != nil {
		s.remote.Write(m.user)
		s.release(m)
	} else {
		s.local["x"] = m
	}
}

// Two functions ask for one field.
func (s *store) Handle() {
	m := msgs.Get().(*msg)
	if s.remote != nil {
		s.set(m)
		s.release(m)
	}
}

func freeAll(head *msg) {
	for m := head; m != nil; {
		next := m.next
		msgs.Put(m)
		m = next
	}
}

func hand(b *bytes.Buffer, done func(*bytes.Buffer)) {
	b = get()
	go done(b)
}

type worker interface {
	Serve(*bytes.Buffer)
	Wait()
}

func joined(w worker) {
	b := get()
	go w.Serve(b)
	w.Wait()
	put(b)
}

func eitherOwns(w worker, busy bool) {
	b := get()
	if busy {
		put(b)
		return
	}
	go w.Serve(b)
}

var rings [4]sync.Pool

func ring(n int) int { return n >> 10 }

func ungive(p *[]byte, keep bool) {
	if keep || ring(cap(*p)) >= len(rings) {
		return
	}
	rings[ring(cap(*p))].Put(p)
}

func mayKeep(p *[]byte, keep bool) []byte {
	ungive(p, keep)
	return *p
}

func laterOwns(d time.Duration, say func(string)) {
	b := get()
	b.WriteString("late")
	time.AfterFunc(d, func() {
		say(b.String())
		put(b)
	})
}

func gathered(ws []io.Writer, s string) error {
	b := get()
	defer put(b)
	b.WriteString(s)
	errs := make(chan error, len(ws))
	for _, w := range ws {
		go func() {
			_, err := w.Write(b.Bytes())
			errs <- err
		}()
	}
	var all error
	for range ws {
		all = errors.Join(all, <-errs)
	}
	return all
}

func counted(ws []io.Writer, s string) {
	b := get()
	b.WriteString(s)
	done := make(chan struct{})
	for _, w := range ws {
		go func() {
			w.Write(b.Bytes())
			done <- struct{}{}
		}()
	}
	for i := 0; i < len(ws); i++ {
		<-done
	}
	put(b)
}

func offerCopy(out chan []byte, s string) {
	b := get()
	b.WriteString(s)
	select {
	case out <- bytes.Clone(b.Bytes()):
	default:
	}
	put(b)
}

type clerk interface {
	take() *bytes.Buffer
	back(*bytes.Buffer)
}

type shelf struct{ p sync.Pool }

func (s *shelf) take() *bytes.Buffer { return s.p.Get().(*bytes.Buffer) }
func (s *shelf) back(b *bytes.Buffer) {
	if b.Cap() < 1<<16 {
		s.p.Put(b)
	}
}

func overShelf(c clerk, w io.Writer, s string) {
	b := c.take()
	defer c.back(b)
	b.Reset()
	b.WriteString(s)
	w.Write(b.Bytes())
}

// What comes with an error is not used.
func compressed(write func(io.Writer) error) (b *bytes.Buffer, n int, err error) {
	b = get()
	if err = write(b); err != nil {
		put(b)
		return
	}
	n = b.Len()
	return
}

// So is one that is wrapped.
type capped struct {
	io.Reader
	left int64
}

func (c *capped) Close() error { return nil }

func bodyCapped(c web.Context) {
	r, ok := limPool.Get().(*limited)
	if !ok {
		return
	}
	defer limPool.Put(r)
	r.ReadCloser = c.Request().Body
	c.Request().Body = &capped{Reader: r, left: 1 << 20}
}

// The entry is reset before the message goes back.
type adapter struct {
	enc interface{ Encode(*web.Entry) error }
	buf web.Entry
}

func (a *adapter) log(m *msg) (err error) {
	defer func() {
		if err == nil {
			msgs.Put(m)
		}
	}()
	a.buf.Line = m.buf
	err = a.enc.Encode(&a.buf)
	a.buf.Reset()
	return err
}

// Nobody looks at a variable of the function around before it is set anew.
func writeAll(w io.Writer, each func(func(v any) bool)) (err error) {
	var data []byte
	n := 0
	each(func(v any) bool {
		b := get()
		defer put(b)
		fmt.Fprint(b, v)
		data = b.Bytes()
		n += len(data)
		if _, err = w.Write(data); err != nil {
			return false
		}
		_, err = w.Write(data[:1])
		return err == nil
	})
	return err
}

// Each turn puts back the next element.
type chunked struct{ parts [][]byte }

func (c *chunked) free() {
	for i := range c.parts {
		slicePool.Put(&c.parts[i])
	}
}

func (c *chunked) freeByPut() {
	for i := range c.parts {
		putSlice(&c.parts[i])
	}
}

func putSlice(b *[]byte) {
	*b = (*b)[:0]
	slicePool.Put(b)
}

var rawPool = sync.Pool{New: func() any { return make([]byte, 0, 1024) }}

// The variable is over with the function.
func digest(names []string) int {
	b := rawPool.Get().([]byte)
	defer func() {
		b = b[:0]
		rawPool.Put(b)
	}()
	for _, n := range names {
		b = append(b, n...)
	}
	return len(b)
}

// A channel that is set in a loop, round by round.
func flushLater(w io.Writer, in <-chan any) {
	b := get()
	defer put(b)
	var later <-chan time.Time
	for {
		select {
		case v, ok := <-in:
			if !ok {
				return
			}
			fmt.Fprint(b, v)
			if later == nil {
				later = time.After(time.Second)
			}
		case <-later:
			w.Write(b.Bytes())
			b.Reset()
			later = nil
		}
	}
}

// What comes beside the error that it was put back for is looked at by nobody.
func decoded(r io.Reader) (b *bytes.Buffer, err error) {
	b = get()
	if _, err = b.ReadFrom(r); err != nil {
		put(b)
	}
	return
}
