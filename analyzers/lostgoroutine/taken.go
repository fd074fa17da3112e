package lostgoroutine

import (
	"fmt"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// deletedUnclosed reports goroutines that range over the channel of an element of a map, which an
// exported function takes out of the map without a look at it, so that nobody can close it any more.
func (f *finder) deletedUnclosed() {
	for fn, r := range f.rangesOverTheirOwn() {
		for _, site := range f.model.Sites(fn) {
			g, ok := site.(*ssa.Go)
			if !ok || f.tests.Has(g.Pos()) && !f.all {
				continue
			}
			from, taken := f.takenOut(g)
			f.forgetsToClose(g, from, taken, r)
			i := slices.IndexFunc(taken, func(gone ssa.Instruction) bool { return f.unseen(gone, from, r) })
			if i < 0 {
				continue
			}
			gone := taken[i]
			f.report(r.Instr, unclosedRange, fmt.Sprintf("this range never ends for what %s deletes from %s: it does not close %s, which nobody can reach any more",
				f.nameOf(gone.Parent()), from.Name(), f.operand(r.Instr, token.NoPos)),
				analysis.RelatedInformation{Pos: gone.Pos(), Message: "it is deleted here"},
				analysis.RelatedInformation{Pos: g.Pos(), Message: "the goroutine is started here"})
		}
	}
}

// forgetsToClose reports a function that finds what it deletes from a map and does not close its channel,
// nor gives it to anybody, though others who delete from the map do.
func (f *finder) forgetsToClose(g *ssa.Go, from *types.Var, taken []ssa.Instruction, r *syncmodel.Op) {
	elem := lazyssa.FieldLoaded(r.Object).X.Type()
	if from == nil || !f.model.EndsByClose(r.Instr) || slices.ContainsFunc(f.model.Funcs(), func(fn *ssa.Function) bool { return handsOut(fn, elem) || heldBesides(fn, elem, from, g) }) {
		return
	}
	closers := f.model.Closers(r.Object)
	var closes *ssa.Function
	var forgets []ssa.Instruction
	for _, gone := range f.takers(taken) {
		fn := gone.Parent()
		if closers[fn] {
			closes = fn
			continue
		}
		l := &left{f, closers}
		got := elementsOf(fn, from, elem)
		byCloser := slices.ContainsFunc(f.model.Sites(fn), func(site ssa.CallInstruction) bool { return closers[site.Parent()] || site.Parent() == r.Fn })
		if len(got) > 0 && fn != r.Fn && !byCloser && !slices.ContainsFunc(got, func(e ssa.Value) bool { return !l.alone(e, 2) }) {
			forgets = append(forgets, gone)
		}
	}
	if closes == nil || len(forgets) == 0 {
		return
	}
	gone := forgets[0]
	f.report(r.Instr, unclosedRange, fmt.Sprintf("this range never ends for what %s deletes from %s: it does not close %s, as %s does",
		f.nameOf(gone.Parent()), from.Name(), f.operand(r.Instr, token.NoPos), f.nameOf(closes)),
		analysis.RelatedInformation{Pos: gone.Pos(), Message: "it is deleted here"},
		analysis.RelatedInformation{Pos: g.Pos(), Message: "the goroutine is started here"})
}

// heldBesides reports whether a function puts an element of a map elsewhere, too, or starts or makes something that
// has it, other than the goroutine that ranges over its channel: who finds it there may close that.
func heldBesides(fn *ssa.Function, elem types.Type, from *types.Var, ranges *ssa.Go) bool {
	is := func(v ssa.Value) bool { return types.Identical(v.Type(), elem) }
	cell := func(v ssa.Value) bool {
		p, ok := v.Type().(*types.Pointer)
		return is(v) || ok && types.Identical(p.Elem(), elem)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			held := false
			switch v := instr.(type) {
			case *ssa.MapUpdate:
				held = is(v.Value) && fieldOf(v.Map) != from
			case *ssa.Send:
				held = is(v.X)
			case *ssa.Store:
				_, local := v.Addr.(*ssa.Alloc)
				_, item := v.Addr.(*ssa.IndexAddr) // of what is appended, mostly
				row, ok := v.Val.Type().Underlying().(*types.Slice)
				held = !local && !item && (is(v.Val) || ok && types.Identical(row.Elem(), elem))
			case *ssa.Go:
				held = v != ranges && slices.ContainsFunc(v.Call.Args, is)
			case *ssa.MakeClosure:
				held = slices.ContainsFunc(v.Bindings, cell)
			}
			if held {
				return true
			}
		}
	}
	return false
}

