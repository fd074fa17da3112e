// A constraint with a space is none:
// go:build windows

//go:build !race

package built
