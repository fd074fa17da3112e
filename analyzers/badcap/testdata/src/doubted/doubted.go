// Package doubted has sizes that another function of the package knows to be possibly negative.
package doubted

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

type Feed struct {
	items  []int
	skip   int
	sealed []int
}

func (f *Feed) Deltas() []int {
	out := make([]int, len(f.items)-1) // want `len\(f.items\) - 1 is negative when f.items is empty, and make panics`
	for i := range out {
		out[i] = f.items[i+1] - f.items[i]
	}
	return out
}

func (f *Feed) First() (int, bool) {
	if len(f.items) == 0 {
		return 0, false
	}
	return f.items[0], true
}

func (f *Feed) Tail() []int {
	out := make([]int, 0, len(f.items)-f.skip) // want `len\(f.items\) - f.skip is negative when`
	for i := f.skip; i < len(f.items); i++ {
		out = append(out, f.items[i])
	}
	return out
}

func (f *Feed) TailLen() int {
	if f.skip > len(f.items) {
		return 0
	}
	return len(f.items) - f.skip
}

// What one reads up to is not gone beyond.
type Reader struct {
	buf   []byte
	off   int
	parts []string
}

func (r *Reader) ReadByte() byte {
	if r.off >= len(r.buf) {
		return 0
	}
	return r.buf[r.off]
}

func (r *Reader) Rest() []byte {
	out := make([]byte, len(r.buf)-r.off)
	copy(out, r.buf[r.off:])
	return out
}

var defaults = []string{"main"}

// One function sees to it that there is something.
func (r *Reader) fill() {
	if len(r.parts) == 0 {
		r.parts = defaults
	}
}

func (r *Reader) More() []string { return make([]string, len(r.parts)-1) }

// Nobody asks whether there are any: one may always be there.
func (f *Feed) Seals() []int {
	return make([]int, len(f.sealed)-1)
}

// A loop that comes to an end says nothing.
func (f *Feed) sum() (n int) {
	for i := 0; i < len(f.sealed); i++ {
		n += f.sealed[i]
	}
	return n
}

// Not used yet.
func between(lo, hi uint32) []uint32 {
	return make([]uint32, hi-lo) // want `hi - lo wraps around to a huge number when`
}

// Used, by those who know.
func gap(lo, hi int) []int { return make([]int, hi-lo) }

func Gap() []int { return gap(1, 9) }

// Other functions that make room.
func Pad(s string, width int) string {
	return strings.Repeat(" ", width-len(s)) + s // want `width - len\(s\) is negative when width < len\(s\), and strings.Repeat panics`
}

func PadSafe(s string, width int) string {
	return strings.Repeat(" ", max(0, width-len(s))) + s
}

func Fill(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return
	}
	w.Write([]byte(strings.Repeat(" ", n))) // want `n comes from Request.PathValue and has no upper bound`
}

// A loop over one field bounds no other.
type query struct {
	Limit  int
	Fields []string
}

func List(w http.ResponseWriter, r *http.Request) {
	var q query
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		return
	}
	for _, f := range q.Fields {
		w.Header().Add("Field", f)
	}
	rows := make([]string, 0, q.Limit) // want `q.Limit comes from Decoder.Decode and has no upper bound`
	json.NewEncoder(w).Encode(rows)
}
