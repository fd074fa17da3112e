package a

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Buffers.

var p1 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func bufferDirty(s string) string {
	b := p1.Get().(*bytes.Buffer) // want `the \*bytes.Buffer from p1 may still hold its previous user's data`
	b.WriteString(s)
	out := b.String()
	p1.Put(b)
	return out
}

var p2 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func bufferDeferred(s string) string {
	b := p2.Get().(*bytes.Buffer)
	defer func() {
		b.Reset()
		p2.Put(b)
	}()
	b.WriteString(s)
	return b.String()
}

var p3 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func getP3() *bytes.Buffer {
	b := p3.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func putP3(b *bytes.Buffer) { p3.Put(b) }

func bufferWrapped(s string) string {
	b := getP3()
	defer putP3(b)
	b.WriteString(s)
	return b.String()
}

var p4 sync.Pool

func getP4() *bytes.Buffer {
	if v := p4.Get(); v != nil {
		return v.(*bytes.Buffer)
	}
	return new(bytes.Buffer)
}

func putP4(b *bytes.Buffer) {
	if b.Cap() > 1<<16 {
		return
	}
	p4.Put(b)
}

func bufferWrappedDirty(v any) ([]byte, error) {
	b := getP4() // want `the \*bytes.Buffer from p4 may still hold its previous user's data`
	defer putP4(b)
	if err := json.NewEncoder(b).Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}

var p5 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func bufferUnknown(f func(*bytes.Buffer), s string) string {
	b := p5.Get().(*bytes.Buffer)
	defer p5.Put(b)
	f(b)
	b.WriteString(s)
	return b.String()
}

var p6 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func bufferDrained(w io.Writer, s string) {
	b := p6.Get().(*bytes.Buffer)
	defer p6.Put(b)
	b.WriteString(s)
	b.WriteTo(w)
}

func onlyEarly(s string) (string, error) {
	b := p7.Get().(*bytes.Buffer) // want `the \*bytes.Buffer from p7 may still hold its previous user's data: it is reset neither after this Get nor on every way to its Put`
	b.WriteString(s)
	if b.Cap() < 3 {
		p7.Put(b)
		return "", io.EOF
	}
	out := b.String()
	b.Reset()
	p7.Put(b)
	return out, nil
}

var p7 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var p8 = sync.Pool{New: func() any { return new(strings.Builder) }}

func builder(s string) string {
	b := p8.Get().(*strings.Builder) // want `the \*strings.Builder from p8 may still hold`
	defer p8.Put(b)
	b.WriteString(s)
	return b.String()
}

// Slices and maps.

var s1 = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

func sliceDirty(s string) string {
	bp := s1.Get().(*[]byte) // want `the \*\[\]byte from s1 may still hold its previous user's data`
	b := append(*bp, s...)
	out := string(b)
	*bp = b
	s1.Put(bp)
	return out
}

var s2 = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

func sliceCut(s string) string {
	bp := s2.Get().(*[]byte)
	b := append((*bp)[:0], s...)
	out := string(b)
	*bp = b
	s2.Put(bp)
	return out
}

var s3 = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

func sliceCutAtPut(s string) string {
	bp := s3.Get().(*[]byte)
	b := append(*bp, s...)
	out := string(b)
	*bp = b[:0]
	s3.Put(bp)
	return out
}

var s4 = sync.Pool{New: func() any { b := make([]byte, 4096); return &b }}

func ioBuffer(r io.Reader, w io.Writer) {
	bp := s4.Get().(*[]byte)
	defer s4.Put(bp)
	n, _ := r.Read(*bp)
	w.Write((*bp)[:n])
}

var m1 = sync.Pool{New: func() any { return map[string]int{} }}

func mapDirty(keys []string) int {
	m := m1.Get().(map[string]int) // want `the map\[string\]int from m1 may still hold its previous user's data`
	defer m1.Put(m)
	for i, k := range keys {
		m[k] = i
	}
	sum := 0
	for _, v := range m {
		sum += v
	}
	return sum
}

var m2 = sync.Pool{New: func() any { return map[string]int{} }}

func mapCleared(keys []string) int {
	m := m2.Get().(map[string]int)
	defer func() {
		clear(m)
		m2.Put(m)
	}()
	for i, k := range keys {
		m[k] = i
	}
	sum := 0
	for _, v := range m {
		sum += v
	}
	return sum
}

var m3 = sync.Pool{New: func() any { return map[string]int{} }}

func mapDeleted(keys []string) int {
	m := m3.Get().(map[string]int)
	for k := range m {
		delete(m, k)
	}
	defer m3.Put(m)
	for i, k := range keys {
		m[k] = i
	}
	sum := 0
	for _, v := range m {
		sum += v
	}
	return sum
}

// Structs.

type req struct {
	ID    int
	Token string
}

var r1 = sync.Pool{New: func() any { return new(req) }}

func structDecoded(body []byte) (string, error) {
	r := r1.Get().(*req) // want `the \*req from r1 may still hold its previous user's fields ID and Token`
	defer r1.Put(r)
	if err := json.Unmarshal(body, r); err != nil {
		return "", err
	}
	return fmt.Sprint(r.ID, r.Token), nil
}

var r2 = sync.Pool{New: func() any { return new(req) }}

func structZeroed(body []byte) (string, error) {
	r := r2.Get().(*req)
	*r = req{}
	defer r2.Put(r)
	if err := json.Unmarshal(body, r); err != nil {
		return "", err
	}
	return fmt.Sprint(r.ID, r.Token), nil
}

var r3 = sync.Pool{New: func() any { return new(req) }}

func structAssigned(id int, tok string) string {
	r := r3.Get().(*req)
	defer r3.Put(r)
	r.ID, r.Token = id, tok
	return fmt.Sprint(r.ID, r.Token)
}

type reply struct {
	ID    int    `json:"id"`
	Error string `json:"error,omitempty"`
}

var r4 = sync.Pool{New: func() any { return &reply{} }}

func structEncoded(w io.Writer, id int, err error) {
	r := r4.Get().(*reply) // want `the \*reply from r4 may still hold its previous user's field Error`
	defer r4.Put(r)
	r.ID = id
	if err != nil {
		r.Error = err.Error()
	}
	json.NewEncoder(w).Encode(r)
}

// Partial resets.

type session struct {
	user  string
	admin bool
	buf   []byte
	tags  []string
	n     int
	mu    sync.Mutex
	enc   *json.Encoder
}

func (s *session) Reset() { // want `\(\*session\).Reset leaves fields admin and tags set: a session from sessions carries them to its next user`
	s.user = ""
	s.buf = s.buf[:0]
}

var sessions = sync.Pool{New: func() any { return new(session) }}

func acquireSession() *session { return sessions.Get().(*session) }

func releaseSession(s *session) {
	s.Reset()
	sessions.Put(s)
}

func serveSession(user string, root bool, tags []string) string {
	s := acquireSession()
	defer releaseSession(s)
	s.user = user
	if root {
		s.admin = true
	}
	for _, t := range tags {
		s.tags = append(s.tags, t)
	}
	s.n = len(tags)
	s.buf = append(s.buf, user...)
	if s.enc == nil {
		s.enc = json.NewEncoder(io.Discard)
	}
	return fmt.Sprint(s.user, s.admin, s.tags, s.n)
}

type inline struct {
	a, b string
}

var inlines = sync.Pool{New: func() any { return new(inline) }}

func clearsInline(a, b string) string {
	x := inlines.Get().(*inline)
	x.a = a
	if b != "" {
		x.b = b
	}
	out := x.a + x.b
	x.a = ""
	inlines.Put(x) // want `\*inline goes back to inlines with field b still set, which its next user reads`
	return out
}

// Silent neighbours.

type parser struct {
	n     int
	toks  [8]string
	hasT  bool
	tok   string
	names []string // kept across uses
	gen   int
	scrat []int
	w     *bufio.Writer
}

func (p *parser) reset() {
	p.n = 0
	p.hasT = false
	p.scrat = p.scrat[:0]
}

var parsers = sync.Pool{New: func() any { return new(parser) }}

func parse(w io.Writer, in []string) string {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.reset()
	p.w = bufio.NewWriter(w)
	p.gen++
	for _, s := range in {
		p.toks[p.n] = s
		p.n++
		if s == "t" {
			p.hasT, p.tok = true, s
			p.names = append(p.names, s)
		}
		p.scrat = append(p.scrat, p.gen)
	}
	if p.hasT {
		fmt.Fprintln(p.w, p.tok)
	}
	fmt.Fprintln(p.w, p.names, p.scrat)
	return p.toks[0]
}

type helper struct {
	a, b string
	m    map[string]int
	in   inner
}

type inner struct{ x int }

func (i *inner) reset() { i.x = 0 }

func (h *helper) clearStrings() { h.a, h.b = "", "" }

func (h *helper) Reset() {
	h.clearStrings()
	h.in.reset()
	for k := range h.m {
		delete(h.m, k)
	}
}

var helpers = sync.Pool{New: func() any { return &helper{m: map[string]int{}} }}

func useHelper(a, b string) string {
	h := helpers.Get().(*helper)
	if a != "" {
		h.a = a
	}
	if b != "" {
		h.b = b
		h.m[b] = 1
		h.in.x = 3
	}
	out := fmt.Sprint(h.a, h.b, len(h.m), h.in.x)
	h.Reset()
	helpers.Put(h)
	return out
}

var readers = sync.Pool{New: func() any { return bufio.NewReader(nil) }}

func useReader(r io.Reader) string {
	br := readers.Get().(*bufio.Reader)
	br.Reset(r)
	defer readers.Put(br)
	s, _ := br.ReadString('\n')
	return s
}

type cfg struct {
	limit int
	out   string
}

func (c *cfg) Reset() { c.out = "" }

var cfgs = sync.Pool{New: func() any { return &cfg{limit: 10} }}

func useCfg(s string) string {
	c := cfgs.Get().(*cfg)
	defer func() { c.Reset(); cfgs.Put(c) }()
	if len(s) > c.limit {
		s = s[:c.limit]
	}
	c.out = s
	return c.out
}

func correlated(verbose bool, v string) string {
	c := cors.Get().(*cor)
	if verbose {
		c.v = v
	}
	out := ""
	if verbose {
		out = c.v
	}
	c.w = ""
	cors.Put(c)
	return out
}

type cor struct{ v, w string }

var cors = sync.Pool{New: func() any { return new(cor) }}

// An object that is new where the pool had none is not stale; a field whose
// address goes elsewhere is out of sight.

type split struct {
	size, count int
	types       []int
}

var splits sync.Pool

func getSplit() *split {
	s, _ := splits.Get().(*split)
	if s == nil {
		s = &split{}
	} else {
		s.size = 0
		s.types = s.types[:0]
	}
	return s
}

func useSplit(n int) int {
	s := getSplit()
	defer splits.Put(s)
	count(&s.count)
	if n > 3 {
		s.size = n
	}
	return s.size + s.count
}

func count(n *int) { *n = 3 }

// A slice that a captured variable holds is not read by that.

var outs = sync.Pool{New: func() any { return new([]byte) }}

func captured(in string) string {
	bp := outs.Get().(*[]byte)
	b := *bp
	defer func() {
		*bp = b
		outs.Put(bp)
	}()
	b = append(b[:0], in...)
	return string(b)
}
