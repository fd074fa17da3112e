package unsafealias

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// maxValues bounds how many values of one function are followed as the same memory.
const maxValues = 256

// memory is a set of values that begin at the same byte.
type memory struct {
	values map[ssa.Value]bool
	places map[place]bool // fields that hold one of them

	// What a method of a buffer lends is overwritten by other methods of it.
	lender ssa.Value
	again  func(*types.Func) bool
	reader bool // each read of it overwrites

	writer func(*ssa.Function, int) bool // whether a function writes a parameter; nil if that does not matter
}

// A place is a field of what a pointer points to.
type place struct {
	base  ssa.Value
	field int
}

// memoryOf returns what begins where the slice v begins: it grown, cut at its end, or loaded
// from the same field.
func memoryOf(fn *ssa.Function, v ssa.Value) *memory {
	m := &memory{values: make(map[ssa.Value]bool), places: make(map[place]bool)}
	work := []ssa.Value{v}
	add := func(v ssa.Value) {
		if v != nil && !m.values[v] && len(m.values) < maxValues {
			m.values[v] = true
			work = append(work, v)
		}
	}
	work = nil
	add(v)
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		switch v := v.(type) {
		case *ssa.Slice:
			if isZero(v.Low) {
				add(v.X)
			}
		case *ssa.Phi:
			for _, e := range v.Edges {
				if _, isConst := e.(*ssa.Const); !isConst {
					add(e)
				}
			}
		case *ssa.ChangeType:
			add(v.X)
		case *ssa.Extract:
			if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == 0 {
				m.lent(call)
			}
		case *ssa.Call:
			if arg := appended(v); arg != nil {
				add(arg)
			}
			m.lent(v)
		case *ssa.UnOp:
			switch addr := v.X.(type) {
			case *ssa.FieldAddr:
				m.field(fn, addr, add)
			case *ssa.Alloc:
				add(stored(addr))
			}
		}
		if refs := v.Referrers(); refs != nil {
			for _, ref := range *refs {
				switch ref := ref.(type) {
				case *ssa.Slice:
					if ref.X == v && isZero(ref.Low) {
						add(ref)
					}
				case *ssa.Phi:
					add(ref)
				case *ssa.ChangeType:
					add(ref)
				case *ssa.Call:
					if appended(ref) == v {
						add(ref)
					}
				case *ssa.Store:
					if ref.Val != v {
						break
					}
					switch addr := ref.Addr.(type) {
					case *ssa.FieldAddr:
						m.field(fn, addr, add)
					case *ssa.Alloc:
						if stored(addr) == nil {
							break
						}
						for _, use := range *addr.Referrers() {
							if load, ok := use.(*ssa.UnOp); ok {
								add(load)
							}
						}
					}
				}
			}
		}
	}
	return m
}

// field adds what is loaded from a field and stored into it.
func (m *memory) field(fn *ssa.Function, addr *ssa.FieldAddr, add func(ssa.Value)) {
	p := place{addr.X, addr.Field}
	if m.places[p] {
		return
	}
	m.places[p] = true
	for _, ref := range *addr.X.Referrers() {
		same, ok := ref.(*ssa.FieldAddr)
		if !ok || same.Field != addr.Field {
			continue
		}
		for _, use := range *same.Referrers() {
			switch use := use.(type) {
			case *ssa.UnOp:
				add(use)
			case *ssa.Store:
				if _, isConst := use.Val.(*ssa.Const); use.Addr == same && !isConst {
					add(use.Val)
				}
			}
		}
	}
}

