//go:build ignore

// The handler sends its event with the lock held that the receiver takes before
// it receives.
//
// leak: stucklock blocked-holding: reported

package main

import "sync"

type event struct{ key string }

type handler func(event)

type monitor interface {
	Run(stop <-chan struct{})
	OnEvent(handler)
	Schedule(event)
}

type bufferedMonitor struct {
	handlers []handler
	events   chan event
}

func newMonitor() monitor { return &bufferedMonitor{events: make(chan event)} }

func (m *bufferedMonitor) Run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case e := <-m.events:
			m.apply(e)
		}
	}
}

func (m *bufferedMonitor) OnEvent(h handler) { m.handlers = append(m.handlers, h) }
func (m *bufferedMonitor) Schedule(e event)  { m.events <- e }

func (m *bufferedMonitor) apply(e event) {
	for _, h := range m.handlers {
		h(e)
	}
}

type controller struct{ monitor monitor }

func (c *controller) Create(key string) { c.monitor.Schedule(event{key}) }

// createAndWait creates a key and returns how many events were seen.
func createAndWait(key string) int {
	c := &controller{monitor: newMonitor()}
	var mu sync.Mutex
	seen := make(map[string]int)
	applied := make(chan struct{})
	c.monitor.OnEvent(func(e event) {
		mu.Lock()
		defer mu.Unlock()
		seen[e.key]++
		applied <- struct{}{}
	})
	stop := make(chan struct{})
	defer close(stop)
	go c.monitor.Run(stop)
	c.Create(key)
	mu.Lock()
	before := seen[key]
	mu.Unlock()
	<-applied
	return before
}

func run() {
	for range 20 {
		go createAndWait("a")
	}
}
