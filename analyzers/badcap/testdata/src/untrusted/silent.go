package untrusted

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

const maxFrame = 1 << 20

var errTooLarge = errors.New("too large")

func limited(b []byte) ([]byte, error) {
	n := binary.BigEndian.Uint32(b)
	if n > maxFrame {
		return nil, errTooLarge
	}
	return make([]byte, n), nil
}

func limitedElse(b []byte) []byte {
	if n := binary.BigEndian.Uint32(b); n <= maxFrame {
		return make([]byte, n)
	}
	return nil
}

func limitedMin(b []byte) []byte {
	n := binary.BigEndian.Uint32(b)
	return make([]byte, 0, min(n, maxFrame))
}

func limitedClamp(b []byte) []byte {
	n := int(binary.BigEndian.Uint32(b))
	if n > maxFrame {
		n = maxFrame
	}
	return make([]byte, 0, n)
}

func limitedRest(b []byte) []byte {
	n := int(binary.BigEndian.Uint32(b))
	if len(b)-4 < n {
		return nil
	}
	return make([]byte, n)
}

func limitedSum(b []byte) []int {
	n := int(binary.BigEndian.Uint32(b))
	if 4+n*8 > len(b) {
		return nil
	}
	return make([]int, n)
}

func limitedReader(r *bytes.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	if n > uint64(r.Len()) {
		return nil, io.ErrUnexpectedEOF
	}
	return make([]byte, n), nil
}

func limitedSlice(b []byte) []byte {
	n := int(binary.BigEndian.Uint32(b))
	body := b[4 : 4+n]
	return append(make([]byte, 0, len(body)), body...)
}

func limitedEqual(b []byte, want uint32) []byte {
	n := binary.BigEndian.Uint32(b)
	if n != want {
		return nil
	}
	return make([]byte, n)
}

func limitedSwitch(b []byte) []byte {
	n := binary.BigEndian.Uint32(b)
	switch {
	case n == 0:
		return nil
	case n > maxFrame:
		return nil
	}
	return make([]byte, n)
}

type decoder struct {
	r     *bufio.Reader
	limit int
	err   error
}

func (d *decoder) check(n uint32) error {
	if int(n) > d.limit {
		return errTooLarge
	}
	return nil
}

func (d *decoder) body(b []byte) ([]byte, error) {
	n := binary.BigEndian.Uint32(b)
	if err := d.check(n); err != nil {
		return nil, err
	}
	return make([]byte, n), nil
}

func (d *decoder) fits(n int) bool { return n <= d.limit }

func (d *decoder) body2(b []byte) []byte {
	n := int(binary.BigEndian.Uint32(b))
	if !d.fits(n) {
		return nil
	}
	return make([]byte, n)
}

func (d *decoder) need(n int) {
	if n > d.limit {
		panic(errTooLarge)
	}
}

func (d *decoder) body3(b []byte) []byte {
	n := int(binary.BigEndian.Uint32(b))
	d.need(n)
	return make([]byte, n)
}

func (d *decoder) length() (int, error) {
	n, err := binary.ReadUvarint(d.r)
	if err != nil {
		return 0, err
	}
	if n > uint64(d.limit) {
		return 0, errTooLarge
	}
	return int(n), nil
}

func (d *decoder) body4() ([]byte, error) {
	n, err := d.length()
	if err != nil {
		return nil, err
	}
	return make([]byte, n), nil
}

func (d *decoder) peek() []byte {
	n, err := binary.ReadUvarint(d.r)
	if err != nil {
		return nil
	}
	b, err := d.r.Peek(int(n))
	if err != nil {
		return nil
	}
	return append(make([]byte, 0, n), b...)
}

func optOut(b []byte, unlimited bool) []byte {
	n := int(binary.BigEndian.Uint32(b))
	if !unlimited && n > maxFrame {
		n = maxFrame
	}
	return make([]byte, 0, n)
}

func narrow(b []byte) []int { return make([]int, binary.BigEndian.Uint16(b)) }

func narrow2(h header) ([]int, []int) { return make([]int, h.Flags), make([]int, h.Little) }

func masked(b []byte) []byte { return make([]byte, binary.BigEndian.Uint32(b)&0xffff) }

func shifted(b []byte) []byte { return make([]byte, binary.BigEndian.Uint32(b)>>16) }

func remainder(b []byte) []byte { return make([]byte, binary.BigEndian.Uint32(b)%4096) }

func threeBytes(b []byte) []byte {
	return make([]byte, int(b[0])|int(b[1])<<8|int(b[2])<<16)
}

type limitedRequest struct{ Limit, Offset int }

func (r *limitedRequest) validate() error {
	if r.Limit < 0 || r.Limit > 100 {
		return errTooLarge
	}
	return nil
}

func limitedJSON(w http.ResponseWriter, r *http.Request) {
	var req limitedRequest
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		return
	}
	if err := req.validate(); err != nil {
		return
	}
	_ = make([]string, 0, req.Limit)
}

