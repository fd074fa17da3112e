//go:build ignore

// proof: behaviour

package main

import (
	"sync"
	"time"
)

var took time.Duration

var settled = sync.OnceFunc(func() {
	time.Sleep(20 * time.Millisecond)
	took = 20 * time.Millisecond
})

func run() string {
	if took >= 20*time.Millisecond {
		return "bad: the program began 20 ms later"
	}
	settled()
	return "ok"
}
