package services2

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"log"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"
	"time"
)

// access log entry with optional error
type entry01 struct {
	method string
	status int
	err    error
	extra  map[string]string
}

var p01 = sync.Pool{New: func() any { return &entry01{extra: make(map[string]string)} }}

func Log01(w io.Writer, r *http.Request, status int, err error) {
	e := p01.Get().(*entry01) // want `field err`
	e.method = r.Method
	e.status = status
	if err != nil {
		e.err = err
	}
	fmt.Fprintf(w, "%s %d", e.method, e.status)
	if e.err != nil {
		fmt.Fprintf(w, " err=%v", e.err)
	}
	p01.Put(e)
}

// url.Values pooled
var p02 = sync.Pool{New: func() any { return url.Values{} }}

func Query02(kv ...string) string {
	v := p02.Get().(url.Values) // want `from p02`
	defer p02.Put(v)
	for i := 0; i+1 < len(kv); i += 2 {
		v.Set(kv[i], kv[i+1])
	}
	return v.Encode()
}

// sha256
var p03 = sync.Pool{New: func() any { return sha256.New() }}

func Sum03(b []byte) string {
	h := p03.Get().(hash.Hash) // want `from p03`
	defer p03.Put(h)
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// batch with flush
type batch04 struct {
	items []string
	size  int
}

func (b *batch04) add(s string) bool {
	b.items = append(b.items, s)
	b.size += len(s)
	return b.size > 1000
}

var p04 = sync.Pool{New: func() any { return &batch04{} }}

func Flush04(in <-chan string, send func([]string)) {
	b := p04.Get().(*batch04)
	for s := range in {
		if b.add(s) {
			break
		}
	}
	send(b.items)
	b.items = b.items[:0]
	p04.Put(b) // want `field size`
}

// encoder indent level and comma
type enc05 struct {
	out   bytes.Buffer
	comma bool
}

func (e *enc05) key(k string) {
	if e.comma {
		e.out.WriteByte(',')
	}
	e.out.WriteString(k)
	e.comma = true
}

var p05 = sync.Pool{New: func() any { return new(enc05) }}

func Enc05(ks []string) string {
	e := p05.Get().(*enc05)
	defer p05.Put(e) // want `field comma`
	e.out.Reset()
	for _, k := range ks {
		e.key(k)
	}
	return e.out.String()
}

// handler struct with pool pointer
type srv06 struct{ bufs *sync.Pool }

func (s *srv06) get() *bytes.Buffer { return s.bufs.Get().(*bytes.Buffer) }
func (s *srv06) put(b *bytes.Buffer) {
	if b.Cap() <= 64<<10 {
		s.bufs.Put(b)
	}
}
func (s *srv06) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b := s.get() // want `from srv06\.bufs`
	defer s.put(b)
	enc := json.NewEncoder(b)
	if err := enc.Encode(map[string]string{"path": r.URL.Path}); err != nil {
		log.Print(err)
		return
	}
	b.WriteTo(w)
}

// error path put before reset
var p07 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Copy07(r io.Reader) (string, error) {
	b := p07.Get().(*bytes.Buffer) // want `from p07`
	_, err := io.Copy(b, r)
	if err != nil {
		p07.Put(b)
		return "", fmt.Errorf("copy: %w", err)
	}
	s := b.String()
	b.Reset()
	p07.Put(b)
	return s, nil
}

// strings to struct slice of structs
type kv08 struct{ k, v string }
type list08 struct {
	kvs  []kv08
	name string
}

var p08 = sync.Pool{New: func() any { return &list08{kvs: make([]kv08, 0, 8)} }}

func Parse08(name, s string) map[string]string {
	l := p08.Get().(*list08) // want `field kvs`
	defer p08.Put(l)
	l.name = name
	for _, part := range strings.Split(s, ";") {
		k, v, ok := strings.Cut(part, "=")
		if !ok {
			continue
		}
		l.kvs = append(l.kvs, kv08{k, v})
	}
	m := make(map[string]string, len(l.kvs))
	for _, kv := range l.kvs {
		m[kv.k] = kv.v
	}
	return m
}

// set of ints in struct
type dedup09 struct {
	seen map[int]struct{}
	out  []int
}

func (d *dedup09) Reset() { d.out = d.out[:0] } // want `field seen`
func (d *dedup09) add(x int) {
	if _, dup := d.seen[x]; dup {
		return
	}
	d.seen[x] = struct{}{}
	d.out = append(d.out, x)
}

var p09 = sync.Pool{New: func() any { return &dedup09{seen: map[int]struct{}{}} }}

func Dedup09(xs []int) []int {
	d := p09.Get().(*dedup09)
	defer p09.Put(d)
	d.Reset()
	for _, x := range xs {
		d.add(x)
	}
	return append([]int(nil), d.out...)
}

