//go:build ignore

// Who promotes somebody holds the lock already.

package main

import "sync"

type policy interface {
	joined(name string)
}

type team struct {
	mu      sync.Mutex
	members []string
	policy  policy
	lead    string
}

type eldest struct {
	team *team
	last string
}

func (e *eldest) joined(name string) {
	if e.last == "" || name < e.last {
		e.last = name
		e.team.promote(name)
	}
}

type nobody struct{ n int }

func (p *nobody) joined(string) { p.n++ }

func newTeam(kind string) *team {
	t := &team{}
	switch kind {
	case "eldest":
		t.policy = &eldest{team: t}
	default:
		t.policy = &nobody{}
	}
	return t
}

func (t *team) promote(name string) {
	t.lead = name
}

func (t *team) join(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.members = append(t.members, name)
	t.policy.joined(name)
}

func run() {
	for _, kind := range []string{"none", "eldest"} {
		t := newTeam(kind)
		var all sync.WaitGroup
		for _, name := range []string{"ann", "bob", "cid"} {
			all.Go(func() { t.join(name) })
		}
		all.Wait()
	}
}
