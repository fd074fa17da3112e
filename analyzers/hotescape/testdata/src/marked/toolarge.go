package marked

import (
	"io"
	"net/http"
)

// One reason is enough.
func skim(w http.ResponseWriter, req *http.Request) {
	buf := make([]byte, 1<<20) // want `buf \(1024 KiB\) is allocated on every request, because it is too large for the stack`
	for {
		n, err := io.ReadFull(req.Body, buf)
		if err != nil {
			return
		}
		w.WriteHeader(200 + n%2)
	}
}
