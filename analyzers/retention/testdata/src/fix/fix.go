package fix

import (
	"bytes"
	"os"
)

var magic []byte

func read(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(data, []byte("x")) {
		magic = data[:8] // want `8 bytes in magic`
	}
	return nil
}
