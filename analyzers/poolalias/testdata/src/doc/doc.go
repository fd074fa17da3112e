package doc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"unsafe"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var keyPool = sync.Pool{New: func() any { return new([]byte) }}

func encode(v any) ([]byte, error) {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	defer bufPool.Put(buf)
	err := json.NewEncoder(buf).Encode(v)
	return buf.Bytes(), err // want `the returned \[\]byte shares memory with buf, which goes back to bufPool when the function returns: the next user overwrites it`
}

func encodeRight(v any) ([]byte, error) {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	defer bufPool.Put(buf)
	err := json.NewEncoder(buf).Encode(v)
	return bytes.Clone(buf.Bytes()), err
}

func key(user string, id int) string {
	bp := keyPool.Get().(*[]byte)
	defer keyPool.Put(bp)
	*bp = append(append((*bp)[:0], user...), byte(id))
	return unsafe.String(unsafe.SliceData(*bp), len(*bp)) // want `the returned string shares memory with bp, which goes back to keyPool when the function returns: the next user overwrites it`
}

func send(w io.Writer, v any) error {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	fmt.Fprint(buf, v)
	bufPool.Put(buf)
	_, err := w.Write(buf.Bytes()) // want `buf is used after it was put back on line [0-9]+: another goroutine may own it by then`
	return err
}

func check(v any) error {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	defer bufPool.Put(buf)
	if err := json.NewEncoder(buf).Encode(v); err != nil {
		bufPool.Put(buf) // want `buf may be put back twice, here and by the deferred call on line [0-9]+: two users would then get the same object`
		return err
	}
	return nil
}
