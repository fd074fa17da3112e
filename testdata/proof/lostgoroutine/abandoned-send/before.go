//go:build ignore

// proof: leak

package main

import "context"

func compute() int { return 42 }

func fetch(ctx context.Context) (int, error) {
	result := make(chan int)
	go func() { result <- compute() }()
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	default:
	}
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func run() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fetch(ctx)
}
