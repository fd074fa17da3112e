package a

import (
	"bytes"
	"io"
	"sync"
)

func turns(w io.Writer, lines []string) error {
	scratch := sync.Pool{New: func() any { return new(bytes.Buffer) }} // want `scratch is made on each call, for one object at a time: make that before the loop, or make the pool a package variable`
	for _, l := range lines {
		b := scratch.Get().(*bytes.Buffer)
		b.Reset()
		b.WriteString(l)
		_, err := w.Write(b.Bytes())
		if b.Cap() < 4096 {
			scratch.Put(b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// The last two are there at once.
func pairs(w io.Writer, lines []string) {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	var last *bytes.Buffer
	for _, l := range lines {
		b := pool.Get().(*bytes.Buffer)
		b.Reset()
		b.WriteString(l)
		if last != nil {
			w.Write(last.Bytes())
			pool.Put(last)
		}
		last = b
	}
}

// Any number of them are.
func stacked(w io.Writer, lines []string) {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	var open []*bytes.Buffer
	for _, l := range lines {
		if l == "" {
			pool.Put(open[len(open)-1])
			open = open[:len(open)-1]
			continue
		}
		b := pool.Get().(*bytes.Buffer)
		b.WriteString(l)
		open = append(open, b)
	}
}

// Several goroutines take from it.
func spread(lines []string, use func(*bytes.Buffer)) {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	var wg sync.WaitGroup
	for _, l := range lines {
		wg.Go(func() {
			b := pool.Get().(*bytes.Buffer)
			b.Reset()
			b.WriteString(l)
			use(b)
			pool.Put(b)
		})
	}
	wg.Wait()
}
