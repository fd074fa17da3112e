// Package c holds what came with Go 1.26.
package c

var num *int

func fresh(n int) {
	num = new(n + 1) //@ expr new(n + 1): heap
	p := new(n + 2)  //@ expr new(n + 2): unknown
	_ = *p
}
