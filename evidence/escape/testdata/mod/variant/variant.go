// Package variant has tests of both kinds.
package variant

func Made(n int) *int {
	x := n //@ var x: heap; compiled x: yes
	return &x
}

func generic[E any](e E) *E {
	x := e //@ compiled x: yes; var x: heap
	return &x
}
