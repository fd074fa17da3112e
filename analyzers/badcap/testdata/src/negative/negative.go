package negative

import (
	"bytes"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

type Item struct{ ID, N int }

// Reported.

func Window(items []Item, start, end int) []Item {
	out := make([]Item, 0, end-start) // want `end - start is negative when end < start, and make panics`
	for i := start; i < end && i < len(items); i++ {
		out = append(out, items[i])
	}
	return out
}

func Range(lo, hi int) []int {
	out := make([]int, hi-lo) // want `hi - lo is negative when hi < lo, and make panics`
	for i := range out {
		out[i] = lo + i
	}
	return out
}

func RangeInclusive(lo, hi int) []int {
	out := make([]int, 0, hi-lo+1) // want `hi - lo \+ 1 is negative when hi\+1 < lo, and make panics`
	for i := lo; i <= hi; i++ {
		out = append(out, i)
	}
	return out
}

func Diffs(xs []float64) []float64 {
	out := make([]float64, 0, len(xs)-1) // want `len\(xs\) - 1 is negative when xs is empty, and make panics`
	for i := 1; i < len(xs); i++ {
		out = append(out, xs[i]-xs[i-1])
	}
	return out
}

func Steps(xs []float64) []float64 {
	n := len(xs) - 1
	out := make([]float64, n) // want `n is negative when xs is empty, and make panics`
	for i := 1; i < len(xs); i++ {
		out[i-1] = xs[i] / xs[i-1]
	}
	return out
}

func Without(all, excluded []string) []string {
	out := make([]string, 0, len(all)-len(excluded)) // want `len\(all\) - len\(excluded\) is negative when len\(all\) < len\(excluded\), and make panics`
	for _, s := range all {
		if !slices.Contains(excluded, s) {
			out = append(out, s)
		}
	}
	return out
}

func WithoutKeys(m map[string]int, drop map[string]bool) []string {
	out := make([]string, 0, len(m)-len(drop)) // want `is negative when len\(m\) < len\(drop\)`
	for k := range m {
		if !drop[k] {
			out = append(out, k)
		}
	}
	return out
}

func Blocks(from, to uint64) []uint64 {
	out := make([]uint64, 0, to-from) // want `to - from wraps around to a huge number when to < from, and make panics`
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

func BlocksInt(from, to uint64) []uint64 {
	out := make([]uint64, 0, int(to-from)) // want `int\(to - from\) wraps around to a huge number when to < from`
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

func Every(start, end, step int) (out []int) {
	out = make([]int, 0, (end-start)/step+1) // want `is negative when end < start`
	for i := start; i < end; i += step {
		out = append(out, i)
	}
	return out
}

func Rest(dst, src []byte, skip int) []byte {
	dst = slices.Grow(dst, len(src)-skip) // want `len\(src\) - skip is negative when len\(src\) < skip, and slices.Grow panics`
	for i, b := range src {
		if i >= skip {
			dst = append(dst, b)
		}
	}
	return dst
}

func Buffered(prefix string, total int) string {
	var b strings.Builder
	b.Grow(total - len(prefix)) // want `total - len\(prefix\) is negative when total < len\(prefix\), and Grow panics`
	for b.Len() < total {
		b.WriteByte('x')
	}
	return b.String()
}

func BufferedBytes(total, used int) *bytes.Buffer {
	b := new(bytes.Buffer)
	b.Grow(total - used) // want `total - used is negative when total < used`
	return b
}

func Tokens(line string) []string {
	words := strings.Fields(line)
	args := make([]string, 0, len(words)-1) // want `is negative`
	for i, w := range words {
		if i > 0 {
			args = append(args, w)
		}
	}
	return args
}

type Page struct{ Offset, Limit int }

func (p *Page) Cut(rows []Item, from, to int) []Item {
	if len(rows) == 0 {
		return nil
	}
	res := make([]Item, 0, to-from) // want `to - from is negative when to < from`
	for i, r := range rows {
		if from <= i && i < to {
			res = append(res, r)
		}
	}
	return res
}

type Series struct{ values []float64 }

func (s *Series) Add(v float64) { s.values = append(s.values, v) }

func (s *Series) Deltas() []float64 {
	out := make([]float64, 0, len(s.values)-1) // want `len\(s.values\) - 1 is negative when s.values is empty, and make panics`
	for i := 1; i < len(s.values); i++ {
		out = append(out, s.values[i]-s.values[i-1])
	}
	return out
}

type Line struct{ Points []Item }

func (l Line) Segments() [][2]Item {
	out := make([][2]Item, 0, len(l.Points)-1) // want `is negative when l.Points is empty`
	for i := 1; i < len(l.Points); i++ {
		out = append(out, [2]Item{l.Points[i-1], l.Points[i]})
	}
	return out
}

func Half(lo, hi int, open bool) []int {
	if open {
		hi--
	}
	out := make([]int, 0, hi-lo) // want `hi - lo is negative`
	for i := lo; i < hi; i++ {
		out = append(out, i)
	}
	return out
}

func Default(xs []int, from, to int) []int {
	if to == 0 {
		to = len(xs)
	}
	out := make([]int, 0, to-from) // want `to - from is negative`
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

// Unexported: what the callers hand over decides.

func between(lo, hi int) []int {
	out := make([]int, 0, hi-lo) // want `hi - lo is negative for what a caller hands over`
	for i := lo; i < hi; i++ {
		out = append(out, i)
	}
	return out
}

func Between(a, b int) []int { return between(a, b) }

func room(n int) []int {
	return make([]int, 0, n) // want `n is negative for what a caller hands over`
}

func Between2(a, b int) []int {
	out := room(b - a)
	for i := a; i < b; i++ {
		out = append(out, i)
	}
	return out
}

func gaps(xs []int) []int {
	out := make([]int, 0, len(xs)-1) // want `len\(xs\) - 1 is negative for what a caller hands over`
	for i := 1; i < len(xs); i++ {
		out = append(out, xs[i]-xs[i-1])
	}
	return out
}

func Gaps(xs []int) []int {
	sort.Ints(xs)
	return gaps(xs)
}

func handle(w http.ResponseWriter, r *http.Request) {
	from, err := strconv.Atoi(r.FormValue("from"))
	if err != nil {
		return
	}
	to, err := strconv.Atoi(r.FormValue("to"))
	if err != nil || to > 1000 || from > 1000 {
		return
	}
	ids := make([]int, 0, to-from) // want `to - from is negative`
	for i := from; i < to; i++ {
		ids = append(ids, i)
	}
	_ = ids
}

func Generic[T any](xs []T, from, to int) []T {
	out := make([]T, 0, to-from) // want `to - from is negative when to < from`
	for i := from; i < to && i < len(xs); i++ {
		out = append(out, xs[i])
	}
	return out
}

func Queue(capacity, used int) chan Item {
	return make(chan Item, capacity-used) // want `capacity - used is negative when capacity < used, and make panics`
}

func InClosure(lo, hi int) func() []int {
	return func() []int {
		out := make([]int, 0, hi-lo) // want `hi - lo is negative when hi < lo`
		for i := lo; i < hi; i++ {
			out = append(out, i)
		}
		return out
	}
}

type Options struct{ From, To int }

func Picked(xs []string, o *Options) []string {
	out := make([]string, 0, o.To-o.From) // want `o.To - o.From is negative when o.To < o.From`
	for i := o.From; i < o.To && i < len(xs); i++ {
		out = append(out, xs[i])
	}
	return out
}

func Limited(xs []int, offset, limit int) []int {
	n := min(limit, len(xs)-offset)
	out := make([]int, 0, n) // want `n is negative when len\(xs\) < offset`
	for i := offset; i < len(xs) && len(out) < limit; i++ {
		out = append(out, xs[i])
	}
	return out
}

type Registry struct {
	mu   sync.Mutex
	all  map[string]int
	dead map[string]bool
}

func (r *Registry) Bury(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dead[name] = true
}

func (r *Registry) Living() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	live := make([]string, 0, len(r.all)-len(r.dead)) // want `len\(r.all\) - len\(r.dead\) is negative`
	for name := range r.all {
		if !r.dead[name] {
			live = append(live, name)
		}
	}
	return live
}

type Leases struct{ held, idle map[int]bool }

func (l *Leases) Drop(id int) { delete(l.held, id) }

func Busy(l *Leases) []int {
	busy := make([]int, 0, len(l.held)-len(l.idle)) // want `len\(l.held\) - len\(l.idle\) is negative`
	for id := range l.held {
		if !l.idle[id] {
			busy = append(busy, id)
		}
	}
	return busy
}

// Bar draws how many of a hundred are done.
func Bar(done int) string {
	if done == 100 {
		return strings.Repeat("=", 100)
	}
	return strings.Repeat("=", done) + ">" + strings.Repeat(" ", 100-done-1)
}

func RestOf(done int) string {
	if done == 10 {
		return ""
	}
	return strings.Repeat(" ", 100-done-1) // want `100 - done - 1 is negative when 99 < done, and strings.Repeat panics`
}
