// Package lines is in part generated from another file.
package lines

var ptr *int

func before(n int) {
	x := n //@ var x: heap
	ptr = &x
}

//line grammar.y:100
func within(n int) {
	x := n //@ var x: heap
	ptr = &x
	y := n                           //@ var y: stack
	s, p := make([]int, 3), new(int) //@ expr make([]int, 3): stack; expr new(int): heap
	ptr = p
	_, _ = y, s
}

//line with space@v1-2.y:7:3
func columns(n int) {
	x := n //@ var x: heap
	ptr = &x
}

//line lines.go:30:1
func after(n int) {
	x := n //@ var x: heap
	ptr = &x
}
