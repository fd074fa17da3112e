package growth

import (
	"io"
	"sync"
)

var linePool = sync.Pool{New: func() any {
	b := make([]byte, 0, 512)
	return &b
}}

func newLine() *[]byte { return linePool.Get().(*[]byte) }

func endLine(b *[]byte) {
	if cap(*b) <= 8<<10 {
		*b = (*b)[:0]
		linePool.Put(b)
	}
}

// A literal that is deferred leaves it to endLine.
func writeLine(w io.Writer, words []string) error {
	line := newLine()
	b := *line
	defer func() {
		*line = b
		endLine(line)
	}()
	b = addWords(b, words)
	_, err := w.Write(b)
	return err
}

func addWords(b []byte, words []string) []byte {
	for _, word := range words {
		b = append(b, word...)
	}
	return b
}

var rowPool = sync.Pool{New: func() any {
	b := make([]byte, 0, 512)
	return &b
}}

func newRow() *[]byte { return rowPool.Get().(*[]byte) }

func endRow(b *[]byte) {
	*b = (*b)[:0]
	rowPool.Put(b)
}

func writeRow(w io.Writer, words []string) error {
	row := newRow()
	b := *row
	defer func() { // want `\*\[\]byte is put back into rowPool whatever its capacity`
		*row = b
		endRow(row)
	}()
	b = addWords(b, words)
	_, err := w.Write(b)
	return err
}
