package main

import (
	"log"
	"net/http"
	"time"
)

func main() {
	resp, err := http.Get("https://example.com/version")
	if err != nil {
		log.Fatal(err)
	}
	resp.Body.Close()
	check()
	for {
		poll()
		time.Sleep(time.Minute)
	}
}

func check() {
	resp, err := http.Get("https://example.com/version")
	if err == nil {
		resp.Body.Close()
	}
}

func poll() {
	resp, err := http.Get("https://example.com/version") // want `http.Get has no deadline`
	if err == nil {
		resp.Body.Close()
	}
}
