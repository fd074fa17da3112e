//go:build ignore

// What the Once runs asks the registry for another schema, which waits for the Once.
//
// leak: stucklock double-lock: reported

package main

import (
	"sync"
	"time"
)

type schema struct {
	name, base string
	columns    []string
}

type registry struct {
	once    sync.Once
	source  []schema
	schemas map[string]*schema
}

func (r *registry) schema(name string) *schema {
	r.once.Do(r.load)
	return r.schemas[name]
}

func (r *registry) load() {
	r.schemas = make(map[string]*schema)
	for _, s := range r.source {
		r.schemas[s.name] = &s
	}
	for _, s := range r.schemas {
		if s.base == "" {
			continue
		}
		base := r.schema(s.base)
		s.columns = append(s.columns, base.columns...)
	}
}

func run() {
	r := &registry{source: []schema{
		{name: "event", columns: []string{"at"}},
		{name: "login", base: "event", columns: []string{"user"}},
	}}
	go func() { println(len(r.schema("login").columns)) }()
	time.Sleep(50 * time.Millisecond)
}
