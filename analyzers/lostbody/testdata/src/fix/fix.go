package fix

import (
	"log"
	"net/http"
)

func added(url string) (int, error) {
	resp, err := http.Get(url) // want `never closed`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

func closedElsewhere(url string) (int, error) {
	resp, err := http.Get(url) // want `not closed on`
	if err != nil {
		return 0, err
	}
	if resp.StatusCode == 200 {
		resp.Body.Close()
	}
	return resp.StatusCode, nil
}

func inLoop(urls []string) {
	for _, url := range urls {
		resp, err := http.Get(url) // want `still open when the loop comes round`
		if err != nil {
			continue
		}
		log.Print(resp.Status)
	}
}

func noCheck(url string) {
	resp, _ := http.Get(url) // want `never closed`
	log.Print(resp.Status)
}

func scoped(url string) {
	if resp, err := http.Get(url); err == nil { // want `never closed`
		log.Print(resp.Status)
	}
}
