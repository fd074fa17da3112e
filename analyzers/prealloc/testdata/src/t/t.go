// Package t has text that grows in loops.
package t

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

type field struct {
	name, value string
	raw         []byte
}

// The number of bytes is one expression.

func Repeat(s string, n int) string {
	var b strings.Builder // want `b grows to n\*len\(s\) bytes piece by piece, and is copied each time it outgrows its buffer; call b.Grow\(max\(0, n\)\*len\(s\)\) before the loop`
	for range n {
		b.WriteString(s)
	}
	return b.String()
}

func Line(n int) string {
	b := &strings.Builder{} // want `call b.Grow\(max\(0, n\)\*2\) before the loop`
	for i := 0; i < n; i++ {
		b.WriteString("=-")
	}
	return b.String()
}

func Hex(data []byte) string {
	const digits = "0123456789abcdef"
	var b strings.Builder // want `call b.Grow\(len\(data\)\*2\)`
	for _, c := range data {
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

func Grid(w, h int) string {
	b := new(strings.Builder) // want `call b.Grow\(max\(0, h\)\*\(max\(0, w\)\+1\)\)`
	for range h {
		for range w {
			b.WriteRune('.')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func Rot(s string) string {
	var b bytes.Buffer // want `call b.Grow\(len\(s\)\)`
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i] ^ 0x20)
	}
	return b.String()
}

func Spread(s string) string {
	var b strings.Builder // want `call b.Grow\(len\(s\)\*2\)`
	for i, r := range s {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func Frame(row string, n int) []byte {
	b := bytes.NewBuffer(nil) // want `call b.Grow\(max\(0, n\)\*\(len\(row\)\+2\)\)`
	b.WriteString("head")
	for range n {
		b.WriteByte('|')
		b.WriteString(row)
		b.WriteByte('|')
	}
	b.WriteString("tail")
	return b.Bytes()
}

func Either(in []bool) string {
	var b strings.Builder // want `call b.Grow\(len\(in\)\)`
	for _, v := range in {
		if v {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String()
}

func Marks(n int, mark string) string {
	var b strings.Builder // want `call b.Grow\(max\(0, n\)\*\(len\(mark\)\+2\)\)`
	for i := 0; i < n; i++ {
		b.WriteString(mark)
		if i < n-1 {
			b.WriteString(", ")
		}
	}
	return b.String()
}

// The number of bytes takes another loop: no fix.

func Concat(parts []string) string {
	var b strings.Builder // want `b grows by all the strings in parts, and is copied each time it outgrows its buffer; strings.Join\(parts, ""\) makes the string in one step`
	for _, p := range parts {
		b.WriteString(p)
	}
	return b.String()
}

func Join(parts []string) string {
	var b strings.Builder // want `strings.Join\(parts, ", "\) makes`
	for i, p := range parts {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p)
	}
	return b.String()
}

func JoinFirst(parts []string) string {
	var b strings.Builder // want `strings.Join\(parts, ","\) makes`
	for i, p := range parts {
		b.WriteString(p)
		if i < len(parts)-1 {
			b.WriteByte(',')
		}
	}
	return b.String()
}

func Names(in []field) string {
	var b strings.Builder // want `b grows in a loop that runs len\(in\) times, and is copied each time it outgrows its buffer; add up the lengths first and call b.Grow once before the loop`
	first := true
	for _, f := range in {
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(f.name)
	}
	return b.String()
}

func Lines(parts []string) string {
	var b strings.Builder // want `add up the lengths first`
	for i := range parts {
		b.WriteString(parts[i])
		b.WriteByte('\n')
	}
	return b.String()
}

func Query(in map[string]string) []byte {
	var b bytes.Buffer // want `add up the lengths first`
	for k, v := range in {
		b.WriteString(k)
		b.WriteByte('=')
		b.WriteString(v)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// Silent: the size is not known.

func Numbers(in []int) string {
	var b strings.Builder
	for _, n := range in {
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

func Printed(in []field) string {
	var b strings.Builder
	for _, f := range in {
		fmt.Fprintf(&b, "%s=%s\n", f.name, f.value)
	}
	return b.String()
}

func Upper(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

func Escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '"' {
			b.WriteString(`\"`)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func Filter(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] != ' ' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func Until(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] == 0 {
			break
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func Late(s string, on byte) string {
	var b strings.Builder
	found := false
	for i := range len(s) {
		if s[i] == on {
			found = true
		}
		if found {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func Changing(n int) string {
	var b strings.Builder
	s := "x"
	for range n {
		b.WriteString(s)
		s += "x"
	}
	return b.String()
}

// Silent: there is room, or little to gain, or the buffer is not new.

func Grown(s string, n int) string {
	var b strings.Builder
	b.Grow(n * len(s))
	for range n {
		b.WriteString(s)
	}
	return b.String()
}

func Few() string {
	var b strings.Builder
	for range 20 {
		b.WriteString("ab")
	}
	return b.String()
}

func FewParts(parts [4]string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p)
	}
	return b.String()
}

func To(b *strings.Builder, s string, n int) {
	for range n {
		b.WriteString(s)
	}
}

func Reused(rows [][]byte, w io.Writer) {
	var b bytes.Buffer
	for _, row := range rows {
		b.Reset()
		for _, c := range row {
			b.WriteByte(c ^ 1)
		}
		w.Write(b.Bytes())
	}
}

func Flushed(in []byte, w io.Writer) {
	var b bytes.Buffer
	for _, c := range in {
		b.WriteByte(c)
		if b.Len() > 4096 {
			b.WriteTo(w)
		}
	}
}

func Sized(in []byte) []byte {
	b := bytes.NewBuffer(make([]byte, 0, len(in)))
	for _, c := range in {
		b.WriteByte(c)
	}
	return b.Bytes()
}

func Two(a, b []byte) string {
	var out strings.Builder
	for _, c := range a {
		out.WriteByte(c + 1)
	}
	for _, c := range b {
		out.WriteByte(c + 1)
	}
	return out.String()
}

type list struct{ items []string }

func (l *list) String() string {
	var b strings.Builder // want `b grows by all the strings`
	for _, s := range l.items {
		b.WriteString(s)
	}
	return b.String()
}
