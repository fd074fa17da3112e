package alloc

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// This file reads the archives that the compiler writes: only their machine code
// and what it refers to. The format is that of cmd/internal/goobj, "go120ld",
// which Go 1.20 to 1.27 write.

// An object is the machine code of one package.
type object struct {
	funcs   map[string][]function // by the name that the linker knows
	release int                   // 26 for Go 1.26
}

// A function is one text symbol; a name may have one for each calling convention.
type function struct {
	*part
	sym uint32
}

// A part is one object file of an archive: what the compiler made of the Go files,
// or the assembler of one other file.
type part struct {
	data     []byte
	blocks   [nBlocks]uint32
	names    map[symRef]string // of other packages' symbols
	builtins []string
	files    []string
	quantum  uint32

	nSelf, nHashed64, nHashed, nNonPkg uint32
}

type symRef struct{ pkg, sym uint32 }

const magic = "\x00go120ld"

// The blocks of the format, in their order.
const (
	blkAutolib = iota
	blkPkgIdx
	blkFile
	blkSymdef
	blkHashed64def
	blkHasheddef
	blkNonpkgdef
	blkNonpkgref
	blkRefFlags
	blkHash64
	blkHash
	blkRelocIdx
	blkAuxIdx
	blkDataIdx
	blkReloc
	blkAux
	blkData
	blkRefName
	blkEnd
	nBlocks
)

const (
	pkgNone = 1<<31 - 1 - iota
	pkgHashed64
	pkgHashed
	pkgBuiltin
	pkgSelf
)

const (
	symSize     = 21
	relocSize   = 23
	auxSize     = 9
	refNameSize = 16

	relocCallInd = 10 // an indirect call

	auxFuncInfo = 1
	auxPcfile   = 8
	auxPcline   = 9
	auxPcinline = 10
)

// relocCalls are the kinds of references that are calls: on amd64, 386 and arm64
// and arm; ppc64, mips, riscv64; loong64 (two for 1.26 and two for 1.27).
var relocCalls = []uint16{7, 8, 9, 11, 12, 61, 82, 83, 84, 85}

var errFormat = errors.New("the object file is damaged, or of a release of Go that is not known yet")

// readObject reads an archive or a bare object file.
func readObject(data []byte) (o *object, err error) {
	defer func() {
		if recover() != nil { // an index out of range
			o, err = nil, errFormat
		}
	}()
	o = &object{funcs: make(map[string][]function)}
	const header = "!<arch>\n"
	if !bytes.HasPrefix(data, []byte(header)) {
		return o, o.add(data)
	}
	for rest := data[len(header):]; len(rest) >= 60; {
		size, err := strconv.Atoi(strings.TrimSpace(string(rest[48:58])))
		if err != nil || size < 0 || size > len(rest)-60 {
			return nil, errFormat
		}
		name := strings.TrimSpace(string(rest[:16]))
		if entry := rest[60 : 60+size]; name != "__.PKGDEF" && bytes.HasPrefix(entry, []byte("go object ")) {
			if err := o.add(entry); err != nil {
				return nil, err
			}
		}
		rest = rest[60+min(size+size&1, len(rest)-60):]
	}
	return o, nil
}

