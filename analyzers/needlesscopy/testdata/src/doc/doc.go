package doc

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WRONG
func keys(ids []int) (n int) {
	for _, id := range ids {
		n += len(fmt.Sprintf("%d", id)) // want `fmt.Sprintf puts id into an interface to format it on every iteration: 2 allocations, 1 by strconv.Itoa\(id\)`
	}
	return n
}

// RIGHT
func keysOf(ids []int) (n int) {
	for _, id := range ids {
		n += len(strconv.Itoa(id))
	}
	return n
}

// WRONG
//
//heapvet:hot
func count(m map[string]int, pairs [][2]string) {
	for _, p := range pairs {
		m[fmt.Sprintf("%s:%s", p[0], p[1])]++ // want `fmt.Sprintf puts p\[0\] and p\[1\] into interfaces to join them on every iteration; \+ needs no more than the result`
	}
}

// RIGHT
func countPairs(m map[string]int, pairs [][2]string) {
	for _, p := range pairs {
		m[p[0]+":"+p[1]]++
	}
}

// WRONG
func write(w io.Writer, lines []string, b []byte) []byte {
	for i, line := range lines {
		b = append(b, strconv.Itoa(i)...) // want `strconv.Itoa makes a string on every iteration that is then copied to b; strconv.AppendInt appends to it at once`
		w.Write([]byte(line))             // want `line is copied to the heap on every iteration, because w might keep the bytes; io.WriteString lets the writer take the string itself`
	}
	return b
}

// RIGHT
func writeStrings(w io.Writer, lines []string, b []byte) []byte {
	for i, line := range lines {
		b = strconv.AppendInt(b, int64(i), 10)
		io.WriteString(w, line)
	}
	return b
}

// WRONG
func join(parts []string) string {
	s := ""
	for _, p := range parts {
		s += p // want `s is copied as a whole on every iteration of this loop to make it longer`
	}
	return s
}

// RIGHT
func joined(parts []string) string {
	return strings.Join(parts, "")
}
