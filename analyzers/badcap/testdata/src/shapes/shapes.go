// Package shapes holds programs as different people write them.
package shapes

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type Rec struct {
	Key  string
	Val  int
	Tags []string
}

type MyErr struct{ s string }

func (e MyErr) Error() string { return e.s }

type Errors []error

// ---- len-not-cap

func fA1(rs []Rec) map[string][]int {
	m := map[string][]int{}
	for _, r := range rs {
		vals := make([]int, len(r.Tags)) // want `zero elements, and append adds behind them`
		for i := range r.Tags {
			vals = append(vals, i)
		}
		m[r.Key] = vals
	}
	return m
}

func fA2(rs []Rec) []Rec {
	res := make([]Rec, len(rs)) // want `zero elements, and append adds behind them`
	for i := 0; i < len(rs); i++ {
		r := rs[i]
		if r.Val == 0 {
			continue
		}
		res = append(res, r)
	}
	return res
}

func fA3(m map[string]Rec) []Rec {
	list := make([]Rec, len(m)) // want `zero elements, and append adds behind them`
	for _, r := range m {
		list = append(list, r)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Key < list[j].Key })
	return list
}

type Svc struct{ cache []string }

func (s *Svc) Load(rs []Rec) {
	s.cache = make([]string, len(rs)) // want `zero elements, and append adds behind them`
	for _, r := range rs {
		s.cache = append(s.cache, r.Key)
	}
}

