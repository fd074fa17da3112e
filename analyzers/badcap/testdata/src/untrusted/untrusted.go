package untrusted

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Reported.

func frame(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	body := make([]byte, n) // want `n comes from binary.Uint32 and has no upper bound: a few bytes of input make this allocate up to 4 GiB; compare it with a limit first`
	_, err := io.ReadFull(r, body)
	return body, err
}

func list(buf []byte) []string {
	n, w := binary.Uvarint(buf)
	if w <= 0 {
		return nil
	}
	return make([]string, 0, n) // want `n comes from binary.Uvarint and has no upper bound: a few bytes of input make this allocate all memory there is`
}

func readInto(r io.Reader) ([]uint64, error) {
	var n uint32
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return nil, err
	}
	xs := make([]uint64, n) // want `n comes from binary.Read and has no upper bound: .* up to 32 GiB`
	return xs, binary.Read(r, binary.LittleEndian, xs)
}

type header struct {
	Magic  uint32
	Count  uint32
	Flags  uint16
	Little uint8
}

func records(r io.Reader) ([]int64, error) {
	var h header
	if err := binary.Read(r, binary.BigEndian, &h); err != nil {
		return nil, err
	}
	if h.Magic != 0xcafe {
		return nil, io.ErrUnexpectedEOF
	}
	return make([]int64, h.Count), nil // want `h.Count comes from binary.Read`
}

func recordsOf(h *header) []int64 {
	return make([]int64, 0, h.Count) // want `h.Count comes from binary.Read`
}

type searchRequest struct {
	Query string `json:"query"`
	Limit int    `json:"limit"`
}

func search(w http.ResponseWriter, r *http.Request) {
	var req searchRequest
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, err.Error(), 400)
		return
	}
	if req.Limit <= 0 {
		req.Limit = 10
	}
	hits := make([]string, 0, req.Limit) // want `req.Limit comes from Decoder.Decode and has no upper bound`
	run(&req)
	_ = hits
}

func run(req *searchRequest) map[string]int {
	return make(map[string]int, req.Limit) // want `req.Limit comes from Decoder.Decode`
}

func page(w http.ResponseWriter, r *http.Request) {
	size, err := strconv.Atoi(r.URL.Query().Get("size"))
	if err != nil || size < 0 {
		http.Error(w, "bad size", 400)
		return
	}
	rows := make([]int, 0, size) // want `size comes from Values.Get and has no upper bound`
	_ = rows
}

func upload(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseInt(r.Header.Get("X-Size"), 10, 64)
	buf := make([]byte, n) // want `n comes from Header.Get and has no upper bound`
	io.ReadFull(r.Body, buf)
}

func grow(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseUint(strings.TrimSpace(r.FormValue("n")), 10, 32)
	var b bytes.Buffer
	b.Grow(int(n)) // want `int\(n\) comes from Request.FormValue and has no upper bound: .* up to 4 GiB`
}

func signed(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseInt(r.Header.Get("X-Size"), 10, 32)
	buf := make([]byte, n) // want `n comes from Header.Get and has no upper bound: .* up to 2 GiB`
	io.ReadFull(r.Body, buf)
}

func small(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseUint(r.Header.Get("X-Size"), 10, 16)
	buf := make([]byte, n)
	io.ReadFull(r.Body, buf)
}

type message struct{ Size int }

func decodeJSON(data []byte) ([]byte, error) {
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, err
	}
	return make([]byte, m.Size), nil // want `m.Size comes from json.Unmarshal`
}

// What a client configures is its own.
type configRequest struct{ Size int }

func configure(w http.ResponseWriter, r *http.Request) {
	var c configRequest
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return
	}
	w.Write(make([]byte, c.Size)) // want `c.Size comes from Decoder.Decode`
}

func decodeXML(data []byte) ([]byte, error) {
	m := new(message)
	if err := xml.Unmarshal(data, m); err != nil {
		return nil, err
	}
	return make([]byte, m.Size), nil // want `m.Size comes from xml.Unmarshal`
}

func decodeGob(c net.Conn) ([]int, error) {
	var n int
	if err := gob.NewDecoder(c).Decode(&n); err != nil {
		return nil, err
	}
	return make([]int, n), nil // want `n comes from Decoder.Decode`
}

// Through helpers.

type reader struct {
	r   *bufio.Reader
	err error
}

func (r *reader) uint32() uint32 {
	var b [4]byte
	if _, r.err = io.ReadFull(r.r, b[:]); r.err != nil {
		return 0
	}
	return binary.BigEndian.Uint32(b[:])
}

func (r *reader) count() (int, error) {
	n := r.uint32()
	return int(n), r.err
}

func (r *reader) names() ([]string, error) {
	n, err := r.count()
	if err != nil {
		return nil, err
	}
	return make([]string, n), nil // want `n comes from binary.Uint32 and has no upper bound`
}

func alloc(n int) []byte {
	return make([]byte, n) // want `n comes from binary.ReadUvarint`
}

func blob(r *bufio.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	return alloc(int(n)), nil
}

func query(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil {
		return 0
	}
	return n
}

func table(w http.ResponseWriter, r *http.Request) {
	rows := make([][]int, query(r, "rows")) // want `query\(r, "rows"\) comes from Values.Get`
	_ = rows
}

