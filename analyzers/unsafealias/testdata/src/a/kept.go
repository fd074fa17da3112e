package a

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strings"
	"unsafe"
)

func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Keys of a map that lasts, made of what a reader lends.

type names struct {
	ids  map[string]int
	list []string
	last string
}

func (n *names) read(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	key := view(line) // want `the string shares memory with line, which the next read overwrites, and is kept in ids`
	if _, ok := n.ids[key]; !ok {
		n.ids[key] = len(n.ids)
	}
	return nil
}

type source struct {
	lines *bufio.Scanner
	names names
}

func (s *source) next() bool {
	if !s.lines.Scan() {
		return false
	}
	name, _, _ := bytes.Cut(s.lines.Bytes(), []byte("="))
	s.names.list = append(s.names.list, view(name)) // want `the string shares memory with name, which the next read overwrites, and is kept in list`
	return true
}

// text is valid until the next call, as the documentation of next may say.
func (s *source) text() {
	s.names.last = view(s.lines.Bytes())
}

func (n *names) readCopy(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if _, ok := n.ids[view(line)]; !ok {
		n.ids[string(line)] = len(n.ids)
	}
	return nil
}

// Strings kept beside the bytes, which another method writes.

type document struct {
	raw   []byte
	words []string
	index map[string]int
}

func load(name string) (*document, error) {
	p, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	d := &document{raw: p, index: make(map[string]int)}
	for i, line := range bytes.Split(p, []byte("\n")) {
		d.index[view(line)] = i // want `the string shares memory with line, which mask overwrites on line \d+, and is kept in index`
	}
	for word := range bytes.FieldsSeq(p) {
		d.words = append(d.words, view(word)) // want `the string shares memory with word, which mask overwrites on line \d+, and is kept in words`
	}
	return d, nil
}

func (d *document) mask() {
	for i, c := range d.raw {
		if '0' <= c && c <= '9' {
			d.raw[i] = '#'
		}
	}
}

// Read and filled again by a method that begins anew with the strings, too.

type record struct {
	buf    []byte
	fields []string
}

func (r *record) parse() {
	for field := range strings.SplitSeq(view(r.buf), ",") {
		r.fields = append(r.fields, field)
	}
}

func (r *record) fill(from io.Reader) error {
	r.fields = r.fields[:0]
	n, err := io.ReadFull(from, r.buf[:cap(r.buf)])
	r.buf = r.buf[:n]
	return err
}

// Bytes that grow behind the strings.

type keyspace struct {
	buf  []byte
	keys map[string]bool
}

func (a *keyspace) add(s []byte) {
	n := len(a.buf)
	a.buf = append(a.buf, s...)
	a.keys[view(a.buf[n:])] = true
}

func (a *keyspace) pad() {
	for len(a.buf)%8 != 0 {
		a.buf = append(a.buf, 0)
	}
}

// The header of a string that is put over that of the bytes.

func field(b []byte) string {
	s := *(*string)(unsafe.Pointer(&b)) // want `the string shares memory with b, which is written again`
	for i := range b {
		b[i] = 0
	}
	return s
}

func fieldRead(b []byte) (n int) {
	s := *(*string)(unsafe.Pointer(&b))
	for i := range b {
		n += int(b[i])
	}
	return n + len(s)
}

// Conversions in a method, and for all kinds of bytes.

type octets []byte

func (o octets) text() string { return unsafe.String(unsafe.SliceData(o), len(o)) }

func viewOf[T ~[]byte](b T) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func all(r io.Reader) (list []string) {
	buf := make(octets, 64)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return list
		}
		list = append(list, buf[:n].text())  // want `the string shares memory with .*, which is read into again`
		list = append(list, viewOf(buf[:n])) // want `the string shares memory with buf\[:n\], which is read into again`
		list = append(list, string(buf[:n]))
	}
}

// Functions that write what they are given.

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}

func turn(b []byte) { reverse(b) }

func sum(b []byte) (n int) {
	for _, c := range b {
		n += int(c)
	}
	return n
}

func reversed(s string) string {
	b := unsafe.Slice(unsafe.StringData(s), len(s)) // want `the bytes of s are written on line \d+`
	turn(b)
	return s
}

func summed(s string) int {
	return sum(unsafe.Slice(unsafe.StringData(s), len(s)))
}

func next(r io.Reader, into []byte) (int, error) { return r.Read(into) }

func collect(r io.Reader) (list []string) {
	buf := make([]byte, 64)
	for {
		n, err := next(r, buf)
		if err != nil {
			return list
		}
		list = append(list, view(buf[:n])) // want `the string shares memory with buf\[:n\], which is written again`
	}
}

// Keys in a buffer that each call begins anew.

type registry struct {
	key []byte
	ids map[string]int
}

func (r *registry) id(parts ...string) int {
	r.key = r.key[:0]
	for _, p := range parts {
		r.key = append(r.key, p...)
		r.key = append(r.key, '/')
	}
	k := view(r.key) // want `the string shares memory with r.key, which the next call of id begins anew on line \d+, and stays in ids`
	if id, ok := r.ids[k]; ok {
		return id
	}
	r.ids[k] = len(r.ids)
	return len(r.ids) - 1
}

// Emptying the map when it has grown does not help those who find their keys in it before.
func (r *registry) number(parts ...string) int {
	if len(r.ids) > 1<<12 {
		clear(r.ids)
	}
	r.key = r.key[:0]
	for _, p := range parts {
		r.key = append(r.key, p...)
	}
	k := view(r.key) // want `the string shares memory with r.key, which the next call of number begins anew on line \d+, and stays in ids`
	r.ids[k]++
	return r.ids[k]
}

// The bytes begin anew only with the map.
func (r *registry) block(part string) int {
	if len(r.key)+len(part) > cap(r.key) {
		clear(r.ids)
		r.key = r.key[:0]
	}
	at := len(r.key)
	r.key = append(r.key, part...)
	k := view(r.key[at:])
	r.ids[k]++
	return r.ids[k]
}

// Nobody finds a key from an earlier call, for the map is emptied in any case.
func (r *registry) distinct(parts []string) int {
	r.key = r.key[:0]
	for _, p := range parts {
		at := len(r.key)
		r.key = append(r.key, p...)
		r.ids[view(r.key[at:])]++
	}
	n := len(r.ids)
	clear(r.ids)
	return n
}

func (r *registry) lookup(parts ...string) (int, bool) {
	r.key = r.key[:0]
	for _, p := range parts {
		r.key = append(r.key, p...)
	}
	id, ok := r.ids[view(r.key)]
	return id, ok
}

func (r *registry) copied(parts ...string) {
	r.key = r.key[:0]
	for _, p := range parts {
		r.key = append(r.key, p...)
	}
	k := view(r.key)
	if _, ok := r.ids[k]; !ok {
		r.ids[strings.Clone(k)] = len(r.ids)
	}
}

type tail struct {
	buf  []byte
	last string
}

func (t *tail) latest(part string) {
	t.buf = t.buf[:0]
	t.buf = append(t.buf, part...)
	t.last = view(t.buf)
}

type batch struct {
	buf []byte
	set map[string]bool
}

func (b *batch) load(parts [][]byte) {
	clear(b.set)
	b.buf = b.buf[:0]
	for _, p := range parts {
		n := len(b.buf)
		b.buf = append(b.buf, p...)
		b.set[view(b.buf[n:])] = true
	}
}
