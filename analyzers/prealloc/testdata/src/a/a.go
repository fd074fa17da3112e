// Package a has slices that grow in loops.
package a

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
)

type row struct {
	id   int
	name string
	tags []string
}

type response struct {
	n    int
	rows []string
}

// Shapes of the target.

func Nil(in []row) []string {
	var out []string // want `out grows by append to len\(in\) elements of 16 bytes`
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func Empty(in []row) []string {
	out := []string{} // want `out grows by append to len\(in\)`
	for i := range in {
		out = append(out, in[i].name)
	}
	return out
}

func Make(in []row) []string {
	out := make([]string, 0) // want `out grows by append to len\(in\)`
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func MakeAfterwards(load func() []row) []string {
	out := make([]string, 0) // want `out grows by append to len\(in\)`
	in := load()
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func Result(in []row) (out []string, err error) { // want `out grows by append to len\(in\)`
	for _, r := range in {
		out = append(out, r.name)
	}
	return out, nil
}

func Field(in []row) *response {
	resp := &response{n: len(in)}
	for _, r := range in {
		resp.rows = append(resp.rows, r.name) // want `resp.rows grows by append to len\(in\)`
	}
	return resp
}

func FieldOfValue(in []row) response {
	var resp response
	for _, r := range in {
		resp.n++
		resp.rows = append(resp.rows, r.name) // want `resp.rows grows by append to len\(in\)`
	}
	return resp
}

func Converted(in []row) []string {
	out := []string(nil) // want `out grows by append`
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func Two(in []row) (names []string, ids []int) { // want `names grows by append to len\(in\) elements of 16 bytes` `ids grows by append to len\(in\) elements of 8 bytes`
	for _, r := range in {
		names, ids = append(names, r.name), append(ids, r.id)
	}
	return
}

// Sources of the bound.

func Array(in *[100]row) []string {
	var out []string // want `out grows by append to 100 elements of 16 bytes, and is copied about 7 times`
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func Map(in map[string]int) []string {
	var out []string // want `len\(in\)`
	for k := range in {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func Sub(in []row) []string {
	var out []string // want `len\(in\[1:\]\)`
	for _, r := range in[1:] {
		out = append(out, r.name)
	}
	return out
}

func OfField(in *row) []string {
	var out []string // want `len\(in.tags\)`
	for _, t := range in.tags {
		out = append(out, t+"!")
	}
	return out
}

func String(s string) []string {
	var out []string // want `len\(s\)`
	for _, r := range s {
		out = append(out, string(r))
	}
	return out
}

func Count(in []row) []string {
	n := len(in)
	var out []string // want `grows by append to n elements`
	for i := range n {
		out = append(out, in[i].name)
	}
	return out
}

func Classic(in []row) []string {
	var out []string // want `len\(in\)`
	for i := 0; i < len(in); i++ {
		out = append(out, in[i].name)
	}
	return out
}

func ClassicInit(in []row) []string {
	var out []string // want `len\(in\)`
	for i, n := 0, len(in); i < n; i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Backwards(in []row) []string {
	var out []string // want `len\(in\)`
	for i := len(in) - 1; i >= 0; i-- {
		out = append(out, in[i].name)
	}
	return out
}

func Steps(in []string) []string {
	var out []string // want `\(len\(in\)\+1\)/2`
	for i := 0; i < len(in); i += 2 {
		out = append(out, in[i])
	}
	return out
}

func Constant() []string {
	var out []string // want `20 elements`
	for i := range 20 {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// Ways through the loop.

func Pairs(in map[string]string) []string {
	var out []string // want `len\(in\)\*2 elements`
	for k, v := range in {
		out = append(out, k, v)
	}
	return out
}

func Branches(in []row) []string {
	var out []string // want `len\(in\)`
	for _, r := range in {
		if r.id == 0 {
			out = append(out, "none")
			continue
		}
		switch r.id {
		case 1:
			out = append(out, "one")
		default:
			out = append(out, r.name)
		}
	}
	return out
}

func Fails(in []row) ([]string, error) {
	var out []string // want `len\(in\)`
	for _, r := range in {
		if r.id < 0 {
			return nil, errors.New("negative")
		}
		if r.id > 100 {
			panic("too large")
		}
		out = append(out, r.name)
	}
	return out, nil
}

func Guarded(in []row) ([]string, error) {
	var out []string // want `len\(in\)`
	if len(in) > 100 {
		return out, errors.New("too many")
	}
	for _, r := range in {
		out = append(out, r.name)
	}
	return out, nil
}

func Labelled(in []row) []string {
	var out []string // want `len\(in\)`
outer:
	for _, r := range in {
		for _, t := range r.tags {
			if t == "" {
				break
			}
		}
		out = append(out, r.name)
		continue outer
	}
	return out
}

func PerIteration(in [][]row) (total [][]string) { // want `total grows by append to len\(in\) elements of 24 bytes`
	for _, rows := range in {
		var out []string // want `out grows by append to len\(rows\)`
		for _, r := range rows {
			out = append(out, r.name)
		}
		total = append(total, out)
	}
	return total
}

// Silent: the number of elements is not known.

func Filter(in []row) []string {
	var out []string
	for _, r := range in {
		if r.id == 0 {
			continue
		}
		out = append(out, r.name)
	}
	return out
}

func Conditional(in []row) []string {
	var out []string
	for _, r := range in {
		if r.id != 0 {
			out = append(out, r.name)
		}
	}
	return out
}

func SwitchWithoutDefault(in []row) []string {
	var out []string
	for _, r := range in {
		switch r.id {
		case 1:
			out = append(out, r.name)
		}
	}
	return out
}

func Break(in []row) []string {
	var out []string
	for _, r := range in {
		if r.id == 0 {
			break
		}
		out = append(out, r.name)
	}
	return out
}

func BreakOuter(in []row) []string {
	var out []string
outer:
	for _, r := range in {
		for _, t := range r.tags {
			if t == "" {
				break outer
			}
		}
		out = append(out, r.name)
	}
	return out
}

func Return(in []row) []string {
	var out []string
	for _, r := range in {
		if r.id == 0 {
			return out
		}
		out = append(out, r.name)
	}
	return out
}

func ReturnNoError(in []row) ([]string, error) {
	var out []string
	for _, r := range in {
		if r.id == 0 {
			return out, nil
		}
		out = append(out, r.name)
	}
	return out, nil
}

func Flatten(in []row) []string {
	var out []string
	for _, r := range in {
		for _, t := range r.tags {
			out = append(out, t)
		}
	}
	return out
}

func Spread(in []row) []string {
	var out []string
	for _, r := range in {
		out = append(out, r.tags...)
	}
	return out
}

func Channel(in chan string) []string {
	var out []string
	for s := range in {
		out = append(out, s)
	}
	return out
}

func Decoded(b []byte) []string {
	n := binary.BigEndian.Uint32(b)
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// Reported: two numbers that are each known.
func Difference(in []row, from, to int) []string {
	var out []string // want `reserve max\(0, to-from\)\+max\(0, len\(in\)-1\) before`
	for i := from; i < to; i++ {
		out = append(out, in[i].name)
	}
	for i := 1; i < len(in); i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Worklist(in []row) []string {
	var out []string
	for i := 0; i < len(in); i++ {
		in = append(in, row{})
		out = append(out, in[i].name)
	}
	return out
}

func Skips(in []row) []string {
	var out []string
	for i := 0; i < len(in); i++ {
		i++
		out = append(out, in[i].name)
	}
	return out
}

func Shadow(in []row) []string {
	len := func([]row) int { return -1 }
	_ = len
	var out []string
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

// Silent: evaluating the bound has effects.

type queue struct{ rows []row }

func (q *queue) Drain() []row { rows := q.rows; q.rows = nil; return rows }

func Drain(q *queue) []string {
	var out []string
	for _, r := range q.Drain() {
		out = append(out, r.name)
	}
	return out
}

// Silent: the slice has, or may have, room already.

func Reserved(in []row) []string {
	out := make([]string, 0, len(in))
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func Reused(buf []string, in []row) []string {
	out := buf[:0]
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func GrownAlready(in []row) []string {
	var out []string
	out = append(out, "head")
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

func Grown(in []row) []string {
	var out []string
	out = slices.Grow(out, len(in))
	for _, r := range in {
		out = append(out, r.name)
	}
	return out
}

// Reported: two loops of known length.
func GrownLater(in, more []row) []string {
	var out []string // want `reserve len\(in\)\+len\(more\) before`
	for _, r := range in {
		out = append(out, r.name)
	}
	for _, r := range more {
		out = append(out, r.name)
	}
	return out
}

func Outer(in [][]row) []string {
	var out []string
	for _, rows := range in {
		for _, r := range rows {
			out = append(out, r.name)
		}
	}
	return out
}

func Batches(in []row, flush func([]string)) {
	var out []string
	for _, r := range in {
		out = append(out, r.name)
		if len(out) == 10 {
			flush(out)
			out = out[:0]
		}
	}
	flush(out)
}

func Pointer(in []row, fill func(*[]string)) []string {
	var out []string
	for _, r := range in {
		fill(&out)
		out = append(out, r.name)
	}
	return out
}

func Captured(in []row) []string {
	var out []string
	add := func(s string) { out = append(out, s) }
	for _, r := range in {
		add("x")
		out = append(out, r.name)
	}
	return out
}

func (resp *response) Add(in []row) {
	for _, r := range in {
		resp.rows = append(resp.rows, r.name)
	}
}

func FieldSet(in []row) *response {
	resp := &response{rows: []string{"head"}}
	for _, r := range in {
		resp.rows = append(resp.rows, r.name)
	}
	return resp
}

func FieldByMethod(in []row) *response {
	resp := &response{}
	resp.Add(in)
	for _, r := range in {
		resp.rows = append(resp.rows, r.name)
	}
	return resp
}

// Silent: a larger capacity could be seen.

func Branching(in []row, visit func([]string)) []string {
	var out []string
	for _, r := range in {
		visit(append(out, "tmp"))
		out = append(out, r.name)
	}
	return out
}

func NilInside(in []row) []string {
	var out []string
	for _, r := range in {
		if out == nil {
			r.id++
		}
		out = append(out, r.name)
	}
	return out
}

// Silent: not worth a word.

func Errors(in []row) []error {
	var errs []error
	for _, r := range in {
		errs = append(errs, errors.New(r.name))
	}
	return errs
}

func Few() []string {
	var out []string
	for i := range 3 {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

func Zero(in []row) []struct{} {
	var out []struct{}
	for range in {
		out = append(out, struct{}{})
	}
	return out
}

func Files(in []string) (out [][]byte, err error) {
	for _, name := range in {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func Gather(in []row, c chan string) []string {
	var out []string
	for range in {
		out = append(out, <-c)
	}
	return out
}

func (r row) String() string {
	var out []string
	for _, t := range r.tags {
		out = append(out, t)
	}
	return fmt.Sprint(out)
}

var table []string

func init() {
	var out []string
	for _, r := range table {
		out = append(out, r+"x")
	}
	table = out
	table = once(table)
}

func once(in []string) []string {
	var out []string
	for _, r := range in {
		out = append(out, r+"x")
	}
	return out
}

// Reported: what is returned is on the heap, whatever T is.
func Generic[T any](in []T) []T {
	var out []T // want `out grows by append to len\(in\) elements,`
	for _, v := range in {
		out = append(out, v)
	}
	return out
}

// No fix: with the error, the caller would see that the slice is no longer nil.
func Partial(in []row) (out []string, err error) { // want `out grows`
	for _, r := range in {
		if r.id < 0 {
			return out, errors.New("negative")
		}
		out = append(out, r.name)
	}
	return out, nil
}

// Fields of what a function is given, which nothing else fills.

type index struct {
	names []string
	ids   []int
	kept  []string
	more  []string
	seen  []int
	Open  []string
}

func (x *index) Load(in []row) {
	x.names = nil
	for _, r := range in {
		x.names = append(x.names, r.name) // want `x.names grows by append to len\(in\)`
	}
}

func Index(in []row) *index {
	x := new(index)
	x.fill(in)
	return x
}

func (x *index) fill(in []row) {
	for _, r := range in {
		x.ids = append(x.ids, r.id) // want `x.ids grows by append by len\(in\) elements of 8 bytes`
	}
}

// Silent: there may be room already.

func (x *index) Keep(in []row) {
	for _, r := range in {
		x.kept = append(x.kept, r.name)
	}
}

// Whoever calls it again and again gains nothing.
func (x *index) See(in []row) {
	for _, r := range in {
		x.seen = append(x.seen, r.id)
	}
}

func (x *index) Reset() { x.kept = x.kept[:0] }

func (x *index) Add(s string) { x.more = append(x.more, s) }

func (x *index) AddAll(in []row) {
	for _, r := range in {
		x.more = append(x.more, r.name)
	}
}

func (x *index) Exported(in []row) {
	for _, r := range in {
		x.Open = append(x.Open, r.name)
	}
}

// Several statements in one iteration.

func Statements(in map[string]int) []string {
	var out []string // want `len\(in\)\*2 elements`
	for k := range in {
		out = append(out, k)
		out = append(out, k+"!")
	}
	return out
}

func IfElse(in []row) (even []string) { // want `len\(in\) elements`
	for i, r := range in {
		if i%2 == 0 {
			even = append(even, r.name)
		} else {
			even = append(even, "")
		}
	}
	return even
}

// Silent: it is emptied, but keeps its room, or is not emptied on all ways.

func (x *index) Reload(in []row) {
	x.Open = x.Open[:0]
	for _, r := range in {
		x.Open = append(x.Open, r.name)
	}
}

func (x *index) Maybe(in []row) {
	if len(in) > 10 {
		x.Open = nil
	}
	for _, r := range in {
		x.Open = append(x.Open, r.name)
	}
}

// No fix: with an error, the field would no longer be nil.
func (x *index) Check(in []row) error {
	x.Open = nil
	for _, r := range in {
		if r.id < 0 {
			return errors.New("negative")
		}
		x.Open = append(x.Open, r.name) // want `x.Open grows by append to len\(in\)`
	}
	return nil
}
