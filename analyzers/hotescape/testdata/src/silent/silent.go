// Package silent holds the neighbours: none of this is reported.
package silent

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"sync"
	"time"
)

type item struct {
	id   int
	data [40]byte
}

func (i *item) keep() { kept = append(kept, i) }

var kept []*item

// The compiler makes one variable for the whole loop if only return takes its address.
func find(items []item, id int) *item {
	for _, it := range items {
		if it.id == id {
			return &it
		}
	}
	return nil
}

// The address does not leave: nothing is allocated.
func local(items []item) (n int) {
	for _, it := range items {
		p := &it
		n += p.id
	}
	return n
}

// The copy is wanted, since it is changed.
func changed(items []item) (out []*item) {
	for _, it := range items {
		it.id++
		out = append(out, &it)
	}
	return out
}

// The slice may be the caller's scratch space: a pointer that is kept needs the copy.
func keepAll(items []item) {
	for _, it := range items {
		it.keep()
		kept = append(kept, &it)
	}
}

// The elements change while the pointer is in use.
func shift(items []item) (n int) {
	var prev *item
	for i, it := range items {
		if prev != nil {
			n += prev.id
		}
		items[i].id = 0
		prev = &it
	}
	return n
}

// Few elements, written out.
func few() (prev *item) {
	for _, it := range [...]item{{id: 1}, {id: 2}} {
		prev = &it
	}
	return prev
}

// Buffers that something may keep.

type sink struct{ last []byte }

func keeps(s *sink, r io.Reader) {
	for {
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return
		}
		s.last = b[:]
	}
}

func sends(ch chan []byte, r io.Reader) {
	for {
		b := make([]byte, 64)
		n, err := r.Read(b)
		if err != nil {
			return
		}
		ch <- b[:n]
	}
}

func gathers(r io.Reader) (all [][]byte) {
	for {
		b := make([]byte, 64)
		if _, err := io.ReadFull(r, b); err != nil {
			return all
		}
		all = append(all, b)
	}
}

func outlives(r io.Reader) (last []byte) {
	for {
		b := make([]byte, 64)
		if _, err := io.ReadFull(r, b); err != nil {
			return last
		}
		last = b[1:]
	}
}

type parser interface{ Parse([]byte) (int, error) }

func parses(p parser, r io.Reader) {
	for {
		b := make([]byte, 64)
		if _, err := io.ReadFull(r, b); err != nil {
			return
		}
		p.Parse(b) // who knows
	}
}

// The compiler sees that a concrete writer keeps nothing.
func concrete(w *bytes.Buffer, ids []uint64) {
	for _, id := range ids {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], id)
		w.Write(b[:])
	}
}

// Places that do not matter.

func onError(w io.Writer, ids []uint64) error {
	for _, id := range ids {
		if err := check(id); err != nil {
			var b [16]byte
			binary.BigEndian.PutUint64(b[:], id)
			w.Write(b[:])
			return err
		}
	}
	return nil
}

func check(id uint64) error {
	if id == 0 {
		return errors.New("zero")
	}
	return nil
}

func magic(r io.Reader) error {
	for range 3 {
		var b [4]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return err
		}
	}
	return nil
}

func once(r io.Reader) (x uint32) {
	var b [4]byte
	io.ReadFull(r, b[:])
	return binary.BigEndian.Uint32(b[:])
}

func serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		var hello [4]byte
		conn.Read(hello[:])
	}
}

func poll(r io.Reader) {
	for {
		var b [4]byte
		r.Read(b[:])
		time.Sleep(time.Second)
	}
}

func sniff(names []string, w io.Writer) {
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var b [4]byte
		copy(b[:], data)
		w.Write(b[:])
	}
}

// A fresh decoder for each: a field of it would be allocated as well.
type decoder struct{ r io.Reader }

func (d *decoder) uint32() (uint32, error) {
	var b [4]byte
	_, err := io.ReadFull(d.r, b[:])
	return binary.LittleEndian.Uint32(b[:]), err
}

