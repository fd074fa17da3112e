package variant_test

import (
	"testing"

	"example.com/mod/variant"
)

var kept *int

func TestOut(t *testing.T) {
	x := 1 //@ var x: heap
	kept = &x
	kept = variant.Made(3) //@ inlined variant.Made(3): yes
}
