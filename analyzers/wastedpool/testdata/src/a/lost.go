package a

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"sync"
)

type item struct{ data map[string]any }

var itemPool = sync.Pool{New: func() any { return &item{data: make(map[string]any)} }}

func acquireItem() *item {
	return itemPool.Get().(*item) // want `objects taken from itemPool are never put back: the pool only adds overhead`
}

func (it *item) release() { clear(it.data) }

type hub struct{ items *sync.Pool }

func newHub() *hub { return &hub{items: &sync.Pool{New: func() any { return new(item) }}} }

func (h *hub) take() *item {
	it, _ := h.items.Get().(*item) // want `objects taken from items are never put back`
	return it
}

var drained = sync.Pool{New: func() any { return new(item) }}

func warm() {
	drained.Get() // want `the object that this Get takes out of drained is thrown away`
	it := drained.Get().(*item)
	drained.Put(it)
}

// Local pools.
func local(name string) string {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }} // want `pool is made on each call, so its Get finds nothing to reuse: make the pool a package variable, or do without`
	b := pool.Get().(*bytes.Buffer)
	defer pool.Put(b)
	b.Reset()
	b.WriteString(name)
	return b.String()
}

func handler(w http.ResponseWriter, r *http.Request) {
	p := &sync.Pool{New: func() any { return new(bytes.Buffer) }} // want `p is made on each call`
	b := p.Get().(*bytes.Buffer)
	b.Reset()
	defer func() { p.Put(b) }()
	b.WriteString(r.URL.Path)
	w.Write(b.Bytes())
}

func eachTime(names []string) (n int) {
	for _, name := range names {
		pool := sync.Pool{New: func() any { return new(bytes.Buffer) }} // want `pool is made on each call`
		b := pool.Get().(*bytes.Buffer)
		b.Reset()
		b.WriteString(name)
		n += b.Len()
		pool.Put(b)
	}
	return n
}

// Deferred in loops.
func inLoop(names []string) {
	for _, name := range names {
		b := mixed.Get().(*bytes.Buffer)
		b.Reset()
		defer func() { // want `Put deferred in a loop runs only when the function returns: mixed is empty for every iteration`
			mixed.Put(b)
		}()
		b.WriteString(name)
	}
}

func getMixed() *bytes.Buffer  { b := mixed.Get().(*bytes.Buffer); b.Reset(); return b }
func putMixed(b *bytes.Buffer) { mixed.Put(b) }

func inLoopByWrapper(next func() (string, bool)) {
	for {
		name, ok := next()
		if !ok {
			return
		}
		b := getMixed()
		defer putMixed(b) // want `Put deferred in a loop`
		b.WriteString(name)
	}
}

// Resources.
var files = sync.Pool{New: func() any {
	f, err := os.CreateTemp("", "scratch")
	if err != nil {
		panic(err)
	}
	return f // want `\*os.File in a sync.Pool is dropped by the garbage collector without Close; keep those in a channel or a list of your own`
}}

func spill(data []byte) error {
	f := files.Get().(*os.File)
	defer files.Put(f)
	_, err := f.WriteAt(data, 0)
	return err
}

type worker struct {
	in  *os.File
	cmd *exec.Cmd
}

var workers = sync.Pool{New: func() any {
	return &worker{cmd: exec.Command("convert", "-")} // want `\*os/exec.Cmd in a sync.Pool is dropped`
}}

func convert() error {
	w := workers.Get().(*worker)
	defer workers.Put(w)
	return w.cmd.Run()
}

type uploads struct{ files sync.Pool }

func (u *uploads) file(name string) (*os.File, error) {
	if f, ok := u.files.Get().(*os.File); ok {
		return f, nil
	}
	return os.Open(name)
}

func (u *uploads) done(f *os.File) {
	u.files.Put(f) // want `\*os.File in a sync.Pool`
}

type bufferPool struct{ sync.Pool }

func wrapped(name string) int {
	var pool bufferPool // want `pool is made on each call`
	b, ok := pool.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	defer pool.Put(b)
	b.WriteString(name)
	return b.Len()
}
