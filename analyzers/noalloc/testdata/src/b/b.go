// Package b is what package a calls and what it implements.
package b

import (
	"errors"
	"fmt"
)

// Deep is one call away from what allocates.
func Deep(n int) int { return deeper(n) }

//go:noinline
func deeper(n int) int {
	if n < 0 {
		panic(fmt.Sprintf("negative: %d", n))
	}
	kept = append(kept, n)
	return n
}

var kept []int

//go:noinline
func Sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// Checked allocates only if something is wrong.
//
//go:noinline
func Checked(n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("negative: %d", n)
	}
	if n > 100 {
		return 0, errors.New("large")
	}
	return n, nil
}

// Assumed grows a list that its author knows to be large enough.
//
//heapvet:assume-noalloc the list has room for all
//go:noinline
func Assumed(n int) { kept = append(kept, n) }

// Marked is checked here.
//
//heapvet:noalloc
//go:noinline
func Marked(n int) { kept[0] = n }

// Line assumes one line.
//
//go:noinline
func Line(n int) {
	kept = append(kept, n) //heapvet:assume-noalloc the list has room for all
}

// Each calls f, for which its callers answer.
//
//go:noinline
func Each(list []int, f func(int)) {
	for _, x := range list {
		f(x)
	}
}

// Hooked calls what somebody has set.
//
//go:noinline
func Hooked(n int) { hook(n) }

var hook = func(int) {}

// A Visitor is told of numbers.
type Visitor interface { //heapvet:noalloc is not here
	// Visit must not allocate.
	//
	//heapvet:noalloc
	Visit(n int) // want Visit:"noalloc"
	Done()
}

// A Handler must not allocate.
//
//heapvet:noalloc
type Handler func(n int) // want Handler:"noalloc"
