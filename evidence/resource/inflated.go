package resource

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// inflating are packages whose NewReader returns a reader with a method Close of its own, which by its
// documentation does not close what it reads from.
var inflating = []string{
	"compress/gzip", "compress/zlib", "compress/flate", "compress/lzw", "compress/bzip2",
	"github.com/klauspost/compress/gzip", "github.com/klauspost/compress/zlib", "github.com/klauspost/compress/flate", "github.com/klauspost/pgzip",
}

// inflater returns the call of NewReader that a value comes from, on one way at least, or nil.
func inflater(v ssa.Value) *ssa.Call {
	seen := make(map[*ssa.Phi]bool)
	var find func(v ssa.Value) *ssa.Call
	find = func(v ssa.Value) *ssa.Call {
		switch v := lazyssa.Strip(v).(type) {
		case *ssa.Call:
			if fn := lazyssa.Callee(v); slices.ContainsFunc(inflating, func(path string) bool { return lint.IsFunc(fn, path, "NewReader", "NewReaderDict") }) {
				return v
			}
		case *ssa.Extract:
			return find(v.Tuple)
		case *ssa.Phi:
			if seen[v] {
				return nil
			}
			seen[v] = true
			for _, e := range v.Edges {
				if call := find(e); call != nil {
					return call
				}
			}
		}
		return nil
	}
	return find(v)
}

// inflates reports whether a value is a reader that decompresses a resource, given to somebody who is to
// close it: that does not close the resource, as it looks.
func (w *walk) inflates(st *state, v ssa.Value) bool {
	return st.of(v) == view && !w.acq.Holds && closable(v.Type()) && inflater(v) != nil && (w.acq.Kind == File || w.acq.Kind == Body && !w.cancels())
}

// Inflater returns the name of the function that makes the reader which Inflated is about, and its line.
func (l *Loss) Inflater(pass *analysis.Pass) string {
	fn := lazyssa.Callee(l.Inflated)
	return fmt.Sprintf("the reader that %s.%s makes of it at line %d", fn.Pkg().Name(), fn.Name(), pass.Fset.Position(l.Inflated.Pos()).Line)
}

// cancels reports whether the function makes a context: whoever cancels that ends the body.
func (w *walk) cancels() bool {
	for _, b := range w.fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && lint.IsCancelable(lazyssa.Callee(call)) {
				return true
			}
		}
	}
	return false
}
