package doc

import (
	"context"
	"io"
	"os"
	"time"
)

// What the examples need.
type job struct{}

func (job) run(context.Context) {}

func count(r io.Reader) int64 {
	n, _ := io.Copy(io.Discard, r)
	return n
}

// WRONG
func total(names []string) (n int64, err error) {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return 0, err
		}
		defer f.Close() // want `f\.Close runs when total returns, not at the end of the iteration: every f is held until then, with a record of the call on the heap; give the body of the loop a function of its own`
		n += count(f)
	}
	return n, nil
}

// RIGHT
func totalClosed(names []string) (n int64, err error) {
	for _, name := range names {
		k, err := countFile(name)
		if err != nil {
			return 0, err
		}
		n += k
	}
	return n, nil
}

func countFile(name string) (int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return count(f), nil
}

// WRONG
func work(ctx context.Context, jobs <-chan job) {
	for j := range jobs {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel() // want `cancel runs when work returns, and this loop goes on: every cancel is held until then, with a record of the call on the heap; give the body of the loop a function of its own`
		j.run(ctx)
	}
}

// RIGHT
func workCanceled(ctx context.Context, jobs <-chan job) {
	for j := range jobs {
		func() {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			j.run(ctx)
		}()
	}
}
