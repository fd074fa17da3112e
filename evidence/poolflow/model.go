package poolflow

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// isAppend reports whether a call is one of a standard function that appends
// to the bytes in v.
func isAppend(call ssa.CallInstruction, v ssa.Value) bool {
	fn := lazyssa.Callee(call)
	return fn != nil && fn.Pkg() != nil && !strings.Contains(fn.Pkg().Path(), ".") && strings.HasPrefix(fn.Name(), "Append") &&
		(call.Common().Args[0] == v || fn.(*types.Func).Signature().Recv() != nil && len(call.Common().Args) > 1 && call.Common().Args[1] == v)
}

// modelled judges what a call does to argument i, of type t, which is the
// address of a field, or a buffer.
func (w *walk) modelled(call ssa.CallInstruction, i int, t types.Type) use {
	c := call.Common()
	callee := c.StaticCallee()
	var fn *types.Func
	if callee != nil {
		fn, _ = callee.Object().(*types.Func)
	}
	isRecv := fn != nil && fn.Signature().Recv() != nil && i == 0
	if isRecv && ResetName(fn.Name()) {
		return resets
	}
	if isBuffer(lint.Deref(t)) || w.kind == buffer && isStream(t) {
		if _, ok := t.Underlying().(*types.Pointer); !ok && !isHash(t) {
			return loses
		}
		if isRecv {
			return bufferMethod(fn.Name(), c)
		}
		var param types.Type
		if sig := c.Signature(); fn != nil && fn.Signature().Recv() == nil && i < sig.Params().Len() {
			param = sig.Params().At(i).Type()
		} else if fn != nil && fn.Signature().Recv() != nil && i-1 < sig.Params().Len() {
			param = sig.Params().At(i - 1).Type()
		}
		if param != nil && (lint.IsNamed(param, "io", "Writer") || isStream(t) && lint.IsNamed(param, "io", "Reader")) {
			return fills
		}
		if callee != nil {
			if local := w.local(callee); local != nil && i < len(local.Params) && !types.IsInterface(local.Params[i].Type()) {
				return w.bufferEffect(local, i)
			}
		}
		return loses
	}
	if _, ok := t.Underlying().(*types.Basic); ok {
		return reads
	}
	return loses
}

// bufferEffect turns the summary of a function on a buffer into a use.
func (w *walk) bufferEffect(fn *ssa.Function, i int) use {
	eff := w.summary(fn, fn.Params[i])
	switch {
	case eff == nil, len(eff.puts) > 0:
		return loses
	case eff.exit.dirty.Has(0) && eff.reads.Has(0):
		return fills
	case eff.exit.cleans.Has(0) && eff.exit.clean.Has(0):
		return resets
	case eff.exit.clean.Has(0) || eff.exit.dirty.Has(0) || !eff.exit.must.Has(0):
		return loses
	case eff.reads.Has(0):
		return reads
	}
	return nothing
}

func bufferMethod(name string, c *ssa.CallCommon) use {
	switch name {
	case "Write", "WriteString", "WriteByte", "WriteRune", "ReadFrom":
		return fills
	case "Read", "ReadByte", "ReadBytes", "ReadLine", "ReadRune", "ReadSlice", "ReadString", "Peek", "Flush", "Close":
		if c.Value != nil && len(c.Args) > 0 && isStream(c.Args[0].Type()) {
			return fills
		}
	case "Bytes", "String", "Sum", "Sum32", "Sum64":
		return reads
	case "Reset":
		return resets
	case "Size", "BlockSize":
		return nothing
	case "WriteTo":
		return drains
	case "Cap", "Grow", "Available", "AvailableBuffer":
		return nothing
	case "Truncate":
		if zero(c.Args[1]) {
			return resets
		}
	}
	return loses
}

// decodes reports whether argument i of fn is filled from encoded input, which
// leaves alone what the input does not name.
func decodes(fn *types.Func, i int) bool {
	return i == 1 && (lint.IsFunc(fn, "encoding/json", "Unmarshal") || lint.IsMethod(fn, "encoding/json", "Decoder", "Decode") ||
		lint.IsFunc(fn, "encoding/xml", "Unmarshal") || lint.IsMethod(fn, "encoding/xml", "Decoder", "Decode"))
}

// encodes reports whether argument i of fn is written out whole.
func encodes(fn *types.Func, i int) bool {
	return i == 0 && (lint.IsFunc(fn, "encoding/json", "Marshal", "MarshalIndent") || lint.IsFunc(fn, "encoding/xml", "Marshal", "MarshalIndent")) ||
		i == 1 && (lint.IsMethod(fn, "encoding/json", "Encoder", "Encode") || lint.IsMethod(fn, "encoding/xml", "Encoder", "Encode"))
}

func implements(t types.Type, methods ...string) bool {
	set := types.NewMethodSet(t)
	for _, name := range methods {
		if set.Lookup(nil, name) != nil {
			return true
		}
	}
	return false
}

// exported returns the slots that encoding/json and encoding/xml see, with their JSON tag.
func (w *walk) exported() map[int]string {
	m := make(map[int]string)
	for i, f := range w.slots {
		if !slices.ContainsFunc(f.Path, func(v *types.Var) bool { return !v.Exported() && !v.Embedded() }) {
			m[i] = reflect.StructTag(f.tags[0]).Get("json")
		}
	}
	return m
}
