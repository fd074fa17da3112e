//go:build ignore

// proof: behaviour

package main

var started bool

func start() chan string {
	started = true
	lines := make(chan string)
	go write(lines)
	return lines
}

func write(lines <-chan string) {
	for range lines {
	}
}

func run() string {
	if started {
		return "bad: a goroutine runs before anybody has asked"
	}
	close(start())
	return "ok"
}
