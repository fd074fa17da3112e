// Package probe is a command of a program, which ends when it has its answer.
package probe

import (
	"fmt"
	"net/http"
	"os"
	"time"
)

func Run(url string) {
	resp, err := Ask(url)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	resp.Body.Close()
	os.Exit(0)
}

func Ask(url string) (*http.Response, error) {
	client := &http.Client{
		Timeout:   time.Second,
		Transport: &http.Transport{Proxy: nil},
	}
	return client.Head(url)
}
