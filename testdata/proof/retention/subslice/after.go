//go:build ignore

// proof: retained subslice

package main

import (
	"bytes"
	"io"
)

type image struct{ magic []byte }

func (m *image) read(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.magic = bytes.Clone(data[:8])
	return nil
}

var images []*image

func run() {
	m := new(image)
	m.read(bytes.NewReader(make([]byte, 10<<10)))
	images = append(images, m)
}
