package escape

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// This file is the only code that knows the text of the compiler's -m=2.
//
// A line is "file:line:col: message". Messages of interest:
//
//	can inline F …, cannot inline F: …      F was compiled
//	inlining call to F                      at the call's parenthesis
//	moved to heap: x                        at the declaration of x
//	X escapes to heap, X does not escape    the verdict about an expression
//	zero-copy string->[]byte conversion
//	X escapes to heap in F:                 heads a block that says why (no "in F" before Go 1.25)
//	  flow: dst ← src:                      ("=" before Go 1.25)
//	    from EXPR (WORD) at file:line:col
//	live at …                               the back end runs: -m has nothing more to say
//
// All else, mostly the fate of parameters, is dropped line by line: a large
// package prints 20 MB, of which one in ten answers a question.

// Output is what the compiler said about one package.
type Output struct {
	files map[string]*fileRows // by the name that the compiler prints
	dirs  map[string]bool      // directories of the package's own files
}

// fileRows holds the rows of one file by place.
type fileRows struct {
	at     map[place][]row
	blocks map[place][]block // explanations still to be joined to their rows
}

// A place is a line and a column in bytes; the column is 0 where the compiler
// gives none: under a //line directive without column and beyond byte 254.
type place struct{ line, col int32 }

// A row is one message without its position.
type row struct {
	kind kind
	text string // the expression, variable or function
	why  *block // of heap and moved rows
	note string // of a witness: why it cannot be inlined
}

// A block is the compiler's explanation of one row.
type block struct {
	text  string // as in its head
	fn    string // the function, since Go 1.25
	lines string // flow and from lines without their positions, each with a newline
}

type kind uint8

const (
	witness  kind = iota // text is the name of a function that was compiled
	inlined              // text is the name of a callee that was inlined here
	heap                 // escapes to heap
	moved                // moved to heap
	stack                // does not escape
	zeroCopy             // zero-copy conversion
)

// A parser accumulates an Output line by line.
type parser struct {
	out    *Output
	prefix []byte // "file:" of the line before
	path   string // "file"
	file   *fileRows
	names  map[string]string // interned texts

	open  *block // the block whose lines are being read
	lines []byte
	tail  [3]string // the last lines that say nothing known, for error messages
}

func newParser() *parser {
	return &parser{
		out:   &Output{files: make(map[string]*fileRows), dirs: make(map[string]bool)},
		names: make(map[string]string),
	}
}

// read parses r up to its end or to the first sign that the back end has begun,
// and reports which it was.
func (p *parser) read(r io.Reader) (done bool, err error) {
	br := bufio.NewReaderSize(r, 1<<16)
	var long []byte
	for {
		line, err := br.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, line...)
			continue
		}
		if long != nil {
			line = append(long, line...)
			long = nil
		}
		if p.line(bytes.TrimRight(line, "\r\n")) {
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}

var (
	escapesTail = []byte(" escapes to heap")
	staysTail   = []byte(" does not escape")
	headIn      = []byte(" escapes to heap in ")
	headOld     = []byte(" escapes to heap:")
)

// line parses one line and reports whether it says that the back end has begun.
func (p *parser) line(line []byte) bool {
	at, msg, ok := p.position(line)
	if !ok {
		p.unknown(line)
		return false
	}
	if bytes.HasPrefix(msg, []byte("  ")) {
		if p.open != nil {
			p.lines = append(append(p.lines, bytes.TrimLeft(msg, " ")...), '\n')
		}
		return false
	}
	p.closeBlock()
	switch {
	case bytes.HasSuffix(msg, escapesTail):
		p.add(at, heap, msg[:len(msg)-len(escapesTail)])
	case bytes.HasSuffix(msg, staysTail):
		p.add(at, stack, msg[:len(msg)-len(staysTail)])
	case hasPrefix(msg, "moved to heap: "):
		p.add(at, moved, msg[len("moved to heap: "):])
	case hasPrefix(msg, "can inline "):
		p.add(at, witness, upTo(msg[len("can inline "):], " with cost "))
	case hasPrefix(msg, "cannot inline "):
		name := upTo(msg[len("cannot inline "):], ": ")
		p.add(at, witness, name)
		rows := p.file.at[at]
		rows[len(rows)-1].note = p.intern(bytes.TrimPrefix(msg[len("cannot inline ")+len(name):], []byte(": ")))
	case hasPrefix(msg, "inlining call to "):
		p.add(at, inlined, msg[len("inlining call to "):])
	case hasPrefix(msg, "zero-copy "):
		p.add(at, zeroCopy, msg[len("zero-copy "):])
	case bytes.HasSuffix(msg, headOld):
		p.openBlock(at, msg[:len(msg)-len(headOld)], nil)
	case bytes.HasSuffix(msg, []byte(":")) && bytes.Contains(msg, headIn):
		i := bytes.LastIndex(msg, headIn)
		p.openBlock(at, msg[:i], msg[i+len(headIn):len(msg)-1])
	case hasPrefix(msg, "live at "):
		return true
	case hasPrefix(msg, "parameter "), hasPrefix(msg, "leaking "), hasPrefix(msg, "stack object "):
	case bytes.HasSuffix(msg, []byte("bounds check elided")), bytes.Contains(msg, []byte(" capturing by ")), bytes.Contains(msg, []byte("devirtualizing ")):
	default:
		p.unknown(line)
	}
	return false
}

