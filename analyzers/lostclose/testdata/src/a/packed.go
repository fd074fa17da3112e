package a

import (
	"bytes"
	"compress/zlib"
	"io"
	"mime/multipart"
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

type sum int

func (s *sum) Write(p []byte) (int, error) {
	*s += sum(len(p))
	return len(p), nil
}

// A writer that has failed has nothing more to write, whatever its function makes of that.
func partsSize(parts []string, boundary string) int {
	var n sum
	w := multipart.NewWriter(&n)
	if err := w.SetBoundary(boundary); err != nil {
		return 0
	}
	for _, p := range parts {
		if _, err := w.CreateFormFile(p, p); err != nil {
			return -1
		}
	}
	if w.Close() != nil {
		return 0
	}
	return int(n)
}

// This one forgets the end of what is well.
func partsSizeShort(parts []string) int {
	var n sum
	w := multipart.NewWriter(&n) // want `w is never closed`
	for _, p := range parts {
		if _, err := w.CreateFormFile(p, p); err != nil {
			return -1
		}
	}
	return int(n)
}

// This one has got a part, and forgets the end.
func firstPart(out io.Writer, parts []string) int {
	w := multipart.NewWriter(out) // want `w is not closed on the path that returns at line \d+`
	for _, p := range parts {
		part, err := w.CreateFormFile(p, p)
		if err != nil {
			return -1
		}
		if part != nil && p == "last" {
			return 1
		}
	}
	w.Close()
	return 0
}
