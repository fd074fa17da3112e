//go:build ignore

// proof: behaviour partial-reset

package main

import "sync"

type object struct {
	out  []byte
	some bool
}

func (o *object) reset() { o.out, o.some = o.out[:0], false }

func (o *object) field(name string) {
	if o.some {
		o.out = append(o.out, ',')
	}
	o.out = append(o.out, name...)
	o.some = true
}

var objects = sync.Pool{New: func() any { return new(object) }}

func list(names []string) string {
	o := objects.Get().(*object)
	o.reset()
	for _, n := range names {
		o.field(n)
	}
	s := string(o.out)
	objects.Put(o)
	return s
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		if s := list([]string{"a", "b"}); s != "a,b" {
			return "bad: " + s
		}
	}
	return "ok"
}

func main() { println(run()) }
