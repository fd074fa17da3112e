// Package a has one expression of each kind on a line, and what the machine code
// shows of it.
package a

import (
	"io"
	"strconv"
)

type pair struct{ x, y int }

var (
	sink     any
	pairs    []*pair
	texts    []string
	numbers  []int
	channels []chan int
	writer   io.Writer
	table    map[string]int
)

func kept(a, b string) {
	texts = append(texts[:0], a+b) // want `concat: confirmed` `append: conditional$`
}

func compared(a, b string) bool {
	s := a + b // want `concat: conditional over 32`
	return s == "x"
}

func constant() string {
	return "a" + "b"
}

func looked(b []byte) int {
	return table[string(b)] // want `conversion: refuted`
}

func named(b []byte) int {
	k := string(b) // want `conversion: conditional over 32`
	n := table[k]
	return n + len(k)
}

func ranged(s string) (n int) {
	for range []byte(s) { // want `conversion: refuted`
		n++
	}
	return n
}

func written(s string) {
	writer.Write([]byte(s)) // want `conversion: confirmed`
}

func waited() {
	done := make(chan int)      // want `make: confirmed`
	go func() { close(done) }() // want `literal: confirmed`
	<-done
}

func joined(list []string) (s string) {
	for _, x := range list {
		s += x // want `concat: c`
	}
	return s
}

func local() int {
	p := &pair{1, 2} // want `literal: refuted`
	return p.x + p.y
}

func stored() {
	pairs[0] = &pair{1, 2} // want `literal: confirmed`
}

func sized(n int) int {
	list := make([]int, n) // want `make: conditional over 32`
	for i := range list {
		list[i] = i
	}
	return len(list)
}

func small() int {
	list := make([]int, 4) // want `make: refuted`
	list[3] = 1
	return list[3]
}

func grown(n int) []int {
	numbers = append(numbers, n) // want `append: conditional$`
	return numbers
}

func boxed(n int) {
	sink = any(n) // want `conversion: confirmed`
}

func boxedConstant() {
	sink = any(pair{1, 2}) // want `conversion: refuted`
}

func counted() map[string]int {
	m := map[string]int{} // want `literal: confirmed`
	return m
}

func helper(n int) *pair { return &pair{n, n} } // want `literal: confirmed`

// What helper makes stays on the stack where it is inlined.
func inlines(n int) int {
	p := helper(n)
	return p.x
}

func generic[T any](v T) *T {
	p := new(T) // want `new: confirmed`
	*p = v
	return p
}

var instance = generic(1)

func never[T any](v T) *T {
	p := new(T) // want `new: unverified`
	*p = v
	return p
}

func two(a, b string) {
	texts[0], sink = a+b, strconv.Itoa(len(b+a)) // want `concat: confirmed` `concat: conditional over 32`
}

func reads(f func(*pair)) {
	var p pair
	f(&p)
}
