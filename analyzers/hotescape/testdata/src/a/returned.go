package a

import (
	"errors"
	"strings"
)

// Functions that fill what they return a pointer to.

type span struct {
	from, to int
	word     string
}

var errNoSpan = errors.New("no span")

func findSpan(s string) (*span, error) {
	if len(s) < 3 {
		return nil, errNoSpan
	}
	sp := &span{from: strings.Index(s, "<")} // want `findSpan allocates its result \(32 bytes\) on every call, and all callers only read its fields; return a value`
	for i := sp.from; i < len(s); i++ {
		if s[i] == '>' {
			sp.to = i
			break
		}
	}
	if sp.to == 0 {
		return nil, errNoSpan
	}
	sp.word = strings.TrimSpace(s[sp.from+1 : sp.to])
	return sp, nil
}

func widths(lines []string) (n int, err error) {
	for _, line := range lines {
		sp, err := findSpan(line)
		if err != nil {
			return n, err
		}
		n += sp.to - sp.from + len(sp.word)
	}
	return n, nil
}

// Somebody else keeps it.

var last *span

func keptSpan(s string) *span {
	sp := &span{from: strings.Index(s, "<")}
	sp.to = strings.LastIndex(s, ">")
	last = sp
	return sp
}

// A caller asks whether there is one.

func maybeSpan(s string) (*span, error) {
	if s == "" {
		return nil, errNoSpan
	}
	sp := &span{from: strings.Index(s, "<")}
	sp.to = strings.LastIndex(s, ">")
	return sp, nil
}

// Nil stands for something without an error.

func noSpan(s string) (*span, error) {
	if !strings.Contains(s, "<") {
		return nil, nil
	}
	sp := &span{from: strings.Index(s, "<")}
	sp.to = strings.LastIndex(s, ">")
	return sp, nil
}

func otherWidths(lines []string) (n int) {
	for _, line := range lines {
		n += keptSpan(line).to
		if sp, _ := maybeSpan(line); sp != nil {
			n += sp.from
		}
		sp, err := noSpan(line)
		if err != nil {
			continue
		}
		n += sp.to
	}
	return n
}