// session with deadline and nested auth
type auth10 struct {
	user  string
	roles []string
	admin bool
}
type sess10 struct {
	auth     auth10
	deadline time.Time
	id       string
}

func (s *sess10) Reset() { // want `field auth.admin`
	s.id = ""
	s.deadline = time.Time{}
	s.auth.user = ""
}

var p10 = sync.Pool{New: func() any { return &sess10{} }}

func Handle10(id, user string, roles []string) string {
	s := p10.Get().(*sess10)
	defer func() {
		s.Reset()
		p10.Put(s)
	}()
	s.id = id
	s.auth.user = user
	for _, r := range roles {
		if r == "admin" {
			s.auth.admin = true
		}
	}
	if s.auth.admin {
		return "admin " + s.auth.user
	}
	return s.auth.user
}

// closure passed get/put (withBuffer)
var p11 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func withBuf11(fn func(*bytes.Buffer) error) error {
	b := p11.Get().(*bytes.Buffer) // want `from p11`
	defer p11.Put(b)
	return fn(b)
}
func Use11(w io.Writer, v any) error {
	return withBuf11(func(b *bytes.Buffer) error {
		if err := json.NewEncoder(b).Encode(v); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	})
}

// array of pools by size class
var p12 [4]sync.Pool

func get12(n int) *bytes.Buffer {
	if v := p12[n&3].Get(); v != nil {
		return v.(*bytes.Buffer)
	}
	return bytes.NewBuffer(make([]byte, 0, 64<<(n&3)))
}
func Do12(n int, s string) string {
	b := get12(n) // want `from p12`
	b.WriteString(s)
	out := b.String()
	p12[n&3].Put(b)
	return out
}

// grouped counters map
var p13 = sync.Pool{New: func() any { return make(map[string]int) }}

func Top13(words []string) (best string) {
	counts := p13.Get().(map[string]int) // want `from p13`
	for _, w := range words {
		counts[w]++
	}
	n := 0
	for w, c := range counts {
		if c > n {
			best, n = w, c
		}
	}
	p13.Put(counts)
	return best
}

// comma-ok get with fallback, generic helper func
func getOr[T any](p *sync.Pool) *T {
	if v, ok := p.Get().(*T); ok {
		return v
	}
	return new(T)
}

type rec14 struct {
	fields []string
	quoted bool
}

var p14 sync.Pool

func Rec14(line string) int {
	r := getOr[rec14](&p14) // want `fields fields and quoted`
	defer p14.Put(r)
	r.fields = append(r.fields, strings.Split(line, ",")...)
	if strings.Contains(line, `"`) {
		r.quoted = true
	}
	if r.quoted {
		return -len(r.fields)
	}
	return len(r.fields)
}

// heap / sort slice ptr
var p16 = sync.Pool{New: func() any { return new([]int) }}

func Median16(xs []int) int {
	tmp := p16.Get().(*[]int) // want `from p16`
	defer p16.Put(tmp)
	*tmp = append(*tmp, xs...)
	sort.Ints(*tmp)
	return (*tmp)[len(*tmp)/2]
}

// buffer writer never reset in put wrapper of other name
type codec18 struct{ pool sync.Pool }

func (c *codec18) Marshal(v any) ([]byte, error) {
	buf, ok := c.pool.Get().(*bytes.Buffer) // want `from codec18\.pool`
	if !ok {
		buf = &bytes.Buffer{}
	}
	defer c.pool.Put(buf)
	if err := json.NewEncoder(buf).Encode(v); err != nil {
		return nil, err
	}
	out := make([]byte, buf.Len())
	copy(out, buf.Bytes())
	return out, nil
}

// decode into with fallthrough fields via yaml-like custom
type pt20 struct {
	X, Y int
	Tag  string
}

var p20 = sync.Pool{New: func() any { return new(pt20) }}

func P20(line string) (string, error) {
	p := p20.Get().(*pt20) // want `field Tag`
	defer p20.Put(p)
	for _, f := range strings.Fields(line) {
		switch {
		case strings.HasPrefix(f, "x="):
			fmt.Sscan(f[2:], &p.X)
		case strings.HasPrefix(f, "t="):
			p.Tag = f[2:]
		}
	}
	return p.Tag, nil
}

// pools in local variables, shared by the handler
func NewHandler21(max int) http.HandlerFunc {
	inputs := sync.Pool{New: func() any { return &pt20{} }}
	return func(w http.ResponseWriter, r *http.Request) {
		in := inputs.Get().(*pt20) // want `field X`
		defer inputs.Put(in)
		if err := json.NewDecoder(r.Body).Decode(in); err != nil {
			http.Error(w, "bad", 400)
			return
		}
		if in.X > max {
			http.Error(w, in.Tag, 400)
		}
	}
}