// lent notes that the memory belongs to a buffer, which fills it again.
func (m *memory) lent(call *ssa.Call) {
	callee := call.Call.StaticCallee()
	if callee == nil || len(call.Call.Args) == 0 {
		return
	}
	obj := callee.Object()
	if lendsField(callee) {
		m.lender = origin(call.Call.Args[0])
		m.again = func(fn *types.Func) bool { return fn == obj }
		return
	}
	again := ""
	switch {
	case lint.IsMethod(obj, "bufio", "Scanner", "Bytes"):
		again = "Scan"
	case lint.IsMethod(obj, "bufio", "Reader", "ReadSlice", "ReadLine", "Peek"):
		again = "Read"
	case lint.IsMethod(obj, "bytes", "Buffer", "Bytes"):
		again = "Reset"
	default:
		return
	}
	m.lender = origin(call.Call.Args[0])
	m.reader = again != "Reset"
	m.again = func(fn *types.Func) bool {
		return strings.HasPrefix(fn.Name(), again) || again == "Reset" && fn.Name() == "Truncate"
	}
}

// lendsField reports whether a method returns, or cuts its first result from, a field of its
// receiver that each call of it begins anew.
func lendsField(fn *ssa.Function) bool {
	if fn.Signature.Recv() == nil || len(fn.Blocks) == 0 || fn.Signature.Results().Len() == 0 || !lint.IsBytes(fn.Signature.Results().At(0).Type()) {
		return false
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		fa := lazyssa.FieldLoaded(wholeOf(ret.Results[0]))
		if fa != nil && fa.X == fn.Params[0] && restarts(fn, lazyssa.Field(fa)) != nil {
			return true
		}
	}
	return false
}

// origin returns the value of a variable that is assigned once in place of a load of it.
func origin(v ssa.Value) ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if cell, ok := load.X.(*ssa.Alloc); ok {
			if val := stored(cell); val != nil {
				return val
			}
		}
	}
	return v
}

// appended returns the slice that a call appends to, or nil.
func appended(call *ssa.Call) ssa.Value {
	args := call.Call.Args
	switch callee := call.Call.Value.(type) {
	case *ssa.Builtin:
		if callee.Name() == "append" {
			return args[0]
		}
	case *ssa.Function:
		if strings.HasPrefix(callee.Name(), "Append") && callee.Signature.Recv() == nil && len(args) > 0 && lint.IsBytes(args[0].Type()) &&
			callee.Pkg != nil && isAppender(callee.Pkg.Pkg.Path()) {
			return args[0]
		}
	}
	return nil
}

// isAppender reports whether functions of the package that are named Append… append to
// their first argument.
func isAppender(path string) bool {
	switch path {
	case "strconv", "fmt", "unicode/utf8", "encoding/binary", "encoding/hex", "encoding/base64":
		return true
	}
	return false
}

func isZero(v ssa.Value) bool {
	if v == nil {
		return true
	}
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Int64() == 0
}

// overwrites returns how an instruction writes bytes at the beginning of the memory, of
// which src is the slice in question; "" if it does not.
func (m *memory) overwrites(instr ssa.Instruction, src ssa.Value) string {
	switch instr := instr.(type) {
	case *ssa.Store:
		at, ok := instr.Addr.(*ssa.IndexAddr)
		if ok && m.values[at.X] && (at.X == src || fromZero(at.Index)) {
			return "written"
		}
	case *ssa.Call:
		return m.fills(instr)
	}
	return ""
}

// fromZero reports whether an index is 0 or counts up from there.
func fromZero(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value != nil && v.Int64() == 0
	case *ssa.Phi:
		for _, e := range v.Edges {
			if k, ok := e.(*ssa.Const); ok && k.Value != nil && k.Int64() <= 0 {
				return true
			}
		}
	case *ssa.BinOp: // the hidden counter of a range loop begins with -1
		if phi, ok := v.X.(*ssa.Phi); ok && v.Op == token.ADD {
			return fromZero(phi)
		}
	}
	return false
}