// takers returns the instructions that take something out of a map, or the calls of a helper that does.
func (f *finder) takers(taken []ssa.Instruction) (at []ssa.Instruction) {
	for _, gone := range taken {
		fn := gone.Parent()
		sites := f.model.Sites(fn)
		if fn.Object() == nil || fn.Object().Exported() || len(sites) == 0 {
			at = append(at, gone)
			continue
		}
		for _, site := range sites {
			at = append(at, site)
		}
	}
	return at
}

// elementsOf returns what a function finds in the map of a field.
func elementsOf(fn *ssa.Function, from *types.Var, elem types.Type) (got []ssa.Value) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			v, ok := instr.(ssa.Value)
			if !ok || !types.Identical(v.Type(), elem) {
				continue
			}
			src := v
			if x, ok := v.(*ssa.Extract); ok {
				src = x.Tuple
			}
			switch src := src.(type) {
			case *ssa.Lookup:
				if fieldOf(src.X) == from {
					got = append(got, v)
				}
			case *ssa.Next:
				if over, ok := src.Iter.(*ssa.Range); ok && fieldOf(over.X) == from {
					got = append(got, v)
				}
			}
		}
	}
	return got
}

// left knows who may close the channel of an object.
type left struct {
	f       *finder
	closers map[*ssa.Function]bool
}

// tells reports whether a field may say that the channel has been closed: it is a channel itself, or
// who closes the channel does something to it.
func (l *left) tells(field *types.Var) bool {
	if lint.Chan(field.Type()) != nil {
		return true
	}
	for _, use := range l.f.model.UsesOf(field) {
		if _, load := use.(*ssa.UnOp); !load && l.closers[use.Parent()] {
			return true
		}
	}
	return false
}

// alone reports whether nothing is done with an object that could bring about the close of its channel.
func (l *left) alone(v ssa.Value, depth int) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
			return false
		case *ssa.FieldAddr:
			return l.tells(lazyssa.Field(ref).Origin())
		case *ssa.Phi:
			return depth == 0 || !l.alone(ref, depth-1)
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); ok {
				return b.Name() == "append"
			}
			fn := ref.Call.StaticCallee()
			if fn == nil || fn.Blocks == nil || l.closers[fn] || depth == 0 {
				return true
			}
			for i, arg := range ref.Call.Args {
				if arg == v && !l.alone(fn.Params[i], depth-1) {
					return true
				}
			}
			return false
		}
		return true
	})
}

// rangesOverTheirOwn yields the functions that do one thing with synchronisation: to range over the channel in a
// field of a parameter, which nobody outside of the package closes, in the order of the package.
func (f *finder) rangesOverTheirOwn() iter.Seq2[*ssa.Function, *syncmodel.Op] {
	ops := make(map[*ssa.Function]int)
	only := make(map[*ssa.Function]*syncmodel.Op)
	for _, class := range f.model.Classes() {
		for _, op := range class.Ops() {
			ops[op.Fn]++
			if fa := lazyssa.FieldLoaded(op.Object); op.Kind == syncmodel.Range && fa != nil && class.Outside()&syncmodel.MayClose == 0 {
				if _, ok := fa.X.(*ssa.Parameter); ok {
					only[op.Fn] = op
				}
			}
		}
	}
	return func(yield func(*ssa.Function, *syncmodel.Op) bool) {
		for _, fn := range f.model.Funcs() {
			if r := only[fn]; r != nil && ops[fn] == 1 && !yield(fn, r) {
				return
			}
		}
	}
}

// unseen reports whether a function that deletes from a map does not know what it deletes, and nobody who
// calls it does: it is called from outside alone, where no function hands out elements, does not read
// the map and has no parameter of their type.
func (f *finder) unseen(gone ssa.Instruction, from *types.Var, r *syncmodel.Op) bool {
	fn := gone.Parent()
	elem := lazyssa.FieldLoaded(r.Object).X.Type()
	if fn.Object() == nil || !fn.Object().Exported() || slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return types.Identical(p.Type(), elem) }) {
		return false
	}
	if len(f.model.Sites(fn)) > 0 || slices.ContainsFunc(f.model.Funcs(), func(fn *ssa.Function) bool { return handsOut(fn, elem) }) {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Lookup:
				if fieldOf(v.X) == from {
					return false
				}
			case *ssa.Range:
				if fieldOf(v.X) == from {
					return false
				}
			case ssa.CallInstruction:
				if _, builtin := v.Common().Value.(*ssa.Builtin); !builtin && slices.ContainsFunc(v.Common().Args, func(arg ssa.Value) bool { return fieldOf(arg) == from }) {
					return false
				}
			}
		}
	}
	return true
}