func bind(r *http.Request, v any) error { return json.NewDecoder(r.Body).Decode(v) }

type batch struct{ N int }

func bound(w http.ResponseWriter, r *http.Request) {
	var b batch
	if err := bind(r, &b); err != nil {
		return
	}
	jobs := make(chan int, b.N) // want `b.N comes from untrusted.bind`
	_ = jobs
}

func parse[T any](r *http.Request) (T, error) {
	var v T
	err := json.NewDecoder(r.Body).Decode(&v)
	return v, err
}

type order struct{ Items int }

func orders(w http.ResponseWriter, r *http.Request) {
	o, err := parse[order](r)
	if err != nil {
		return
	}
	items := make([]string, o.Items) // want `o.Items comes from Decoder.Decode`
	_ = items
}

type source interface{ next() (int, error) }

type wire struct{ b []byte }

func (w *wire) next() (int, error) {
	n, k := binary.Uvarint(w.b)
	w.b = w.b[k:]
	return int(n), nil
}

func fromSource(s source) []string {
	n, err := s.next()
	if err != nil {
		return nil
	}
	return make([]string, n) // want `n comes from binary.Uvarint`
}

func byHand(b []byte) []byte {
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	return make([]byte, n) // want `n comes from bytes put together by hand and has no upper bound: .* up to 4 GiB`
}

func area(b []byte) []byte {
	w, h := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	return make([]byte, int(w)*int(h)*4) // want `comes from binary.Uint16`
}

func grown(dst []byte, b []byte) []byte {
	n := int(binary.LittleEndian.Uint32(b))
	return slices.Grow(dst, n) // want `n comes from binary.Uint32`
}

func lowerOnly(b []byte) []byte {
	n := int32(binary.LittleEndian.Uint32(b))
	if n < 0 || n == 7 {
		return nil
	}
	return make([]byte, n) // want `n comes from binary.Uint32`
}

func tooLarge(b []byte) []byte {
	n := binary.LittleEndian.Uint64(b)
	if n > 1<<40 {
		return nil
	}
	return make([]byte, n) // want `n comes from binary.Uint64`
}

func checkedLate(b []byte) []int {
	n := int(binary.LittleEndian.Uint32(b))
	xs := make([]int, n) // want `n comes from binary.Uint32`
	if len(b) < 4+8*n {
		return nil
	}
	return xs
}

type session struct{ in *bufio.Reader }

func (s *session) array() ([]any, error) {
	line, err := s.in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(line[1:]))
	if err != nil {
		return nil, err
	}
	return make([]any, n), nil // want `n comes from Reader.ReadString and has no upper bound`
}

func announced(r *http.Request) []byte {
	return make([]byte, 0, r.ContentLength) // want `r.ContentLength comes from the header of a request`
}

func announcedTo(r *http.Request) func() []byte {
	size := r.ContentLength
	read := func() []byte { return make([]byte, 0, size) } // want `size comes from the header of a request`
	if size > 1<<20 {
		return nil
	}
	return read
}

func (r *reader) a() []int { return make([]int, r.uint32()) } // want `r.uint32\(\) comes from binary.Uint32`

type many struct{ b []byte }

func (m *many) n() int {
	n, _ := binary.Uvarint(m.b)
	return int(n)
}

func (m *many) a() []int    { return make([]int, m.n()) } // want `m.n\(\) comes from binary.Uvarint and has no upper bound, here and in 3 other places: .*; check it where it is read`
func (m *many) c() []string { return make([]string, m.n()) }
func (m *many) d() []bool   { return make([]bool, m.n()) }
func (m *many) e() [][]byte { return make([][]byte, m.n()) }

func twice(b []byte) ([]int, []string) {
	n := binary.BigEndian.Uint32(b)
	return make([]int, n), make([]string, n) // want `n comes from binary.Uint32`
}

type exchange struct {
	in   *bufio.Reader
	size int
}

func (s *exchange) next() error {
	var b [4]byte
	if _, err := io.ReadFull(s.in, b[:]); err != nil {
		return err
	}
	s.size = int(binary.BigEndian.Uint32(b[:]))
	return nil
}

func (s *exchange) body() ([]byte, error) {
	if err := s.next(); err != nil {
		return nil, err
	}
	p := make([]byte, s.size) // want `s.size comes from binary.Uint32 and has no upper bound`
	_, err := io.ReadFull(s.in, p)
	return p, err
}

type parts struct {
	Magic uint32
	Sizes [4]uint32
}

func total(r io.Reader) ([]byte, error) {
	var t parts
	if err := binary.Read(r, binary.LittleEndian, &t); err != nil {
		return nil, err
	}
	sum := uint32(0)
	for _, n := range t.Sizes {
		sum += n
	}
	return make([]byte, sum), nil // want `sum comes from binary.Read and has no upper bound`
}

// The length of one's own request is known.
func serialized(url string, body io.Reader) ([]byte, error) {
	req, err := http.NewRequest("POST", url, body)
	if err != nil {
		return nil, err
	}
	b := new(bytes.Buffer)
	b.Grow(512 + int(req.ContentLength))
	err = req.Write(b)
	return b.Bytes(), err
}
