//go:build ignore

// The meter is started for each batch, and the batch ends without Stop.
//
// leak: lostgoroutine contract: reported

package main

import "errors"

// A meter counts bytes in the background, between Start and Stop.
type meter struct {
	bytes chan int
	total chan int
	done  chan struct{}
}

func newMeter() *meter {
	return &meter{bytes: make(chan int), total: make(chan int), done: make(chan struct{})}
}

// Start begins to count. The caller must call Stop.
func (m *meter) Start() {
	go func() {
		sum := 0
		for {
			select {
			case n := <-m.bytes:
				sum += n
			case m.total <- sum:
			case <-m.done:
				return
			}
		}
	}()
}

func (m *meter) Add(n int)  { m.bytes <- n }
func (m *meter) Total() int { return <-m.total }
func (m *meter) Stop()      { close(m.done) }

var errEmpty = errors.New("empty batch")

func upload(batch []string) (int, error) {
	m := newMeter()
	m.Start()
	for _, part := range batch {
		m.Add(len(part))
	}
	sent := m.Total()
	if sent == 0 {
		return 0, errEmpty
	}
	return sent, nil
}

func run() {
	upload([]string{"one", "two"})
	upload(nil)
}
