package services

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"bufpool"
)

// handler: buffer, deferred Put, no reset
var b01 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func B01(w http.ResponseWriter, r *http.Request) {
	buf := b01.Get().(*bytes.Buffer) // want `from b01`
	defer b01.Put(buf)
	if err := json.NewEncoder(buf).Encode(r.Header); err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	w.Write(buf.Bytes())
}

// strings.Builder (Reset missing): builder in pool
var b02 = sync.Pool{New: func() any { return &strings.Builder{} }}

func B02(k string, v int) string {
	sb := b02.Get().(*strings.Builder) // want `from b02`
	defer b02.Put(sb)
	sb.WriteString(k)
	sb.WriteByte('=')
	sb.WriteString(strconv.Itoa(v))
	return sb.String()
}

// *[]string appended without [:0]
var b03 = sync.Pool{New: func() any { s := make([]string, 0, 16); return &s }}

func B03(in string) int {
	p := b03.Get().(*[]string) // want `from b03`
	defer b03.Put(p)
	for _, f := range strings.Fields(in) {
		*p = append(*p, f)
	}
	n := 0
	for _, f := range *p {
		n += len(f)
	}
	return n
}

// pooled map as seen set
var b04 = sync.Pool{New: func() any { return make(map[string]bool) }}

func B04(ids []string) (n int) {
	m := b04.Get().(map[string]bool) // want `from b04`
	defer b04.Put(m)
	for _, s := range ids {
		if !m[s] {
			m[s] = true
			n++
		}
	}
	return n
}

// map[string]struct{} seen set comma-ok
var b05 = sync.Pool{New: func() any { return make(map[string]struct{}, 64) }}

func B05(ids []string) []string {
	seen := b05.Get().(map[string]struct{}) // want `from b05`
	defer b05.Put(seen)
	out := ids[:0]
	for _, s := range ids {
		if _, ok := seen[s]; ok {
			continue
		}
		seen[s] = struct{}{}
		out = append(out, s)
	}
	return out
}

// struct with embedded buffer, never reset
type enc06 struct {
	bytes.Buffer
	tmp [20]byte
}

var b06 = sync.Pool{New: func() any { return new(enc06) }}

func B06(w io.Writer, xs []int64) error {
	e := b06.Get().(*enc06) // want `field Buffer`
	defer b06.Put(e)
	for _, x := range xs {
		e.Write(strconv.AppendInt(e.tmp[:0], x, 10))
		e.WriteByte('\n')
	}
	_, err := w.Write(e.Bytes())
	return err
}

// reset forgets a map
type req07 struct {
	path   string
	params map[string]string
}

func (r *req07) Reset() { r.path = "" } // want `field params`

var b07 = sync.Pool{New: func() any { return &req07{params: map[string]string{}} }}

func B07(path string, q []string) string {
	r := b07.Get().(*req07)
	r.path = path
	for i := 0; i+1 < len(q); i += 2 {
		r.params[q[i]] = q[i+1]
	}
	s := fmt.Sprint(r.path, r.params)
	r.Reset()
	b07.Put(r)
	return s
}

// reset forgets a bool flag
type wr08 struct {
	buf     []byte
	started bool
}

func (w *wr08) reset() { w.buf = w.buf[:0] } // want `field started`

func (w *wr08) field(s string) {
	if !w.started {
		w.buf = append(w.buf, '{')
		w.started = true
	} else {
		w.buf = append(w.buf, ',')
	}
	w.buf = append(w.buf, s...)
}

var b08 = sync.Pool{New: func() any { return new(wr08) }}

func B08(fs []string) string {
	w := b08.Get().(*wr08)
	for _, f := range fs {
		w.field(f)
	}
	s := string(w.buf)
	w.reset()
	b08.Put(w)
	return s
}

// reset forgets an error (sticky)
type pr09 struct {
	line []byte
	err  error
}

