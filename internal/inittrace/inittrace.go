// Package inittrace reads what the Go runtime writes of the initialization of packages
// when GODEBUG=inittrace=1 is set.
package inittrace

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strconv"
)

// An Init is the initialization of one package: of its variables and its init functions.
type Init struct {
	Package string  // import path; that of the command is "main"
	Millis  float64 // what it took
	Bytes   int64   // what it allocated
	Allocs  int64   // in how many pieces
}

// ErrNoTrace says that a file has no line of a trace.
var ErrNoTrace = errors.New("not a trace of initialization")

// init internal/bytealg @0.008 ms, 0.5 ms clock, 1024 bytes, 12 allocs
var line = regexp.MustCompile(`^init (\S+) @[0-9.e+-]+ ms, ([0-9.e+-]+) ms clock, (\d+) bytes, (\d+) allocs\r?$`)

// Parse reads a trace, the most costly packages first. What else the program has written
// between its lines does not matter. Of several runs, the slowest of a package counts.
func Parse(data []byte) ([]Init, error) {
	slowest := make(map[string]Init)
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		m := line.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		i := Init{Package: m[1]}
		i.Millis, _ = strconv.ParseFloat(m[2], 64)
		i.Bytes, _ = strconv.ParseInt(m[3], 10, 64)
		i.Allocs, _ = strconv.ParseInt(m[4], 10, 64)
		if old, ok := slowest[i.Package]; !ok || i.Millis > old.Millis {
			slowest[i.Package] = i
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(slowest) == 0 {
		return nil, ErrNoTrace
	}
	inits := make([]Init, 0, len(slowest))
	for _, i := range slowest {
		inits = append(inits, i)
	}
	slices.SortFunc(inits, func(a, b Init) int {
		return cmp.Or(cmp.Compare(b.Millis, a.Millis), cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Package, b.Package))
	})
	return inits, nil
}
