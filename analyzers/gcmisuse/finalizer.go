package gcmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// finalizers judges calls of SetFinalizer and AddCleanup.
func (f *finder) finalizers(calls []call) {
	at := make(map[token.Pos]*ssa.Call)
	for _, fn := range lazyssa.Of(f.pass).Build().Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if c, ok := instr.(*ssa.Call); ok && len(c.Call.Args) >= 2 && c.Call.StaticCallee() != nil {
					if obj := c.Call.StaticCallee().Object(); lint.IsFunc(obj, "runtime", "SetFinalizer", "AddCleanup") {
						at[c.Pos()] = c
					}
				}
			}
		}
	}
	for _, c := range calls {
		instr := at[c.Lparen]
		if instr == nil {
			continue
		}
		if k, ok := unwrap(instr.Call.Args[1]).(*ssa.Const); ok && k.IsNil() {
			continue // takes a finalizer away
		}
		if !f.captures(c, instr) {
			f.frequent(c)
		}
	}
}

// captures reports a finalizer or cleanup that keeps its own object alive.
func (f *finder) captures(c call, instr *ssa.Call) bool {
	args := instr.Call.Args
	h := &holder{object: base(args[0])}
	if h.object == nil {
		return false
	}
	name := lint.Text(c.Args[0])
	if c.name == "runtime.SetFinalizer" {
		if !h.holds(args[1], maxDepth) {
			return false
		}
		f.report(c, finalizerCaptures, fmt.Sprintf("the finalizer of %s holds %[1]s itself%s: it is never collected, and the finalizer never runs; use the parameter", name, f.how(c.Args[1])))
		return true
	}
	switch {
	case h.holds(args[1], maxDepth):
		f.report(c, finalizerCaptures, fmt.Sprintf("the cleanup of %s holds %[1]s itself%s: it is never collected, and the cleanup never runs; pass what it needs as its argument", name, f.how(c.Args[1])))
	case len(args) > 2 && base(args[2]) == h.object && unwrap(args[0]) == unwrap(args[2]):
		f.report(c, finalizerCaptures, fmt.Sprintf("runtime.AddCleanup panics: the argument of the cleanup of %s is %[1]s; pass what the cleanup needs of it", name))
	case len(args) > 2 && h.holds(args[2], maxDepth):
		f.report(c, finalizerCaptures, fmt.Sprintf("the argument of the cleanup, %s, holds %s: it is never collected, and the cleanup never runs; pass only what the cleanup needs", lint.Text(c.Args[2]), name))
	default:
		return false
	}
	return true
}

// how names a method value that is a finalizer.
func (f *finder) how(e ast.Expr) string {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && f.pass.TypesInfo.Selections[sel] != nil {
		return " by way of the method value " + lint.Text(sel)
	}
	return ""
}

// frequent reports finalizers of objects that are made in a loop or for each request.
func (f *finder) frequent(c call) {
	if p := f.placeOf(c.at, 0, search{}); p.kind == item {
		// Slow loops, too: the collector is what pays.
		f.reportFrequent(c, p.when(), p.related())
		return
	}
	p := f.hot.At(c.CallExpr)
	if !p.InLoop() && (p.Kind != hot.Request || p.Call != nil) && p.Kind != hot.Declared && !(f.all && p.Worth()) {
		return
	}
	f.reportFrequent(c, p.When(), p.Related())
}

func (f *finder) reportFrequent(c call, when string, related []analysis.RelatedInformation) {
	what := strings.TrimPrefix(c.name, "runtime.")
	f.report(c, finalizerHot, fmt.Sprintf("%s makes an object that takes the collector two rounds to free, %s; release it with a method that the caller runs, or reuse it", what, when), related...)
}

// maxDepth bounds how many variables and literals lie between a finalizer and its object.
const maxDepth = 5

// A holder looks for ways by which values keep an object alive.
type holder struct {
	object ssa.Value // as base returns it
}

// holds reports whether whoever has v keeps the object alive.
func (h *holder) holds(v ssa.Value, depth int) bool {
	v = unwrap(v)
	if base(v) == h.object && pointerLike(v) {
		return true
	}
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.MakeClosure:
		for _, b := range v.Bindings {
			if h.holds(b, depth-1) {
				return true
			}
		}
	case *ssa.Phi:
		for _, e := range v.Edges {
			if h.holds(e, depth-1) {
				return true
			}
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			if cell, ok := v.X.(*ssa.Alloc); ok {
				return h.stored(cell, depth-1)
			}
		}
	case *ssa.Alloc:
		return h.stored(v, depth-1)
	case *ssa.Slice:
		return h.holds(v.X, depth-1)
	}
	return false
}

// stored reports whether the variable or object that cell is holds the object: it, or a part
// of it, is assigned once, to something that does.
func (h *holder) stored(cell *ssa.Alloc, depth int) bool {
	whole, found := 0, false
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == cell {
				whole++
				found = found || h.holds(ref.Val, depth)
			}
		case *ssa.FieldAddr:
			if h.storedIn(ref, depth) {
				return true
			}
		case *ssa.MakeClosure:
			// A literal that assigns to the variable may let go of the object.
			if assigns(ref, cell) {
				return false
			}
		}
	}
	return found && whole == 1
}

// storedIn is stored for a field.
func (h *holder) storedIn(field *ssa.FieldAddr, depth int) bool {
	found := false
	for _, ref := range *field.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == field {
			if !h.holds(s.Val, depth) {
				return false
			}
			found = true
		}
	}
	return found
}

// assigns reports whether the literal of a closure assigns to a variable that it shares.
func assigns(c *ssa.MakeClosure, cell *ssa.Alloc) bool {
	fn, ok := c.Fn.(*ssa.Function)
	if !ok {
		return true
	}
	for i, b := range c.Bindings {
		if b != cell || i >= len(fn.FreeVars) {
			continue
		}
		for _, ref := range *fn.FreeVars[i].Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if ref.Addr == fn.FreeVars[i] {
					return true
				}
			case *ssa.MakeClosure:
				return true // further in
			}
		}
	}
	return false
}

// unwrap takes off what changes the type of a value alone.
func unwrap(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.Convert:
			if !pointerLike(x) {
				return v
			}
			v = x.X
		default:
			return v
		}
	}
}

// base returns what stands for the object that a pointer points into: the variable that
// holds the pointer, if that is assigned once, or else the pointer itself.
func base(v ssa.Value) ssa.Value {
	for {
		v = unwrap(v)
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.UnOp:
			cell, ok := x.X.(*ssa.Alloc)
			if x.Op != token.MUL || !ok {
				return v
			}
			only := onlyStore(cell)
			if only == nil {
				return v
			}
			v = only
		default:
			return v
		}
	}
}

// onlyStore returns what a variable is assigned if that happens once.
func onlyStore(cell *ssa.Alloc) (val ssa.Value) {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == cell {
				if val != nil {
					return nil
				}
				val = ref.Val
			}
		case *ssa.MakeClosure:
			if assigns(ref, cell) {
				return nil
			}
		case *ssa.FieldAddr, *ssa.IndexAddr:
			return nil // a struct, not a pointer
		}
	}
	return val
}

// pointerLike reports whether a value can keep what it stands for alive: it is no number.
func pointerLike(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return !ok || b.Kind() == types.UnsafePointer
}
