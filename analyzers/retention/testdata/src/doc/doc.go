package doc

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"sync"
	"time"
)

type Visits struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (v *Visits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last[r.RemoteAddr] = time.Now() // want `last only grows: ServeHTTP adds a key to it for every request, and nothing in the package deletes from it or replaces it; bound it, or remove what is over`
}

type RecentVisits struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (v *RecentVisits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last[r.RemoteAddr] = time.Now()
	for addr, at := range v.last {
		if time.Since(at) > time.Hour {
			delete(v.last, addr)
		}
	}
}

var magic []byte

func readMagic(path string) error {
	data, err := os.ReadFile(path)
	if err != nil || len(data) < 8 {
		return errors.New("no header")
	}
	magic = data[:8] // want `8 bytes in magic keeps all of what os.ReadFile yields in memory; store a copy: bytes.Clone`
	return nil
}

func readMagicCopy(path string) error {
	data, err := os.ReadFile(path)
	if err != nil || len(data) < 8 {
		return errors.New("no header")
	}
	magic = bytes.Clone(data[:8])
	return nil
}

type Hub struct{ guests []*Visits }

func (h *Hub) serveLeave(w http.ResponseWriter, r *http.Request) {
	h.guests = h.guests[:len(h.guests)-1] // want `guests is cut short, but the last one is still behind the end, and what it points to stays in memory until it is overwritten; clear it first, or use slices.Delete`
}

func (h *Hub) serveLeaveAndClear(w http.ResponseWriter, r *http.Request) {
	h.guests[len(h.guests)-1] = nil
	h.guests = h.guests[:len(h.guests)-1]
}
