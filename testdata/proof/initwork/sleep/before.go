//go:build ignore

// proof: behaviour

package main

import "time"

var (
	begin = time.Now()
	took  time.Duration
)

func init() {
	time.Sleep(20 * time.Millisecond)
	took = time.Since(begin)
}

func run() string {
	if took >= 20*time.Millisecond {
		return "bad: the program began 20 ms later"
	}
	return "ok"
}
