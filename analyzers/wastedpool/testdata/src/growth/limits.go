package growth

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// A limit on the input is none for the pool if it lets through megabytes.

type intake struct {
	MaxUpload, MaxNote int64
	bufs, notes        sync.Pool
}

func newIntake(maxUpload, maxNote int64) *intake {
	if maxNote <= 0 {
		maxNote = 4 << 10
	}
	in := &intake{MaxUpload: maxUpload, MaxNote: maxNote}
	if maxUpload <= 0 {
		in.MaxUpload = 64 << 20
	}
	in.bufs.New = func() any { return new(bytes.Buffer) }
	in.notes.New = func() any { return new(bytes.Buffer) }
	return in
}

func (in *intake) upload(w http.ResponseWriter, r *http.Request) (int64, error) {
	b := in.bufs.Get().(*bytes.Buffer)
	b.Reset()
	defer in.bufs.Put(b) // want `\*bytes.Buffer is put back into intake.bufs whatever its capacity: one large input pins that memory`
	return b.ReadFrom(http.MaxBytesReader(w, r.Body, in.MaxUpload))
}

func (in *intake) note(w http.ResponseWriter, r *http.Request) (int64, error) {
	b := in.notes.Get().(*bytes.Buffer)
	b.Reset()
	defer in.notes.Put(b)
	return b.ReadFrom(http.MaxBytesReader(w, r.Body, in.MaxNote))
}

var dumps = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func readDump(r io.Reader) (int64, error) {
	b := dumps.Get().(*bytes.Buffer)
	b.Reset()
	defer dumps.Put(b) // want `is put back into dumps whatever its capacity: one large input`
	return io.Copy(b, io.LimitReader(r, 512<<20))
}

var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func readPage(r io.Reader, size int) (int64, error) {
	b := pages.Get().(*bytes.Buffer)
	b.Reset()
	defer pages.Put(b)
	return io.Copy(b, io.LimitReader(r, int64(size)))
}
