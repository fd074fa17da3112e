// Package asm has a function without a body.
package asm

func Nothing()

func Leak(n int) *int { return &n }

func call(n int) {
	Nothing()
	ptr = Leak(n) //@ inlined Leak(n): yes
	x := n        //@ var x: stack
	_ = x
}

var ptr *int