func fresh(rs []io.Reader) (n uint32) {
	for _, r := range rs {
		d := decoder{r}
		x, _ := d.uint32()
		n += x
	}
	return n
}

//heapvet:cold
func marked(w io.Writer, ids []uint64) {
	for _, id := range ids {
		var b [16]byte
		binary.BigEndian.PutUint64(b[:], id)
		w.Write(b[:])
	}
}

func suppressed(w io.Writer, ids []uint64) {
	for _, id := range ids {
		var b [16]byte //nolint:hotescape // measured: not hot
		binary.BigEndian.PutUint64(b[:], id)
		w.Write(b[:])
	}
}

var table []byte

func init() {
	for len(table) < 100 {
		var b [16]byte
		os.Stdin.Read(b[:])
		fill(os.Stdin)
		table = append(table, b[:]...)
	}
}

func fill(r io.Reader) {}

var setup sync.Once

func lazily(w io.Writer, ids []uint64) {
	setup.Do(func() {
		for _, id := range ids {
			var b [16]byte
			binary.BigEndian.PutUint64(b[:], id)
			w.Write(b[:])
		}
	})
}

// Function literals.

type visitor interface{ visit(func(int) bool) }

func ownVariable(lists []visitor) (n int) {
	for i, l := range lists {
		l.visit(func(x int) bool { return x < i }) // needs i
	}
	return n
}

func capturesNothing(lists []visitor) {
	for _, l := range lists {
		l.visit(func(x int) bool { return x < 3 })
	}
}

func sometimes(lists []visitor, limit int) {
	for i, l := range lists {
		if i == 7 {
			l.visit(func(x int) bool { return x < limit })
		}
	}
}

func staysOnStack(lists [][]int, limit int) (n int) {
	for _, l := range lists {
		each(l, func(x int) {
			if x < limit {
				n++
			}
		})
	}
	return n
}

func each(l []int, f func(int)) {
	for _, x := range l {
		f(x)
	}
}

func goroutines(lists []visitor, limit int) {
	for _, l := range lists {
		go func() { l.visit(func(x int) bool { return x < limit }) }()
	}
}

// What it is given to may cost far more; see the fixture marked.
func loopInvariant(lists []visitor, limit int) {
	for _, l := range lists {
		l.visit(func(x int) bool { return x < limit })
	}
}

// The compiler copies what is not assigned to after it is captured.
func earlier(lists []visitor) {
	for i, l := range lists {
		n := i
		if n > 7 {
			n = 7
		}
		l.visit(func(x int) bool { return x < n })
	}
}

// The literal writes, or what it reads is written later: a copy would not do.
func results(lists []visitor) (sum int) {
	for _, l := range lists {
		n := 0
		n += 2
		l.visit(func(x int) bool { n += x; return true })
		sum += n
	}
	return sum
}

func later(lists []visitor) {
	for _, l := range lists {
		n := 0
		l.visit(func(x int) bool { return x < n })
		n++
	}
}

// Results by pointer.

type point struct{ x, y int }

func small(s string) *point { return &point{len(s), 1} } // inlined

func inlined(lines []string) (n int) {
	for _, line := range lines {
		p := small(line)
		n += p.x
	}
	return n
}

//go:noinline
func stored(s string) *point { return &point{len(s), 1} }

func stores(lines []string) (all []*point) {
	for _, line := range lines {
		all = append(all, stored(line))
	}
	return all
}

//go:noinline
func maybe(s string) *point {
	if s == "" {
		return nil
	}
	return &point{len(s), 1}
}

func nilable(lines []string) (n int) {
	for _, line := range lines {
		if p := maybe(line); p != nil {
			n += p.x
		}
	}
	return n
}

//go:noinline
func rarely(s string) *point { return &point{len(s), 1} }

func calledOnce(s string) int { return rarely(s).x }

// Free, whatever the compiler calls it: constants and single bytes.
func free(w io.Writer, flags []uint8) {
	for _, f := range flags {
		binary.Write(w, binary.BigEndian, f)
		binary.Write(w, binary.BigEndian, uint32(7))
	}
}
