//go:build ignore

// proof: allocs

package main

type visitor interface{ visit(func(int) bool) }

type list []int

func (l list) visit(f func(int) bool) {
	for _, x := range l {
		if !f(x) {
			return
		}
	}
}

var lists = make([]visitor, 100)

//heapvet:hot
//go:noinline
func count(lists []visitor, limit int) (n int) {
	for _, l := range lists {
		l.visit(func(x int) bool {
			n++
			return x < limit
		})
	}
	return n
}

func run() {
	if count(lists, 3) != 200 {
		panic("miscounted")
	}
}

func init() {
	for i := range lists {
		lists[i] = list{1, 2}
	}
}

func main() {
	for range 3 {
		run()
	}
}
