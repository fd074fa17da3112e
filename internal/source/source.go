// Package source answers where something is in the text of files.
package source

import (
	"bytes"
	"os"
	"strings"
	"unicode/utf16"
)

// Files holds the lines of files by name, read when first asked for.
type Files map[string][]string

// Line returns the text of a line, without its end, or "" if there is no such
// line (any more).
func (f Files) Line(file string, n int) string {
	lines, ok := f[file]
	if !ok {
		if data, err := os.ReadFile(file); err == nil && !bytes.ContainsRune(data, 0) {
			lines = strings.Split(string(data), "\n")
		}
		f[file] = lines
	}
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSuffix(lines[n-1], "\r")
}

// Set makes the text that of a file, in place of what is on disk.
func (f Files) Set(file, text string) { f[file] = strings.Split(text, "\n") }

// At returns the line and the column, counted from 1, of a byte of a file, counted
// from 0; they are 0 if there is no such byte.
func (f Files) At(file string, offset int) (line, col int) {
	f.Line(file, 1)
	for i, text := range f[file] {
		if offset <= len(text) {
			return i + 1, offset + 1
		}
		offset -= len(text) + 1
	}
	return 0, 0
}

// UTF16 returns the column, counted from 1, in UTF-16 code units instead of bytes.
func (f Files) UTF16(file string, line, col int) int {
	text := f.Line(file, line)
	n := 1
	for i, r := range text {
		if i >= col-1 {
			break
		}
		n += utf16.RuneLen(r)
	}
	return n + max(0, col-1-len(text))
}
