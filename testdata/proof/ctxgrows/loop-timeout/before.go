//go:build ignore

// proof: behaviour loop

package main

import (
	"context"
	"fmt"
	"time"
)

func call(ctx context.Context) error { return ctx.Err() }

func callAll(ctx context.Context, n int) (failed int) {
	var cancel context.CancelFunc
	for range n {
		ctx, cancel = context.WithTimeout(ctx, time.Minute)
		if call(ctx) != nil {
			failed++
		}
		cancel()
	}
	return failed
}

func run() string {
	if n := callAll(context.Background(), 50); n > 0 {
		return fmt.Sprintf("bad: %d of 50 calls begin with a context that has ended", n)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
