package watch

import (
	"errors"
	"sync"
)

// A verdict is how a call ended, if not well.
type verdict struct {
	code int
	text string
}

func (v *verdict) Err() error { return errors.New(v.text) }

type feed struct {
	items  chan int
	closed chan struct{}
}

func (f *feed) Close() { close(f.closed) }

type hub struct {
	mu    sync.Mutex
	feeds []*feed
}

// subscribe returns a feed, or why there is none, which is no error.
func (h *hub) subscribe(n int) (*feed, *verdict) {
	if n > len(h.feeds) {
		return nil, &verdict{code: n, text: "too many"}
	}
	f := &feed{make(chan int), make(chan struct{})}
	h.feeds = append(h.feeds, f)
	return f, nil
}

func (h *hub) begin(n int) (*feed, error) {
	f, v := h.subscribeAll(n)
	if v != nil {
		return nil, v.Err()
	}
	return f, nil
}

func (h *hub) first(n int) (int, error) {
	f, v := h.subscribe(n) // want `f is not ended on the path that returns at line 52`
	if v != nil {
		return 0, v.Err()
	}
	if n == 1 {
		return 0, nil
	}
	defer f.Close()
	return <-f.items, nil
}

// subscribeLate may return both.
func (h *hub) subscribeLate(n int) (*feed, *verdict) {
	f := &feed{make(chan int), make(chan struct{})}
	h.feeds = append(h.feeds, f)
	if n > 1 {
		return f, &verdict{code: n, text: "late"}
	}
	return f, nil
}

func (h *hub) late(n int) (int, error) {
	f, v := h.subscribeLate(n) // want `f is not ended on the path that returns at line 71`
	if v != nil {
		return 0, v.Err()
	}
	defer f.Close()
	return <-f.items, nil
}

func (h *hub) subscribeAll(n int) (*feed, *verdict) {
	if n == 0 {
		return nil, &verdict{text: "none"}
	}
	return h.subscribeLocked(n)
}

func (h *hub) subscribeLocked(n int) (*feed, *verdict) {
	if n < 0 {
		h.mu.Lock()
		defer h.mu.Unlock()
		if n < len(h.feeds) {
			return nil, &verdict{text: "others"}
		}
	}
	f := &feed{make(chan int), make(chan struct{})}
	h.feeds = append(h.feeds, f)
	return f, nil
}
