//go:build ignore

// The reader reads to the end, and remembers what it was looking for.

package main

import "sync"

type progress struct {
	id   string
	done bool
}

type output interface{ Write(progress) }

type chanOutput chan<- progress

func (c chanOutput) Write(p progress) { c <- p }

type transfer struct {
	mu      sync.Mutex
	running chan struct{}
	release chan struct{}
}

func (t *transfer) watch(id string, out output) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running, t.release = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(t.running)
		out.Write(progress{id: id})
		<-t.release
		out.Write(progress{id: id, done: true})
	}()
}

// Release ends the transfer, and waits for its last word.
func (t *transfer) Release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.release)
	<-t.running
}

type manager struct {
	mu        sync.Mutex
	transfers []*transfer
}

func (m *manager) Transfer(id string, out output) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := &transfer{}
	t.watch(id, out)
	m.transfers = append(m.transfers, t)
}

func pull(ids []string) (first string) {
	updates := make(chan progress)
	reading := make(chan struct{})
	go func() {
		defer close(reading)
		for p := range updates {
			if p.done && first == "" {
				first = p.id
			}
		}
	}()
	m := &manager{}
	for _, id := range ids {
		m.Transfer(id, chanOutput(updates))
	}
	for _, t := range m.transfers {
		t.Release()
	}
	close(updates)
	<-reading
	return first
}

func run() { pull([]string{"a", "b", "c"}) }
