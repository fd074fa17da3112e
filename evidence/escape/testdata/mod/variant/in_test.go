package variant

import "testing"

var kept any

func TestIn(t *testing.T) {
	x := 1 //@ var x: heap
	kept = &x
	kept = generic("x")
}