// add reads one object file: a line that names the release, and more lines up to "!".
func (o *object) add(data []byte) error {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	fields := strings.Fields(string(line)) // go object linux amd64 go1.26.8 …
	_, rest, ok := bytes.Cut(data, []byte("\n!\n"))
	if !ok || len(fields) < 5 {
		return errFormat
	}
	if !bytes.HasPrefix(rest, []byte(magic)) {
		return errFormat
	}
	names, err := builtinNames(fields[4])
	if err != nil {
		return err
	}
	o.release = minor(fields[4])
	p := &part{data: rest, builtins: names, quantum: 1, names: make(map[symRef]string)}
	switch fields[3] {
	case "amd64", "386", "wasm":
	case "s390x":
		p.quantum = 2
	default:
		p.quantum = 4
	}
	for i := range p.blocks {
		p.blocks[i] = p.uint32(uint32(len(magic)+8+4) + 4*uint32(i))
	}
	count := func(block int, size uint32) uint32 { return (p.blocks[block+1] - p.blocks[block]) / size }
	p.nSelf, p.nHashed64 = count(blkSymdef, symSize), count(blkHashed64def, symSize)
	p.nHashed, p.nNonPkg = count(blkHasheddef, symSize), count(blkNonpkgdef, symSize)
	for i := range count(blkFile, 8) {
		p.files = append(p.files, p.str(p.blocks[blkFile]+8*i))
	}
	for i := range count(blkRefName, refNameSize) {
		off := p.blocks[blkRefName] + refNameSize*i
		p.names[p.ref(off)] = p.str(off + 8)
	}
	for i := range p.nSelf + p.nHashed64 + p.nHashed + p.nNonPkg {
		if kind := p.data[p.symbol(i)+10]; kind == 1 || kind == 2 { // STEXT, STEXTFIPS
			name := p.name(i)
			o.funcs[name] = append(o.funcs[name], function{p, i})
		}
	}
	return nil
}

func (p *part) uint32(off uint32) uint32 { return binary.LittleEndian.Uint32(p.data[off:]) }

func (p *part) ref(off uint32) symRef { return symRef{p.uint32(off), p.uint32(off + 4)} }

// str returns the string whose length and offset are at off.
func (p *part) str(off uint32) string {
	n, at := p.uint32(off), p.uint32(off+4)
	return string(p.data[at : at+n])
}

// symbol returns the offset of the i-th symbol, defined ones first.
func (p *part) symbol(i uint32) uint32 { return p.blocks[blkSymdef] + symSize*i }

func (p *part) name(i uint32) string { return p.str(p.symbol(i)) }

// index returns which of the part's symbols a reference means.
func (p *part) index(s symRef) (uint32, bool) {
	switch s.pkg {
	case pkgSelf:
		return s.sym, true
	case pkgHashed64:
		return p.nSelf + s.sym, true
	case pkgHashed:
		return p.nSelf + p.nHashed64 + s.sym, true
	case pkgNone:
		return p.nSelf + p.nHashed64 + p.nHashed + s.sym, true
	}
	return 0, false
}

// refName returns the name that a reference means; "" for none.
func (p *part) refName(s symRef) string {
	if i, ok := p.index(s); ok {
		return p.name(i)
	}
	if s.pkg == pkgBuiltin {
		if int(s.sym) < len(p.builtins) {
			return "runtime." + p.builtins[s.sym]
		}
		return ""
	}
	return p.names[s]
}

// bytes returns the contents of the i-th symbol.
func (p *part) bytes(i uint32) []byte {
	at := p.blocks[blkDataIdx] + 4*i
	base := p.blocks[blkData]
	return p.data[base+p.uint32(at) : base+p.uint32(at+4)]
}

// A use is one reference of a function to another symbol.
type use struct {
	name  string  // "" for an indirect call
	call  bool    // rather than the address of something
	stack []Frame // innermost first
}

// uses returns what the code of the function calls or otherwise refers to, in the
// order of its instructions.
func (f function) uses() (uses []use, err error) {
	defer func() {
		if recover() != nil {
			err = errFormat
		}
	}()
	t := f.tables()
	at := f.blocks[blkRelocIdx] + 4*f.sym
	type reference struct {
		pc   uint32
		name string
		call bool
	}
	var found []reference
	for i := f.uint32(at); i < f.uint32(at+4); i++ {
		off := f.blocks[blkReloc] + relocSize*i
		pc, kind := f.uint32(off), binary.LittleEndian.Uint16(f.data[off+5:])
		r := reference{pc: pc, name: f.refName(f.ref(off + 15)), call: slices.Contains(relocCalls, kind)}
		if r.name == "" && kind != relocCallInd {
			continue
		}
		found = append(found, r)
	}
	slices.SortStableFunc(found, func(a, b reference) int { return int(a.pc) - int(b.pc) })
	uses = slices.Grow(uses, len(found))
	for _, r := range found {
		uses = append(uses, use{r.name, r.call, t.stack(r.pc)})
	}
	return uses, nil
}

