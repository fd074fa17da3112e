//go:build ignore

// proof: behaviour

package main

var squares [4_000_000]int

func init() {
	for i := range squares {
		squares[i] = i * i
	}
}

func run() string {
	if squares[2] != 0 {
		return "bad: computed before anybody has asked"
	}
	return "ok"
}
