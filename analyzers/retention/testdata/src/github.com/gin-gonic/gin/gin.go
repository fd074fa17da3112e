// Package gin declares what the fixtures need of the real one.
package gin

type Context struct{}

func (c *Context) FullPath() string { return "" }

func (c *Context) ClientIP() string { return "" }
