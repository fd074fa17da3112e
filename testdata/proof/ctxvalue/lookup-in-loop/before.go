//go:build ignore

// proof: behaviour

package main

import "context"

type scaleKey struct{}

func total(ctx context.Context, list []int) (sum int) {
	for _, n := range list {
		scale, _ := ctx.Value(scaleKey{}).(int)
		sum += n * scale
	}
	return sum
}

// counting counts how often it is asked.
type counting struct {
	context.Context
	asked *int
}

func (c counting) Value(k any) any {
	*c.asked++
	return c.Context.Value(k)
}

func run() string {
	var asked int
	ctx := context.WithValue(context.Background(), scaleKey{}, 2)
	total(counting{ctx, &asked}, make([]int, 1000))
	if asked > 1 {
		return "bad: one value, asked for a thousand times"
	}
	return "ok"
}

func main() { println(run()) }