// fills returns how a call writes the memory.
func (m *memory) fills(call *ssa.Call) string {
	args := call.Call.Args
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "copy", "clear":
			if m.values[args[0]] {
				return "written"
			}
		case "append":
			return m.restarts(args[0])
		}
		return ""
	}
	if arg := appended(call); arg != nil {
		return m.restarts(arg)
	}
	if call.Call.IsInvoke() {
		if call.Call.Method.Name() == "Read" && len(args) == 1 && m.values[args[0]] {
			return "read into"
		}
		return ""
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		return ""
	}
	if m.writer != nil && len(callee.Blocks) > 0 {
		for i, arg := range args {
			if m.values[arg] && m.writer(callee, i) {
				return "written"
			}
		}
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok || fn.Pkg() == nil {
		return ""
	}
	if m.lender != nil && len(args) > 0 && fn.Signature().Recv() != nil && origin(args[0]) == m.lender && m.again(fn) {
		return "filled"
	}
	i := 0
	switch {
	case lint.IsFunc(fn, "io", "ReadFull", "ReadAtLeast"):
		i = 1
	case fn.Signature().Recv() != nil && (fn.Name() == "Read" || fn.Name() == "ReadAt"):
		i = 1
	case fn.Signature().Recv() != nil && fn.Pkg().Path() == "encoding/binary" && strings.HasPrefix(fn.Name(), "PutUint"):
		i = 1
	case lint.IsFunc(fn, "crypto/rand", "Read"), lint.IsFunc(fn, "encoding/hex", "Encode", "Decode"), lint.IsFunc(fn, "encoding/binary", "PutUvarint", "PutVarint"):
	default:
		return ""
	}
	if i < len(args) && m.values[args[i]] {
		return "read into"
	}
	return ""
}

// restarts reports an append that begins with the first bytes of the memory.
func (m *memory) restarts(arg ssa.Value) string {
	cut, ok := arg.(*ssa.Slice)
	if !ok || !m.values[cut.X] && !m.values[cut] || !isZero(cut.Low) || cut.High == nil {
		return ""
	}
	if k, ok := cut.High.(*ssa.Const); ok && k.Value != nil && k.Int64() == 0 {
		return "filled"
	}
	return ""
}

// fresh reports whether an instruction makes the memory anew, so that what was made
// before it is not touched after it.
func (m *memory) fresh(instr ssa.Instruction) bool {
	v, ok := instr.(ssa.Value)
	if ok && v == m.lender && anotherEachTime(v) {
		return true
	}
	if !ok || !m.values[v] {
		return false
	}
	switch v := v.(type) {
	case *ssa.MakeSlice, *ssa.Convert, *ssa.Alloc, *ssa.TypeAssert:
		return true
	case *ssa.Call:
		return appended(v) == nil
	case *ssa.Extract:
		return true
	}
	return false
}

// anotherEachTime reports whether a value may be another object wherever it is computed again: a new
// one, the next element, or what a variable has been set to. A field has the same for long.
func anotherEachTime(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.Call, *ssa.Extract, *ssa.Phi, *ssa.IndexAddr, *ssa.Lookup, *ssa.TypeAssert:
		return true
	case *ssa.UnOp:
		_, element := v.X.(*ssa.IndexAddr)
		return element || v.Op == token.ARROW
	}
	return false
}

// reaches reports whether a path leads from behind one instruction to another one that is not
// behind an instruction that stops it.
func reaches(from, to ssa.Instruction, stop func(ssa.Instruction) bool) bool {
	type start struct {
		b *ssa.BasicBlock
		i int
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := []start{{from.Block(), indexOf(from) + 1}}
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		stopped := false
		for _, instr := range s.b.Instrs[s.i:] {
			if instr == to {
				return true
			}
			if stop(instr) {
				stopped = true
				break
			}
		}
		if stopped {
			continue
		}
		for _, next := range s.b.Succs {
			if !seen[next] {
				seen[next] = true
				work = append(work, start{next, 0})
			}
		}
	}
	return false
}

func indexOf(instr ssa.Instruction) int {
	for i, other := range instr.Block().Instrs {
		if other == instr {
			return i
		}
	}
	return -1
}
