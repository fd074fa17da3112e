package correct

import (
	"bytes"
	"io"
	"strconv"
	"sync"

	"bufpool"
)

// lazily created member kept: nil guard then reset
type t26 struct {
	m   map[string]int
	buf *bytes.Buffer
}

var g26 = sync.Pool{New: func() any { return new(t26) }}

func G26(ss []string) int {
	t := g26.Get().(*t26)
	defer g26.Put(t)
	if t.m == nil {
		t.m = make(map[string]int)
	} else {
		clear(t.m)
	}
	if t.buf == nil {
		t.buf = new(bytes.Buffer)
	}
	t.buf.Reset()
	for _, s := range ss {
		t.m[s]++
		t.buf.WriteString(s)
	}
	return len(t.m) + t.buf.Len()
}

// length-governed array
type t27 struct {
	n     int
	items [16]string
}

var g27 = sync.Pool{New: func() any { return new(t27) }}

func (t *t27) add(s string) bool {
	if t.n == len(t.items) {
		return false
	}
	t.items[t.n] = s
	t.n++
	return true
}
func G27(ss []string) (out string) {
	t := g27.Get().(*t27)
	defer g27.Put(t)
	t.n = 0
	for _, s := range ss {
		t.add(s)
	}
	for i := 0; i < t.n; i++ {
		out += t.items[i]
	}
	return out
}

// state pops back to its start: balanced depth
type t28 struct {
	depth int
	buf   []byte
}

var g28 = sync.Pool{New: func() any { return new(t28) }}

type tree struct {
	v    int
	kids []*tree
}

func (t *t28) walk(n *tree) {
	t.depth++
	for i := 0; i < t.depth; i++ {
		t.buf = append(t.buf, ' ')
	}
	t.buf = strconv.AppendInt(t.buf, int64(n.v), 10)
	for _, k := range n.kids {
		t.walk(k)
	}
	t.depth--
}
func G28(n *tree) string {
	t := g28.Get().(*t28)
	defer g28.Put(t)
	t.buf = t.buf[:0]
	t.walk(n)
	return string(t.buf)
}

// slice emptied element by element with set deletion
type t29 struct {
	seen  map[*tree]bool
	stack []*tree
}

var g29 = sync.Pool{New: func() any { return &t29{seen: map[*tree]bool{}} }}

func (t *t29) visit(n *tree) bool {
	if t.seen[n] {
		return false
	}
	t.seen[n] = true
	for _, k := range n.kids {
		if !t.visit(k) {
			delete(t.seen, n)
			return false
		}
	}
	delete(t.seen, n)
	return true
}
func G29(n *tree) bool {
	t := g29.Get().(*t29)
	defer g29.Put(t)
	return t.visit(n)
}

// bit set / generation count set
type t30 struct {
	gen  uint32
	mark map[string]uint32
}

var g30 = sync.Pool{New: func() any { return &t30{mark: map[string]uint32{}} }}

func G30(ss []string) (n int) {
	t := g30.Get().(*t30)
	defer g30.Put(t)
	t.gen++
	for _, s := range ss {
		if t.mark[s] != t.gen {
			t.mark[s] = t.gen
			n++
		}
	}
	return n
}

// RP with Reset constraint
var g31 bufpool.RP[*bytes.Buffer]

func G31(s string) string {
	b := g31.Get()
	defer g31.Put(b)
	b.WriteString(s)
	return b.String()
}

// chunk reader resized
type t32 struct {
	chunk []byte
	w     io.Writer
}

var g32 = sync.Pool{New: func() any { return &t32{chunk: make([]byte, 4096)} }}

func G32(w io.Writer, r io.Reader) error {
	t := g32.Get().(*t32)
	defer func() { t.w = nil; g32.Put(t) }()
	t.w = w
	for {
		n, err := r.Read(t.chunk)
		if n > 0 {
			if _, werr := t.w.Write(t.chunk[:n]); werr != nil {
				return werr
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// interned strings: computed value cache, unexported no comment
type dec33 struct {
	intern map[string]string
	out    []string
}

var g33 = sync.Pool{New: func() any { return &dec33{intern: make(map[string]string)} }}

func (d *dec33) str(b []byte) string {
	if s, ok := d.intern[string(b)]; ok {
		return s
	}
	s := string(b)
	d.intern[s] = s
	return s
}
func G33(bs [][]byte) []string {
	d := g33.Get().(*dec33)
	defer g33.Put(d)
	d.out = d.out[:0]
	for _, b := range bs {
		d.out = append(d.out, d.str(b))
	}
	return append([]string(nil), d.out...)
}

// set whose work list empties it: drain
var g34 = sync.Pool{New: func() any { return map[string]bool{} }}

func G34(ss []string) (n int) {
	m := g34.Get().(map[string]bool)
	defer g34.Put(m)
	for _, s := range ss {
		if !m[s] {
			m[s] = true
			n++
		}
	}
	for _, s := range ss {
		delete(m, s)
	}
	return n
}

// conditional get: maybe nil
var g35 sync.Pool

func G35(s string) string {
	var b *bytes.Buffer
	if v := g35.Get(); v != nil {
		b = v.(*bytes.Buffer)
		b.Reset()
	} else {
		b = new(bytes.Buffer)
	}
	b.WriteString(s)
	r := b.String()
	g35.Put(b)
	return r
}

// validated known set: a memo of "already compiled OK" booleans
// (membership only suppresses work, result is same): this is a cache
type reg36 struct {
	ok map[string]bool
}

var g36 = sync.Pool{New: func() any { return &reg36{ok: map[string]bool{}} }}

func valid36(s string) bool { return len(s) > 3 }
func G36(ss []string) bool {
	r := g36.Get().(*reg36)
	defer g36.Put(r)
	for _, s := range ss {
		v, hit := r.ok[s]
		if !hit {
			v = valid36(s)
			r.ok[s] = v
		}
		if !v {
			return false
		}
	}
	return true
}

// pop from pooled stack to empty
var g37 = sync.Pool{New: func() any { s := make([]*tree, 0, 8); return &s }}

func G37(root *tree) (n int) {
	sp := g37.Get().(*[]*tree)
	st := append((*sp)[:0], root)
	for len(st) > 0 {
		t := st[len(st)-1]
		st = st[:len(st)-1]
		n += t.v
		st = append(st, t.kids...)
	}
	clear(st[:cap(st)])
	*sp = st
	g37.Put(sp)
	return n
}
