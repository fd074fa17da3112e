package cgo

func plain() *int {
	x := 1 //@ var x: heap; why x: x is moved to the heap because its address is returned (plain.go:5)
	return &x
}
