// Package tuned gives the default client a timeout.
package tuned

import (
	"net/http"
	"time"
)

func init() { http.DefaultClient.Timeout = time.Minute }

func get(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
