package silent

import (
	"slices"
	"sync"
)

type cookie struct{ name []byte }

var cookies = sync.Pool{New: func() any { return new(cookie) }}

func acquireCookie() *cookie  { return cookies.Get().(*cookie) }
func releaseCookie(c *cookie) { c.name = c.name[:0]; cookies.Put(c) }

type baked struct {
	c   *cookie
	seq int
}

type jar struct{ hosts map[string][]baked }

// What goes back is left out of the list that stays.
func (j *jar) drop(host, name string) {
	list := j.hosts[host]
	var c *cookie
	for _, s := range list {
		if string(s.c.name) == name {
			c = s.c
			break
		}
	}
	if c == nil {
		c = acquireCookie()
		c.name = append(c.name, name...)
		list = append(list, baked{c: c})
	}
	kept := list[:0]
	for _, s := range list {
		if s.c != c {
			kept = append(kept, s)
		}
	}
	j.hosts[host] = kept
	releaseCookie(c)
}

func (j *jar) cut(host, name string) {
	c := acquireCookie()
	c.name = append(c.name, name...)
	list := append(j.hosts[host], baked{c: c})
	list = slices.DeleteFunc(list, func(s baked) bool { return s.c == c })
	j.hosts[host] = list
	releaseCookie(c)
}
