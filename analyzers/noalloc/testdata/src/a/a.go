// Package a makes and breaks promises.
package a

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"b"
)

type point struct{ x, y int }

var (
	points []*point
	names  []string
	count  int
	table  = map[string]int{}
	mu     sync.Mutex
)

//heapvet:noalloc
func stores(n int) {
	points[0] = &point{n, n} // want `stores is marked noalloc, but allocates a value: &point{...} is allocated on the heap because`
}

//heapvet:noalloc
func onStack(n int) int {
	p := &point{n, n}
	return p.x + p.y
}

func silent(n int) { points[0] = &point{n, n} }

//heapvet:noalloc
func deep(n int) int {
	return b.Deep(n) // want `deep is marked noalloc, but calls b\.Deep, which calls b\.deeper \(b\.go:10\), which allocates a larger array for an append \(b\.go:17\)`
}

//heapvet:noalloc
func sums(list []int) int { return b.Sum(list) }

//heapvet:noalloc
func wrong(n int) (int, error) {
	k, err := b.Checked(n)
	if err != nil {
		return 0, fmt.Errorf("wrong: %w", err)
	}
	return k, nil
}

//heapvet:noalloc strict
func strictly(n int) (int, error) {
	k, err := b.Checked(n) // want `strictly is marked noalloc, but calls b\.Checked, which `
	return k, err
}

//heapvet:noalloc
func panics(n int) {
	if n < 0 {
		panic(fmt.Sprint("negative: ", n))
	}
	count = n
}

//heapvet:noalloc
func assumes(n int) {
	b.Assumed(n)
	b.Marked(n)
	b.Line(n)
	//heapvet:assume-noalloc the list is empty after start-up
	points = append(points, nil)
	names = append(names, "x") //heapvet:assume-noalloc there is room
}

//heapvet:noalloc
func baseless(n int) {
	//heapvet:assume-noalloc
	names = append(names, "x") // want `baseless is marked noalloc, but allocates a larger array for an append`
}

//heapvet:noalloc
func concat(x, y string) bool {
	s := x + y // want `concat is marked noalloc, but allocates a string for a concatenation`
	return s == "ab"
}

//heapvet:noalloc
func chans() {
	done := make(chan struct{}) // want `chans is marked noalloc, but allocates a channel`
	close(done)
}

//heapvet:noalloc
func starts() {
	go silent(1) // want `starts is marked noalloc, but starts a goroutine`
}

//heapvet:noalloc
func std(n int, s string) int {
	names[0] = strconv.Itoa(n) // want `std is marked noalloc, but calls strconv\.`
	k, _ := strconv.Atoi(s)
	mu.Lock()
	defer mu.Unlock()
	return k + strings.Index(s, "x") + table[s]
}

//heapvet:noalloc
func sets(s string) {
	table[s]++ // want `sets is marked noalloc, but allocates room in a map that grows`
}

var once sync.Once

//heapvet:noalloc
func first(n int) int {
	once.Do(func() {
		points = make([]*point, n)
	})
	return len(points)
}

//heapvet:noalloc
func clocks() int64 { return time.Now().UnixNano() }

//heapvet:noalloc
func clones(m map[string]int) {
	table = maps.Clone(m) // want `clones is marked noalloc, but calls maps\.Clone, which calls maps\.clone \(maps\.go:\d+\), which may allocate`
}

//heapvet:noalloc
func exits() {
	if count > 100 {
		fmt.Println("too many")
		os.Exit(1)
	}
}

//heapvet:noalloc
func sorts(list []int, s sort.Interface) {
	slices.Sort(list)
	sort.Sort(s) // want `sorts is marked noalloc, but calls sort\.Sort, which may allocate`
}

//heapvet:noalloc
func each(list []int) {
	b.Each(list, func(n int) { count += n })
	b.Each(list, add)
	b.Each(list, silent) // want `each is marked noalloc, but calls silent, which allocates a value \(a\.go:\d+\)`
}

func add(n int) { count += n }

//heapvet:noalloc
func given(f func(int)) {
	f(1) // want `given is marked noalloc, but calls a function value or an interface method, of which is not known whether it allocates`
}

//heapvet:noalloc
func hooked() {
	b.Hooked(1) // want `hooked is marked noalloc, but calls b\.Hooked, which calls a function value or an interface method \(b\.go:\d+\), of which is not known`
}

//heapvet:noalloc
func handles(h b.Handler, v b.Visitor) {
	h(1)
	v.Visit(1)
	v.Done() // want `handles is marked noalloc, but calls a function value or an interface method`
}

//heapvet:noalloc
func local(n int) int {
	f := func() int { return n }
	if n > 1 {
		f = func() int { return 2 * n }
	}
	return f() + f()
}

type tree struct{ left, right *tree }

//heapvet:noalloc
func (t *tree) depth() int {
	if t == nil {
		return 0
	}
	return 1 + max(t.left.depth(), t.right.depth())
}

type visitor struct{ last any }

func (v *visitor) Visit(n int) { v.last = n } // want `\(\*visitor\)\.Visit must not allocate \(it implements b\.Visitor\.Visit, which is marked noalloc\), but allocates`
func (v *visitor) Done()       { v.last = &point{} }

type calm struct{ n int }

func (c *calm) Visit(n int) { c.n = n }
func (c *calm) Done()       {}

var (
	_ b.Visitor = (*visitor)(nil)
	_ b.Visitor = (*calm)(nil)
)

func registers() {
	register(add)
	register(func(n int) { count = n })
	register(func(n int) { points[0] = &point{n, n} }) // want `the function literal must not allocate \(it is used as a b\.Handler, which is marked noalloc\), but allocates`
	register(boxes)
}

func boxes(n int) { last = n } // want `boxes must not allocate \(it is used as a b\.Handler, which is marked noalloc\), but allocates`

var last any

//go:noinline
func register(h b.Handler) { h(1) }

//heapvet:noalloc
func generic[T any](list []T, f func(T) bool) int { // want `generic is marked noalloc, but that is not verified`
	return slices.IndexFunc(list, f)
}

//heapvet:noalloc
func instantiated[T any](v T) *T {
	p := new(T) // want `instantiated is marked noalloc, but allocates a value`
	*p = v
	return p
}

var one = instantiated(1)

//heapvet:noalloc
func silenced(n int) {
	points[0] = &point{n, n} //nolint:noalloc
}

func asserts(n int) int {
	p := &point{n, n}        //gcassert:noescape
	points[0] = &point{n, n} //gcassert:noescape // want `noescape does not hold: &point{...} is allocated on the heap`
	//gcassert:noescape
	x := n // want `noescape does not hold: x is moved to the heap`
	last = &x
	k := small(n) //gcassert:inline
	k += large(n) //gcassert:inline // want `the call of large is not inlined, as inline says: `
	return p.x + k
}

func small(n int) int { return n + 1 }

//go:noinline
func large(n int) int { return n + 2 }