func fetch(req *limitedRequest) []string { return make([]string, 0, req.Limit) }

func limitedForm(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil || n < 0 || n > 1000 {
		return
	}
	_ = make([]string, 0, n)
}

func limitedQuery(w http.ResponseWriter, r *http.Request) {
	n := query(r, "n")
	if n > 50 {
		n = 50
	}
	_ = make([]string, 0, n)
}

type config struct {
	Queue   int `json:"queue"`
	Workers int `json:"workers"`
}

func load(path string) (chan int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var c config
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, err
	}
	return make(chan int, c.Queue), nil
}

// The part of a configuration that a plugin gets.

type pluginConf struct{ Digits, Buffer int }

type plugin struct {
	digits int
	out    chan string
}

func (p *plugin) Init(jsonconf json.RawMessage) error {
	var mine pluginConf
	if err := json.Unmarshal(jsonconf, &mine); err != nil {
		return err
	}
	p.digits = mine.Digits
	p.out = make(chan string, mine.Buffer)
	return nil
}

func (p *plugin) pad(s string) string {
	return strings.Repeat("0", p.digits-len(s)) + s
}

func start(c *config) chan int { return make(chan int, c.Workers) }

func fromFlag() []int {
	n := flag.Int("n", 10, "number")
	flag.Parse()
	return make([]int, *n)
}

func fromArg() []int {
	n, _ := strconv.Atoi(os.Args[1])
	return make([]int, n)
}

func fromEnv() []int {
	n, _ := strconv.Atoi(os.Getenv("N"))
	return make([]int, n)
}

func lengths(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	_ = make([]int, 0, len(ids))
	var req struct{ Items []string }
	if json.NewDecoder(r.Body).Decode(&req) == nil {
		_ = make([]string, 0, len(req.Items))
	}
}

func mustUvarint(r *bufio.Reader) uint64 {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		panic(err)
	}
	return n
}

func trusted(r *bufio.Reader) []int { return make([]int, mustUvarint(r)) }

func whole(n int) []byte { return make([]byte, n) }

// What is stored has been compared, or is compared elsewhere.

type bounded struct {
	in   *bufio.Reader
	size int
	rest int
}

func (s *bounded) next() error {
	var b [8]byte
	if _, err := io.ReadFull(s.in, b[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(b[:])
	if n > 1<<20 {
		return errors.New("too large")
	}
	s.size = int(n)
	s.rest = int(binary.BigEndian.Uint32(b[4:]))
	return nil
}

func (s *bounded) body() ([]byte, error) {
	if err := s.next(); err != nil {
		return nil, err
	}
	return make([]byte, s.size), nil
}

func (s *bounded) check() bool { return s.rest <= 1<<20 }

func (s *bounded) tail() []byte { return make([]byte, s.rest) }

func boundedTotal(r io.Reader) ([]byte, error) {
	var t parts
	if err := binary.Read(r, binary.LittleEndian, &t); err != nil {
		return nil, err
	}
	sum := uint32(0)
	for _, n := range t.Sizes {
		sum += n
	}
	if sum > 1<<20 {
		return nil, errors.New("too large")
	}
	return make([]byte, sum), nil
}

// A part of a format is not a size by itself.

type column struct {
	base  uint64
	width int
}

func columns(b []byte) *column { return &column{base: binary.LittleEndian.Uint64(b)} }

func (c *column) at(i int) int { return int(c.base) + i }

type rows struct{ starts *column }

func (r *rows) row(i int) []byte {
	return make([]byte, 0, r.starts.at(i+1)-r.starts.at(i))
}

// A limit for a variable that a closure shares.
func shared(w http.ResponseWriter, r *http.Request) {
	last, _ := strconv.Atoi(r.FormValue("last"))
	tail(last, func(string) bool { return true })
}

func tail(last int, want func(string) bool) []string {
	if last > 10000 || last <= 0 {
		last = 10000
	}
	lines := make([]string, last)
	count := 0
	each(func(line string) {
		if want(line) {
			lines[count%last] = line
			count++
		}
	})
	return lines
}

func each(f func(string)) { f("") }

// A limit in the function around the literal that uses the number.
func chosen(r *http.Request, most int) func(io.Reader) []byte {
	size := int(r.ContentLength)
	if size > most {
		return nil
	}
	read := func(src io.Reader) []byte { return nil }
	switch r.Header.Get("Content-Type") {
	case "text/plain":
		read = func(src io.Reader) []byte {
			var b bytes.Buffer
			if size > 0 {
				b.Grow(size + bytes.MinRead)
			}
			b.ReadFrom(src)
			return b.Bytes()
		}
	}
	return read
}

func chosenWithin(r *http.Request, most int64) func() func() []byte {
	size := r.ContentLength
	if size > most {
		return nil
	}
	return func() func() []byte {
		return func() []byte { return make([]byte, 0, size) }
	}
}
