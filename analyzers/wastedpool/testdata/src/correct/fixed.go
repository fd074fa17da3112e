package correct

import (
	"hash"
	"hash/fnv"
	"io"
	"sync"
)

// What is read into has the size that it was made with.
type digest struct {
	page []byte
	hash.Hash64
}

func (d *digest) ReadFrom(r io.Reader) (total int64, err error) {
	for {
		n, err := r.Read(d.page)
		d.Hash64.Write(d.page[:n])
		total += int64(n)
		if err == io.EOF {
			return total, nil
		} else if err != nil {
			return total, err
		}
	}
}

var digests = sync.Pool{New: func() any {
	return &digest{page: make([]byte, 48<<10), Hash64: fnv.New64()}
}}

func sumOf(r io.Reader) (uint64, error) {
	d := digests.Get().(*digest)
	defer func() {
		d.Reset()
		digests.Put(d)
	}()
	if _, err := io.Copy(d, r); err != nil {
		return 0, err
	}
	return d.Sum64(), nil
}
