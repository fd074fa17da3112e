//go:build ignore

// proof: behaviour

package main

import (
	"os"
	"sync"
)

var read bool

var entries = sync.OnceValues(func() ([]os.DirEntry, error) {
	read = true
	return os.ReadDir(".")
})

func run() string {
	if read {
		return "bad: read before anybody has asked"
	}
	entries()
	return "ok"
}
