package a

import (
	"bytes"
	"compress/zlib"
)

// What failed is not returned.
func packed(room, text []byte) []byte {
	b := bytes.NewBuffer(room[:0])
	w := zlib.NewWriter(b)
	if _, err := w.Write(text); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

// What is returned is cut short.
func packedShort(room, text []byte) []byte {
	b := bytes.NewBuffer(room[:0])
	w := zlib.NewWriter(b) // want `w is not closed on the path that returns at line \d+`
	if _, err := w.Write(text); err != nil {
		return b.Bytes()
	}
	w.Close()
	return b.Bytes()
}
