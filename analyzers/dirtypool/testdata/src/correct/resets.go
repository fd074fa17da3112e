package correct

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bufpool"
)

var g01 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func get01() *bytes.Buffer {
	b := g01.Get().(*bytes.Buffer)
	b.Reset()
	return b
}
func G01(s string) string {
	b := get01()
	defer g01.Put(b)
	b.WriteString(s)
	return b.String()
}

// reset in put wrapper
var g02 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func put02(b *bytes.Buffer) {
	if b.Cap() > 1<<16 {
		return
	}
	b.Reset()
	g02.Put(b)
}
func G02(s string) string {
	b := g02.Get().(*bytes.Buffer)
	defer put02(b)
	b.WriteString(s)
	return b.String()
}

// *x = T{}
type t03 struct {
	name string
	tags map[string]string
	done bool
}

var g03 = sync.Pool{New: func() any { return new(t03) }}

func G03(n string) string {
	t := g03.Get().(*t03)
	defer func() { *t = t03{}; g03.Put(t) }()
	if n != "" {
		t.name = n
		t.done = true
	}
	return fmt.Sprint(t.name, t.done, t.tags)
}

// clear(m)
var g04 = sync.Pool{New: func() any { return map[string]bool{} }}

func G04(ids []string) (n int) {
	m := g04.Get().(map[string]bool)
	defer func() { clear(m); g04.Put(m) }()
	for _, s := range ids {
		if !m[s] {
			m[s] = true
			n++
		}
	}
	return n
}

// range delete
var g05 = sync.Pool{New: func() any { return map[string]struct{}{} }}

func G05(ids []string) int {
	m := g05.Get().(map[string]struct{})
	for k := range m {
		delete(m, k)
	}
	for _, s := range ids {
		m[s] = struct{}{}
	}
	n := len(m)
	g05.Put(m)
	return n
}

// [:0]
var g06 = sync.Pool{New: func() any { b := make([]byte, 0, 64); return &b }}

func G06(w io.Writer, n int) {
	bp := g06.Get().(*[]byte)
	b := (*bp)[:0]
	b = strconv.AppendInt(b, int64(n), 10)
	w.Write(b)
	*bp = b
	g06.Put(bp)
}

// Truncate(0)
var g07 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func G07(v any, w io.Writer) error {
	b := g07.Get().(*bytes.Buffer)
	defer g07.Put(b)
	b.Truncate(0)
	if err := json.NewEncoder(b).Encode(v); err != nil {
		return err
	}
	_, err := b.WriteTo(w)
	return err
}

// assigned before read on all paths
type t08 struct {
	a, b int
	s    string
}

var g08 = sync.Pool{New: func() any { return new(t08) }}

func G08(x int, y string) string {
	t := g08.Get().(*t08)
	defer g08.Put(t)
	t.a = x
	t.s = y
	if x > 3 {
		t.b = 1
	} else {
		t.b = 2
	}
	return t.s + strconv.Itoa(t.a+t.b)
}

// New-only config
type enc09 struct {
	buf    bytes.Buffer
	indent string
	level  int
	enc    *json.Encoder
}

var g09 = sync.Pool{New: func() any {
	e := &enc09{indent: "  ", level: 3}
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetIndent("", e.indent)
	return e
}}

func G09(v any) (string, error) {
	e := g09.Get().(*enc09)
	defer g09.Put(e)
	e.buf.Reset()
	if err := e.enc.Encode(v); err != nil {
		return "", err
	}
	return e.indent + e.buf.String(), nil
}

// cache on purpose
type fmt10 struct {
	buf []byte
	// names is kept across uses: it maps a name to its quoted form.
	names map[string]string
}

var g10 = sync.Pool{New: func() any { return &fmt10{names: map[string]string{}} }}

func G10(ss []string) string {
	f := g10.Get().(*fmt10)
	defer g10.Put(f)
	f.buf = f.buf[:0]
	for _, s := range ss {
		q, ok := f.names[s]
		if !ok {
			q = strconv.Quote(s)
			f.names[s] = q
		}
		f.buf = append(f.buf, q...)
	}
	return string(f.buf)
}

// scratch array
type t11 struct {
	scratch [64]byte
	n       int
}

var g11 = sync.Pool{New: func() any { return new(t11) }}

func G11(w io.Writer, xs []uint64) {
	t := g11.Get().(*t11)
	defer g11.Put(t)
	for _, x := range xs {
		t.n = binary.PutUvarint(t.scratch[:], x)
		w.Write(t.scratch[:t.n])
	}
}

// fixed read buffer
var g12 = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}

func G12(dst io.Writer, src io.Reader) (int64, error) {
	b := g12.Get().(*[]byte)
	defer g12.Put(b)
	return io.CopyBuffer(dst, src, *b)
}

// gzip.Reset(w)
var g13 = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

type gzw13 struct {
	http.ResponseWriter
	z *gzip.Writer
}

func (g gzw13) Write(p []byte) (int, error) { return g.z.Write(p) }

func G13(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		z := g13.Get().(*gzip.Writer)
		defer g13.Put(z)
		z.Reset(w)
		defer z.Close()
		next.ServeHTTP(gzw13{w, z}, r)
	})
}

// bufio
var g14 = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 4096) }}

func G14(w io.Writer, ss []string) error {
	bw := g14.Get().(*bufio.Writer)
	bw.Reset(w)
	defer func() { bw.Reset(nil); g14.Put(bw) }()
	for _, s := range ss {
		bw.WriteString(s)
	}
	return bw.Flush()
}

// sync fields and counters
type t15 struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	uses atomic.Int64
	buf  []byte
}

