package a

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type id int

type label string

type named string

func (n named) String() string { return "named " + string(n) }

type number int

func (number) String() string { return "a number" }

type flags int

func (flags) Format(fmt.State, rune) {}

func numbers(ids []int, u []uint32, x []id, n []number, fl []flags, b []uint8, out []string) []string {
	for i := range ids {
		out = append(out, fmt.Sprint(ids[i]))          // want `fmt.Sprint puts ids\[i\] into an interface to format it on every iteration: 2 allocations, 1 by strconv.Itoa\(ids\[i\]\)`
		out = append(out, fmt.Sprintf("%v", u[i]))     // want `1 by strconv.FormatUint\(uint64\(u\[i\]\), 10\)`
		out = append(out, fmt.Sprintf("%d", x[i]))     // want `1 by strconv.Itoa\(int\(x\[i\]\)\)`
		out = append(out, fmt.Sprintf("%d", n[i]))     // want `1 by strconv.Itoa\(int\(n\[i\]\)\)`
		out = append(out, fmt.Sprintf("%v", n[i]))     // its String is called
		out = append(out, fmt.Sprintf("%d", fl[i]))    // its Format is called
		out = append(out, fmt.Sprintf("%03d", ids[i])) // has flags
		out = append(out, fmt.Sprintf("%x", ids[i]))
		out = append(out, fmt.Sprintf("%d", b[i])) // a byte is not copied to the heap
		out = append(out, strconv.Itoa(ids[i]))
	}
	return out
}

func int64s(xs []int64, out []string) []string {
	for _, x := range xs {
		out = append(out, fmt.Sprintf("%d", x)) // want `1 by strconv.FormatInt\(x, 10\)`
	}
	return out
}

func texts(s []string, l []label, n []named, errs []error, out []string) []string {
	for i := range s {
		out = append(out, fmt.Sprintf("%s", s[i]))    // want `fmt.Sprintf copies the string s\[i\] on every iteration, after it has put it into an interface: 2 allocations; use it as it is`
		out = append(out, fmt.Sprint(s[i]))           // want `fmt.Sprint copies the string s\[i\]`
		out = append(out, fmt.Sprintf("%s", l[i]))    // want `fmt.Sprintf copies the string l\[i\]`
		out = append(out, fmt.Sprintf("a text"))      // want `fmt.Sprintf copies a text that never changes on every iteration; write the text itself`
		out = append(out, fmt.Sprintf("100%%"))       // want `fmt.Sprintf copies a text that never changes`
		out = append(out, fmt.Sprintf("%s", n[i]))    // its String is called
		out = append(out, fmt.Sprintf("%s", errs[i])) // its Error is called
		out = append(out, fmt.Sprintf("%q", s[i]))
		out = append(out, fmt.Sprint(s[i], s[i]))
	}
	return out
}

func f() string { return "f" }

func readable(s []string, out []string) []string {
	for i := range s {
		out = append(out, fmt.Sprintf("%s/%s/%s", s[i], s[i], s[i]))
	}
	return out
}

type coded struct{ text string }

func (c *coded) Error() string { return c.text }

func newCoded(text string) *coded { return &coded{text} }

func check(ids []int) {
	for _, id := range ids {
		if err := checkOne(id); err != nil {
			println(err.Error())
		}
	}
}

func checkOne(id int) error {
	if id > 0 {
		return nil
	}
	return newCoded(fmt.Sprint(id))
}

//heapvet:hot
func joins(s []string, n []int, out []string) []string {
	for i := range s {
		out = append(out, fmt.Sprintf("%s-%d", s[i], n[i])) // want `fmt.Sprintf puts s\[i\] and n\[i\] into interfaces to join them`
		out = append(out, fmt.Sprintf("%s/", s[i])[1:])     // want `fmt.Sprintf puts s\[i\] into an interface to join it to a text`
		out = append(out, fmt.Sprintf("%s%s", s[i], f()))   // want `fmt.Sprintf puts s\[i\] and f\(\) into interfaces`
		out = append(out, fmt.Sprintf("%s:%s" /* host, port */, s[i], s[i]))
		out = append(out, fmt.Sprintf("%[1]s:%[1]s", s[i]))
	}
	return out
}

func once(s string, n int) string {
	return fmt.Sprintf("%s:%d", s, n)
}

func failed(ids []int) error {
	for _, id := range ids {
		if id < 0 {
			return fmt.Errorf("bad id %s", fmt.Sprint(id))
		}
	}
	return nil
}

func appends(b []byte, n []int, u uint64, t time.Time, f float64, s string) []byte {
	for i := range n {
		b = append(b, strconv.Itoa(n[i])...)                  // want `strconv.Itoa makes a string on every iteration that is then copied to b; strconv.AppendInt`
		b = append(b, strconv.FormatUint(u, 16)...)           // want `strconv.AppendUint appends to it at once`
		b = append(b, t.Format(time.RFC3339)...)              // want `t.Format makes a string on every iteration that is then copied to b; AppendFormat`
		b = append(b, fmt.Sprintf("%d %s", n[i], s)...)       // want `fmt.Appendf appends to it at once`
		b = append(b, []byte(strconv.Quote(s))...)            // want `strconv.AppendQuote appends to it at once`
		b = append(b, strconv.FormatFloat(f, 'g', -1, 64)...) // want `strconv.AppendFloat`
		b = append(b, s...)
		b = append(b, strconv.FormatBool(i > 0)...)
	}
	return b
}

