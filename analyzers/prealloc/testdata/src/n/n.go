// Package n has loops that count to a number.
package n

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

type item struct {
	id   int
	name string
}

type grid struct {
	width, height int
	size          uint32
	cells         []item
}

// Reported: the number was given.

func Range(n int) []item {
	var out []item // want `out grows by append to n elements of 24 bytes, and is copied about log2\(n\) times on the way; reserve max\(0, n\) before the loop`
	for i := range n {
		out = append(out, item{id: i})
	}
	return out
}

func Classic(n int) []string {
	out := []string{} // want `reserve max\(0, n\) before`
	for i := 0; i < n; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Between(a, b int) []string {
	out := make([]string, 0) // want `grows by append to b-a elements .* reserve max\(0, b-a\) before`
	for i := a; i < b; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Inclusive(from, to int) (out []string) { // want `reserve max\(0, to-from\+1\) before`
	for i := from; i <= to; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func FromOne(n int) (out []string) { // want `reserve max\(0, n\) before`
	for i := 1; i <= n; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Tail(in []item) (out []string) { // want `reserve max\(0, len\(in\)-1\) before`
	for i := 1; i < len(in); i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Head(in []item) (out []string) { // want `reserve max\(0, len\(in\)-2\) before`
	for i := range len(in) - 2 {
		out = append(out, in[i].name)
	}
	return out
}

func Steps(n int) (out []string) { // want `reserve max\(0, \(n\+9\)/10\) before`
	for i := 0; i < n; i += 10 {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Down(n int) (out []string) { // want `reserve max\(0, n\) before`
	for i := n - 1; i >= 0; i-- {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func DownTo(n, low int) (out []string) { // want `reserve max\(0, n-low\) before`
	for i := n; i > low; i-- {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func DownSteps(n int) (out []string) { // want `reserve max\(0, \(n\+2\)/2\) before`
	for i := n; i >= 0; i -= 2 {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Mirrored(n int) (out []string) { // want `reserve max\(0, n\) before`
	for i := 0; n > i; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Unequal(in []item) (out []string) { // want `reserve len\(in\) before`
	for i := 0; i != len(in); i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Window(in []item, start, count int) (out []string) { // want `reserve max\(0, count\) before`
	for i := start; i < start+count; i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Unsigned(n uint) (out []string) { // want `reserve int\(n\) before`
	for i := range n {
		out = append(out, strconv.Itoa(int(i)))
	}
	return out
}

func Wide(n int64) (out []string) { // want `reserve max\(0, int\(n\)\) before`
	for i := int64(0); i < n; i++ {
		out = append(out, strconv.FormatInt(i, 10))
	}
	return out
}

func Converted(in []item) (out []string) { // want `reserve len\(in\) before`
	for i := int32(0); i < int32(len(in)); i++ {
		out = append(out, in[i].name)
	}
	return out
}

func (g *grid) Rows() (out []string) { // want `reserve max\(0, g.height\) before`
	for i := 0; i < g.height; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func (g *grid) All() (out []string) { // want `reserve max\(0, g.width\*g.height\) before`
	for i := range g.width * g.height {
		out = append(out, g.cells[i].name)
	}
	return out
}

func Half(in []item) (out []string) { // want `reserve len\(in\)/2 before`
	for i := range len(in) / 2 {
		out = append(out, in[i].name)
	}
	return out
}

func AtMost(in []item, limit int) (out []string) { // want `reserve max\(0, min\(limit, len\(in\)\)\) before`
	for i := range min(limit, len(in)) {
		out = append(out, in[i].name)
	}
	return out
}

func Both(a, b []item) (out []string) { // want `reserve min\(len\(a\), len\(b\)\) before`
	for i := range min(len(a), len(b)) {
		out = append(out, a[i].name+b[i].name)
	}
	return out
}

func Clamped(in []item, limit int) (out []string) { // want `reserve n before`
	n := len(in)
	if n > 100 {
		n = 100
	}
	for i := 0; i < n; i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Counted(in []item) (out []string) { // want `reserve n before`
	n := 0
	for _, it := range in {
		if it.id > 0 {
			n++
		}
	}
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Limited(in []item, last int) (out []string) { // want `reserve max\(0, end\) before`
	end := last
	if end > len(in) {
		end = len(in)
	}
	for i := 0; i < end; i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Squares(n int) map[int]int {
	m := make(map[int]int) // want `m receives n keys`
	for i := 0; i < n; i++ {
		m[i] = i * i
	}
	return m
}

func PerElement(n int) (out []string) { // want `grows by append to n\*2 elements .* reserve max\(0, n\)\*2 before`
	for i := range n {
		out = append(out, strconv.Itoa(i), "sep")
	}
	return out
}

func Unused(n int) []*item {
	var out []*item // want `reserve max\(0, n\) before`
	for range n {
		out = append(out, &item{})
	}
	return out
}

// Reported: the conditions on the way to the loop show that it is not negative.

func Guarded(n int) []string {
	if n <= 0 {
		return nil
	}
	var out []string // want `reserve n before`
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func GuardedByPanic(n int) (out []string) { // want `reserve n before`
	if n < 0 || n > 1000 {
		panic("out of range")
	}
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Ordered(a, b int) (out []string) { // want `reserve b-a before`
	if a < b {
		for i := a; i < b; i++ {
			out = append(out, strconv.Itoa(i))
		}
	}
	return out
}

func OrderedUnsigned(a, b uint) (out []string) { // want `reserve int\(b\)-int\(a\) before`
	if b < a {
		return nil
	}
	for i := a; i < b; i++ {
		out = append(out, strconv.Itoa(int(i)))
	}
	return out
}

func NotEmpty(in []item) (out []string) { // want `reserve len\(in\)-1 before`
	if len(in) == 0 {
		return nil
	}
	for i := 1; i < len(in); i++ {
		out = append(out, in[i].name)
	}
	return out
}

func Enough(in []item) (out []string) { // want `reserve len\(in\)-2 before`
	if len(in) > 2 {
		for i := 2; i < len(in); i++ {
			out = append(out, in[i].name)
		}
	}
	return out
}

// Reported, but the condition does not help: it is about something else by now.

func Stale(n int) (out []string) { // want `reserve max\(0, n\) before`
	if n < 0 {
		return nil
	}
	n -= 5
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func NotEnough(in []item) (out []string) { // want `reserve max\(0, len\(in\)-2\) before`
	if len(in) == 0 {
		return nil
	}
	for i := 2; i < len(in); i++ {
		out = append(out, in[i].name)
	}
	return out
}

// No fix: max means something else here.
func Shadowed(n int, max func(int) bool) (out []string) { // want `out grows by append to n elements`
	for i := range n {
		if max(i) {
			panic("no")
		}
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// Silent: unsigned numbers wrap around.

func UnsignedDifference(a, b uint) (out []string) {
	for i := a; i < b; i++ {
		out = append(out, strconv.Itoa(int(i)))
	}
	return out
}

func UnsignedLess(n uint) (out []string) {
	for i := range n - 1 {
		out = append(out, strconv.Itoa(int(i)))
	}
	return out
}

// Silent: the loop moves its own limit, or its counter.

func Moves(n int) (out []string) {
	for i := 0; i < n; i++ {
		if i == 10 {
			n += 10
		}
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func (g *grid) Shrinks() (out []string) {
	for i := 0; i < g.height; i++ {
		g.height--
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Backs(n int) (out []string) {
	for i := 0; i < n; i++ {
		if i == 5 && len(out) < 100 {
			i--
		}
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func Inward(in []item) (out []string) {
	for i, j := 0, len(in); i < j; i, j = i+1, j-1 {
		out = append(out, in[i].name)
	}
	return out
}

func Doubling(n int) (out []string) {
	for i := 1; i < n; i *= 2 {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// Silent: to ask for the number may change something.

func Asked(next func() int) (out []string) {
	for i := range next() {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// Silent: the number comes from input.

func FromBytes(b []byte) (out []string) {
	n := int(binary.BigEndian.Uint32(b))
	for i := 0; i < n; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func FromText(s string) (out []string, err error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil, err
	}
	for i := 0; i < n; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out, nil
}

func FromForm(r *http.Request) (out []string) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

type wire struct {
	Count int `json:"count"`
	count int
}

func FromJSON(b []byte) (out []string, err error) {
	var w wire
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, err
	}
	for i := range w.count {
		out = append(out, strconv.Itoa(i))
	}
	return out, nil
}

func FromDecoded(w *wire) (out []string) {
	for i := range w.Count {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func FromStream(r *bufio.Reader) (out []string, err error) {
	var h struct{ n uint32 }
	if err := binary.Read(r, binary.LittleEndian, &h); err != nil {
		return nil, err
	}
	n := int(h.n)
	total := n * 2
	for i := range total {
		out = append(out, strconv.Itoa(i))
	}
	return out, nil
}

func FromVarint(r io.ByteReader) (out []string, err error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	for i := uint64(0); i < n; i++ {
		out = append(out, strconv.FormatUint(i, 10))
	}
	return out, nil
}

func FromByte(b []byte) (out []string) {
	for i := range int(b[0]) {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

func FromEnvironment() (out []string) {
	n := 10
	if v, err := strconv.Atoi(os.Getenv("N")); err == nil {
		n = v
	}
	for i := range n {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

type decoder struct{ buf bytes.Buffer }

func (d *decoder) word() string    { return d.buf.String() }
func (d *decoder) length() int     { return d.buf.Len() }
func (d *decoder) fail() error     { return errors.New("no") }
func (d *decoder) Uint32() uint32  { return 0 }
func (d *decoder) rest() []byte    { return d.buf.Bytes() }
func readCount(in *decoder) int    { return in.length() }
func parseCount(s string) (n int)  { return len(s) }
func sizeOf(s []byte) (n int)      { return int(s[0]) }
func (d *decoder) both(s []byte)   {}
func isBlank(s string) (blank int) { return len(strings.TrimSpace(s)) }

func (d *decoder) Strings(n int) (out []string) {
	for range n {
		out = append(out, d.word())
	}
	return out
}

func FromDecoder(d *decoder) (out []string) {
	n := d.length()
	for range n {
		out = append(out, "x")
	}
	return out
}

func FromHelper(b []byte) (out []string) {
	n := sizeOf(b)
	for range n {
		out = append(out, "x")
	}
	return out
}

func ReadN(r io.Reader, n int) (out []string) {
	for range n {
		out = append(out, "x")
	}
	return out
}

type listRequest struct{ limit int }

func Page(req *listRequest) (out []string) {
	for i := range req.limit {
		out = append(out, strconv.Itoa(i))
	}
	return out
}

// Silent: an error on the way may well say that the number was wrong.
func Words(n int, word func() (string, error)) (out []string, err error) {
	for range n {
		s, err := word()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// Silent: workers.
func Workers(n int, work func()) (out []chan bool) {
	for range n {
		done := make(chan bool)
		go func() { work(); close(done) }()
		out = append(out, done)
	}
	return out
}

// Silent: a setting of the program, which is small.

var level = 3

func Levels() (out []string) {
	for i := 1; i <= level; i++ {
		out = append(out, strconv.Itoa(i))
	}
	return out
}
