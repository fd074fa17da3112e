//go:build ignore

// proof: retained truncated

package main

import (
	"net/http"
)

type hub struct{ guests []*guest }

func (h *hub) leave(w http.ResponseWriter, r *http.Request) {
	h.guests[len(h.guests)-1] = nil
	h.guests = h.guests[:len(h.guests)-1]
}

type guest struct{ photo [10 << 10]byte }

var hubs []*hub

func run() {
	h := new(hub)
	h.guests = append(h.guests, new(guest))
	h.leave(nil, nil)
	hubs = append(hubs, h)
}
