//go:build unix

package doc

import (
	"bufio"
	"bytes"
	"io"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"
)

func wrongCount(r io.Reader) map[string]int {
	words := make(map[string]int)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		b := lines.Bytes()
		words[unsafe.String(unsafe.SliceData(b), len(b))]++ // want `the string shares memory with b, which is filled again on line 18, and is kept in a map; copy it with string\(b\)`
	}
	return words
}

func rightCount(r io.Reader) map[string]int {
	words := make(map[string]int)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words[string(lines.Bytes())]++
	}
	return words
}

func wrongLower(s string) string {
	b := unsafe.Slice(unsafe.StringData(s), len(s)) // want `the bytes of s are written on line 37: everybody who has the string sees it change, and the program crashes if it is a constant; copy it with \[\]byte\(s\)`
	for i, c := range b {
		b[i] = c | 0x20
	}
	return s
}

func wrongHeader(fd int) ([]byte, error) {
	data, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED) // want `memory that is mapped here is unmapped when the function returns, and is part of the result: whoever touches it crashes the program; copy what is needed longer`
	if err != nil {
		return nil, err
	}
	defer syscall.Munmap(data)
	return data[:16], nil
}

func rightHeader(fd int) ([]byte, error) {
	data, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	defer syscall.Munmap(data)
	return bytes.Clone(data[:16]), nil
}

type node struct {
	next *node
	n    int
}

type list struct{ head atomic.Pointer[node] }

func (l *list) wrongPop() *node {
	for {
		old := l.head.Load()
		if old == nil {
			return nil
		}
		if l.head.CompareAndSwap(old, old.next) { // want `compare-and-swap of \*node, which a sync.Pool recycles: the same node may have been popped and pushed again meanwhile, with another successor, and the list loses or repeats nodes; leave nodes to the collector, or take a lock`
			return old
		}
	}
}

var nodes = sync.Pool{New: func() any { return new(node) }}

func (l *list) push(n int) {
	x := nodes.Get().(*node)
	x.n = n
	for {
		x.next = l.head.Load()
		if l.head.CompareAndSwap(x.next, x) {
			return
		}
	}
}

func (l *list) pop() int {
	x := l.wrongPop()
	n := x.n
	nodes.Put(x)
	return n
}
