package doc

import (
	"encoding/binary"
	"errors"
	"io"
)

type Row struct{ Name string }

const maxFrame = 1 << 20

var errTooLarge, errNoName = errors.New("too large"), errors.New("no name")

type Rows struct{ left int }

func (r *Rows) Next() bool { r.left--; return r.left >= 0 }
func (r *Rows) Len() int   { return r.left }

// WRONG
func Window(rows []Row, start, end int) []Row {
	out := make([]Row, 0, end-start) // want `end - start is negative when end < start, and make panics`
	for i := start; i < end && i < len(rows); i++ {
		out = append(out, rows[i])
	}
	return out
}

// RIGHT
func WindowSafe(rows []Row, start, end int) []Row {
	out := make([]Row, 0, max(0, end-start))
	for i := start; i < end && i < len(rows); i++ {
		out = append(out, rows[i])
	}
	return out
}

// WRONG
func Frame(r io.Reader, head []byte) ([]byte, error) {
	n := binary.BigEndian.Uint32(head)
	body := make([]byte, n) // want `n comes from binary.Uint32 and has no upper bound: a few bytes of input make this allocate up to 4 GiB; compare it with a limit first`
	_, err := io.ReadFull(r, body)
	return body, err
}

// RIGHT
func FrameLimited(r io.Reader, head []byte) ([]byte, error) {
	n := binary.BigEndian.Uint32(head)
	if n > maxFrame {
		return nil, errTooLarge
	}
	body := make([]byte, n)
	_, err := io.ReadFull(r, body)
	return body, err
}

// WRONG
func Validate(rows []Row) []error {
	errs := make([]error, 0, len(rows)) // want `errs reserves room for len\(rows\) errors, also when there are none: that is an allocation on every call that succeeds; start from an empty list`
	for _, r := range rows {
		if r.Name == "" {
			errs = append(errs, errNoName)
		}
	}
	return errs
}

// RIGHT
func ValidateLazily(rows []Row) []error {
	errs := []error{}
	for _, r := range rows {
		if r.Name == "" {
			errs = append(errs, errNoName)
		}
	}
	return errs
}

// WRONG
func Names(rows []Row) []string {
	names := make([]string, len(rows)) // want `names is made with len\(rows\) zero elements, and append adds behind them; for room only, write make\(\[\]string, 0, len\(rows\)\)`
	for _, r := range rows {
		names = append(names, r.Name)
	}
	return names
}

// RIGHT
func NamesOnly(rows []Row) []string {
	names := make([]string, 0, len(rows))
	for _, r := range rows {
		names = append(names, r.Name)
	}
	return names
}

// WRONG
func Lengths(rows *Rows) []int {
	out := make([]int, 0, 4) // want `room for 4 is an allocation of 32 bytes that out outgrows; without it, the first 32 bytes are on the stack and cost nothing`
	for rows.Next() {
		out = append(out, rows.Len())
	}
	return out
}

// RIGHT
func LengthsGrown(rows *Rows) []int {
	out := []int{}
	for rows.Next() {
		out = append(out, rows.Len())
	}
	return out
}
