//go:build ignore

// proof: allocs

package main

import (
	"context"
	"io"
	"log/slog"
)

var ctx = context.Background()
var log = slog.New(slog.NewTextHandler(io.Discard, nil))
var ids = make([]int, 100)

func init() {
	for i := range ids {
		ids[i] = 1000 + i
	}
}

func run() {
	for i, id := range ids {
		log.LogAttrs(ctx, slog.LevelDebug, "one more", slog.Int("id", id), slog.Int("of", i))
	}
}

func main() {
	for range 3 {
		run()
	}
}
