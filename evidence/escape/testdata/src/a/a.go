// Package a holds one of every construct about which the compiler has a say.
package a

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"b"
)

type T struct{ a, b int }

func (t *T) P() int { return t.a }
func (t T) V() int  { return t.a }

type (
	Text  string
	Bytes []byte
)

var (
	any1 any
	ptr  *T
	ptrs []*T
	ints []int
	num  *int
	fun  func() int
)

func variables(n int) *int { //@ var n: stack
	x := n   //@ var x: heap; why x: x is moved to the heap because its address is returned (a.go:37)
	y := n   //@ var y: heap
	num = &y //@ expr &y: unknown
	_ = y
	return &x
}

func stays(n int) int {
	y := n //@ var y: stack; compiled y: yes
	p := &y
	return *p
}

func parameter(n int) *int { return &n } //@ box n: unknown

func literals(n int) {
	ptr = &T{n, 2}                        //@ expr &T{n, 2}: heap; why &T{n, 2}: &T{...} is allocated on the heap because it is stored in ptr (a.go:49)
	t := &T{n, 4}                         //@ expr &T{n, 4}: stack; why &T{n, 4}: nothing
	_ = t.a                               //
	ints = []int{1, 2, n}                 //@ expr []int{1, 2, n}: heap
	m := map[string]int{"a": n}           //@ expr map[string]int{"a": n}: stack
	_ = m                                 //
	v := T{n, n}                          //@ expr T{n, n}: unknown
	_ = v                                 //
	ptrs = []*T{{n, n}}                   //@ expr []*T{{n, n}}: heap; expr {n, n}: heap
	any1 = []int{n}                       //@ expr []int{n}: heap; box []int{n}: heap
	any1 = map[string]int{"a": n}         //@ expr map[string]int{"a": n}: heap; box map[string]int{"a": n}: free
	any1 = T{n, n}                        //@ expr T{n, n}: unknown; box T{n, n}: heap
	any1 = T{1, 2}                        //@ box T{1, 2}: free
	_, _ = (&T{n, 1}), [3]T{{1, n}}[0].a  //@ expr (&T{n, 1}): stack
	any1 = []any{n, "x", &T{n, n}, T{}.a} //@ box n: heap; box "x": free; box &T{n, n}: free; expr &T{n, n}: heap
}

func built(n int) {
	ptr = new(T)             //@ expr new(T): heap
	p := new(int)            //@ expr new(int): stack
	_ = *p                   //
	ints = make([]int, n)    //@ expr make([]int, n): heap
	x := make([]int, 10)     //@ expr make([]int, 10): stack
	y := make([]int, n)      //@ expr make([]int, n): stack
	z := make([]struct{}, n) //@ expr make([]struct{}, n): free
	c := make(chan int)      //@ expr make(chan int): unknown
	_, _, _, _ = x, y, z, c
	big := make([]byte, 1<<20) //@ expr make([]byte, 1<<20): heap; why make([]byte, 1<<20): make([]byte, 1048576) is allocated on the heap because it is too large for the stack
	_ = big
	var huge [1 << 20]byte //@ var huge: heap; why huge: huge is moved to the heap because it is too large for the stack
	_ = huge[n]
	any1 = make([]int, n)        //@ expr make([]int, n): heap; box make([]int, n): heap
	any1 = append([]int(nil), n) //@ expr append([]int(nil), n): heap; box append([]int(nil), n): heap
}

func grown(n int) []int {
	var s, t []int
	for i := range n {
		s = append(s, i) //@ expr append(s, i): heap; why append(s, i): the array behind the append is allocated on the heap because it is returned (a.go:91)
		t = append(t, i) //@ expr append(t, i): stack
	}
	_ = t
	return s
}

func literalsOfFunctions(n int, t *T) { //@ var n: heap; var t: stack; why n: n is moved to the heap because a function literal that may outlive it captures it (a.go:100); related n: 100:21 here a function literal that may outlive it captures it
	fun = func() int { return t.a } //@ expr func() int { return t.a }: heap; compiled t.a: yes
	fun = t.P                       //@ expr t.P: heap; why t.P: t.P is allocated on the heap because it is stored in fun (a.go:96); related t.P: 96:6 here it is stored in fun
	fun = (*t).V                    //@ expr (*t).V: heap
	g := t.P                        //@ expr g: unknown; expr t.P: stack
	_ = g()
	fun = func() int { n++; return n }             //@ expr func() int { n++; return n }: heap
	h := func() int { m := n; num = &m; return 1 } //@ var m: unknown; compiled m: no
	h()
	defer func() { m := n; num = &m }() //@ var m: heap
	func() {
		m := n //@ var m: unknown
		num = &m
	}()
}

