package a

import (
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync/atomic"
)

// Buffers that are lent to functions of the package as well.

var errMark = errors.New("bad mark")

type chunk struct {
	kind uint32
	size uint32
}

func readHead(b []byte) (chunk, error) {
	if b[0] != 'c' {
		return chunk{}, errMark
	}
	return chunk{binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])}, nil
}

func chunks(r io.ReadSeeker) (total int64, err error) {
	for {
		var head [12]byte // want `head \(12 bytes\) is allocated on every iteration, because the compiler must assume that io.ReadFull keeps it; declare it before the loop$`
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return total, err
		}
		c, err := readHead(head[:])
		if err != nil {
			return total, err
		}
		total += int64(c.size)
	}
}

// What the functions give back, or keep.

func body(b []byte) []byte { return b[4:] }

func bodies(r io.Reader, use func([]byte)) error {
	for {
		var head [12]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		use(body(head[:]))
	}
}

type index struct{ heads [][]byte }

func (x *index) add(b []byte) { x.heads = append(x.heads, b) }

func (x *index) read(r io.Reader) error {
	for {
		var head [12]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		x.add(head[:])
	}
}

func first[T ~[]byte](b T) byte { return b[0] }

// A variable whose address is returned.

type reading struct {
	sensor string
	value  float64
}

func parseReading(b []byte) (*reading, error) {
	var rd reading // want `parseReading allocates its result \(24 bytes\) on every call, and all callers only read its fields; return a value`
	for i, c := range b {
		if c != '=' {
			continue
		}
		rd.sensor = string(b[:i])
		v, err := strconv.ParseFloat(string(b[i+1:]), 64)
		if err != nil {
			return nil, err
		}
		rd.value = v
		return &rd, nil
	}
	return nil, errMark
}

func readings(lines [][]byte) (sum float64, err error) {
	for _, line := range lines {
		rd, err := parseReading(line)
		if err != nil {
			return sum, err
		}
		if rd.sensor != "" {
			sum += rd.value
		}
	}
	return sum, nil
}

// Kept elsewhere as well, or by a caller.

var latest *reading

func keptReading(b []byte) *reading {
	var rd reading
	rd.sensor = string(b)
	if len(b) > 3 {
		rd.value, _ = strconv.ParseFloat(string(b[3:]), 64)
	}
	latest = &rd
	return &rd
}

func storedReading(b []byte) *reading {
	var rd reading
	rd.sensor = string(b)
	if len(b) > 3 {
		rd.value, _ = strconv.ParseFloat(string(b[3:]), 64)
	}
	return &rd
}

func filledReading(b []byte) *reading {
	var rd reading
	fill(&rd, b)
	return &rd
}

func fill(rd *reading, b []byte) {
	rd.sensor = string(b)
	latest = rd
}

func keepReadings(lines [][]byte) (sum float64, list []*reading) {
	for _, line := range lines {
		sum += keptReading(line).value
		rd := storedReading(line)
		list = append(list, rd)
		sum += filledReading(line).value
	}
	return sum, list
}

// With a word on whether there is one, and methods that only look at it.

type pair struct {
	key, value string
	size       int
}

func (p *pair) known(keys map[string]bool) bool { return keys[p.key] || keys[p.value] }

func (p *pair) measure() { p.size = len(p.key) + len(p.value) }

func parsePair(s string) (*pair, bool) {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return nil, false
	}
	p := &pair{key: strings.ToLower(s[:i]), value: strings.ToUpper(s[i+1:])} // want `parsePair allocates its result \(40 bytes\) on every call, and all callers only read its fields; return a value`
	p.measure()
	return p, true
}

func knownPairs(lines []string, keys map[string]bool) (n int) {
	for _, line := range lines {
		if p, ok := parsePair(line); ok && p.known(keys) {
			n++
		}
	}
	return n
}

// Methods that keep it, and one that may be nil.

var kept []*pair

func (p *pair) keep() { kept = append(kept, p) }

func keptPair(s string) (*pair, bool) {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return nil, false
	}
	return &pair{key: strings.ToLower(s[:i]), value: strings.ToLower(s[i+1:])}, true
}

func maybePair(s string, strict bool) (*pair, bool) {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return nil, !strict
	}
	return &pair{key: strings.ToLower(s[:i]), value: strings.ToLower(s[i+1:])}, true
}

func keepPairs(lines []string) (n int) {
	for _, line := range lines {
		if p, ok := keptPair(line); ok {
			p.keep()
		}
		if p, ok := maybePair(line, n > 3); ok {
			n += len(p.key)
		}
	}
	return n
}

// Not to be copied.

type gauge struct {
	name  string
	value [1]atomic.Int64
}

func (g *gauge) add(n int64) { g.value[0].Add(n) }

func newGauge(name string) *gauge {
	g := &gauge{name: strings.ToLower(strings.TrimPrefix(name, "gauge "))}
	g.add(int64(len(name)))
	g.add(int64(strings.Count(name, ".")))
	return g
}

func gaugeNames(lines []string) (n int) {
	for _, line := range lines {
		g := newGauge(line)
		g.add(1)
		n += len(g.name)
	}
	return n
}
