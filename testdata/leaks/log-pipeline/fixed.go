//go:build ignore

// The stages end with the context of the one who builds them.

package main

import (
	"context"
	"strings"
)

type stage func(ctx context.Context, in <-chan string) <-chan string

func source(ctx context.Context, lines []string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, l := range lines {
			select {
			case out <- l:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// each makes a stage of a function.
func each(f func(string) (string, bool)) stage {
	return func(ctx context.Context, in <-chan string) <-chan string {
		out := make(chan string)
		go func() {
			defer close(out)
			for l := range in {
				l, ok := f(l)
				if !ok {
					continue
				}
				select {
				case out <- l:
				case <-ctx.Done():
					return
				}
			}
		}()
		return out
	}
}

func errorsIn(ctx context.Context, lines []string, n int) (found []string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stages := []stage{
		each(func(l string) (string, bool) { return strings.TrimSpace(l), l != "" }),
		each(func(l string) (string, bool) { return l, strings.HasPrefix(l, "E") }),
	}
	c := source(ctx, lines)
	for _, s := range stages {
		c = s(ctx, c)
	}
	for l := range c {
		if found = append(found, l); len(found) == n {
			break
		}
	}
	return found
}

func run() {
	errorsIn(context.Background(), []string{"E 1", "E 2", "", "E 3", "E 4", "E 5", "E 6", "E 7"}, 3)
}
