// Command daemon serves requests, so that what its functions do they do often.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
)

var addr = flag.String("addr", ":8080", "where to listen")

func main() {
	flag.Parse()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, mark(list(1000))) })
	log.Fatal(http.ListenAndServe(*addr, nil))
}

func list(n int) []string { return make([]string, n) }

func mark(in []string) []string {
	var out []string // want `out grows`
	for _, s := range in {
		out = append(out, "-"+s)
	}
	return out
}
