// Command fetch gets what it is told to: who started it can end it.
package main

import (
	"flag"
	"fmt"
	"net/http"
)

func main() {
	flag.Parse()
	for _, url := range flag.Args() {
		resp, err := http.Get(url)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(resp.Status)
		resp.Body.Close()
	}
}
