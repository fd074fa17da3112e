package found

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Method setters and readers, handler
type Ctx struct {
	UserID string
	Roles  []string
	Params map[string]string
	status int
	err    error
}

func (c *Ctx) SetUser(u string)     { c.UserID = u }
func (c *Ctx) AddRole(r string)     { c.Roles = append(c.Roles, r) }
func (c *Ctx) SetParam(k, v string) { c.Params[k] = v }
func (c *Ctx) Fail(err error)       { c.err = err }
func (c *Ctx) Reset()               { c.UserID = ""; c.status = 0 } // want `fields Roles, Params and err set`
func (c *Ctx) write(w io.Writer)    { fmt.Fprintln(w, c.UserID, c.Roles, c.Params, c.err) }

var ctxs = sync.Pool{New: func() any { return &Ctx{Params: map[string]string{}} }}

func Handler(w io.Writer, form map[string][]string) {
	c := ctxs.Get().(*Ctx)
	defer func() {
		c.Reset()
		ctxs.Put(c)
	}()
	c.SetUser(form["u"][0])
	for _, x := range form["role"] {
		c.AddRole(x)
	}
	for k, v := range form {
		c.SetParam(k, v[0])
	}
	if form["x"] == nil {
		c.Fail(io.EOF)
	}
	c.write(w)
}

type Req struct {
	URL   string
	Token string
}

// Struct containing buffer
type enc struct {
	buf bytes.Buffer
	n   int
}

var encs = sync.Pool{New: func() any { return new(enc) }}

func Encode(v any) ([]byte, error) {
	e := encs.Get().(*enc) // want `field buf`
	defer encs.Put(e)
	if err := json.NewEncoder(&e.buf).Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(e.buf.Bytes()), nil
}

// Pool as struct field
type Server struct{ pool sync.Pool }

func NewServer() *Server {
	s := &Server{}
	s.pool.New = func() any { return new(bytes.Buffer) }
	return s
}

func (s *Server) Do(x string) string {
	b := s.pool.Get().(*bytes.Buffer) // want `from Server.pool`
	defer s.pool.Put(b)
	b.WriteString(x)
	return b.String()
}

// []byte value pool
var bp = sync.Pool{New: func() any { return make([]byte, 0, 1024) }}

func Slice(x string) string {
	b := bp.Get().([]byte) // want `the \[\]byte from bp`
	b = append(b, x...)
	s := string(b)
	bp.Put(b)
	return s
}

// Pointer pool & comma-ok
var pp = &sync.Pool{New: func() interface{} { return &strings.Builder{} }}

func CommaOk(x string) string {
	b, ok := pp.Get().(*strings.Builder) // want `from pp`
	if !ok {
		b = &strings.Builder{}
	}
	defer pp.Put(b)
	b.WriteString(x)
	return b.String()
}

// Reset on only success path
func Path(r io.Reader) (string, error) {
	b := p7.Get().(*bytes.Buffer) // want `from p7`
	defer p7.Put(b)
	if _, err := b.ReadFrom(r); err != nil {
		return "", err
	}
	s := b.String()
	b.Reset()
	return s, nil
}

var p7 = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Flags
type opts struct {
	debug bool
	name  string
}

var optPool = sync.Pool{New: func() any { return &opts{} }}

func run(name string, debug bool) string {
	o := optPool.Get().(*opts) // want `field debug`
	defer optPool.Put(o)
	o.name = name
	if debug {
		o.debug = true
	}
	return exec(o)
}

func exec(o *opts) string {
	if o.debug {
		fmt.Println("debug")
	}
	return o.name
}

// Slice pointer without [:0], direct store
var ip = sync.Pool{New: func() any { return new([]int) }}

func Ints(xs []int) int {
	s := ip.Get().(*[]int) // want `from ip`
	defer ip.Put(s)
	for _, x := range xs {
		*s = append(*s, x)
	}
	t := 0
	for _, v := range *s {
		t += v
	}
	return t
}

// Map in struct
type set struct{ m map[string]bool }

var sets = sync.Pool{New: func() any { return &set{m: make(map[string]bool)} }}

func Uniq(xs []string) int {
	s := sets.Get().(*set) // want `field m`
	defer sets.Put(s)
	for _, x := range xs {
		s.m[x] = true
	}
	return len(s.m)
}

// Generic wrapper
type Pool[T any] struct{ p sync.Pool }

func (p *Pool[T]) Get() *T {
	if v, ok := p.p.Get().(*T); ok {
		return v
	}
	return new(T)
}
func (p *Pool[T]) Put(x *T) { p.p.Put(x) }

var gp Pool[bytes.Buffer]

func Gen(s string) string {
	b := gp.Get() // want `from gp\.p`
	defer gp.Put(b)
	b.WriteString(s)
	return b.String()
}

var rp Pool[Req]

func Gen2(tok string) string {
	r := rp.Get() // want `field Token`
	defer rp.Put(r)
	if tok != "" {
		r.Token = tok
	}
	return r.Token
}

// A struct within is assigned as a whole, with what the last user left in it.
type auth90 struct {
	token string
	tries int
}

type sess90 struct {
	id int
	auth90
}

var pool90 = sync.Pool{New: func() any { return new(sess90) }}

func (s *sess90) reset() { // want `\(\*sess90\).reset leaves field auth90.token set`
	s.id = 0
	s.auth90 = auth90{token: s.token}
}

func Login90(w io.Writer, header map[string]string) {
	s := pool90.Get().(*sess90)
	if t := header["Authorization"]; t != "" {
		s.token = t
		s.tries = 1
	}
	io.WriteString(w, s.token)
	if s.tries > 0 {
		io.WriteString(w, "again")
	}
	s.reset()
	pool90.Put(s)
}