// handsOut reports whether others can call a function and get a value of a type.
func handsOut(fn *ssa.Function, t types.Type) bool {
	if fn.Object() == nil || !fn.Object().Exported() {
		return false
	}
	for v := range fn.Signature.Results().Variables() {
		if types.Identical(v.Type(), t) {
			return true
		}
	}
	return false
}

// takenOut returns the map or slice of an object into which a function puts that for which it starts a
// goroutine, and where other functions take one out of it again.
func (f *finder) takenOut(g *ssa.Go) (from *types.Var, gone []ssa.Instruction) {
	gets := given(g)
	of := func(v ssa.Value) bool {
		load, ok := v.(*ssa.UnOp)
		_, constant := v.(*ssa.Const)
		return !constant && (slices.Contains(gets, v) || ok && slices.Contains(gets, load.X))
	}
	for _, b := range g.Parent().Blocks {
		for _, instr := range b.Instrs {
			field, elems := putInto(instr)
			if field == nil || !slices.ContainsFunc(elems, of) {
				continue
			}
			for _, fn := range f.model.Funcs() {
				if fn == g.Parent() || f.tests.Has(fn.Pos()) {
					continue
				}
				for _, b := range fn.Blocks {
					for _, instr := range b.Instrs {
						if takes(instr, field) {
							gone = append(gone, instr)
						}
					}
				}
			}
			if gone != nil {
				return field, gone
			}
		}
	}
	return nil, nil
}

// putInto returns the field with a map or slice that an instruction puts something into, and what that is.
func putInto(instr ssa.Instruction) (*types.Var, []ssa.Value) {
	switch v := instr.(type) {
	case *ssa.MapUpdate:
		return fieldOf(v.Map), []ssa.Value{v.Key, v.Value}
	case *ssa.Store:
		call, ok := v.Val.(*ssa.Call)
		fa, isField := v.Addr.(*ssa.FieldAddr)
		if !ok || !isField {
			return nil, nil
		}
		b, ok := call.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "append" || fieldOf(call.Call.Args[0]) != lazyssa.Field(fa).Origin() {
			return nil, nil
		}
		row, ok := call.Call.Args[1].(*ssa.Slice)
		if !ok {
			return nil, nil
		}
		var elems []ssa.Value
		if a, ok := row.X.(*ssa.Alloc); ok {
			for _, ref := range *a.Referrers() {
				if at, ok := ref.(*ssa.IndexAddr); ok {
					for _, ref := range *at.Referrers() {
						if st, ok := ref.(*ssa.Store); ok {
							elems = append(elems, st.Val)
						}
					}
				}
			}
		}
		return lazyssa.Field(fa).Origin(), elems
	}
	return nil, nil
}

// takes reports whether an instruction takes something out of the map or slice in a field.
func takes(instr ssa.Instruction, field *types.Var) bool {
	switch v := instr.(type) {
	case ssa.CallInstruction:
		b, ok := v.Common().Value.(*ssa.Builtin)
		return ok && b.Name() == "delete" && fieldOf(v.Common().Args[0]) == field
	case *ssa.Store:
		call, ok := v.Val.(*ssa.Call)
		fa, isField := v.Addr.(*ssa.FieldAddr)
		if !ok || !isField || lazyssa.Field(fa).Origin() != field {
			return false
		}
		if lint.IsFunc(lazyssa.Callee(call), "slices", "Delete", "DeleteFunc") {
			return fieldOf(call.Call.Args[0]) == field
		}
		b, ok := call.Call.Value.(*ssa.Builtin)
		row, part := (*ssa.Slice)(nil), false
		if ok && b.Name() == "append" {
			row, part = call.Call.Args[0].(*ssa.Slice)
		}
		return part && row.High != nil && !isZero(row.High) && fieldOf(row.X) == field
	}
	return false
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Int64() == 0
}

// fieldOf returns the field that a value is loaded from, or nil.
func fieldOf(v ssa.Value) *types.Var {
	if fa := lazyssa.FieldLoaded(v); fa != nil {
		return lazyssa.Field(fa).Origin()
	}
	return nil
}
