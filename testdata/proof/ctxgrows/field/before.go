//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"fmt"
	"strings"
)

type jobKey struct{}

type worker struct {
	ctx     context.Context
	longest int
}

// links counts the values that a context carries.
func links(ctx context.Context) int { return strings.Count(fmt.Sprint(ctx), ".WithValue(") }

func (w *worker) handle(id int) {
	w.ctx = context.WithValue(w.ctx, jobKey{}, id)
	w.longest = max(w.longest, links(w.ctx))
}

func (w *worker) run(jobs []int) {
	for _, id := range jobs {
		w.handle(id)
	}
}

func run() string {
	w := &worker{ctx: context.Background()}
	w.run(make([]int, 50))
	if w.longest > 1 {
		return fmt.Sprintf("bad: the last job has a context of %d links", w.longest)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
