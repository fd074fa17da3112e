// Package cgo has its positions changed by the cgo tool.
package cgo

// static int twice(int n) { return 2 * n; }
import "C"

var ptr *int

func Twice(n int) *int {
	x := int(C.twice(C.int(n))) //@ var x: heap; compiled x: yes
	y := n                      //@ var y: stack
	ptr = new(int)              //@ expr new(int): heap
	s := make([]int, 3)         //@ expr make([]int, 3): stack
	_, _ = y, s
	return &x
}
