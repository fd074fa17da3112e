//go:build ignore

// proof: allocs

package main

import (
	"fmt"
	"io"
	"log/slog"
)

var log = slog.New(slog.NewTextHandler(io.Discard, nil))
var ids = make([]int, 100)

func init() {
	for i := range ids {
		ids[i] = 1000 + i
	}
}

func run() {
	for i, id := range ids {
		log.Debug(fmt.Sprintf("id %d of %d", id, i))
	}
}

func main() {
	for range 3 {
		run()
	}
}
