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

func wipe(c *ctx) {
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
	ctxs.Put(c) // want `\*ctx goes back to ctxs with field values still set, which its next user reads`
}

func render(c *ctx) {
	for k, v := range c.values {
		println(k, v)
	}
}
