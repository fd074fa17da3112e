// Package more has sizes that other functions of the package decide on.
package more

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

var errShort = errors.New("short")

// Input that a method, or the function that makes the struct, puts into a field.

type preamble struct {
	kind  uint16
	count uint32
}

func (p *preamble) decode(b []byte) error {
	if len(b) < 6 {
		return errShort
	}
	p.kind = binary.BigEndian.Uint16(b)
	p.count = binary.BigEndian.Uint32(b[2:])
	return nil
}

func records(r io.Reader) ([]int64, error) {
	b := make([]byte, 6)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	var p preamble
	if err := p.decode(b); err != nil {
		return nil, err
	}
	list := make([]int64, 0, p.count) // want `p.count comes from binary.Uint32 and has no upper bound`
	for range p.count {
		list = append(list, int64(p.kind))
	}
	return list, nil
}

type trailer struct{ entries uint64 }

func readTrailer(r *bufio.Reader) (*trailer, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	return &trailer{entries: n}, nil
}

func entries(r *bufio.Reader) (map[uint64]bool, error) {
	t, err := readTrailer(r)
	if err != nil {
		return nil, err
	}
	return make(map[uint64]bool, t.entries), nil // want `t.entries comes from binary.ReadUvarint and has no upper bound`
}

type segment struct{ size uint32 }

func parseSegment(b []byte) (s segment) {
	s.size = binary.LittleEndian.Uint32(b)
	return s
}

func body(b []byte) []byte {
	s := parseSegment(b)
	return make([]byte, s.size) // want `s.size comes from binary.Uint32 and has no upper bound`
}

// Silent: the function that reads it, or another, compares it.

type limited struct{ size uint32 }

func (l *limited) decode(b []byte) error {
	l.size = binary.BigEndian.Uint32(b)
	if l.size > 1<<20 {
		return errShort
	}
	return nil
}

func limitedBody(b []byte) ([]byte, error) {
	var l limited
	if err := l.decode(b); err != nil {
		return nil, err
	}
	return make([]byte, l.size), nil
}

type cut struct{ size uint32 }

func parseCut(b []byte) cut {
	n := min(binary.BigEndian.Uint32(b), 4096)
	return cut{size: n}
}

func cutBody(b []byte) []byte {
	c := parseCut(b)
	return make([]byte, c.size)
}

// Silent: a field of another struct of the type, that nothing has decoded.

func fixed() []int64 {
	var p preamble
	p.count = 3
	return make([]int64, 0, p.count)
}

// The smaller of two numbers, less a third.

func Page(rows []string, skip, most int) []string {
	end := min(skip+most, len(rows))
	page := make([]string, 0, end-skip) // want `end - skip is negative when len\(rows\) < skip, and make panics`
	for i := skip; i < end; i++ {
		page = append(page, rows[i])
	}
	return page
}

func PageWithin(rows []string, skip, most int) []string {
	skip = min(skip, len(rows))
	end := min(skip+max(most, 0), len(rows))
	return append(make([]string, 0, end-skip), rows[skip:end]...)
}

func Beyond(rows []string, n int) []string {
	return make([]string, 0, len(rows)-max(n, 1)) // want `len\(rows\) - max\(n, 1\) is negative when`
}

// Silent: what the caller hands over may be known to be less than what the package keeps.

type Ledger struct {
	lines []string
	spare []string
}

func (l *Ledger) Without(paid []string) []string {
	open := make([]string, 0, len(l.lines)-len(paid))
	for i, line := range l.lines {
		if i >= len(paid) || paid[i] != line {
			open = append(open, line)
		}
	}
	return open
}

func (l *Ledger) WithoutSome(paid []string) []string {
	if len(paid) > len(l.lines) {
		return nil
	}
	return make([]string, 0, len(l.lines)-len(paid))
}

func (l *Ledger) Rest() []string { return make([]string, 0, len(l.lines)-len(l.spare)) }

// A slice that is emptied and appended to is empty at times.

type Log struct{ rows []int }

func (l *Log) Add(n int) { l.rows = append(l.rows, n) }

func (l *Log) Clear() { l.rows = l.rows[:0] }

func (l *Log) Keep() {
	keep := l.rows[:0]
	for _, n := range l.rows {
		if n > 0 {
			keep = append(keep, n)
		}
	}
	l.rows = keep
}

func (l *Log) Steps() []int {
	steps := make([]int, len(l.rows)-1) // want `len\(l.rows\) - 1 is negative when l.rows is empty, and make panics`
	for i := range steps {
		steps[i] = l.rows[i+1] - l.rows[i]
	}
	return steps
}

// Silent: it is never empty.

type Stack struct{ frames []int }

func NewStack() *Stack { return &Stack{frames: []int{0}} }

func (s *Stack) Push(n int) { s.frames = append(s.frames, n) }

func (s *Stack) Below() []int { return make([]int, 0, len(s.frames)-1) }

// Silent: who divides by a negative number of them has another problem.

func Batches[T any](in []T, size int) [][]T {
	out := make([][]T, 0, (len(in)+size-1)/size)
	for i := 0; i < len(in); i += size {
		out = append(out, in[i:min(i+size, len(in))])
	}
	return out
}

// Room for errors in generic code that the package does not use.

func Apply[T any](in []T, f func(T) error) []error {
	errs := make([]error, 0, len(in)) // want `errs reserves room for len\(in\) errors`
	for _, v := range in {
		if err := f(v); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// Room for fewer than are added one after the other.

func Header(title string) []string {
	row := make([]string, 0, 2) // want `row has room for 2, but 4 elements are appended in any case, which copies it into a second array; make room for 4`
	row = append(row, title, "date")
	row = append(row, "sum", "tax")
	return row
}

func Sealed(key [16]byte, data []byte) []byte {
	out := make([]byte, 0, 8) // want `out has room for 8, but at least 20 elements are appended in any case, which copies it into a second array; make room for all of them`
	out = append(out, "SEAL"...)
	out = append(out, key[:]...)
	out = append(out, data...)
	return out
}

func Enough(title string) []string {
	row := make([]string, 0, 4)
	row = append(row, title, "date")
	if title == "" {
		row = append(row, "none", "of", "them")
	}
	return row
}

// Whether room for a few errors is on the heap may depend on who is given them.

var lastErrs []error

func remember(errs []error) { lastErrs = errs }

func Remembered(rows []string) {
	errs := make([]error, 0, 4) // want `errs reserves room for 4 errors, also when there are none`
	for _, r := range rows {
		if r == "" {
			errs = append(errs, errRemembered)
		}
	}
	remember(errs)
}

func worst(errs []error) error {
	for _, err := range errs {
		return err
	}
	return nil
}

func Worst(rows []string) error {
	errs := make([]error, 0, 4)
	for _, r := range rows {
		if r == "" {
			errs = append(errs, errRemembered)
		}
	}
	return worst(errs)
}

var errRemembered error
