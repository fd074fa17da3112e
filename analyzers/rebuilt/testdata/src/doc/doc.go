package doc

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"
)

// WRONG
func slug(title string) string {
	re := regexp.MustCompile(`[^a-z0-9]+`) // want `regexp.MustCompile compiles the pattern on every call, and never changes: some 10 µs and dozens of allocations; make it once, in a package variable`
	return re.ReplaceAllString(title, "-")
}

// RIGHT
var notWord = regexp.MustCompile(`[^a-z0-9]+`)

func slugOf(title string) string {
	return notWord.ReplaceAllString(title, "-")
}

// WRONG
func serve(w http.ResponseWriter, req *http.Request) {
	z := gzip.NewWriter(w) // want `gzip.NewWriter allocates about 800 KB on every request; keep one in a sync.Pool and give it the next stream by Reset`
	defer z.Close()
	io.WriteString(z, "hello")
}

// RIGHT
var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func servePooled(w http.ResponseWriter, req *http.Request) {
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(w)
	defer z.Close()
	io.WriteString(z, "hello")
}

// WRONG
type Watcher struct{ timeout time.Duration }

func (w *Watcher) Fetch(url string) (*http.Response, error) {
	client := &http.Client{
		Timeout:   w.timeout,
		Transport: &http.Transport{MaxIdleConns: 10}, // want `each call makes an http.Transport of its own and forgets it: its idle connections, and two goroutines for each, stay for ever`
	}
	return client.Get(url)
}

// RIGHT
type Keeper struct{ client *http.Client }

func (k *Keeper) Fetch(url string) (*http.Response, error) {
	return k.client.Get(url)
}
