package hotescape

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// boxed looks for a value that is put into an interface for a function that has a
// typed counterpart.
func (r *pass) boxed(c inspector.Cursor) {
	call := c.Node().(*ast.CallExpr)
	fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	arg, remedy, sure := r.typedCounterpart(fn, call)
	if arg == nil || !sure && !r.all {
		return
	}
	place := r.hot.At(call)
	if !place.Worth() || !place.InLoop() && !r.all || r.escape.Boxed(arg) != escape.Heap {
		return
	}
	f := finding{category: boxed, node: arg, alloc: arg, place: place}
	r.report(f, "%s is copied to the heap %s to pass it to %s as an interface; %s", operand(arg), place.When(), calleeName(call), remedy)
}

func operand(e ast.Expr) string {
	if p := path(e); p != "" {
		return p
	}
	return "the argument"
}

// typedCounterpart returns the argument that is boxed, and what to use instead.
// It is sure of the remedies that are local to the call.
func (r *pass) typedCounterpart(fn *types.Func, call *ast.CallExpr) (arg ast.Expr, remedy string, sure bool) {
	modern := lint.GoAtLeast(r.Pass, lint.FileOf(r.Pass, call.Pos()), "go1.21")
	switch {
	case lint.IsFunc(fn, "sort", "Slice", "SliceStable") && modern:
		if _, ok := r.TypesInfo.TypeOf(call.Args[0]).Underlying().(*types.Slice); !ok {
			return nil, "", false
		}
		if fn.Name() == "Slice" {
			return call.Args[0], "slices.SortFunc needs no interface and no reflection", true
		}
		return call.Args[0], "slices.SortStableFunc needs no interface and no reflection", true

	case lint.IsFunc(fn, "sort", "Sort", "Stable") && modern:
		if _, ok := r.TypesInfo.TypeOf(call.Args[0]).Underlying().(*types.Slice); !ok {
			return nil, "", false
		}
		return call.Args[0], "slices.SortFunc needs no interface", true

	case lint.IsFunc(fn, "encoding/binary", "Write") && len(call.Args) == 3:
		if isFixedInt(r.TypesInfo.TypeOf(call.Args[2])) {
			return call.Args[2], "append it to a reused slice with the byte order's Append method and write that", true
		}

	case lint.IsFunc(fn, "container/heap", "Push") && len(call.Args) == 2:
		return call.Args[1], "a heap that is typed for its elements needs no interface", false

	case lint.IsMethod(fn, "container/list", "List", "PushBack", "PushFront") && len(call.Args) == 1:
		return call.Args[0], "a slice or a typed list needs no interface", false
	}
	return nil, "", false
}

// isFixedInt reports whether values of type t have a method of their own in a
// byte order.
func isFixedInt(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return false
	}
	switch b.Kind() {
	case types.Int16, types.Int32, types.Int64, types.Uint16, types.Uint32, types.Uint64:
		return true
	}
	return false
}
