// Package wrapuse uses the pools of another package.
package wrapuse

import (
	"io"
	"sync"

	"wrap"
)

var lists wrap.Of[[]int] // want `the sync.Pool in Of holds values of type \[\]int, which boxes a 24-byte slice header`
var refs wrap.Of[*int]

func release(p *sync.Pool, b []byte, ref *[]byte) {
	wrap.Release(p, b) // want `Release puts into a sync.Pool a \[\]byte, which boxes a 24-byte slice header`
	wrap.Release(p, ref)
}

func body(r io.Reader) (int64, error) {
	b := wrap.Get()
	defer wrap.Put(b) // want `\*bytes.Buffer is put back into bufs whatever its capacity: one large input`
	return b.ReadFrom(r)
}

func inLoop(names []string) {
	for _, name := range names {
		b := wrap.Get()
		defer wrap.Put(b) // want `Put deferred in a loop runs only when the function returns: bufs is empty for every iteration`
		b.WriteString(name)
	}
}
