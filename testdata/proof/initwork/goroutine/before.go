//go:build ignore

// proof: behaviour

package main

var lines chan string

func init() {
	lines = make(chan string)
	go write(lines)
}

func write(lines <-chan string) {
	for range lines {
	}
}

func run() string {
	if lines != nil {
		close(lines)
		return "bad: a goroutine runs before anybody has asked"
	}
	return "ok"
}
