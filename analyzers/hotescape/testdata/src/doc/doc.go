package doc

import (
	"cmp"
	"encoding/binary"
	"io"
	"net/http"
	"slices"
	"sort"
	"strings"
	"sync"
)

type user struct {
	id   int
	name string
	tags []string
}

func name(users []user, id int) string {
	var found *user
	for _, u := range users { // want `a new u \(48 bytes\) is allocated on every iteration, though its address is taken only on the way out of the loop; copy it to a new variable there`
		if u.id == id {
			found = &u
			break
		}
	}
	if found == nil {
		return ""
	}
	return found.name
}

func nameOf(users []user, id int) string {
	var found *user
	for i := range users {
		if users[i].id == id {
			found = &users[i]
			break
		}
	}
	if found == nil {
		return ""
	}
	return found.name
}

func sum(r io.Reader) (total uint32) {
	for {
		var word [4]byte // want `word \(4 bytes\) is allocated on every iteration, because the compiler must assume that io.ReadFull keeps it; declare it before the loop`
		if _, err := io.ReadFull(r, word[:]); err != nil {
			return total
		}
		total += binary.BigEndian.Uint32(word[:])
	}
}

func sumOf(r io.Reader) (total uint32) {
	var word [4]byte
	for {
		if _, err := io.ReadFull(r, word[:]); err != nil {
			return total
		}
		total += binary.BigEndian.Uint32(word[:])
	}
}

func upload(w http.ResponseWriter, req *http.Request) {
	buf := make([]byte, 32<<10) // want `buf \(32 KiB\) is allocated on every request, because the compiler must assume that req.Body.Read keeps it; take it from a sync.Pool`
	for {
		n, err := req.Body.Read(buf)
		w.Write(buf[:n])
		if err != nil {
			return
		}
	}
}

var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

func uploadPooled(w http.ResponseWriter, req *http.Request) {
	shared := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(shared)
	buf := shared[:]
	for {
		n, err := req.Body.Read(buf)
		w.Write(buf[:n])
		if err != nil {
			return
		}
	}
}

type visitor interface{ visit(func(int) bool) }

//heapvet:hot
func count(lists []visitor, limit int) (n int) {
	for _, l := range lists {
		l.visit(func(x int) bool { // want `the function literal is allocated on every iteration, though all it captures \(n, limit\) is declared before the loop; assign it to a variable there`
			n++
			return x < limit
		})
	}
	return n
}

func countOnce(lists []visitor, limit int) (n int) {
	counter := func(x int) bool {
		n++
		return x < limit
	}
	for _, l := range lists {
		l.visit(counter)
	}
	return n
}

type point struct{ x, y int }

func parse(s string) *point {
	p := strings.SplitN(s, ",", 2)
	return &point{x: len(p[0]), y: len(p)} // want `parse allocates its result \(16 bytes\) on every call, and all callers only read its fields; return a value`
}

func area(lines []string) (n int) {
	for _, line := range lines {
		p := parse(line)
		n += p.x * p.y
	}
	return n
}

func parseValue(s string) point {
	p := strings.SplitN(s, ",", 2)
	return point{x: len(p[0]), y: len(p)}
}

//heapvet:hot
func order(groups [][]user) {
	for _, g := range groups {
		sort.Slice(g, func(i, j int) bool { return g[i].id < g[j].id }) // want `g is copied to the heap on every iteration to pass it to sort.Slice as an interface; slices.SortFunc needs no interface and no reflection`
	}
}

func orderTyped(groups [][]user) {
	for _, g := range groups {
		slices.SortFunc(g, func(a, b user) int { return cmp.Compare(a.id, b.id) })
	}
}

// WRONG
func score(words []string) (n int) {
	for _, w := range words {
		n += map[string]int{ // want `a map of 9 constant keys is built on every iteration only to be looked up in; make it a package variable`
			"a": 1, "b": 3, "c": 3, "d": 2, "e": 1, "f": 4, "g": 2, "h": 4, "i": 1,
		}[w]
	}
	return n
}

// RIGHT
var points = map[string]int{
	"a": 1, "b": 3, "c": 3, "d": 2, "e": 1, "f": 4, "g": 2, "h": 4, "i": 1,
}

func scoreOf(words []string) (n int) {
	for _, w := range words {
		n += points[w]
	}
	return n
}

// WRONG
func digest(blocks [][]byte) (n int) {
	for _, b := range blocks {
		var table [200 << 10]byte // want `table \(200 KiB\) is allocated on every iteration, because it is too large for the stack; declare it before the loop, and clear it where its zeros matter`
		n += copy(table[:], b)
	}
	return n
}

// RIGHT
func digestOf(blocks [][]byte) (n int) {
	var table [200 << 10]byte
	for _, b := range blocks {
		clear(table[:])
		n += copy(table[:], b)
	}
	return n
}
