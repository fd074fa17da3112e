// Package helper reads whole bodies for others.
package helper

import (
	"io"
	"net/http"
	"os"
)

func All(resp *http.Response) ([]byte, error) { // want All:`reads all`
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func Text(path string) (s string, err error) { // want Text:`reads all`
	p, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return string(p), nil
}

func Head(r io.Reader) ([]byte, error) {
	var head [16]byte
	_, err := io.ReadFull(r, head[:])
	return head[:], err
}
