// Package d09: reset helper forgets a map.
package d09

import "sync"

type ctx struct {
	path   string
	params map[string]string
	values map[string]any
}

var ctxs = sync.Pool{New: func() any {
	return &ctx{params: map[string]string{}, values: map[string]any{}}
}}

func wipe(c *ctx) { // want `wipe leaves field values set: a ctx from ctxs carries it to its next user`
	c.path = ""
	for k := range c.params {
		delete(c.params, k)
	}
}

func (c *ctx) Set(k string, v any) { c.values[k] = v }
func (c *ctx) Get(k string) any    { return c.values[k] }

func Serve(path, user string, h func(*ctx)) {
	c := ctxs.Get().(*ctx)
	c.path = path
	if user != "" {
		c.values["user"] = user
	}
	h(c)
	render(c)
	wipe(c)
	ctxs.Put(c)
}

func render(c *ctx) {
	for k, v := range c.values {
		println(k, v)
	}
}
