package untrusted

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// Each function that is given a preamble checks its own copy, or forgets to.

type preamble struct {
	version byte
	length  uint32
}

const most = 1 << 16

var errLong = errors.New("too long")

func readPreamble(r io.Reader) (preamble, error) {
	var b [5]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return preamble{}, err
	}
	return preamble{version: b[0], length: binary.LittleEndian.Uint32(b[1:])}, nil
}

func payload(r io.Reader) ([]byte, error) {
	p, err := readPreamble(r)
	if err != nil {
		return nil, err
	}
	out := make([]byte, p.length) // want `p.length comes from binary.Uint32 and has no upper bound`
	_, err = io.ReadFull(r, out)
	return out, err
}

func payloadGrown(r io.Reader) (*bytes.Buffer, error) {
	p, err := readPreamble(r)
	if err != nil {
		return nil, err
	}
	out := new(bytes.Buffer)
	out.Grow(int(p.length)) // want `int\(p.length\) comes from binary.Uint32 and has no upper bound`
	_, err = io.CopyN(out, r, int64(p.length))
	return out, err
}

func payloadChecked(r io.Reader) ([]byte, error) {
	p, err := readPreamble(r)
	if err != nil {
		return nil, err
	}
	if p.length > most {
		return nil, errLong
	}
	out := make([]byte, p.length)
	_, err = io.ReadFull(r, out)
	return out, err
}

func payloadSome(r io.Reader) ([]byte, error) {
	p, err := readPreamble(r)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, min(int(p.length), most))
	b := bytes.NewBuffer(out)
	_, err = io.CopyN(b, r, int64(p.length))
	return b.Bytes(), err
}

// The one who reads it checks it.

type trailer struct{ length, count uint32 }

func readTrailer(r io.Reader) (trailer, error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return trailer{}, err
	}
	t := trailer{length: binary.LittleEndian.Uint32(b[:]), count: binary.LittleEndian.Uint32(b[4:])}
	if t.length > most {
		return trailer{}, errLong
	}
	return t, nil
}

func trailing(r io.Reader) ([]byte, error) {
	t, err := readTrailer(r)
	if err != nil {
		return nil, err
	}
	return make([]byte, t.length), nil
}

// There is a function that checks them all.

func (t trailer) ok() bool { return t.count <= most }

func counted(r io.Reader) ([]uint32, error) {
	t, err := readTrailer(r)
	if err != nil {
		return nil, err
	}
	return make([]uint32, t.count), nil
}

// What a client asks for.

type ask struct{ limit, skip int }

func askOf(r *http.Request) ask {
	a := ask{limit: 10}
	if n, err := strconv.Atoi(r.URL.Query().Get("limit")); err == nil {
		a.limit = n
	}
	a.skip, _ = strconv.Atoi(r.URL.Query().Get("skip"))
	return a
}

func asked(w http.ResponseWriter, r *http.Request, all []string) {
	a := askOf(r)
	found := make([]string, 0, a.limit) // want `a.limit comes from Values.Get and has no upper bound`
	for i, s := range all {
		if i >= a.skip && len(found) < a.limit {
			found = append(found, s)
		}
	}
	io.WriteString(w, strconv.Itoa(len(found)))
}

func askedLess(w http.ResponseWriter, r *http.Request, all []string) {
	a := askOf(r)
	a.limit = max(1, min(a.limit, 100))
	found := make([]string, 0, a.limit)
	for i, s := range all {
		if i >= a.skip && len(found) < a.limit {
			found = append(found, s)
		}
	}
	io.WriteString(w, strconv.Itoa(len(found)))
}

func askedMost(w http.ResponseWriter, r *http.Request, all []string) {
	a := askOf(r)
	if a.limit > len(all) {
		a.limit = len(all)
	}
	found := make([]string, 0, a.limit)
	io.WriteString(w, strconv.Itoa(len(append(found, all[:a.limit]...))))
}

// A record reads itself.

type pack struct {
	size, kind uint32
	data       []byte
	more       []uint32
}

func (b *pack) UnmarshalBinary(p []byte) error {
	if len(p) < 8 {
		return errLong
	}
	b.size = binary.LittleEndian.Uint32(p)
	b.kind = binary.LittleEndian.Uint32(p[4:])
	b.data = make([]byte, b.size) // want `b.size comes from binary.Uint32 and has no upper bound`
	copy(b.data, p[8:])
	return nil
}

type chunk struct {
	size, count uint32
	data        []byte
	list        []uint32
}

func (c *chunk) UnmarshalBinary(p []byte) error {
	if len(p) < 8 {
		return errLong
	}
	c.size = binary.LittleEndian.Uint32(p)
	if int(c.size) > len(p)-8 {
		return errLong
	}
	c.data = make([]byte, c.size)
	copy(c.data, p[8:])
	n := binary.LittleEndian.Uint32(p[4:])
	if n > most {
		return errLong
	}
	c.count = n
	c.list = make([]uint32, c.count)
	return nil
}

type strip struct {
	size uint32
	data []byte
}

func (s *strip) fits(p []byte) bool { return int(s.size) <= len(p) }

func (s *strip) UnmarshalBinary(p []byte) error {
	s.size = binary.LittleEndian.Uint32(p)
	if !s.fits(p) {
		return errLong
	}
	s.data = make([]byte, s.size)
	copy(s.data, p[4:])
	return nil
}

// A default takes its place.
type leaf struct {
	size uint32
	data []byte
}

func (l *leaf) read(p []byte) {
	l.size = binary.LittleEndian.Uint32(p)
	if l.size > most {
		l.size = most
	}
	l.data = make([]byte, l.size)
}
