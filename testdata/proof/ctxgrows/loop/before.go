//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"fmt"
	"strings"
)

type jobKey struct{}

// links counts the values that a context carries.
func links(ctx context.Context) int { return strings.Count(fmt.Sprint(ctx), ".WithValue(") }

func serveAll(ctx context.Context, jobs []int) (longest int) {
	for _, id := range jobs {
		ctx = context.WithValue(ctx, jobKey{}, id)
		longest = max(longest, links(ctx))
	}
	return longest
}

func run() string {
	if n := serveAll(context.Background(), make([]int, 50)); n > 1 {
		return fmt.Sprintf("bad: the last job has a context of %d links", n)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
