//go:build ignore

// proof: behaviour writer

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
)

func compress(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := zw.Write(data); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func run() string {
	b, err := compress([]byte("hello"))
	if err != nil {
		return "bad: " + err.Error()
	}
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return "bad: " + err.Error()
	}
	if text, err := io.ReadAll(zr); err != nil || string(text) != "hello" {
		return fmt.Sprintf("bad: %q, %v", text, err)
	}
	return "ok"
}
