//go:build ignore

// proof: allocs

package main

import (
	"net/http"
)

var header = http.Header{"X-Tenant-Name": {"x"}}
var n int

func run() {
	for range 100 {
		n += len(header.Get("X-Tenant-Name"))
	}
}

func main() {
	for range 3 {
		run()
	}
}
