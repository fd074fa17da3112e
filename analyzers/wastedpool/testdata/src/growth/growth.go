// Package growth has buffers that input grows, and those that somebody bounds.
package growth

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"sync"
)

var responses = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func list(w http.ResponseWriter, items []string) {
	buf := responses.Get().(*bytes.Buffer)
	buf.Reset()
	if err := json.NewEncoder(buf).Encode(items); err == nil {
		w.Write(buf.Bytes())
	}
	responses.Put(buf) // want `\*bytes.Buffer is put back into responses whatever its capacity: one large value pins that memory; drop it when its capacity exceeds a limit such as 64 KiB`
}

// Acquire and release functions, and a method of a struct.
type renderer struct {
	bufs sync.Pool
	page *template.Template
}

func (r *renderer) acquire() *bytes.Buffer {
	b, ok := r.bufs.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	b.Reset()
	return b
}

func (r *renderer) release(b *bytes.Buffer) {
	r.bufs.Put(b) // want `\*bytes.Buffer is put back into renderer.bufs whatever its capacity: one large page pins that memory`
}

func (r *renderer) render(w io.Writer, data any) error {
	b := r.acquire()
	defer r.release(b)
	if err := r.page.Execute(b, data); err != nil {
		return err
	}
	_, err := b.WriteTo(w)
	return err
}

// Through another writer and a helper.
var zipped = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func pack(dst io.Writer, src io.Reader) error {
	z := gzip.NewWriter(dst)
	if _, err := io.Copy(z, src); err != nil {
		return err
	}
	return z.Close()
}

func upload(send func([]byte) error, src io.Reader) error {
	b := zipped.Get().(*bytes.Buffer)
	b.Reset()
	defer zipped.Put(b) // want `is put back into zipped whatever its capacity: one large input`
	if err := pack(b, src); err != nil {
		return err
	}
	return send(b.Bytes())
}

// A struct that holds the buffer.
type frame struct {
	id   int
	body bytes.Buffer
}

var frames = sync.Pool{New: func() any { return new(frame) }}

func readFrame(r io.Reader, use func(*frame)) error {
	f := frames.Get().(*frame)
	f.body.Reset()
	f.id = 0
	defer frames.Put(f) // want `\*frame is put back into frames whatever its capacity`
	if _, err := f.body.ReadFrom(r); err != nil {
		return err
	}
	use(f)
	return nil
}

// Guarded, in one way or another.

var guarded = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func giveGuarded(b *bytes.Buffer) {
	if b.Cap() > 64<<10 {
		return
	}
	b.Reset()
	guarded.Put(b)
}

func readGuarded(r io.Reader) (int64, error) {
	b := guarded.Get().(*bytes.Buffer)
	defer giveGuarded(b)
	return b.ReadFrom(r)
}

var replaced = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func readReplaced(r io.Reader) (int64, error) {
	b := replaced.Get().(*bytes.Buffer)
	n, err := b.ReadFrom(r)
	b.Reset()
	if b.Cap() > 1<<20 {
		b = new(bytes.Buffer)
	}
	replaced.Put(b)
	return n, err
}

func tooLarge(b *bytes.Buffer) bool { return b.Cap() > 1<<20 }

var asked = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func readAsked(r io.Reader) (int64, error) {
	b := asked.Get().(*bytes.Buffer)
	n, err := b.ReadFrom(r)
	b.Reset()
	if !tooLarge(b) {
		asked.Put(b)
	}
	return n, err
}

// Bounded input.

var limited = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func readLimited(w http.ResponseWriter, r *http.Request) (int64, error) {
	b := limited.Get().(*bytes.Buffer)
	b.Reset()
	defer limited.Put(b)
	return b.ReadFrom(http.MaxBytesReader(w, r.Body, 1<<16))
}

func readPart(r io.Reader) (int64, error) {
	b := limited.Get().(*bytes.Buffer)
	b.Reset()
	defer limited.Put(b)
	return io.Copy(b, io.LimitReader(r, 512))
}

func announced(r *http.Request) (int64, error) {
	b := limited.Get().(*bytes.Buffer)
	b.Reset()
	defer limited.Put(b)
	if r.ContentLength > 1<<16 {
		return 0, io.ErrShortBuffer
	}
	return b.ReadFrom(r.Body)
}

type point struct{ X, Y int }

func encodePoint(w io.Writer, p point) error {
	b := limited.Get().(*bytes.Buffer)
	b.Reset()
	defer limited.Put(b)
	if err := json.NewEncoder(b).Encode(p); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// What the program itself writes is told under -all only.
var lines = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func logLine(w io.Writer, format string, args ...any) {
	b := lines.Get().(*bytes.Buffer)
	b.Reset()
	fmt.Fprintf(b, format, args...)
	b.WriteTo(w)
	lines.Put(b)
}

func inMemory(s string) int {
	b := lines.Get().(*bytes.Buffer)
	b.Reset()
	io.Copy(b, strings.NewReader(s))
	n := b.Len()
	lines.Put(b)
	return n
}

// By size.
var sizes [8]sync.Pool

func readSized(i int, r io.Reader) (int64, error) {
	b, _ := sizes[i].Get().(*bytes.Buffer)
	if b == nil {
		b = new(bytes.Buffer)
	}
	b.Reset()
	defer sizes[i].Put(b)
	return b.ReadFrom(r)
}

// A loop that reads and grows the slice itself.
var raw = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

func slurp(r io.Reader, use func([]byte)) error {
	p := raw.Get().(*[]byte)
	defer raw.Put(p) // want `\*\[\]byte is put back into raw whatever its capacity: one large input`
	b := (*p)[:0]
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err != nil {
			*p = b
			use(b)
			return err
		}
	}
}

var fixed = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}

func skip(r io.Reader) (n int, err error) {
	p := fixed.Get().(*[]byte)
	defer fixed.Put(p)
	for err == nil {
		var k int
		k, err = r.Read(*p)
		n += k
	}
	return n, err
}

var shared = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func note(s string) string {
	b := shared.Get().(*bytes.Buffer)
	b.Reset()
	b.WriteString(s)
	out := b.String()
	if b.Cap() <= 4<<10 {
		shared.Put(b)
	}
	return out
}

func echo(w http.ResponseWriter, r *http.Request) {
	b := shared.Get().(*bytes.Buffer)
	defer shared.Put(b) // want `\*bytes.Buffer is put back into shared whatever its capacity: one large input`
	b.Reset()
	if _, err := b.ReadFrom(r.Body); err != nil {
		return
	}
	io.WriteString(w, note(b.String()))
}

var watched = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func keep(b *bytes.Buffer) {
	if b.Cap() <= 64<<10 {
		watched.Put(b)
	}
}

func reply(w http.ResponseWriter, r *http.Request) {
	b := watched.Get().(*bytes.Buffer)
	defer keep(b)
	b.Reset()
	if _, err := b.ReadFrom(r.Body); err == nil {
		w.Write(b.Bytes())
	}
}

// The other function puts back only what is small to begin with.
func greet(name string) string {
	b := watched.Get().(*bytes.Buffer)
	defer watched.Put(b)
	b.Reset()
	b.WriteString(name)
	return b.String()
}
