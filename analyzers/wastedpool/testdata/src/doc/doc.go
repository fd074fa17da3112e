// Package doc has the examples of the documentation.
package doc

import (
	"bytes"
	"hash"
	"hash/crc32"
	"io"
	"net"
	"sync"
)

var bufs sync.Pool

func release(b []byte) {
	bufs.Put(b) // want `sync.Pool.Put of \[\]byte boxes a 24-byte slice header on the heap on every Put; store \*\[\]byte`
}

func acquire() []byte {
	if b, ok := bufs.Get().([]byte); ok {
		return b
	}
	return make([]byte, 0, 512)
}

var scratch = sync.Pool{New: func() any { b := make([]byte, 4096); return &b }}

func checksum(r io.Reader) (sum uint32) {
	b := *scratch.Get().(*[]byte)
	for {
		n, err := r.Read(b)
		sum = crc32.Update(sum, crc32.IEEETable, b[:n])
		if err != nil {
			break
		}
	}
	scratch.Put(&b) // want `Put\(&b\) allocates a new slice header on each call; put back the pointer obtained from Get`
	return sum
}

func checksumRight(r io.Reader) (sum uint32) {
	bp := scratch.Get().(*[]byte)
	b := *bp
	for {
		n, err := r.Read(b)
		sum = crc32.Update(sum, crc32.IEEETable, b[:n])
		if err != nil {
			break
		}
	}
	*bp = b
	scratch.Put(bp)
	return sum
}

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func forward(w io.Writer, body io.Reader) error {
	buf := bodies.Get().(*bytes.Buffer)
	buf.Reset()
	defer bodies.Put(buf) // want `is put back into bodies whatever its capacity`
	if _, err := io.Copy(buf, body); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

var kept = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func forwardRight(w io.Writer, body io.Reader) error {
	buf := kept.Get().(*bytes.Buffer)
	buf.Reset()
	defer func() {
		if buf.Cap() <= 64<<10 {
			kept.Put(buf)
		}
	}()
	if _, err := io.Copy(buf, body); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

func render(name string) string {
	var pool sync.Pool // want `pool is made on each call, so its Get finds nothing to reuse`
	buf, ok := pool.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	defer pool.Put(buf)
	buf.WriteString(name)
	return buf.String()
}

type encoder struct{ n int }

var encoders = sync.Pool{New: func() any { return encoder{} }}

func encode() *encoder {
	return encoders.Get().(*encoder) // want `New of encoders returns encoder but Get asserts \*encoder`
}

func decode(e *encoder) { encoders.Put(e) }

var hashes = sync.Pool{New: func() any { return crc32.NewIEEE() }}

func sums(lines []string) (list []uint32) {
	for _, line := range lines {
		h := hashes.Get().(hash.Hash)
		defer hashes.Put(h) // want `Put deferred in a loop runs only when the function returns`
		h.Reset()
		io.WriteString(h, line)
		list = append(list, h.(hash.Hash32).Sum32())
	}
	return list
}

var conns = sync.Pool{New: func() any {
	c, err := net.Dial("tcp", "localhost:7070")
	if err != nil {
		return nil
	}
	return c // want `net.Conn in a sync.Pool is dropped by the garbage collector without Close`
}}

func ping() error {
	c, ok := conns.Get().(net.Conn)
	if !ok {
		return io.EOF
	}
	defer conns.Put(c)
	_, err := c.Write([]byte("ping"))
	return err
}
