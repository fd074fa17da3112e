// Package c42: counters, generations, once, arrays, per-user conditional with flag.
package c42

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type obj struct {
	gen   uint64
	refs  atomic.Int32
	once  sync.Once
	tmp   [64]byte
	err   error
	has   bool
	val   string
	hits  int
	names []string
}

var pool = sync.Pool{New: func() any { return new(obj) }}

func (o *obj) setup() { o.once.Do(func() { o.names = append(o.names, "base") }) }

func Do(val string, set bool) (string, error) {
	o := pool.Get().(*obj)
	defer pool.Put(o)
	o.gen++
	o.setup()
	o.has = set
	if set {
		o.val = val
	}
	o.err = nil
	if len(val) > 3 {
		o.err = fmt.Errorf("long")
	}
	if o.has {
		return o.val, o.err
	}
	return fmt.Sprint(o.gen), o.err
}
