package doc

import (
	"io"
	"os"
	"time"
)

// What the examples need.
type job struct{}

func (job) run(<-chan time.Time) {}

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
func work(jobs <-chan job) {
	for j := range jobs {
		t := time.NewTicker(time.Second)
		defer t.Stop() // want `t\.Stop runs when work returns, and this loop goes on: every t is held until then, with a record of the call on the heap; give the body of the loop a function of its own`
		j.run(t.C)
	}
}

// RIGHT
func workStopped(jobs <-chan job) {
	for j := range jobs {
		func() {
			t := time.NewTicker(time.Second)
			defer t.Stop()
			j.run(t.C)
		}()
	}
}
