package serve

import (
	"errors"
	"net/http"

	"github.com/nats-io/nats.go"
)

func mark(...any) {}

func handle(w http.ResponseWriter, req *http.Request) {
	mark() // want `request: on every request`
	first()
	if err := check(); err != nil {
		failed()
	}
	go background()
}

func first() {
	mark() // want `request by a call: on every request`
	second()
}

func second() { third() }

func third() { fourth() }

func fourth() {
	mark() // want `request by a call: on every request`
}

func check() error { return errors.New("x") }

func failed() {
	mark() // want `cold: once`
}

func background() {
	mark() // want `cold: once`
}

func logged(next http.Handler) http.Handler {
	mark() // want `cold: once`
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mark() // want `request: on every request`
		inside()
		next.ServeHTTP(w, req)
	})
}

func inside() {
	mark() // want `request by a call: on every request`
}

func consume(m *nats.Msg) {
	mark() // want `message: on every message`
	decode(m.Data)
}

func decode(b []byte) {
	mark() // want `message by a call: on every message`
}

// Measured by a benchmark.
func measured() {
	mark() // want `benched by a call: on every call`
}

// Only prepared for by a benchmark.
func prepared() {
	mark() // want `cold: once`
}

// Only tested.
func tested() {
	mark() // want `cold: once`
}

// Calls itself, and nobody else does.
func recursive(n int) {
	if n > 0 {
		recursive(n - 1)
	}
	mark() // want `cold: once`
}
