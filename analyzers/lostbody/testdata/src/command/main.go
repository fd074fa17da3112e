package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	resp, err := http.Get("http://localhost")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Status)
}

func again() {
	resp, err := http.Get("http://localhost") // want `the body of resp is never closed`
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Status)
}
