// Package little holds what is reported with -all only.
package little

import (
	"sync"
	"time"
)

type user struct {
	name string
	at   time.Time
}

type page struct {
	names []string
	users []user
	after []func()
	fails []error
	nums  []int
	big   []any
}

var pages = sync.Pool{New: func() any { return new(page) }}

func (p *page) add(name string, after func(), err error) {
	p.names = append(p.names, name)
	p.users = append(p.users, user{name: name})
	p.after = append(p.after, after)
	p.fails = append(p.fails, err)
	p.nums = append(p.nums, len(name))
	p.big = append(p.big, name)
}

func (p *page) free() {
	p.names = p.names[:0] // want `keeps the old string values`
	p.users = p.users[:0] // want `keeps the old user values`
	p.after = p.after[:0] // want `keeps the old func\(\) values`
	p.fails = p.fails[:0] // want `keeps the old error values`
	p.nums = p.nums[:0]
	p.big = p.big[:0] // want `keeps the old any values`
	pages.Put(p)
}
