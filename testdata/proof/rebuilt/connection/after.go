//go:build ignore

// proof: behaviour

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"time"
)

type Watcher struct{ client *http.Client }

func (w *Watcher) Fetch(url string) error {
	resp, err := w.client.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func run() string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }))
	w := &Watcher{client: &http.Client{Transport: &http.Transport{}}}
	before := runtime.NumGoroutine()
	for i := 0; i < 20; i++ {
		if err := w.Fetch(server.URL); err != nil {
			return err.Error()
		}
	}
	time.Sleep(20 * time.Millisecond)
	if n := runtime.NumGoroutine() - before; n > 10 {
		return fmt.Sprintf("bad: %d goroutines are left of 20 calls", n)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
