package main

import (
	"log"
	"runtime/debug"

	"faultserve/site"
)

func init() {
	debug.SetPanicOnFault(true) // want `debug.SetPanicOnFault concerns the calling goroutine alone`
}

// The goroutines are those of the server.
func main() {
	log.Fatal(site.Server(":8040").ListenAndServe())
}