func fA4(s string) []string {
	parts := strings.Split(s, ",")
	out := make([]string, len(parts)) // want `zero elements, and append adds behind them`
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func fA5(n int) []func() {
	fs := make([]func(), n) // want `zero elements, and append adds behind them`
	for i := 0; i < n; i++ {
		fs = append(fs, func() { fmt.Println(i) })
	}
	return fs
}

func fA6(ch chan Rec, n int) []Rec {
	buf := make([]Rec, n) // want `zero elements, and append adds behind them`
	for r := range ch {
		buf = append(buf, r)
		if len(buf) > 100 {
			break
		}
	}
	return buf
}

func fA7[K comparable, V any](m map[K]V) []K {
	keys := make([]K, len(m)) // want `zero elements, and append adds behind them`
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

func fA8(a, b []int) []int {
	all := make([]int, len(a)+len(b)) // want `zero elements, and append adds behind them`
	all = append(all, a...)
	all = append(all, b...)
	return all
}

func fA9(xs []float64) (ys []float64, err error) {
	ys = make([]float64, len(xs)) // want `zero elements, and append adds behind them`
	for _, x := range xs {
		if x < 0 {
			return nil, errors.New("neg")
		}
		ys = append(ys, x*x)
	}
	return ys, nil
}

func fA10(rs []Rec) *Svc {
	keys := make([]string, len(rs)) // want `zero elements, and append adds behind them`
	for _, r := range rs {
		keys = append(keys, r.Key)
	}
	return &Svc{cache: keys}
}

func fA11(rs []Rec) [][]string {
	var rows [][]string
	rows = make([][]string, len(rs)) // want `zero elements, and append adds behind them`
	for _, r := range rs {
		row := []string{r.Key}
		rows = append(rows, row)
	}
	return rows
}

// right
func fB1(rs []Rec) []Rec {
	out := make([]Rec, len(rs), len(rs)+1)
	copy(out, rs)
	return append(out, Rec{})
}

func fB2(n int) []int {
	heap := make([]int, n)
	for i := range heap {
		heap[i] = i
	}
	for i := 0; i < n; i++ {
		heap = append(heap, heap[i])
	}
	return heap
}

func fB3(rs []Rec) []byte {
	b := make([]byte, 8)
	for _, r := range rs {
		b = append(b, r.Key...)
	}
	b[0] = 1
	return b
}

func fB4(rows int) [][]int {
	g := make([][]int, rows)
	for i := 0; i < rows; i++ {
		g[i] = make([]int, 0, rows)
		g[i] = append(g[i], i)
	}
	return g
}

func fB5(width int, vals []int) []int {
	out := make([]int, width)
	for _, v := range vals {
		out = append(out, v)
	}
	return out
}

func fB6(xs []string) []string {
	tmp := make([]string, len(xs))
	n := copy(tmp, xs)
	tmp = append(tmp[:n], "end")
	return tmp
}

func fB7(depth int) []string {
	indent := make([]string, depth)
	for i := range indent {
		indent[i] = "  "
	}
	indent = append(indent, "x")
	return indent
}

func fB8(read func([]Rec) int) []Rec {
	buf := make([]Rec, 16)
	n := read(buf)
	buf = append(buf[:n], Rec{})
	return buf
}

func fB9(xs []int) []int {
	dp := make([]int, 2)
	for i := 2; i < len(xs); i++ {
		dp = append(dp, dp[i-1]+dp[i-2]+xs[i])
	}
	return dp
}

// ---- wasted

func fC1(rs []Rec) []error {
	errs := make([]error, 0, len(rs)) // want `reserves room for`
	for i, r := range rs {
		if err := check(r); err != nil {
			errs = append(errs, fmt.Errorf("%d: %w", i, err))
		}
	}
	return errs
}

func fC2(rs []Rec) Errors {
	errs := make(Errors, 0, 8) // want `reserves room for`
	for _, r := range rs {
		if r.Key == "" {
			errs = append(errs, MyErr{"key"})
		}
		if r.Val < 0 {
			errs = append(errs, MyErr{"val"})
		}
	}
	return errs
}

func fC3(r Rec) (errs []MyErr) {
	errs = make([]MyErr, 0, 4) // want `reserves room for`
	if r.Key == "" {
		errs = append(errs, MyErr{"key"})
	}
	if r.Val < 0 {
		errs = append(errs, MyErr{"val"})
	}
	return errs
}

func fC4(rs []Rec) []Rec {
	bad := make([]Rec, 0, len(rs)) // want `reserves room for`
	for _, r := range rs {
		err := check(r)
		if err != nil {
			bad = append(bad, r)
		}
	}
	return bad
}

func fC5(xs []uint64) []uint64 {
	out := make([]uint64, 0, len(xs)) // want `reserves room for`
	for _, x := range xs {
		if x%1000 == 0 {
			out = append(out, x)
		}
	}
	return out
}

func fC6(xs []Rec) []Rec {
	out := make([]Rec, 0, len(xs)) // want `reserves room for`
	for i := range xs {
		if i%64 != 0 {
			continue
		}
		out = append(out, xs[i])
	}
	return out
}

func fC7(rs []Rec) error {
	errs := make([]error, 0, len(rs)) // want `reserves room for`
	for _, r := range rs {
		err := check(r)
		if err == nil {
			continue
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func check(r Rec) error {
	if r.Val < 0 {
		return MyErr{"x"}
	}
	return nil
}

// right
func fE1(rs []Rec) []Rec {
	out := make([]Rec, 0, len(rs))
	for _, r := range rs {
		if check(r) != nil {
			continue
		}
		out = append(out, r)
	}
	return out
}

func fE2(rs []Rec) []error {
	errs := make([]error, 0, len(rs))
	for _, r := range rs {
		errs = append(errs, check(r))
	}
	return errs
}

func fE3(rs []Rec) map[string]bool {
	out := make([]Rec, 0, len(rs))
	for _, r := range rs {
		if r.Val > 0 {
			out = append(out, r)
		}
	}
	m := map[string]bool{}
	for _, r := range out {
		m[r.Key] = true
	}
	return m
}

func fE4(rs []Rec) (good []Rec, bad []error) {
	for _, r := range rs {
		if err := check(r); err != nil {
			bad = append(bad, err)
		} else {
			good = append(good, r)
		}
	}
	return
}

func fE5(es []error) []error {
	out := make([]error, 0, len(es))
	for _, e := range es {
		if e != nil {
			out = append(out, e)
		}
	}
	return out
}

// ---- guess

func fG1(rs []Rec) []string {
	out := make([]string, 0, 2) // want `that out outgrows`
	for _, r := range rs {
		out = append(out, r.Key)
	}
	return out
}

func fG2(s string) []rune {
	out := make([]rune, 0, 8) // want `that out outgrows`
	for _, r := range s {
		out = append(out, r)
	}
	return out
}

func fG4(next func() (*Rec, bool)) (out []*Rec) {
	out = make([]*Rec, 0, 4) // want `that out outgrows`
	for {
		v, ok := next()
		if !ok {
			break
		}
		out = append(out, v)
	}
	return out
}

// A literal that a loop calls for each element.

type Shelf struct {
	books []Rec
	width int
}

func (s *Shelf) Keys() []string {
	keys := make([]string, s.width) // want `keys is made with s.width zero elements`
	add := func(k string) { keys = append(keys, k) }
	for _, b := range s.books {
		add(b.Key)
	}
	return keys
}

// Whoever calls it chooses how much to leave out.
func (s *Shelf) Behind(skip int) []string {
	keys := make([]string, 0, len(s.books)-skip) // want `len\(s.books\) - skip is negative when len\(s.books\) < skip`
	for i := skip; i < len(s.books); i++ {
		keys = append(keys, s.books[i].Key)
	}
	return keys
}

func (s *Shelf) BehindFrom(skip int) []string {
	rest := s.books[skip:]
	keys := make([]string, 0, len(s.books)-skip)
	for i := range rest {
		keys = append(keys, rest[i].Key)
	}
	return keys
}
