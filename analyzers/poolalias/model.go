package poolalias

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

const (
	fasthttp = "github.com/valyala/fasthttp"
	bytebuf  = "github.com/valyala/bytebufferpool"
)

// releases returns the argument that a function of a well-known module puts back.
func releases(fn *types.Func) (arg int, ok bool) {
	switch {
	case fn == nil || fn.Pkg() == nil:
		return 0, false
	case lint.IsFunc(fn, bytebuf, "Put"):
		return 0, true
	case lint.IsMethod(fn, bytebuf, "Pool", "Put"):
		return 1, true
	case fn.Pkg().Path() == fasthttp && fn.Signature().Recv() == nil:
		return 0, strings.HasPrefix(fn.Name(), "Release") && fn.Signature().Params().Len() == 1
	}
	return 0, false
}

// result gives the value of a call to unseen code what is known of it.
func (x *explorer) result(fr *frame, st *state, v ssa.Value, fn *types.Func, c *ssa.CallCommon) {
	k := x.key(fr, v)
	for _, i := range sharing(fn, c) {
		if i >= len(c.Args) {
			continue
		}
		to := k
		if tuple, ok := v.Type().(*types.Tuple); ok && tuple.Len() > 0 {
			for j := range tuple.Len() {
				if t := tuple.At(j).Type(); j == 0 || lint.IsBytes(t) {
					x.share(fr, st, to+"#"+string(rune('0'+j)), c.Args[i], fn)
				}
			}
			continue
		}
		x.share(fr, st, to, c.Args[i], fn)
	}
	if i, ok := retains(fn); ok && i < len(c.Args) {
		if refs := x.reach(fr, st, c.Args[i]); len(refs) > 0 {
			loc := x.mem(fr, st, c.Args[0]) + "[]"
			st.held[loc] = refs[0]
			if instr, ok := v.(ssa.Instruction); ok && x.outlives(fr, loc) {
				st.kept[loc] = x.event(fr, instr, refs[0])
			}
		}
	}
}

func (x *explorer) share(fr *frame, st *state, to string, arg ssa.Value, fn *types.Func) {
	refs := x.reach(fr, st, arg)
	if len(refs) == 0 {
		return
	}
	r := refs[0]
	if p, ok := inObject(x.mem(fr, st, arg)); ok {
		r.path = p
	}
	if st.detached(r.path) {
		return
	}
	if name := fn.Name(); strings.HasPrefix(name, "Split") || strings.HasPrefix(name, "Fields") || !sameMemory(fn) {
		st.held[to+"*[]"] = r
		return
	}
	st.held[to] = r
}

// sameMemory reports whether the results of a function are memory of an argument,
// rather than something that knows of it.
func sameMemory(fn *types.Func) bool {
	results := fn.Signature().Results()
	for i := range results.Len() {
		switch results.At(i).Type().Underlying().(type) {
		case *types.Slice, *types.Interface:
			return !strings.HasPrefix(fn.Name(), "New")
		}
	}
	return false
}

// getter reports whether a method returns something that others know as well,
// rather than a new object.
func getter(fn *types.Func, v ssa.Value) bool {
	if fn == nil || fn.Signature().Recv() == nil || fn.Signature().Params().Len() > 0 || !isPointer(v.Type()) {
		return false
	}
	name := strings.ToLower(fn.Name())
	return !slices.ContainsFunc([]string{"new", "make", "create", "clone", "copy", "with", "build", "alloc", "acquire", "open", "start", "begin",
		"get", "fetch", "load", "borrow", "take", "next", "pop", "dup", "fork", "encode", "decode", "read", "iter"}, func(verb string) bool { return strings.HasPrefix(name, verb) })
}

// retains returns the argument that a standard method keeps in its receiver.
func retains(fn *types.Func) (int, bool) {
	switch {
	case fn == nil:
	case lint.IsMethod(fn, "sync/atomic", "Value", "Store"), lint.IsMethod(fn, "sync/atomic", "Pointer", "Store"),
		lint.IsMethod(fn, "container/list", "List", "PushBack", "PushFront"):
		return 1, true
	case lint.IsMethod(fn, "sync", "Map", "Store", "LoadOrStore", "Swap"):
		return 2, true
	}
	return 0, false
}

// sharing returns the arguments whose memory the result of a function of the
// standard library, or of a well-known module, shares.
func sharing(fn *types.Func, c *ssa.CallCommon) []int {
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	path, name, recv := fn.Pkg().Path(), fn.Name(), fn.Signature().Recv() != nil
	first := []int{0}
	switch {
	case c.IsInvoke():
		if lint.IsMethod(fn, "hash", "Hash", "Sum") {
			return first
		}
		return nil
	case lint.IsMethod(fn, "bytes", "Buffer", "Bytes", "Next", "AvailableBuffer"),
		lint.IsMethod(fn, "bufio", "Scanner", "Bytes"),
		lint.IsMethod(fn, "bufio", "Reader", "Peek", "ReadSlice", "ReadLine"),
		lint.IsMethod(fn, "bufio", "Writer", "AvailableBuffer"),
		lint.IsMethod(fn, bytebuf, "ByteBuffer", "Bytes"):
		return first
	case path == fasthttp && recv && !strings.HasPrefix(name, "Append"):
		if sig := fn.Signature(); sig.Results().Len() == 1 && lint.IsBytes(sig.Results().At(0).Type()) {
			return first
		}
		return nil
	case recv && strings.HasPrefix(name, "Append") && !strings.Contains(path, "."):
		return []int{1}
	case recv:
		return nil
	case path == "bytes" && (strings.HasPrefix(name, "Trim") || strings.HasPrefix(name, "Split") || strings.HasPrefix(name, "Fields") ||
		strings.HasPrefix(name, "Cut") || strings.HasPrefix(name, "New")):
		return first
	case path == "slices" && slices.Contains([]string{"Grow", "Clip", "Insert", "Delete", "DeleteFunc", "Compact", "CompactFunc", "Replace", "AppendSeq"}, name):
		return first
	case path == "net/http" && name == "NewRequest":
		return []int{2}
	case path == "net/http" && name == "NewRequestWithContext":
		return []int{3}
	case path == "context" && name == "WithValue":
		return []int{2}
	case path == "io" && slices.Contains([]string{"NopCloser", "TeeReader", "LimitReader", "NewSectionReader"}, name):
		return first
	case strings.Contains(path, ".") || path == "errors" || path == "fmt" && !strings.HasPrefix(name, "Append"):
		return nil
	case strings.HasPrefix(name, "New") && slices.Contains([]string{"bufio", "strings", "encoding/json", "encoding/xml", "encoding/gob", "encoding/csv",
		"compress/gzip", "compress/zlib", "compress/flate", "mime/multipart", "text/tabwriter"}, path):
		return first
	case strings.HasPrefix(name, "Append"):
		return first
	}
	return nil
}
