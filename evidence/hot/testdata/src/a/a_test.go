package a

import "testing"

func TestMark(t *testing.T) {
	for range 1000 {
		mark() // want "cold"
	}
}
