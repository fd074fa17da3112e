package hotescape

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// boxed looks for a value that is put into an interface for a function that has a
// typed counterpart. The call mostly costs far more, so only those who ask are told.
func (r *pass) boxed(c inspector.Cursor) {
	call := c.Node().(*ast.CallExpr)
	fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	arg, remedy := r.typedCounterpart(fn, call)
	attributes := arg == nil && (isLog(fn) || r.forwards(fn)) && !call.Ellipsis.IsValid()
	if arg == nil && !attributes {
		return
	}
	place := r.hot.At(call)
	if !place.Worth() || !r.all && !place.Marked {
		return
	}
	if attributes && r.asksEnabled(c) {
		return // only where the record is wanted
	}
	if attributes {
		arg, remedy = r.boxedAttribute(fn, call), "slog.LogAttrs with typed attributes needs no interface"
	}
	if arg == nil || r.escape.Boxed(arg) != escape.Heap {
		return
	}
	f := finding{category: boxed, node: arg, alloc: arg, place: place}
	r.report(f, "%s is copied to the heap %s to pass it to %s as an interface; %s", operand(arg), place.When(), calleeName(call), remedy)
}

// isLog reports whether fn is one of those of log/slog that take keys and values.
func isLog(fn *types.Func) bool {
	names := []string{"Debug", "Info", "Warn", "Error", "DebugContext", "InfoContext", "WarnContext", "ErrorContext", "Log"}
	return lint.IsFunc(fn, "log/slog", names...) || lint.IsMethod(fn, "log/slog", "Logger", names...)
}

// forwards reports whether a function of the package hands its keys and values on to a record of log/slog.
func (r *pass) forwards(fn *types.Func) bool {
	sig := fn.Signature()
	if fn.Pkg() != r.Pkg || !sig.Variadic() {
		return false
	}
	args := sig.Params().At(sig.Params().Len() - 1)
	for _, use := range r.usesOf(args) {
		if use.ParentEdgeKind() != edge.CallExpr_Args {
			continue
		}
		call := use.Parent().Node().(*ast.CallExpr)
		if to, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func); ok && call.Ellipsis.IsValid() && isLog(to) {
			return true
		}
	}
	return false
}

// asksEnabled reports whether the place at c is reached only if a logger has said that
// it wants the record.
func (r *pass) asksEnabled(c inspector.Cursor) bool {
	asks := func(e ast.Node) bool {
		found := false
		ast.Inspect(e, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				found = found || lint.IsMethod(typeutil.Callee(r.TypesInfo, call), "log/slog", "Logger", "Enabled")
			}
			return !found
		})
		return found
	}
	for around := range c.Enclosing((*ast.IfStmt)(nil)) {
		cond := around.Node().(*ast.IfStmt).Cond
		if asks(cond) {
			return true
		}
		if id, ok := ast.Unparen(cond).(*ast.Ident); ok {
			if v, ok := r.TypesInfo.Uses[id].(*types.Var); ok {
				if def, ok := r.definition(v); ok && asks(def) {
					return true
				}
			}
		}
	}
	return false
}

// boxedAttribute returns the first value of a log record that is copied to the heap.
func (r *pass) boxedAttribute(fn *types.Func, call *ast.CallExpr) ast.Expr {
	for i := fn.Signature().Params().Len() - 1; i < len(call.Args); i++ {
		if r.escape.Boxed(call.Args[i]) == escape.Heap {
			return call.Args[i]
		}
	}
	return nil
}

func operand(e ast.Expr) string {
	if p := path(e); p != "" {
		return p
	}
	return "the argument"
}

// typedCounterpart returns the argument that is boxed, and what to use instead.
func (r *pass) typedCounterpart(fn *types.Func, call *ast.CallExpr) (arg ast.Expr, remedy string) {
	modern := lint.GoAtLeast(r.Pass, lint.FileOf(r.Pass, call.Pos()), "go1.21")
	switch {
	case lint.IsFunc(fn, "sort", "Slice", "SliceStable") && modern:
		if _, ok := r.TypesInfo.TypeOf(call.Args[0]).Underlying().(*types.Slice); !ok {
			return nil, ""
		}
		if fn.Name() == "Slice" {
			return call.Args[0], "slices.SortFunc needs no interface and no reflection"
		}
		return call.Args[0], "slices.SortStableFunc needs no interface and no reflection"

	case lint.IsFunc(fn, "sort", "Sort", "Stable") && modern:
		if _, ok := r.TypesInfo.TypeOf(call.Args[0]).Underlying().(*types.Slice); !ok {
			return nil, ""
		}
		return call.Args[0], "slices.SortFunc needs no interface"

	case lint.IsFunc(fn, "container/heap", "Push") && len(call.Args) == 2:
		return call.Args[1], "a heap that is typed for its elements needs no interface"

	case lint.IsMethod(fn, "container/list", "List", "PushBack", "PushFront") && len(call.Args) == 1:
		return call.Args[0], "a slice or a typed list needs no interface"
	}
	return nil, ""
}
