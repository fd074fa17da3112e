// Package d33: two constructors, one resets.
package d33

import (
	"fmt"
	"sync"
)

type Ctx struct {
	user  string
	roles []string
}

func (c *Ctx) reset() { c.user, c.roles = "", c.roles[:0] }

var pool = sync.Pool{New: func() any { return new(Ctx) }}

func Fresh() *Ctx {
	c := pool.Get().(*Ctx)
	c.reset()
	return c
}

func Fast() *Ctx { return pool.Get().(*Ctx) }

func Put(c *Ctx) { pool.Put(c) }

func A(user string) string {
	c := Fresh()
	defer Put(c)
	c.user = user
	c.roles = append(c.roles, "reader")
	return fmt.Sprint(c.user, c.roles)
}

func B(user string) string {
	c := Fast() // want `the \*Ctx from pool may still hold its previous user's field roles`
	defer Put(c)
	c.user = user
	c.roles = append(c.roles, "guest")
	return fmt.Sprint(c.user, c.roles)
}
