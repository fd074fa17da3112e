package lostgoroutine

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// lingering reports goroutines that wait for the context of a caller alone, to end an object that has been made
// for the caller: when that has been ended by itself, they stay for as long as the context lasts.
func (f *finder) lingering() {
	for _, fn := range f.model.Funcs() {
		if fn.Object() == nil || !fn.Object().Exported() || f.ends(fn) || f.onlyOnce()[fn] || f.tests.Has(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				g, ok := instr.(*ssa.Go)
				if !ok {
					continue
				}
				wait, ctx := waitsForContext(g.Call.StaticCallee())
				if wait == nil || !isCallers(g, ctx) {
					continue
				}
				if end, field := f.endsOwn(g); end != nil {
					f.report(wait, noExit, fmt.Sprintf("this goroutine stays until the context ends, though %s, which closes %s, has ended by itself what it is for: wait for %s, too, or use context.AfterFunc and stop it there",
						end.Name(), field.Name(), field.Name()),
						analysis.RelatedInformation{Pos: g.Pos(), Message: "the goroutine is started here"},
						analysis.RelatedInformation{Pos: end.Pos(), Message: "this does not end it"})
				}
			}
		}
	}
}

// endsOwn returns the exported method that a goroutine calls of a new object which it is given, and the channel
// in a field of the object that the method closes; nil if there is none.
func (f *finder) endsOwn(g *ssa.Go) (end *ssa.Function, field *types.Var) {
	for _, b := range g.Call.StaticCallee().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil {
				continue
			}
			end := call.Call.StaticCallee()
			if end.Object() == nil || !end.Object().Exported() || end.Signature.Recv() == nil || !givesNew(g, end.Signature.Recv().Type()) {
				continue
			}
			if field := f.closedBy(end); field != nil {
				return end, field
			}
		}
	}
	return nil, nil
}

// givesNew reports whether the function that starts a goroutine gives it a new object of a type.
func givesNew(g *ssa.Go, t types.Type) bool {
	return slices.ContainsFunc(given(g), func(v ssa.Value) bool {
		_, made := v.(*ssa.Alloc)
		return made && types.Identical(v.Type(), t)
	})
}

// closedBy returns the channel in a field that a method, or a literal in it, closes; or nil.
func (f *finder) closedBy(method *ssa.Function) *types.Var {
	for _, class := range f.model.Classes() {
		for _, op := range class.Ops() {
			if op.Kind == syncmodel.Close && lazyssa.Outermost(op.Fn) == method {
				if field := fieldOf(op.Object); field != nil {
					return field
				}
			}
		}
	}
	return nil
}

// waitsForContext returns the receive that a function begins with, if it is from the Done of a context, with that
// context; nothing else in it waits for a channel.
func waitsForContext(fn *ssa.Function) (wait *ssa.UnOp, ctx ssa.Value) {
	if fn == nil || len(fn.Blocks) == 0 {
		return nil, nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Select, *ssa.Send, *ssa.Go:
				return nil, nil
			case *ssa.UnOp:
				if v.Op != token.ARROW {
					continue
				}
				done, ok := v.X.(*ssa.Call)
				if wait != nil || !ok || b.Index != 0 || !done.Call.IsInvoke() || done.Call.Method.Name() != "Done" || !lint.IsNamed(done.Call.Value.Type(), "context", "Context") {
					return nil, nil
				}
				wait, ctx = v, done.Call.Value
			}
		}
	}
	return wait, ctx
}

// isCallers reports whether a context in a goroutine is the one that the function which starts it is given.
func isCallers(g *ssa.Go, ctx ssa.Value) bool {
	var p *ssa.Parameter
	for _, from := range origins(ctx) {
		q, ok := from.(*ssa.Parameter)
		if !ok {
			return false // one that it makes, and may end
		}
		p = q
	}
	if p == nil {
		return false
	}
	if p.Parent() == g.Parent() {
		return true
	}
	for i, q := range p.Parent().Params {
		if q == p && i < len(g.Call.Args) {
			arg, ok := g.Call.Args[i].(*ssa.Parameter)
			return ok && arg.Parent() == g.Parent()
		}
	}
	return false
}
