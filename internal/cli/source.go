package cli

import (
	"bytes"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// sources holds the lines of the files that have findings.
type sources map[string][]string

// line returns the text of a line, without its end, or "" if there is no such
// line (any more).
func (s sources) line(file string, n int) string {
	lines, ok := s[file]
	if !ok {
		if data, err := os.ReadFile(file); err == nil && !bytes.ContainsRune(data, 0) {
			lines = strings.Split(string(data), "\n")
		}
		s[file] = lines
	}
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSuffix(lines[n-1], "\r")
}

// at returns the position of a byte, counted from 0, of a file.
func (s sources) at(file string, offset int) position {
	s.line(file, 1)
	for i, line := range s[file] {
		if offset <= len(line) {
			return position{file, i + 1, offset + 1}
		}
		offset -= len(line) + 1
	}
	return position{File: file}
}

// utf16Column returns the column of a position in UTF-16 code units, counted from 1.
func (s sources) utf16Column(pos position) int {
	line := s.line(pos.File, pos.Line)
	n := 1
	for i, r := range line {
		if i >= pos.Col-1 {
			break
		}
		n += utf16.RuneLen(r)
	}
	return n + max(0, pos.Col-1-len(line))
}

const (
	tabWidth     = 4
	excerptWidth = 100 // columns of source shown at most
)

// excerpt renders a line of source. Below it belong a blank of so many columns, and
// so many marks, for the bytes from..to (columns that count from 1; to is
// exclusive). A long line is cut to what surrounds the marks.
func excerpt(line string, from, to int) (text string, blank, marks int) {
	line = strings.TrimRight(line, " \t")
	from = min(from, len(line)+1)
	to = min(max(to, from), len(line)+1)

	before, start := expand(line[:from-1], 0)
	marked, end := expand(line[from-1:to-1], start)
	after, _ := expand(line[to-1:], end)
	if start > excerptWidth*2/3 {
		before = "… " + lastColumns(before, excerptWidth/3)
		start = uniseg.StringWidth(before)
	}
	if room := excerptWidth - start; uniseg.StringWidth(marked) > room {
		marked, after = firstColumns(marked, room), "…"
	}
	if room := excerptWidth - start - uniseg.StringWidth(marked); uniseg.StringWidth(after) > max(room, 1) {
		after = firstColumns(after, room) + "…"
	}
	return before + marked + after, start, max(uniseg.StringWidth(marked), 1)
}

// expand replaces tabs, and characters that would move the cursor, in text
// that begins at a column; it returns the column after it.
func expand(text string, col int) (string, int) {
	var b strings.Builder
	for len(text) > 0 {
		cluster, rest, width, _ := uniseg.FirstGraphemeClusterInString(text, -1)
		text = rest
		r, size := utf8.DecodeRuneInString(cluster)
		switch {
		case cluster == "\t":
			width = tabWidth - col%tabWidth
			cluster = strings.Repeat(" ", width)
		case r < ' ' || r == 0x7f || r == utf8.RuneError && size <= 1:
			cluster, width = "\ufffd", 1
		}
		b.WriteString(cluster)
		col += width
	}
	return b.String(), col
}

func firstColumns(s string, n int) string {
	for i, rest, state := 0, s, -1; rest != ""; {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if n -= width; n < 0 {
			return s[:i]
		}
		i += len(cluster)
	}
	return s
}

func lastColumns(s string, n int) string {
	for uniseg.StringWidth(s) > n {
		_, s, _, _ = uniseg.FirstGraphemeClusterInString(s, -1)
	}
	return s
}