func (t *t15) reset() { t.buf = t.buf[:0] }

var g15 = sync.Pool{New: func() any { return new(t15) }}

func G15(parts [][]byte) int {
	t := g15.Get().(*t15)
	t.reset()
	t.uses.Add(1)
	for _, p := range parts {
		t.wg.Add(1)
		go func() {
			defer t.wg.Done()
			t.mu.Lock()
			t.buf = append(t.buf, p...)
			t.mu.Unlock()
		}()
	}
	t.wg.Wait()
	n := len(t.buf)
	g15.Put(t)
	return n
}

// validity flag
type t16 struct {
	has bool
	val int
}

func (t *t16) reset() { t.has = false }
func (t *t16) set(v int) {
	t.val = v
	t.has = true
}
func (t *t16) get() (int, bool) {
	if !t.has {
		return 0, false
	}
	return t.val, true
}

var g16 = sync.Pool{New: func() any { return new(t16) }}

func G16(xs []int) (int, bool) {
	t := g16.Get().(*t16)
	defer g16.Put(t)
	t.reset()
	for _, x := range xs {
		if x > 0 {
			t.set(x)
		}
	}
	return t.get()
}

// helper in other package resets
func G17(s string) string {
	b := bufpool.AcquireClean()
	defer bufpool.ReleaseClean(b)
	b.WriteString(s)
	return b.String()
}

// generic with reset func
var g18 = bufpool.NewResetPool(func() *bytes.Buffer { return new(bytes.Buffer) }, (*bytes.Buffer).Reset)

func G18(s string) string {
	b := g18.Get()
	defer g18.Put(b)
	b.WriteString(s)
	return b.String()
}

// hash
var g19 = sync.Pool{New: func() any { return fnv.New64a() }}

func G19(s string) uint64 {
	h := g19.Get().(hash.Hash64)
	h.Reset()
	io.WriteString(h, s)
	v := h.Sum64()
	g19.Put(h)
	return v
}

// Reset resets every field one by one with nested helper
type hdr20 struct {
	kv    []string
	close bool
}

func (h *hdr20) reset() { h.kv = h.kv[:0]; h.close = false }

type req20 struct {
	hdr  hdr20
	body bytes.Buffer
	at   time.Time
}

func (r *req20) Reset() {
	r.hdr.reset()
	r.body.Reset()
	r.at = time.Time{}
}

var g20 = sync.Pool{New: func() any { return new(req20) }}

func G20(kv []string, c bool) string {
	r := g20.Get().(*req20)
	defer func() { r.Reset(); g20.Put(r) }()
	r.hdr.kv = append(r.hdr.kv, kv...)
	if c {
		r.hdr.close = true
		r.at = time.Now()
	}
	r.body.WriteString(strings.Join(r.hdr.kv, ","))
	return r.body.String() + r.at.String() + strconv.FormatBool(r.hdr.close)
}

// json into pooled with reset of pointee
type in21 struct {
	Name  string
	Admin bool
}

var g21 = sync.Pool{New: func() any { return new(in21) }}

func G21(p []byte) (string, error) {
	in := g21.Get().(*in21)
	defer g21.Put(in)
	*in = in21{}
	if err := json.Unmarshal(p, in); err != nil {
		return "", err
	}
	return in.Name, nil
}

// keep capacity composite
type t22 struct {
	buf  []byte
	args []any
	err  error
}

func (t *t22) reset() { *t = t22{buf: t.buf[:0], args: t.args[:0]} } // want `t.args\[:0\] comes after the Put`

var g22 = sync.Pool{New: func() any { return new(t22) }}

func G22(ss []string) (string, error) {
	t := g22.Get().(*t22)
	defer g22.Put(t)
	t.reset()
	for _, s := range ss {
		if s == "" {
			t.err = io.ErrUnexpectedEOF
		}
		t.args = append(t.args, s)
		t.buf = append(t.buf, s...)
	}
	return string(t.buf), t.err
}

// fully drained buffer: WriteTo empties
var g23 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func G23(w io.Writer, s string) {
	b := g23.Get().(*bytes.Buffer)
	b.Reset()
	b.WriteString(s)
	b.WriteTo(w)
	g23.Put(b)
}

// work slice resized and fully overwritten
var g24 = sync.Pool{New: func() any { s := make([]uint32, 0, 256); return &s }}

func G24(p []byte) uint32 {
	sp := g24.Get().(*[]uint32)
	defer g24.Put(sp)
	n := len(p)
	if cap(*sp) < n {
		*sp = make([]uint32, n)
	}
	s := (*sp)[:n]
	for i, c := range p {
		s[i] = uint32(c) * 31
	}
	var sum uint32
	for _, v := range s {
		sum += v
	}
	return sum
}

// crc table config + interface
type w25 struct {
	h   hash.Hash32
	w   io.Writer
	n   int64
	tab *crc32.Table
}

var g25 = sync.Pool{New: func() any { t := crc32.MakeTable(crc32.Castagnoli); return &w25{h: crc32.New(t), tab: t} }}

func (w *w25) Reset(dst io.Writer) {
	w.h.Reset()
	w.w = dst
	w.n = 0
}
func (w *w25) Write(p []byte) (int, error) {
	w.h.Write(p)
	n, err := w.w.Write(p)
	w.n += int64(n)
	return n, err
}
func G25(dst io.Writer, p []byte) (uint32, int64) {
	w := g25.Get().(*w25)
	defer g25.Put(w)
	w.Reset(dst)
	w.Write(p)
	return w.h.Sum32(), w.n
}