func hasPrefix(b []byte, s string) bool { return len(b) >= len(s) && string(b[:len(s)]) == s }

func upTo(b []byte, sep string) []byte {
	if i := bytes.Index(b, []byte(sep)); i >= 0 {
		return b[:i]
	}
	return b
}

// position cuts the position off a line and makes its file the current one.
// Lines of one file come in long runs.
func (p *parser) position(line []byte) (at place, msg []byte, ok bool) {
	if n := len(p.prefix); n > 0 && bytes.HasPrefix(line, p.prefix) {
		if at, msg, ok := numbers(line[n:]); ok {
			return at, msg, true
		}
	}
	for i := range line {
		if line[i] != ':' || i == 0 {
			continue
		}
		if at, msg, ok := numbers(line[i+1:]); ok {
			p.prefix = append(p.prefix[:0], line[:i+1]...)
			p.path = string(line[:i])
			p.file = p.out.files[p.path]
			if p.file == nil {
				p.file = &fileRows{at: make(map[place][]row), blocks: make(map[place][]block)}
				p.out.files[p.path] = p.file
			}
			return at, msg, true
		}
	}
	return place{}, nil, false
}

// numbers parses "line:col: message" or "line: message".
func numbers(b []byte) (at place, msg []byte, ok bool) {
	line, b := number(b)
	if line == 0 || len(b) == 0 || b[0] != ':' {
		return place{}, nil, false
	}
	b = b[1:]
	col, rest := number(b)
	if col > 0 && len(rest) > 0 && rest[0] == ':' {
		b = rest[1:]
	} else {
		col = 0
	}
	if len(b) == 0 || b[0] != ' ' {
		return place{}, nil, false
	}
	return place{line, col}, b[1:], true
}

func number(b []byte) (int32, []byte) {
	var n int32
	i := 0
	for ; i < len(b) && i < 9 && '0' <= b[i] && b[i] <= '9'; i++ {
		n = n*10 + int32(b[i]-'0')
	}
	return n, b[i:]
}

func (p *parser) intern(b []byte) string {
	if s, ok := p.names[string(b)]; ok {
		return s
	}
	s := string(b)
	p.names[s] = s
	return s
}

func (p *parser) add(at place, k kind, text []byte) {
	r := row{kind: k, text: p.intern(text)}
	if k == heap || k == moved {
		r.why = p.file.takeBlock(at, r.text)
	}
	p.file.at[at] = append(p.file.at[at], r)
}

// takeBlock returns the earliest unused explanation of text at a place. One row
// may have had several, and two equal rows have one each.
func (f *fileRows) takeBlock(at place, text string) *block {
	blocks := f.blocks[at]
	for i := range blocks {
		// The verdict about append(s, x) is printed as "append".
		if b := blocks[i]; b.text == text || text == "append" && strings.HasPrefix(b.text, "append(") {
			f.blocks[at] = append(blocks[:i:i], blocks[i+1:]...)
			return &b
		}
	}
	return nil
}

func (p *parser) openBlock(at place, text, fn []byte) {
	blocks := append(p.file.blocks[at], block{text: p.intern(text), fn: p.intern(fn)})
	p.file.blocks[at] = blocks
	p.open = &blocks[len(blocks)-1]
	p.lines = p.lines[:0]
}

func (p *parser) closeBlock() {
	if p.open != nil {
		p.open.lines = string(p.lines)
		p.open = nil
	}
}

