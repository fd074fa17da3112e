package doc

import "bytes"

type counter struct {
	last string
	key  [32]byte
	size int
}

//heapvet:noalloc
func (c *counter) add(key []byte) {
	c.last = normalized(key) // want `\(\*counter\)\.add is marked noalloc, but calls normalized, which allocates a copy in a conversion between string and slice \(doc\.go:\d+\): string\(bytes.ToLower\(key\)\) is allocated on the heap because it is returned \(doc\.go:\d+\)`
}

func normalized(key []byte) string {
	return string(bytes.ToLower(key))
}

//heapvet:noalloc
func (c *counter) addCopy(key []byte) {
	c.size = copy(c.key[:], bytes.TrimSpace(key))
}

type sink interface {
	//heapvet:noalloc
	put(n int) // want put:"noalloc"
}

type list struct{ values []any }

func (l *list) put(n int) { l.values[0] = n } // want `\(\*list\)\.put must not allocate \(it implements sink\.put, which is marked noalloc\), but allocates`

type numbers struct{ values []int }

func (l *numbers) put(n int) { l.values[0] = n }