func lists(lists [][]int, more []int, use func([]int)) {
	for _, l := range lists {
		use(append(append([]int(nil), l...), more...)) // want `l is copied, and again when more does not fit behind it on every iteration; slices.Concat makes room for both at once`
		use(append(append([]int{}, l...), more...))    // want `l is copied, and again when more does not fit`
		use(append(append([]int(nil), l...), 1))
		use(append([]int(nil), l...))
	}
}

func writes(w io.Writer, sb *strings.Builder, bb *bytes.Buffer, out io.StringWriter, s []string, l []label) {
	var own strings.Builder
	for i := range s {
		w.Write([]byte(s[i])) // want `s\[i\] is copied to the heap on every iteration, because w might keep the bytes; io.WriteString`
		w.Write([]byte("\n")) // want `a constant text is copied to the heap`
		w.Write([]byte(l[i])) // want `l\[i\] is copied to the heap`
		bb.Write([]byte(s[i]))
		sb.WriteString(fmt.Sprintf("%d,", i))  // want `fmt.Sprintf makes a string on every iteration that is then written to sb; fmt.Fprintf writes to it without`
		w.Write([]byte(fmt.Sprintf("%d,", i))) // want `that is then written to w; fmt.Fprintf`
		io.WriteString(w, fmt.Sprint(i, s[i])) // want `that is then written to w; fmt.Fprint`
		own.WriteString(fmt.Sprintf("%d,", i)) // want `that is then written to own; fmt.Fprintf`
		out.WriteString(fmt.Sprintf("%d,", i)) // no io.Writer
		var inner strings.Builder
		inner.WriteString(fmt.Sprintf("%d,", i)) // would be on the heap for fmt
		sb.WriteString(inner.String())
	}
}

type hash interface {
	io.Writer
	Sum([]byte) []byte
}

func sums(h hash, s []string) {
	for i := range s {
		h.Write([]byte(s[i])) // a hash takes no strings
	}
}

func concats(parts []string, n int) (s, t, u, v, w string) {
	for i, p := range parts {
		if i > 0 {
			s += "," // want `s is copied as a whole`
		}
		s += p
		t = t + p + ";" // want `t is copied as a whole`
		u += p
		if strings.Contains(u, "x") {
			n++
		}
		v = p + v // a builder does not write in front
		x := ""
		x += p
		w = x
	}
	return
}

func separated(parts []string) (s string) {
	for _, p := range parts {
		if s != "" {
			s += "," // want `s is copied as a whole on every iteration`
		}
		s += p
	}
	return s
}

func splits(lines []string, use func(string)) (n int) {
	for _, line := range lines {
		for _, f := range strings.Split(line, ",") { // want `strings.Split allocates a slice on every iteration that is only ranged over; strings.SplitSeq needs none`
			use(f)
		}
		for i, f := range strings.Fields(line) {
			use(f[i:])
		}
		n += len(strings.Split(line, ","))   // want `strings.Split allocates a slice on every iteration that is only counted`
		first := strings.Split(line, "=")[0] // want `of which only the first string is used; strings.Cut needs none`
		use(first)
		use(strings.SplitN(line, "=", 2)[0]) // want `of which only the first string is used`
		use(strings.Split(line, "=")[1])
		use(strings.Split(line, "")[0])
	}
	return n
}

func looks(lines [][]byte, word string, use func(bool)) {
	for _, line := range lines {
		use(strings.Contains(string(line), "error")) // want `line is copied to a string on every iteration, if longer than 32 bytes, only for strings.Contains to look at it; bytes.Contains needs no copy`
		use(strings.HasPrefix(string(line[:8]), "GET"))
		use(strings.Contains(string(line), word))
		use(strings.ContainsRune(string(line), 'x')) // want `only for strings.ContainsRune to look at it`
		use(bytes.Contains(line, []byte(word)))
		use(string(line) == word)
	}
}

func tally(words [][]byte, counts map[string]int, seen map[string]bool) {
	for _, w := range words {
		counts[string(w)]++    // want `w is copied to a new key on every iteration, even if counts has the key`
		counts[string(w)] += 2 // want `w is copied to a new key`
		seen[string(w)] = true
		_ = counts[string(w)]
	}
}

func headers(w http.ResponseWriter, req *http.Request) {
	_ = req.Header.Get("x-tenant-name") // want `"x-tenant-name" is rewritten to "X-Tenant-Name" on every request, a new string each time; write it so`
	_ = req.Header.Get("X-Tenant-Name")
	_ = req.Header.Get("content-type") // the standard library has it at hand
}

func numbersOf(w io.Writer, r io.Reader, ns []uint32) (x uint32) {
	for _, n := range ns {
		binary.Write(w, binary.BigEndian, n) // want `binary.Write allocates on every iteration for one uint32`
		binary.Read(r, binary.BigEndian, &x) // want `binary.Read allocates on every iteration for one uint32`
		binary.Write(w, binary.BigEndian, ns)
	}
	return x
}
