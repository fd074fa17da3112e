package negative

import (
	"errors"
	"fmt"
	"io"
	"math/rand"
	"slices"
	"sort"
	"strings"
)

func guarded(lo, hi int) ([]int, error) {
	if hi < lo {
		return nil, errors.New("empty range")
	}
	return make([]int, 0, hi-lo), nil
}

func Guarded(lo, hi int) ([]int, error) { return guarded(lo, hi) }

func GuardedIf(lo, hi int) []int {
	if lo <= hi {
		return make([]int, hi-lo)
	}
	return nil
}

func GuardedStrictly(lo, hi int) []int {
	if lo >= hi {
		return nil
	}
	return make([]int, 0, hi-lo)
}

func GuardedOr(xs []int, lo, hi int) []int {
	if lo < 0 || hi > len(xs) || lo > hi {
		panic("out of range")
	}
	return make([]int, 0, hi-lo)
}

func GuardedSwitch(lo, hi int) []int {
	switch {
	case hi < lo:
		return nil
	case hi == lo:
		return []int{lo}
	}
	return make([]int, 0, hi-lo)
}

func GuardedNot(lo, hi int) []int {
	if !(lo <= hi) {
		return nil
	}
	return make([]int, 0, hi-lo)
}

func Swapped(lo, hi int) []int {
	if lo > hi {
		lo, hi = hi, lo
	}
	return make([]int, 0, hi-lo)
}

func Clamped(lo, hi int) []int {
	if hi < lo {
		hi = lo
	}
	return make([]int, 0, hi-lo)
}

func Clamped2(lo, hi int) []int {
	n := hi - lo
	if n < 0 {
		n = 0
	}
	return make([]int, 0, n)
}

func Clamped3(lo, hi int) []int { return make([]int, 0, max(0, hi-lo)) }

func Clamped4(lo, hi int) []int { return make([]int, 0, max(lo, hi)-min(lo, hi)) }

func Clamped5(xs []int, off int) []int {
	off = min(off, len(xs))
	return make([]int, 0, len(xs)-off)
}

func NotEmpty(xs []int) []int {
	if len(xs) == 0 {
		return nil
	}
	return make([]int, 0, len(xs)-1)
}

func NotEmpty2(xs []int) []int {
	if len(xs) < 2 {
		return nil
	}
	return make([]int, 0, len(xs)-2)
}

func NotEmpty3(s string) []byte {
	if s == "" {
		return nil
	}
	return make([]byte, 0, len(s)-1)
}

func NotEmpty4(xs []int) []int {
	first := xs[0]
	out := make([]int, 0, len(xs)-1)
	for _, x := range xs {
		if x != first {
			out = append(out, x)
		}
	}
	return out
}

func NotEmpty5(xs []int) []int {
	rest := make([]int, len(xs)-1)
	copy(rest, xs[1:])
	return rest
}

func NotEmpty6(xs []int) (out [][]int) {
	for i := range xs {
		rest := make([]int, 0, len(xs)-1)
		rest = append(rest, xs[:i]...)
		out = append(out, append(rest, xs[i+1:]...))
	}
	return out
}

func NotEmpty7(s string) []string {
	parts := strings.Split(s, ",")
	return make([]string, 0, len(parts)-1)
}

func Contract(s []byte, lo, hi int) []byte {
	out := make([]byte, hi-lo)
	copy(out, s[lo:hi])
	return out
}

func Prefix(s, prefix string) []byte {
	if !strings.HasPrefix(s, prefix) {
		return nil
	}
	return make([]byte, 0, len(s)-len(prefix))
}

func Cut(s, prefix string) []byte {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return nil
	}
	return append(make([]byte, 0, len(s)-len(prefix)), rest...)
}

func Trimmed(s string) []byte {
	t := strings.TrimSpace(s)
	return make([]byte, 0, len(s)-len(t))
}

func After(s string) []byte {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return nil
	}
	return make([]byte, 0, len(s)-i-1)
}

func Found(xs []int, x int) []int {
	i := sort.SearchInts(xs, x)
	return make([]int, 0, len(xs)-i)
}

func Found2(xs []int, x int) []int {
	i, _ := slices.BinarySearch(xs, x)
	return make([]int, 0, len(xs)-i)
}

func Counted(xs []int) []int {
	odd := 0
	for _, x := range xs {
		if x%2 == 1 {
			odd++
		}
	}
	return make([]int, 0, len(xs)-odd)
}

func Spare(xs []int) []int { return make([]int, cap(xs)-len(xs)) }

func Copied(dst, src []byte) []byte {
	n := copy(dst, src)
	return make([]byte, len(src)-n)
}

func Read(r io.Reader, buf []byte) []byte {
	n, _ := r.Read(buf)
	return make([]byte, len(buf)-n)
}

func Loop(n int) (out [][]int) {
	for i := 0; i < n; i++ {
		out = append(out, make([]int, n-i))
	}
	return out
}

func LoopDown(xs []int) (out [][]int) {
	for i := len(xs) - 1; i >= 0; i-- {
		out = append(out, make([]int, len(xs)-i))
	}
	return out
}