func (p *pr09) Reset() { p.line = p.line[:0] } // want `field err`
func (p *pr09) add(s string) {
	if p.err != nil {
		return
	}
	if s == "" {
		p.err = errors.New("empty")
		return
	}
	p.line = append(p.line, s...)
}

var b09 = sync.Pool{New: func() any { return new(pr09) }}

func B09(parts []string) (string, error) {
	p := b09.Get().(*pr09)
	defer func() {
		p.Reset()
		b09.Put(p)
	}()
	for _, s := range parts {
		p.add(s)
	}
	if p.err != nil {
		return "", p.err
	}
	return string(p.line), nil
}

// reset forgets a time
type ev10 struct {
	name  string
	start time.Time
}

func (e *ev10) Reset() { e.name = "" } // want `field start`

var b10 = sync.Pool{New: func() any { return new(ev10) }}

func B10(name string, traced bool) time.Duration {
	e := b10.Get().(*ev10)
	e.name = name
	if traced {
		e.start = time.Now()
	}
	var d time.Duration
	if !e.start.IsZero() {
		d = time.Since(e.start)
	}
	e.Reset()
	b10.Put(e)
	return d
}

// reset forgets nested struct field x.a.b
type hdr11 struct {
	token string
	n     int
}
type msg11 struct {
	hdr  hdr11
	body []byte
}

func (m *msg11) reset() { // want `field hdr.token`
	m.body = m.body[:0]
	m.hdr.n = 0
}

var b11 = sync.Pool{New: func() any { return &msg11{} }}

func B11(tok string, body []byte) string {
	m := b11.Get().(*msg11)
	defer b11.Put(m)
	m.reset()
	if tok != "" {
		m.hdr.token = tok
	}
	m.hdr.n++
	m.body = append(m.body, body...)
	return m.hdr.token + string(m.body)
}

// reset forgets a pointer
type user12 struct{ name string }
type ctx12 struct {
	user *user12
	vals []string
}

func (c *ctx12) Reset() { c.vals = c.vals[:0] } // want `field user`

var b12 = sync.Pool{New: func() any { return new(ctx12) }}

func B12(w http.ResponseWriter, r *http.Request) {
	c := b12.Get().(*ctx12)
	defer b12.Put(c)
	c.Reset()
	if n := r.Header.Get("X-User"); n != "" {
		c.user = &user12{n}
	}
	if c.user == nil {
		w.WriteHeader(401)
		return
	}
	fmt.Fprintln(w, c.user.name)
}

// reset forgets a slice
type batch13 struct {
	id   int
	rows [][]byte
}

func (b *batch13) Reset() { b.id = 0 } // want `field rows`

var b13 = sync.Pool{New: func() any { return new(batch13) }}

func B13(id int, in [][]byte, send func([][]byte) error) error {
	b := b13.Get().(*batch13)
	defer b13.Put(b)
	b.Reset()
	b.id = id
	for _, r := range in {
		b.rows = append(b.rows, r)
	}
	return send(b.rows)
}

// pool in struct field with methods get/put
type logger14 struct {
	pool sync.Pool
	out  io.Writer
}