func boxes(n int, s string, raw []byte, t T, e error, p *T, a []int, m map[string]int, b byte, f func(), ok bool) {
	fmt.Println(n, s, raw, t)            //@ box n: heap; why n: n is copied to the heap because it is passed to fmt.Println (a.go:111); box s: heap; box raw: heap; box t: heap; expr fmt.Println(n, s, raw, t): stack
	fmt.Println(e, p, f, b, ok)          //@ box e: free; box p: free; box f: free; box b: free; box ok: free
	fmt.Println(a[0], m["x"], t.a, *p)   //@ box a[0]: heap; box m["x"]: heap; box t.a: heap; box *p: heap
	fmt.Println(n+1, s+"x", -n, (n))     //@ box n+1: heap; box s+"x": heap; expr s+"x": heap; box -n: heap; box (n): heap
	fmt.Println(p.V(), a[1:], int64(n))  //@ box p.V(): heap; why p.V(): the result is copied to the heap because it is passed to fmt.Println (a.go:115); box a[1:]: heap; box int64(n): heap
	fmt.Println("c", 1, 'c', true, T{})  //@ box "c": free; box 1: free; box 'c': free; box T{}: free
	fmt.Println(string(raw), []byte(s))  //@ box string(raw): heap; expr string(raw): heap; box []byte(s): heap; expr []byte(s): heap; why []byte(s): []byte(s) is allocated on the heap because it is converted to an interface (a.go:117)
	fmt.Println(struct{}{}, len(s), nil) //@ box struct{}{}: free; box len(s): heap; box nil: free
	fmt.Println(any1.(T), call(n))       //@ box any1.(T): heap; box call(n): heap; inlined call(n): yes
	any1 = any(n)                        //@ expr any(n): heap; why n: any(n) is copied to the heap because it is stored in any1 (a.go:120)
	var i any = n                        //@ box n: stack
	_ = i
	c := 1000
	any1 = c //@ box c: free
	k := T{1, 2}
	any1 = k //@ box k: unknown
	c2 := n
	any1 = c2 //@ box c2: heap
}

func call(n int) int { return n + 1 }

func conversions(s string, raw []byte, w io.Writer, sb *strings.Builder, x Text) string {
	w.Write([]byte(s))    //@ expr []byte(s): heap; why []byte(s): []byte(s) is allocated on the heap because it is passed to w.Write, an interface method (a.go:134)
	w.Write(Bytes(x))     //@ expr Bytes(x): heap
	sb.Write([]byte(s))   //@ expr []byte(s): free
	_ = []rune(s)         //@ expr []rune(s): stack
	any1 = Text(raw)      //@ expr Text(raw): heap; box Text(raw): heap
	for range []byte(s) { //@ expr []byte(s): free
	}
	if string(raw) == s { //@ expr string(raw): stack
		return ""
	}
	return string(raw) //@ expr string(raw): heap
}

func concatenations(a, b string) string {
	any1 = a + b      //@ expr a + b: heap; box a + b: heap
	c := a + b + a    //@ expr a + b + a: stack; expr a + b: unknown
	_ = "a" + "b"     //@ expr "a" + "b": free
	_ = []byte(a + b) //@ expr a + b: stack; expr []byte(a + b): free
	if c == a {
		c += b
	}
	return a + c //@ expr a + c: heap
}

func buffer(r io.Reader) {
	var buf [64]byte //@ var buf: heap; why buf: buf is moved to the heap because its address is passed to r.Read, an interface method (a.go:160); related buf: 160:12 here it is sliced > 160:8 here it is passed to r.Read, an interface method
	r.Read(buf[:])
}

func handed(f func(*int)) {
	var x int //@ var x: heap; why x: x is moved to the heap because its address is passed to f, a function value (a.go:165)
	f(&x)
}

func variadic(args ...any) int     { return len(args) }
func passes(args ...any)           { fmt.Println(args...) }
func pointers(args ...*int) []*int { return args }
func fresh() *T                    { return &T{9, 9} }   //@ expr &T{9, 9}: heap
func inner(n int) *int             { x := n; return &x } //@ var x: heap
func outer(n int) int              { return *inner(n) }  //@ inlined inner(n): yes