func Ranged(xs []int) (out [][]int) {
	for i := range xs {
		out = append(out, make([]int, 0, len(xs)-i-1))
	}
	return out
}

func RangedInt(n int) (out [][]int) {
	for i := range n {
		out = append(out, make([]int, 0, n-i))
	}
	return out
}

func Halves(xs []int) ([]int, []int) {
	mid := len(xs) / 2
	return make([]int, mid), make([]int, len(xs)-mid)
}

func Random(n int) []int {
	if n <= 0 {
		return nil
	}
	k := rand.Intn(n)
	return make([]int, n-k)
}

func Checked(lo, hi int) ([]int, error) {
	if err := check(lo, hi); err != nil {
		return nil, err
	}
	return make([]int, 0, hi-lo), nil
}

func check(lo, hi int) error {
	if hi < lo {
		return fmt.Errorf("bad range %d-%d", lo, hi)
	}
	return nil
}

func Must(lo, hi int) []int {
	mustOrder(lo, hi)
	return make([]int, 0, hi-lo)
}

func mustOrder(lo, hi int) {
	if hi < lo {
		panic("bad range")
	}
}

func Valid(lo, hi int) []int {
	if ok := lo < hi && lo >= 0; !ok {
		return nil
	}
	return make([]int, 0, hi-lo)
}

type span struct{ start, end int }

func (s span) Ints() []int { return make([]int, 0, s.end-s.start) }

type Span struct{ Start, End int }

func (s Span) Ints() []int { return make([]int, 0, s.End-s.Start) }

func helper(lo, hi int) []int { return make([]int, 0, hi-lo) }

func Constants() []int { return append(helper(2, 5), helper(0, 9)...) }

func Small(a, b uint8) []int { return make([]int, a-b) }

func Hint(a, b int) map[int]int { return make(map[int]int, a-b) }

func tail(xs []int) []int { return make([]int, 0, len(xs)-1) }

func Tail(xs []int) []int {
	if len(xs) == 0 {
		return nil
	}
	return tail(xs)
}

func Tail2() []int { return tail([]int{1, 2, 3}) }

type stack struct{ frames []int }

func newStack() *stack { return &stack{frames: []int{0}} }

func (s *stack) push(x int) { s.frames = append(s.frames, x) }

func (s *stack) Below() []int { return make([]int, 0, len(s.frames)-1) }

func Padding(n int) []byte {
	const align = 8
	return make([]byte, align-n%align)
}

func Grown(s []byte, n int) []byte {
	if n -= cap(s) - len(s); n > 0 {
		s = append(s[:cap(s)], make([]byte, n)...)[:len(s)]
	}
	return s
}

func Resize(s []int, n int) []int {
	if d := n - len(s); d > 0 {
		s = append(s, make([]int, d)...)
	}
	return s
}

func Labels(xs []int, from int) (out []int) {
loop:
	for i := from; ; i++ {
		switch {
		case i >= len(xs):
			break loop
		default:
			out = append(make([]int, 0, len(xs)-i), out...)
		}
	}
	return out
}

func Removed(xs []string, x string) []string {
	if i := slices.Index(xs, x); i >= 0 {
		out := make([]string, 0, len(xs)-1)
		out = append(out, xs[:i]...)
		return append(out, xs[i+1:]...)
	}
	return xs
}

func Base(s string) []byte {
	i := strings.LastIndex(s, "/")
	return make([]byte, 0, len(s)-(i+1))
}

func Chunks(total, size int) (out [][]int) {
	for start := 0; start < total; start += size {
		end := start + size
		if end > total {
			end = total
		}
		out = append(out, make([]int, end-start))
	}
	return out
}

// Only what is there is marked, and what goes away is unmarked.

type Marks struct{ all, marked map[string]bool }

func (m *Marks) Mark(name string) {
	if m.all[name] {
		m.marked[name] = true
	}
}

func (m *Marks) Remove(name string) {
	delete(m.all, name)
	delete(m.marked, name)
}

func (m *Marks) Rest() []string {
	rest := make([]string, 0, len(m.all)-len(m.marked))
	for name := range m.all {
		if !m.marked[name] {
			rest = append(rest, name)
		}
	}
	return rest
}

// What is called first may check it.

type Jobs struct{ all, done map[int]bool }

func (j *Jobs) known(id int) { _ = j.all[id] }

func (j *Jobs) Finish(id int) {
	j.known(id)
	j.done[id] = true
}

func (j *Jobs) Left() []int { return make([]int, 0, len(j.all)-len(j.done)) }

// Only this package says what is done, and when.

type Stages struct{ all, done map[int]bool }

func (s *Stages) finish(id int) { s.done[id] = true }

func (s *Stages) Run() {
	for id := range s.all {
		s.finish(id)
	}
}

func (s *Stages) Left() []int { return make([]int, 0, len(s.all)-len(s.done)) }

// A function that slices by its parameters on one way takes them to be in order on the
// others.
func Splice(into *strings.Builder, ascii string, wide []rune, from, to int) {
	if ascii != "" {
		into.WriteString(ascii[from:to])
		return
	}
	into.Grow(to - from + 1)
	for i := from; i < to; i++ {
		into.WriteRune(wide[i])
	}
}
