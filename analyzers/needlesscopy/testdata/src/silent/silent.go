// Package silent holds what the compiler makes free, and what is not worth a word.
package silent

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func free(a, b [][]byte, m map[string]int, s []string, buf *bytes.Buffer, out []byte) (n int, _ []byte) {
	for i := range a {
		if string(a[i]) == string(b[i]) {
			n++
		}
		switch string(a[i]) {
		case "GET":
			n++
		}
		n += m[string(a[i])]
		for range []byte(s[i]) {
			n++
		}
		out = append(out, s[i]...)
		out = append(out, []byte(s[i])...)
		buf.Write([]byte(s[i]))
		buf.WriteString(s[i])
		n += len([]rune(s[i]))
		n += bytes.Index(b[i], []byte(s[i]))
	}
	return n, out
}

func few() (s string) {
	for i := range 3 {
		s += fmt.Sprint(i)
	}
	return s
}

func failing(n []int) error {
	for _, x := range n {
		if x < 0 {
			panic(fmt.Sprintf("bad %s", fmt.Sprint(x)))
		}
	}
	return nil
}

func init() {
	for i := range 1000 {
		names = append(names, fmt.Sprint(i))
	}
}

var names []string

//heapvet:cold
func seldom(n []int) (s []string) {
	for _, x := range n {
		s = append(s, fmt.Sprint(x))
	}
	return s
}

func generic[T ~string | ~[]byte](x []T) (n int) {
	for _, x := range x {
		n += len(fmt.Sprint(x))
		n += strings.Index(string(x), "x")
	}
	return n
}

func BenchmarkFree(b *testing.B) {
	for b.Loop() {
		few()
	}
}
