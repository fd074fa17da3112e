// Package embedded has files embedded into it.
package embedded

import "embed"

//go:embed data.txt "with space.txt"
var FS embed.FS

//go:embed *.txt
var all embed.FS

//go:embed `data.txt`
var text string

func Text() *string {
	x := text //@ var x: heap
	_ = all
	return &x
}