// declaration returns where the function begins.
func (f function) declaration() Frame {
	t := f.tables()
	decl := t.frame(f.name(f.sym), t.value(t.file, 0), 0)
	if len(t.info) >= 16 {
		decl.Line = int(binary.LittleEndian.Uint32(t.info[12:]))
	}
	return decl
}

// lineTables say which line an instruction stems from, and what was inlined there.
type lineTables struct {
	function
	file, line, inline []byte
	info               []byte
}

func (f function) tables() lineTables {
	t := lineTables{function: f}
	at := f.blocks[blkAuxIdx] + 4*f.sym
	for i := f.uint32(at); i < f.uint32(at+4); i++ {
		off := f.blocks[blkAux] + auxSize*i
		sym, ok := f.index(f.ref(off + 1))
		if !ok {
			continue
		}
		switch f.data[off] {
		case auxFuncInfo:
			t.info = f.bytes(sym)
		case auxPcfile:
			t.file = f.bytes(sym)
		case auxPcline:
			t.line = f.bytes(sym)
		case auxPcinline:
			t.inline = f.bytes(sym)
		}
	}
	return t
}

// stack returns where the instruction at pc stems from: the innermost function that
// was inlined there, its callers, and at last the function itself.
func (t lineTables) stack(pc uint32) []Frame {
	var stack []Frame
	file, line := t.value(t.file, pc), t.value(t.line, pc)
	for node := t.value(t.inline, pc); node >= 0 && len(stack) < 1000; {
		off := 16 + 4 + 4*binary.LittleEndian.Uint32(t.info[16:]) + 4 + 24*uint32(node)
		word := func(i uint32) uint32 { return binary.LittleEndian.Uint32(t.info[off+4*i:]) }
		stack = append(stack, t.frame(t.refName(symRef{word(3), word(4)}), file, line))
		node, file, line = int32(word(0)), int32(word(1)), int32(word(2)) // the caller, and where it calls
	}
	return append(stack, t.frame(t.name(t.sym), file, line))
}

func (t lineTables) frame(name string, file, line int32) Frame {
	f := Frame{Func: name, Line: int(line)}
	if file >= 0 && int(file) < len(t.files) {
		f.File = filepath.FromSlash(strings.TrimPrefix(t.files[file], "gofile.."))
	}
	return f
}

// value looks pc up in a table of ranges.
func (t lineTables) value(table []byte, pc uint32) int32 {
	value, end := int32(-1), uint32(0)
	for first := true; len(table) > 0; first = false {
		delta, n := binary.Uvarint(table)
		if n <= 0 || delta == 0 && !first {
			break
		}
		table = table[n:]
		length, n := binary.Uvarint(table)
		if n <= 0 {
			break
		}
		table = table[n:]
		if delta&1 != 0 {
			value += ^int32(delta >> 1)
		} else {
			value += int32(delta >> 1)
		}
		end += uint32(length) * t.quantum
		if pc < end {
			return value
		}
	}
	return -1
}

// builtinNames returns the runtime functions that the compiler of a release refers
// to by number.
func builtinNames(release string) ([]string, error) {
	list, ok := builtins[minor(release)]
	if !ok {
		return nil, fmt.Errorf("the machine code of %s is not known yet", release)
	}
	return strings.Split(strings.TrimSpace(list), "\n"), nil
}

// names returns the functions of the object in order.
func (o *object) names() []string { return slices.Sorted(maps.Keys(o.funcs)) }

// has reports whether there is code of fn or of an instance of it.
func (o *object) has(fn string) bool {
	if len(o.funcs[fn]) > 0 {
		return true
	}
	for name := range o.funcs {
		if Bare(name) == fn {
			return true
		}
	}
	return false
}
