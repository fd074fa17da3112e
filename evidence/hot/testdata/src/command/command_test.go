package main

import "testing"

// A test calls what the command calls once.
func Test(t *testing.T) {
	for range 100 {
		configure(nil)
	}
}
