// Package d19: reset method on embedded type does not cover outer fields.
package d19

import (
	"fmt"
	"sync"
)

type base struct {
	id   int
	tags []string
}

func (b *base) Reset() {
	b.id = 0
	b.tags = b.tags[:0]
}

type Event struct {
	base
	Fields map[string]string
}

var events = sync.Pool{New: func() any { return &Event{Fields: make(map[string]string)} }}

func Emit(id int, kv ...string) {
	e := events.Get().(*Event)
	e.id = id
	for i := 0; i+1 < len(kv); i += 2 {
		e.Fields[kv[i]] = kv[i+1]
	}
	for k, v := range e.Fields {
		fmt.Println(e.id, k, v)
	}
	e.Reset()
	events.Put(e) // want `\*Event goes back to events with field Fields still set, which its next user reads`
}
