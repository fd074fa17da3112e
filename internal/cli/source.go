package cli

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

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
