//go:build ignore

// proof: behaviour

package main

import "strings"

func lower(s string) []byte {
	b := []byte(s)
	for i := range b {
		b[i] |= 0x20
	}
	return b
}

func run() string {
	name := strings.Repeat("A", 3)
	lower(name)
	if name != "AAA" {
		return "bad: the string of the caller is now " + name
	}
	return "ok"
}
