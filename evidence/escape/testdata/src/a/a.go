package a

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

type T struct{ a, b int }

func (t *T) P() int { return t.a }
func (t T) V() int  { return t.a }

var sink any
var sinkp *T
var sinks []int
var sinkf func() int

func moved() *int { x := 1; return &x }
func param(x int) *int { return &x }

func lits(n int) {
	sinkp = &T{1, 2} //@ expr &T{1, 2}: heap; why &T{1, 2}: &T{...} is allocated on the heap because it is stored in sinkp (a.go:25)
	t := &T{3, 4}
	_ = t.a
	sinks = []int{1, 2, n}
	m := map[string]int{"a": n}
	_ = m
	sink = T{n, n}
	sink = []int{n}
	sink = map[string]int{"a": n}
}

func newmake(n int) {
	sinkp = new(T)
	sinks = make([]int, n)
	x := make([]int, 10)
	_ = x
	y := make([]int, n)
	_ = y[0]
	c := make(chan int)
	_ = c
	big := make([]byte, 1<<20)
	_ = big
	var huge [1 << 20]byte
	_ = huge[n]
	z := make([]struct{}, n)
	_ = z
}

func app(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	var t []int
	for i := range n {
		t = append(t, i)
	}
	_ = t
	return s
}

func closures(n int, t *T) {
	sinkf = func() int { return n }
	f := func() int { return n }
	f()
	sinkf = t.P
	sinkf = (*t).V
	n++
	sinkf = func() int { n++; return n }
	g := t.P
	_ = g()
}

func boxing(n int, s string, b []byte, t T, e error, p *T, a []int, m map[string]int) {
	fmt.Println(n, s, b, t, e, p, a[0], m["x"], t.a, n+1, s+"x", p.V(), []int{1}, T{1, 2}, "const", 1, 'c', true, struct{}{}, -n, (n), string(b), []byte(s), int64(n), *p, a[1:], len(s), func() {})
	sink = n
	var i any = n
	_ = i
	sink = any(n)
	sink = fmt.Stringer(nil)
}

func conv(s string, b []byte, w io.Writer, sb *strings.Builder) string {
	w.Write([]byte(s))
	sb.Write([]byte(s))
	x := string(b)
	y := []rune(s)
	_ = y
	for range []byte(s) {
	}
	if string(b) == s {
		return ""
	}
	return x
}

func concat(a, b string) string {
	sink = a + b
	c := a + b + a
	if a+b == c {
		return ""
	}
	s := ""
	s += a
	return a + s
}

func ibuf(r io.Reader) {
	var buf [64]byte
	r.Read(buf[:])
}

func fn(f func(*int)) { var x int; f(&x) }

func inl() *T { return &T{9, 9} }
func variad(a ...any) int { return len(a) }
func variad2(a ...any) { fmt.Println(a...) }

func callers(n int) {
	sinkp = inl()
	t := inl()
	_ = t.a
	_ = variad(n)
	variad2(n, "x")
	sink = inl().a
	err := errors.New("x")
	sink = err
	_ = strconv.Itoa(n)
	_ = fmt.Errorf("x %d", n)
}

func gen[E any](e E) *E { return &e }
func genu[E any](e E) *E { return &e }

type G[E any] struct{ e E }

func (g *G[E]) M() *E { x := g.e; return &x }

func usegen() { sink = gen(1); sink = gen("x"); var g G[int]; sink = g.M() }

func rangev(xs []T) (out []*T) {
	for _, x := range xs {
		out = append(out, &x)
	}
	return
}

func deferred(xs []int) {
	for _, x := range xs {
		defer fmt.Println(x)
		go fmt.Println(x)
		go func() { sinkp.a = x }()
	}
}

func mapput(m map[string]int, b []byte) {
	m[string(b)]++
	_ = m[string(b)]
	k := string(b)
	m[k] = 1
}

func seq(n int) func(func(int) bool) {
	return func(y func(int) bool) {
		for i := range n {
			if !y(i) {
				return
			}
		}
	}
}
func rof() (s []*int) {
	for x := range seq(3) {
		s = append(s, &x)
	}
	return
}

func _() { x := 1; sink = &x }
func init() { x := 1; sink = &x }

var pkgv = &T{1, 2}
var pkgf = func() *T { return &T{} }
var pkgm = map[string][]int{"a": {1, 2}}
func ret() any { return 5 }
func ret2(n int) (any, error) { return n, nil }
func sendb(c chan any, n int) { c <- n; switch sink { case n: }; m := map[any]any{n: n}; _ = m; a := []any{n}; _ = a }