func (p *parser) unknown(line []byte) {
	if len(line) > 0 {
		p.tail = [...]string{p.tail[1], p.tail[2], string(line)}
	}
}

// output returns what has been read.
func (p *parser) output() *Output {
	p.closeBlock()
	for _, f := range p.out.files {
		f.blocks = nil
	}
	return p.out
}

// steps parses the lines of a block up to the end of its first flow. The
// compiler appends other flows that lead to the same end.
func (b *block) steps() []Step {
	var steps []Step
	dst := ""
	for line := range strings.Lines(b.lines) {
		line = strings.TrimSuffix(line, "\n")
		if flow, ok := strings.CutPrefix(line, "flow: "); ok {
			to, from, ok := strings.Cut(strings.TrimSuffix(flow, ":"), " ← ")
			if !ok {
				to, from, _ = strings.Cut(strings.TrimSuffix(flow, ":"), " = ")
			}
			if dst != "" && strings.TrimLeft(from, "*&") != dst {
				break
			}
			dst = to
			continue
		}
		line, ok := strings.CutPrefix(line, "from ")
		if !ok {
			continue
		}
		expr, where, ok := cutLast(line, ") at ")
		if !ok {
			continue
		}
		expr, what, ok := cutLast(expr, " (")
		if !ok {
			continue
		}
		file, at := splitPosition(where)
		steps = append(steps, Step{What: what, Expr: expr, path: file, File: base(file), Line: int(at.line), Col: int(at.col)})
	}
	return steps
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// reason returns why the value is on the heap wherever it flows; "" if it is the flow.
func (b *block) reason() string {
	for _, s := range b.steps() {
		switch s.What {
		case "too large for stack", "too aligned for stack", "zero-sized element", "non-constant size":
			return s.What
		}
	}
	return ""
}

// verdict returns what a row says about its place; Unknown if it is not about an allocation.
func (r row) verdict() Verdict {
	switch r.kind {
	case heap, moved:
		if r.why != nil && strings.Contains(r.why.lines, "(zero-sized element)") {
			return Free
		}
		return Heap
	case stack:
		return Stack
	case zeroCopy:
		return Free
	}
	return Unknown
}

// class returns what kind of expression the text of a row is.
func (r row) class() class {
	t := r.text
	switch {
	case t == "func literal":
		return funcRow
	case t == "... argument":
		return argumentsRow
	case t == "append", strings.HasPrefix(t, "append("):
		return appendRow
	case strings.HasPrefix(t, "make("):
		return makeRow
	case strings.HasPrefix(t, "new("), r.kind == moved && strings.HasPrefix(t, ".autotmp_"):
		return newRow
	case strings.HasPrefix(t, "&"):
		return addressRow
	case strings.HasSuffix(t, "{...}"), strings.HasSuffix(t, "{}"):
		return literalRow
	}
	return otherRow
}

// constant reports whether the text of a row is a literal of a basic type.
func (r row) constant() bool {
	if r.text == "true" || r.text == "false" {
		return true
	}
	if digits := strings.TrimPrefix(r.text, "-"); digits != "" && '0' <= digits[0] && digits[0] <= '9' {
		_, err := strconv.ParseFloat(digits, 64)
		return err == nil
	}
	_, err := strconv.Unquote(r.text)
	return err == nil
}

// is reports whether the row may be about an allocation of class c.
func (r row) is(c class) bool {
	switch c {
	case conversionRow:
		return r.kind == zeroCopy || r.class() == otherRow && strings.HasSuffix(r.text, ")") // T(x)
	case concatRow:
		return strings.Contains(r.text, " + ")
	case methodRow:
		return r.class() == otherRow && strings.Contains(r.text, ".")
	}
	return r.class() == c
}

// ofShape reports whether the function that a witness names is the body of a
// generic function for one shape of type arguments.
func (r row) ofShape() bool { return strings.Contains(r.text, "[go.shape.") }

// ofCall reports whether a row at a call is about the call itself, even if the callee is inlined there.
func (r row) ofCall() bool {
	return r.text == "... argument" || r.text == "~r0"
}

// splitPosition parses "file:line:col" or "file:line".
func splitPosition(s string) (string, place) {
	for i := range len(s) {
		if s[i] == ':' && i > 0 {
			if at, rest, ok := numbers([]byte(s[i+1:] + ": ")); ok && len(rest) == 0 {
				return s[:i], at
			}
		}
	}
	return s, place{}
}

// base returns the last element of a path of either kind of system.
func base(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
