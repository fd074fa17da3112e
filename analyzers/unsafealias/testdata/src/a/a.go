package a

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

func toString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func toBytes(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// Written again.

func store(b []byte) string {
	s := toString(b) // want `the string shares memory with b, which is written again on line 20, and is returned after that; copy it with string\(b\)`
	b[0] = 'x'
	return s
}

func zero(b []byte, log func(string)) {
	s := toString(b) // want `the string shares memory with b, which is written again on line 26, and is used after that`
	clear(b)
	log(s)
}

func wipe(b []byte, log func(string)) {
	s := toString(b) // want `which is written again on line 33, and is used after that`
	for i := range b {
		b[i] = 0
	}
	log(s[:3])
}

func numbers(n int) map[string]int {
	m := make(map[string]int)
	buf := make([]byte, 0, 20)
	for i := range n {
		buf = strconv.AppendInt(buf[:0], int64(i), 10)
		m[toString(buf)] = i // want `the string shares memory with buf, which is filled again on line 42, and is kept in a map`
	}
	return m
}

func join(parts [][]byte, out chan<- string) {
	var buf []byte
	for _, p := range parts {
		buf = append(buf[:0], p...)
		out <- toString(buf) // want `filled again on line 51, and is kept in a channel`
	}
}

type table struct {
	buf  []byte
	last string
	all  []string
}

func (t *table) add(r io.Reader) {
	for {
		n, err := r.Read(t.buf)
		if err != nil {
			return
		}
		t.all = append(t.all, toString(t.buf[:n])) // want `the string shares memory with t.buf\[:n\], which is read into again on line 64, and is kept in a slice`
	}
}

func buffer(values []any, names map[string]bool) {
	var buf bytes.Buffer
	for range values {
		buf.Reset()
		buf.WriteString("x")
		names[toString(buf.Bytes())] = true // want `filled again on line 75, and is kept in a map`
	}
}

type entry struct{ name string }

func entries(lines [][]byte) (list []entry, index map[int]*entry) {
	index = make(map[int]*entry)
	var buf []byte
	for i, l := range lines {
		buf = append(buf[:0], l...)
		list = append(list, entry{toString(buf)})       // want `and is kept in a slice`
		index[i] = &entry{name: toString(buf)}          // want `and is kept in a map`
		process(&entry{toString(buf)})                  // only looked at
		go func(s string) { println(s) }(toString(buf)) // want `and is kept in a goroutine`
		s := toString(buf)                              // want `and is kept in a goroutine`
		go func() { println(s) }()
	}
	return list, index
}

func process(*entry) {}

// In order.

func dead(b []byte) string {
	b[0] = 'x'
	return toString(b)
}

func build(parts []string) string {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return toString(b)
}

func look(m map[string]int, lines [][]byte) (sum int) {
	var buf []byte
	for _, l := range lines {
		buf = append(buf[:0], l...)
		sum += m[toString(buf)]
		if toString(buf) == "x" {
			sum++
		}
	}
	return sum
}

func anew(lines [][]byte) (list []string) {
	for _, l := range lines {
		buf := make([]byte, len(l))
		copy(buf, l)
		list = append(list, toString(buf))
	}
	return list
}

func arena(keys []string) (list []string) {
	var mem []byte
	for _, k := range keys {
		from := len(mem)
		mem = append(mem, k...)
		list = append(list, toString(mem[from:]))
	}
	return list
}

func arenaCopy(keys []string, mem []byte) (list []string) {
	off := 0
	for _, k := range keys {
		n := copy(mem[off:], k)
		list = append(list, toString(mem[off:off+n]))
		off += n
	}
	return list
}

func grow(b []byte) (string, []byte) {
	s := toString(b)
	b = append(b, "more"...)
	return s, b
}

func clone(lines [][]byte) map[string]bool {
	m := make(map[string]bool)
	var buf []byte
	for _, l := range lines {
		buf = append(buf[:0], l...)
		s := toString(buf)
		if !m[s] {
			m[strings.Clone(s)] = true
		}
	}
	return m
}

func otherPath(b []byte, again bool) string {
	s := toString(b)
	if again {
		b[0] = 'x'
		return "x"
	}
	return s
}

func records(lines [][]byte, handle func([]string, map[string]bool)) {
	var buf []byte
	var list []string
	set := make(map[string]bool)
	for _, l := range lines {
		buf = append(buf[:0], l...)
		list = append(list[:0], toString(buf))
		clear(set)
		set[toString(buf)] = true
		handle(list, set)
	}
}

func (t *table) next() string {
	t.buf = append(t.buf[:0], "x"...)
	return toString(t.buf) // valid until the next call
}

var pool = sync.Pool{New: func() any { return new([]byte) }}

func pooledKey(s string, m map[string]bool) {
	bp := pool.Get().(*[]byte)
	defer pool.Put(bp)
	*bp = append((*bp)[:0], s...)
	_ = m[toString(*bp)]
	*bp = append((*bp)[:0], s...)
}

// Bytes of strings.

func lower(s string) []byte {
	b := toBytes(s) // want `the bytes of s are written on line 217`
	for i := range b {
		b[i] |= 0x20
	}
	return b
}

func title(s string) {
	p := unsafe.StringData(s)
	b := unsafe.Slice(p, len(s)) // want `the bytes of s are written on line 225`
	b[0] -= 32
}

func patch(s string) {
	copy(toBytes(s), "xyz") // want `the bytes of s are written on line 229`
}

func fill(r io.Reader, s string) {
	io.ReadFull(r, toBytes(s)) // want `the bytes of s are written on line 233`
}

func write(w io.Writer, s string) {
	w.Write(toBytes(s))
}

func own(b []byte) string {
	s := string(b)
	toBytes(s)[0] = 'x'
	return s
}

func compare(a, b string) bool { return bytes.Equal(toBytes(a), toBytes(b)) }