func newLogger14(w io.Writer) *logger14 {
	return &logger14{out: w, pool: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}
func (l *logger14) Log(format string, args ...any) {
	b := l.pool.Get().(*bytes.Buffer) // want `from logger14\.pool`
	b.WriteString(time.Now().Format(time.RFC3339))
	fmt.Fprintf(b, format, args...)
	b.WriteByte('\n')
	l.out.Write(b.Bytes())
	l.pool.Put(b)
}

// acquire / release helpers same package
var b15 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func acquire15() *bytes.Buffer  { return b15.Get().(*bytes.Buffer) }
func release15(b *bytes.Buffer) { b15.Put(b) }

func B15(v any) ([]byte, error) {
	b := acquire15() // want `from b15`
	defer release15(b)
	if err := json.NewEncoder(b).Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}

// helpers in other package
func B16(name string) string {
	b := bufpool.AcquireDirty() // want `from dirty`
	defer bufpool.ReleaseDirty(b)
	b.WriteString("hello ")
	b.WriteString(name)
	return b.String()
}

// methods on the pooled type (acquire func + Release method), release resets partially
type resp18 struct {
	code int
	hdr  map[string]string
	body bytes.Buffer
}

var b18 = sync.Pool{New: func() any { return &resp18{hdr: map[string]string{}} }}

func get18() *resp18 { return b18.Get().(*resp18) }
func (r *resp18) Release() { // want `field hdr`
	r.code = 0
	r.body.Reset()
	b18.Put(r)
}
func (r *resp18) SetHeader(k, v string) { r.hdr[k] = v }
func (r *resp18) WriteTo(w http.ResponseWriter) {
	for k, v := range r.hdr {
		w.Header().Set(k, v)
	}
	w.WriteHeader(r.code)
	w.Write(r.body.Bytes())
}

func B18(w http.ResponseWriter, q *http.Request) {
	r := get18()
	defer r.Release()
	r.code = 200
	if q.Method == "HEAD" {
		r.SetHeader("X-Head", "1")
	}
	r.body.WriteString(q.URL.Path)
	r.WriteTo(w)
}

// deferred Put in closure
var b19 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func B19(r io.Reader) (n int, err error) {
	b := b19.Get().(*bytes.Buffer) // want `from b19`
	defer func() {
		if b.Cap() < 1<<16 {
			b19.Put(b)
		}
	}()
	if _, err = b.ReadFrom(r); err != nil {
		return 0, err
	}
	return bytes.Count(b.Bytes(), []byte("\n")), nil
}

// reset only on success path, Put on error path dirty
var b20 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func B20(v any, w io.Writer) error {
	b := b20.Get().(*bytes.Buffer) // want `from b20`
	if err := json.NewEncoder(b).Encode(v); err != nil {
		b20.Put(b)
		return err
	}
	_, err := b.WriteTo(w)
	b.Reset()
	b20.Put(b)
	return err
}

// json decode into pooled struct
type in21 struct {
	Name  string   `json:"name"`
	Admin bool     `json:"admin"`
	Tags  []string `json:"tags"`
}

var b21 = sync.Pool{New: func() any { return new(in21) }}

func B21(w http.ResponseWriter, r *http.Request) {
	in := b21.Get().(*in21) // want `fields Name and Admin`
	defer b21.Put(in)
	if err := json.NewDecoder(r.Body).Decode(in); err != nil {
		http.Error(w, "bad", 400)
		return
	}
	fmt.Fprintln(w, in.Name, in.Admin)
}

// counters struct
type stat22 struct{ words, lines int }

var b22 = sync.Pool{New: func() any { return &stat22{} }}

func B22(s string) (int, int) {
	st := b22.Get().(*stat22) // want `fields words and lines`
	defer b22.Put(st)
	for _, c := range s {
		switch c {
		case ' ':
			st.words++
		case '\n':
			st.lines++
		}
	}
	return st.words, st.lines
}

// generic Plain[T] struct with conditional option
type opt23 struct {
	retry int
	debug bool
}

var b23 = bufpool.NewPlain[opt23]()

func B23(n int, dbg bool) string {
	o := b23.Get() // want `field debug`
	defer b23.Put(o)
	o.retry = n
	if dbg {
		o.debug = true
	}
	if o.debug {
		return "debug"
	}
	return strconv.Itoa(o.retry)
}

// []byte slice by pointer; append returns header+stale
type line25 struct{ b []byte }

var b25 = sync.Pool{New: func() any { return &line25{b: make([]byte, 0, 256)} }}

func (l *line25) str(s string) *line25 { l.b = append(l.b, s...); return l }
func (l *line25) int(i int) *line25    { l.b = strconv.AppendInt(l.b, int64(i), 10); return l }

func B25(w io.Writer, s string, i int) error {
	l := b25.Get().(*line25) // want `field b`
	l.str(s).int(i)
	_, err := w.Write(l.b)
	b25.Put(l)
	return err
}
