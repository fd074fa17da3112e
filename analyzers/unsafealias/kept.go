package unsafealias

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// lentOut reports a string of what a reader lends until it reads on, that is kept beyond
// the function, as the reader is.
func (f *finder) lentOut(m *memory, s ssa.Value, uses []use) bool {
	if !m.reader || !outlives(m.lender) {
		return false
	}
	for _, u := range uses {
		if u.in == nil || u.keeps == "a field" {
			continue // which may be said to hold until the next read
		}
		f.report(s, modified, fmt.Sprintf("the string shares memory with %s, which the next read overwrites, and is kept in %s; copy it with string(%[1]s)", f.name(s, "its bytes"), u.in.Name()),
			analysis.RelatedInformation{Pos: u.instr.Pos(), End: u.instr.Pos() + 1, Message: "it is kept here"})
		return true
	}
	return false
}

// outlives reports whether a value was there before the function was called.
func outlives(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
			return true
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		default:
			return false
		}
	}
}

// keptBeside reports a string that is kept, made of bytes that are kept in a field, which
// another function of the package overwrites without a thought for the string.
func (f *finder) keptBeside(fn *ssa.Function, s, src ssa.Value) {
	var kept []types.Object
	var gathered types.Object // what keeps the strings of earlier calls, too
	for _, u := range f.usesOf(s) {
		if u.in != nil {
			kept = append(kept, u.in)
			if u.keeps != "a field" {
				gathered = u.in
			}
		}
	}
	if len(kept) == 0 {
		return
	}
	for place := range memoryOf(fn, wholeOf(src)).places {
		field := lazyssa.Var(place.base.Type(), place.field)
		if field == nil || field.Exported() || field.Pkg() != f.pass.Pkg {
			continue
		}
		for _, w := range f.writers(field) {
			outer := w.Parent()
			if outer == fn || f.assigns(outer, kept) {
				continue
			}
			f.report(s, modified, fmt.Sprintf("the string shares memory with %s, which %s overwrites on %s, and is kept in %s; copy it with string(%[1]s)", f.name(s, "its bytes"), outer.Name(), f.line(w.Pos()), kept[0].Name()),
				analysis.RelatedInformation{Pos: w.Pos(), End: w.Pos() + 1, Message: "the string changes here"})
			return
		}
		if w := restarts(fn, field); w != nil && gathered != nil && stays(fn, w, gathered) {
			f.report(s, modified, fmt.Sprintf("the string shares memory with %s, which the next call of %s begins anew on %s, and stays in %s; copy it with string(%[1]s)", f.name(s, "its bytes"), fn.Name(), f.line(w.Pos()), gathered.Name()),
				analysis.RelatedInformation{Pos: w.Pos(), End: w.Pos() + 1, Message: "the bytes begin anew here"})
			return
		}
	}
}

// restarts returns where a function cuts the slice in a field down to nothing, to append to it
// again.
func restarts(fn *ssa.Function, field *types.Var) (cut ssa.Instruction) {
	emptied := func(v ssa.Value) bool {
		s, ok := v.(*ssa.Slice)
		return ok && placeOf(s.X) == types.Object(field) && s.High != nil && isZero(s.High)
	}
	appends := false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch in := instr.(type) {
			case *ssa.Store:
				if placeOf(in.Addr) == types.Object(field) && emptied(in.Val) {
					cut = in
				}
			case *ssa.Call:
				if !isAppend(in) {
					break
				}
				if emptied(in.Call.Args[0]) {
					return in
				}
				appends = appends || placeOf(in.Call.Args[0]) == types.Object(field)
			}
		}
	}
	if !appends {
		return nil
	}
	return cut
}

// stays reports whether a function may get to where the bytes begin anew, and from there to its end, without
// making a map or slice of its own anew or emptying it.
func stays(fn *ssa.Function, restart ssa.Instruction, place types.Object) bool {
	clears := func(instr ssa.Instruction) bool { return clears(instr, place) }
	if first := fn.Blocks[0].Instrs[0]; clears(first) || first != restart && !reaches(first, restart, clears) {
		return false
	}
	return slices.ContainsFunc(lazyssa.Returns(fn), func(ret *ssa.Return) bool { return reaches(restart, ret, clears) })
}

