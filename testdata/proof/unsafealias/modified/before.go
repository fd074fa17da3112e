//go:build ignore

// proof: behaviour

package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unsafe"
)

func count(r io.Reader) map[string]int {
	words := make(map[string]int)
	line := make([]byte, 0, 16)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line = append(line[:0], lines.Text()...)
		words[unsafe.String(unsafe.SliceData(line), len(line))]++
	}
	return words
}

func run() string {
	words := count(strings.NewReader("red\ngreen\nblue\n"))
	if words["red"] != 1 {
		return fmt.Sprintf("bad: the keys are %q", slices.Sorted(maps.Keys(words)))
	}
	return "ok"
}
