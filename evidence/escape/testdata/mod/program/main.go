// Program is a main package.
package main

import (
	"os"

	"example.com/mod/asm"
)

type T struct{ n int }

var ptr *T

func main() {
	x := T{len(os.Args)} //@ var x: heap
	ptr = &x
	_ = asm.Leak(1) //@ inlined asm.Leak(1): yes
}
