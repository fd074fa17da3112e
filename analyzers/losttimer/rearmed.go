package losttimer

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// rearmed reports a timer in a field that its function sets again whenever it fires and that nobody
// stops, though the object of the field has an end: it is deleted from a map, or closed.
func (f *finder) rearmed(call *ssa.Call) {
	if !lint.IsFunc(lazyssa.Callee(call), "time", "AfterFunc") || f.tests.Has(call.Pos()) {
		return
	}
	field, object := f.keptIn(call)
	fires := called(call.Call.Args[1])
	if field == nil || fires == nil || f.everStopped(field) || !f.setsAgain(fires, field, 3) {
		return
	}
	end, what := f.endOf(object)
	if !end.IsValid() {
		return
	}
	from, to := lint.Operation(f.pass, call.Pos())
	f.pass.Report(analysis.Diagnostic{
		Pos:      from,
		End:      to,
		Category: timer,
		Message:  fmt.Sprintf("nobody stops this timer, and its function sets it again whenever it fires: it goes on for ever, though %s at %s", what, f.line(end)),
		Related:  []analysis.RelatedInformation{{Pos: end, Message: "this does not end it"}},
	})
}

// keptIn returns the unexported field of the package that a timer is put into, with the type of its struct.
func (f *finder) keptIn(call *ssa.Call) (field *types.Var, object types.Type) {
	for _, ref := range *call.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok {
			continue
		}
		if v := addressed(st.Addr); v != nil && !v.Exported() && v.Pkg() == f.pass.Pkg {
			field, object = v, lint.Deref(st.Addr.(*ssa.FieldAddr).X.Type())
		}
	}
	return field, object
}

// called returns the function of the package that a function value calls, or nil.
func called(v ssa.Value) *ssa.Function {
	if mc, ok := v.(*ssa.MakeClosure); ok {
		v = mc.Fn
	}
	fn, ok := v.(*ssa.Function)
	if !ok || fn.Blocks == nil {
		return nil
	}
	return fn
}

// everStopped reports whether something may stop the timer in a field.
func (f *finder) everStopped(field *types.Var) bool {
	for fa, use := range f.ssa.UsesOf(field) {
		switch use := use.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if use.Addr != fa {
				return true
			}
		case *ssa.UnOp:
			for _, ref := range *use.Referrers() {
				call, ok := ref.(ssa.CallInstruction)
				_, asks := ref.(*ssa.BinOp)
				if !asks && !(ok && isReset(call)) {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}

// setsAgain reports whether a function sets the timer in a field on every way that it may go.
func (f *finder) setsAgain(fn *ssa.Function, field *types.Var, depth int) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return f.sets(instr, field, depth) }) {
			continue
		}
		seen[b] = true
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return false
		}
		work = append(work, b.Succs...)
	}
	return true
}

// sets reports whether an instruction sets the timer in a field, or makes a new one for it.
func (f *finder) sets(instr ssa.Instruction, field *types.Var, depth int) bool {
	switch v := instr.(type) {
	case *ssa.Store:
		made, ok := v.Val.(*ssa.Call)
		return ok && addressed(v.Addr) == field && lint.IsFunc(lazyssa.Callee(made), "time", "AfterFunc")
	case *ssa.Call:
		if isReset(v) {
			return fieldOf(v.Call.Args[0]) == field
		}
		fn := v.Call.StaticCallee()
		return fn != nil && depth > 0 && fn.Blocks != nil && f.setsAgain(fn, field, depth-1)
	}
	return false
}

// hands reports whether a function puts an object of a type somewhere, or gives it to somebody: who deletes
// it from one map there may move it, or take it out to work on with it.
func hands(fn *ssa.Function, object types.Type) bool {
	is := func(v ssa.Value) bool { return types.Identical(lint.Deref(v.Type()), object) }
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			switch v := instr.(type) {
			case *ssa.MapUpdate:
				return is(v.Key) || is(v.Value)
			case *ssa.Store:
				return is(v.Val)
			case *ssa.Send:
				return is(v.X)
			case *ssa.Return:
				return slices.ContainsFunc(v.Results, is)
			}
			return false
		})
	})
}

// endOf returns where an object of a type ends, and in words what happens there.
func (f *finder) endOf(object types.Type) (at token.Pos, what string) {
	for _, fn := range f.ssa.Funcs {
		if hands(fn, object) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || f.tests.Has(call.Pos()) {
					continue
				}
				if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "delete" {
					continue
				}
				m := call.Call.Args[0].Type().Underlying().(*types.Map)
				if types.Identical(lint.Deref(m.Elem()), object) || types.Identical(lint.Deref(m.Key()), object) {
					return call.Pos(), "what it works for is deleted"
				}
			}
		}
	}
	named, ok := types.Unalias(object).(*types.Named)
	if !ok {
		return token.NoPos, ""
	}
	for m := range named.Origin().Methods() {
		if m.Signature().Params().Len() == 0 && slices.Contains([]string{"Close", "Stop", "Shutdown"}, m.Name()) && !f.tests.Has(m.Pos()) {
			return m.Pos(), m.Name() + " ends what it works for"
		}
	}
	return token.NoPos, ""
}