// clears reports whether an instruction makes a map or slice anew, or takes something out of it.
func clears(instr ssa.Instruction, place types.Object) bool {
	switch in := instr.(type) {
	case *ssa.Store:
		return placeOf(in.Addr) == place && !isAppend(in.Val)
	case *ssa.Call:
		b, ok := in.Call.Value.(*ssa.Builtin)
		return ok && (b.Name() == "clear" || b.Name() == "delete") && placeOf(in.Call.Args[0]) == place
	}
	return false
}

func isAppend(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "append"
}

// wholeOf returns the slice that bytes were cut from.
func wholeOf(v ssa.Value) ssa.Value {
	for range maxValues {
		switch x := v.(type) {
		case *ssa.Slice:
			v = x.X
			continue
		case *ssa.Extract:
			if call, ok := x.Tuple.(*ssa.Call); ok && lazyssa.Whole(call) != nil {
				v = call
				continue
			}
		case *ssa.UnOp:
			if at, ok := x.X.(*ssa.IndexAddr); ok {
				v = at.X
				continue
			}
		case *ssa.Parameter:
			if seq := yields(x); seq != nil {
				v = seq
				continue
			}
		case *ssa.Call:
			if whole := lazyssa.Whole(x); whole != nil {
				v = whole
				continue
			}
		}
		break
	}
	return v
}

// yields returns the sequence that calls the function which p is a parameter of.
func yields(p *ssa.Parameter) *ssa.Call {
	outer := p.Parent().Parent()
	if outer == nil {
		return nil
	}
	for _, b := range outer.Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == p.Parent() {
				for _, ref := range *mc.Referrers() {
					if call, ok := ref.(*ssa.Call); ok {
						seq, _ := call.Call.Value.(*ssa.Call)
						return seq
					}
				}
			}
		}
	}
	return nil
}

// writers returns the instructions that overwrite the bytes in a field from the beginning.
func (f *finder) writers(field *types.Var) []ssa.Instruction {
	if list, ok := f.written[field]; ok {
		return list
	}
	var list []ssa.Instruction
	for _, fn := range f.ssa.Funcs {
		if lint.IsTest(f.pass, fn.Pos()) {
			continue
		}
		seen := make(map[ssa.Value]bool)
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				load, ok := instr.(*ssa.UnOp)
				if !ok || seen[load] {
					continue
				}
				if addr, ok := load.X.(*ssa.FieldAddr); !ok || lazyssa.Field(addr).Origin() != field {
					continue
				}
				m := memoryOf(fn, load)
				for v := range m.values {
					seen[v] = true
				}
				list = append(list, m.writes(fn, load)...)
			}
		}
	}
	f.written[field] = list
	return list
}

// writes returns the instructions of a function that overwrite the memory.
func (m *memory) writes(fn *ssa.Function, src ssa.Value) (list []ssa.Instruction) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if m.overwrites(instr, src) != "" {
				list = append(list, instr)
			}
		}
	}
	return list
}

// writesParam reports whether a function of the package writes the bytes that parameter i
// is, from the beginning.
func (f *finder) writesParam(fn *ssa.Function, i int) bool {
	if i >= len(fn.Params) || !lint.IsBytes(fn.Params[i].Type()) {
		return false
	}
	p := fn.Params[i]
	if is, ok := f.params[p]; ok {
		return is
	}
	f.params[p] = false // functions that call each other
	m := memoryOf(fn, p)
	m.writer = f.writesParam
	f.params[p] = len(m.writes(fn, p)) > 0
	return f.params[p]
}

// assigns reports whether a function assigns to one of the places.
func (f *finder) assigns(fn *ssa.Function, places []types.Object) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			var addr ssa.Value
			switch in := instr.(type) {
			case *ssa.Store:
				addr = in.Addr
			case *ssa.MapUpdate:
				addr = in.Map
			case *ssa.Call:
				if b, ok := in.Call.Value.(*ssa.Builtin); ok && (b.Name() == "clear" || b.Name() == "delete") {
					addr = in.Call.Args[0]
				}
			}
			if obj := placeOf(addr); obj != nil {
				for _, p := range places {
					if p == obj {
						return true
					}
				}
			}
		}
	}
	return false
}

// placeOf returns the field or package variable that an address, or a value loaded
// from one, is of; nil if it is neither.
func placeOf(v ssa.Value) types.Object {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	switch x := v.(type) {
	case *ssa.FieldAddr:
		return lazyssa.Field(x).Origin()
	case *ssa.Global:
		return x.Object()
	}
	return nil
}
