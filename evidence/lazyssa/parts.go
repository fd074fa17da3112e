package lazyssa

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// Whole returns the argument of a call that shares its memory with what the call
// returns, holds or yields: that of strings.Cut, of bytes.Fields, of a method of
// regexp that finds. It returns nil for other calls.
func Whole(call *ssa.Call) ssa.Value {
	fn, ok := Callee(call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return nil
	}
	args := call.Call.Args
	switch path, name := fn.Pkg().Path(), fn.Name(); {
	case fn.Signature().Recv() == nil && (path == "strings" || path == "bytes"):
		cuts := []string{"Cut", "Trim", "Split", "Fields", "Lines"}
		if slices.ContainsFunc(cuts, func(p string) bool { return strings.HasPrefix(name, p) }) {
			return args[0]
		}
	case lint.IsFunc(fn, "path", "Base", "Ext"), lint.IsFunc(fn, "path/filepath", "Base", "Ext"),
		lint.IsFunc(fn, "net/textproto", "TrimString", "TrimBytes"):
		return args[0]
	case lint.IsMethod(fn, "regexp", "Regexp", name) && strings.HasPrefix(name, "Find") && !strings.HasSuffix(name, "Index"):
		return args[1]
	case lint.IsMethod(fn, "regexp", "Regexp", "Split"):
		return args[1]
	}
	return nil
}

// IsText reports whether a value of the type is, or holds, text: a string, bytes, or a
// slice of these.
func IsText(t types.Type) bool {
	if lint.IsString(t) || lint.IsBytes(t) {
		return true
	}
	s, ok := t.Underlying().(*types.Slice)
	return ok && IsText(s.Elem())
}

// Yielded returns what the sequence seq, such as strings.SplitSeq returns, yields when it
// is called: the parameters of the function that it calls, with that call.
func Yielded(seq ssa.Value) map[*ssa.Parameter]*ssa.Call {
	list := make(map[*ssa.Parameter]*ssa.Call)
	if _, ok := seq.Type().Underlying().(*types.Signature); !ok || seq.Referrers() == nil {
		return list
	}
	for _, ref := range *seq.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok || call.Call.Value != seq || len(call.Call.Args) != 1 {
			continue
		}
		if body, ok := call.Call.Args[0].(*ssa.MakeClosure); ok {
			for _, p := range body.Fn.(*ssa.Function).Params {
				list[p] = call
			}
		}
	}
	return list
}
