package contract

import (
	"context"
	"time"

	"life"
)

func quote(ctx context.Context, get func() (string, error)) (string, error) {
	res := life.Async(get) // want `quote returns at line \d+ with no receive from the channel that Async returns: the goroutine that sends to it blocks forever, for the channel has no buffer`
	select {
	case r := <-res:
		return r.Value, r.Err
	case <-time.After(time.Second):
		return "", context.DeadlineExceeded
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func tooEarly(get func() (string, error), ready bool) string {
	res := life.Async(get) // want `tooEarly returns at line \d+ with no receive from the channel that Async returns: the goroutine that sends to it blocks forever, for the channel has no buffer`
	if !ready {
		return ""
	}
	return (<-res).Value
}

func checkAll(names []string, check func(string) error) error {
	ch, err := life.Walk(names) // want `checkAll returns at line \d+ with values left from the channel that Walk returns: the goroutine that sends to it blocks forever, for the channel has no buffer`
	if err != nil {
		return err
	}
	for name := range ch {
		if err := check(name); err != nil {
			return err
		}
	}
	return nil
}

// The loop is written out.
func checkEach(names []string, check func(string) error) error {
	ch, err := life.Walk(names) // want `checkEach returns at line \d+ with values left from the channel that Walk returns`
	if err != nil {
		return err
	}
	for {
		name, ok := <-ch
		if !ok {
			break
		}
		if err := check(name); err != nil {
			return err
		}
	}
	return nil
}

func countEach(names []string) (n int) {
	ch, _ := life.Walk(names)
	for {
		name, ok := <-ch
		if !ok || name == "" {
			return n
		}
		n++
	}
}

func restOf(names []string, check func(string) error) (err error) {
	ch, _ := life.Walk(names)
	for {
		name, ok := <-ch
		if !ok {
			return err
		}
		if err == nil {
			err = check(name)
		}
	}
}

// The one who sends it may know that it is the last.
func lastOf(names []string) bool {
	ch, _ := life.Walk(names)
	for name := range ch {
		if name == "" {
			return true
		}
	}
	return false
}

func always(get func() (string, error)) (string, error) {
	res := life.Async(get)
	for {
		select {
		case r := <-res:
			return r.Value, r.Err
		case <-time.After(time.Second):
			println("still waiting")
		}
	}
}

func drained(names []string) (n int) {
	ch, _ := life.Walk(names)
	for range ch {
		n++
	}
	return n
}

// Somebody else receives.
func handedTo(get func() (string, error), others func(<-chan life.Result[string])) {
	others(life.Async(get))
}

func inBackground(ctx context.Context, get func() (string, error)) string {
	res := life.Async(get)
	select {
	case r := <-res:
		return r.Value
	case <-ctx.Done():
		go func() { <-res }()
		return ""
	}
}

// What Attend runs here does not fail, or it does not matter when it does.
func began(f func() error) {
	life.Attend(f)
}