func callers(n int) {
	ptr = fresh()     //@ inlined fresh(): yes; expr fresh(): unknown; why fresh(): &T{...} is allocated on the heap because it is stored in ptr (a.go:176)
	_ = fresh().a     //@ inlined fresh(): yes; why fresh(): nothing
	_ = variadic(n)   //@ expr variadic(n): stack; box n: stack
	passes(n, "x")    //@ expr passes(n, "x"): stack; box n: heap; box "x": free
	any1 = fresh().a  //@ box fresh().a: heap
	ptr2 := b.Make(n) //@ inlined b.Make(n): yes; var ptr2: stack
	_ = ptr2
	any1 = pointers(num)    //@ expr pointers(num): heap; box pointers(num): heap
	any1 = errors.New("x")  //@ inlined errors.New("x"): yes; box errors.New("x"): free
	any1 = b.Shape(n)       //@ box b.Shape(n): free
	any1 = b.Shape[uint](7) //@ box b.Shape[uint](7): free
}

func generic[E any](e E) *E {
	x := e      //@ var x: heap; compiled x: yes
	s := []E{x} //@ expr []E{x}: stack
	_ = s
	return &x
}

func never[E any](e E) *E {
	x := e //@ var x: unknown; compiled x: no; compiled e: no
	return &x
}

type Box[E any] struct{ e E }

func (b *Box[E]) Used() *E {
	x := b.e //@ var x: heap; compiled x: yes
	return &x
}

type Lone[E any] struct{ e E }

func (l *Lone[E]) Unused() *E {
	x := l.e //@ var x: unknown; compiled x: no
	return &x
}

func instances() {
	any1 = generic(1)
	any1 = generic("x")
	var b Box[int]
	any1 = b.Used()
}

func ranges(xs []T) (out []*T) {
	for i, x := range xs { //@ var x: heap; var i: stack; why x: x is moved to the heap because its address is appended to out (a.go:225)
		_ = i
		out = append(out, &x)
	}
	return
}

func statements(c chan any, n int) {
	c <- n //@ box n: heap
	switch any1 {
	case n: //@ box n: stack
	}
	any1 = map[any]any{n: len(ints)} //@ box n: heap; box len(ints): heap
	switch x := any1.(type) {        //@ var x: unknown
	case int:
		any1 = &x
	}
}

func deferred(xs []int) {
	for _, x := range xs {
		defer fmt.Println(x)      //@ box x: heap
		go fmt.Println(x)         //@ box x: heap
		go func() { ptr.a = x }() //@ expr func() { ptr.a = x }: heap
	}
}

func key(m map[string]int, raw []byte) {
	_ = m[string(raw)] //@ expr string(raw): stack
	m[string(raw)]++   //@ expr string(raw): heap
}

func few(yield func(int) bool) {
	for i := range 3 {
		defer println()
		if !yield(i) {
			return
		}
	}
}

func sequence(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func overFunc() (s []*int) {
	for x := range few {
		y := x            //@ var y: heap; compiled y: yes
		z := x            //@ var z: stack
		s = append(s, &y) //@ expr append(s, &y): heap
		_ = z
	}
	for x := range sequence(2) {
		y := x            //@ var y: unknown; compiled y: no
		s = append(s, &y) //@ expr append(s, &y): unknown
	}
	return
}

func result() any            { return 5 }      //@ box 5: free
func two(n int) (any, error) { return n, nil } //@ box n: heap; box nil: free

func _() {
	x := 1 //@ var x: unknown; compiled x: no
	num = &x
}

func init() {
	x := 1 //@ var x: heap; compiled x: yes
	num = &x
}

func dead() {
	if false {
		ptr = &T{1, 2} //@ expr &T{1, 2}: unknown
	}
}

func far(n int) {
	_ = "a very long line, at whose end the compiler cannot say any more which column it means, so that whatever it says about the end of this line could be about anything else that is beyond the two hundred and fifty-fourth byte of it, and so is worth nothing"
	x := n
	num = &x //@ var x: unknown
}

var (
	_      = &T{1, 2}                            //@ compiled &T{1, 2}: yes
	global = map[string][]int{"a": {1, 2}}       //@ expr map[string][]int{"a": {1, 2}}: heap
	make1  = func() *int { x := 1; return &x }   //@ var x: heap; compiled x: yes
	made   = func() *int { x := 1; return &x }() //@ var x: unknown
)

// The verdict depends on the type argument.
func sized[E any](n int) int {
	var x E        //@ var x: unknown
	p := new(E)    //@ expr new(E): unknown; var p: stack
	s := []E{x, x} //@ expr []E{x, x}: stack
	_, _ = p, s
	return n + cap(append(s, *p))
}

func sizes() int { return sized[int](1) + sized[[1 << 18]byte](2) }
