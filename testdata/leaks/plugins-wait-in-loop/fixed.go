//go:build ignore

// Wait comes after the loop.

package main

import (
	"errors"
	"sync"
)

type plugin struct {
	name    string
	enabled bool
}

func (p *plugin) activate() error {
	if p.name == "" {
		return errors.New("no name")
	}
	p.enabled = true
	return nil
}

type pluginManager struct {
	plugins []*plugin
	mu      sync.Mutex
	failed  []error
}

// Restore activates all plugins.
func (m *pluginManager) Restore() {
	var group sync.WaitGroup
	group.Add(len(m.plugins))
	for _, p := range m.plugins {
		go func(p *plugin) {
			defer group.Done()
			if err := p.activate(); err != nil {
				m.mu.Lock()
				m.failed = append(m.failed, err)
				m.mu.Unlock()
			}
		}(p)
	}
	group.Wait()
}

func run() { (&pluginManager{plugins: []*plugin{{name: "a"}, {}, {name: "c"}}}).Restore() }
