package unsafealias

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A use is an instruction that looks at a string or slice, or keeps it for later.
type use struct {
	instr ssa.Instruction
	keeps string       // where: "map", "variable", …; "" if it only looks
	in    types.Object // the field or package variable that keeps it, if it is one
}

// usesOf returns the uses of v and of what is cut from it: of slices that begin elsewhere,
// and of what is made from them without a copy, too. What the body of a loop over a
// sequence does counts as done by the loop.
func (f *finder) usesOf(v ssa.Value) []use {
	w := &usage{f, make(map[ssa.Value]bool), nil}
	w.follow(v, nil)
	return w.uses
}

// A usage is a search for uses.
type usage struct {
	*finder
	seen map[ssa.Value]bool
	uses []use
}

// add notes a use. In the body of a loop over a sequence, that is the loop.
func (w *usage) add(instr ssa.Instruction, keeps string, loop ssa.Instruction) {
	in := keeper(instr)
	if loop != nil {
		instr = loop
	}
	w.uses = append(w.uses, use{instr, keeps, in})
}

func (w *usage) follow(v ssa.Value, loop ssa.Instruction) {
	if w.seen[v] || len(w.seen) >= maxValues || v.Referrers() == nil {
		return
	}
	w.seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Slice, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface, *ssa.MakeClosure:
			w.follow(ref.(ssa.Value), loop)
		case *ssa.Extract:
			if lazyssa.IsText(ref.Type()) {
				w.follow(ref, loop)
			}
		case *ssa.IndexAddr:
			w.add(ref, "", loop)
			if ref.X == v {
				w.follow(ref, loop)
			}
		case *ssa.Convert:
			if !lint.IsString(ref.Type()) && !lint.IsBytes(ref.Type()) {
				w.follow(ref, loop)
			} else {
				w.add(ref, "", loop)
			}
		case *ssa.Call:
			w.add(ref, "", loop)
			for _, part := range w.partsOf(ref, v) {
				w.follow(part, loop)
			}
			if src := w.source(ref); src != nil && w.seen[src] || isUnsafe(ref) || lazyssa.Whole(ref) == v {
				w.follow(ref, loop)
				for p, at := range lazyssa.Yielded(ref) {
					if lazyssa.IsText(p.Type()) {
						w.follow(p, cmp.Or[ssa.Instruction](loop, at))
					}
				}
			}
		case *ssa.Store:
			if ref.Val == v {
				w.store(ref, loop)
			}
		case *ssa.MapUpdate:
			if ref.Key == v || ref.Value == v {
				w.add(ref, keptInMap(ref), loop)
			}
		case *ssa.Send:
			w.add(ref, "a channel", loop)
		case *ssa.Return:
			w.add(ref, "the result", loop)
		case *ssa.Go:
			w.add(ref, "a goroutine", loop)
		case *ssa.UnOp:
			switch v.(type) {
			case *ssa.Alloc:
				w.follow(ref, loop)
			case *ssa.IndexAddr:
				if lazyssa.IsText(ref.Type()) {
					w.follow(ref, loop)
				}
			}
		case *ssa.FieldAddr, *ssa.DebugRef:
		default:
			w.add(ref, "", loop)
		}
	}
}

// partsOf returns the results of a call of a function of the package that are a part of v, which it is given.
func (w *usage) partsOf(call *ssa.Call, v ssa.Value) (parts []ssa.Value) {
	callee := call.Call.StaticCallee()
	i := slices.Index(call.Call.Args, v)
	if callee == nil || callee.Pkg != w.ssa.Pkg || i < 0 || i >= len(callee.Params) || !lazyssa.IsText(v.Type()) {
		return nil
	}
	is := make(map[int]bool)
	for _, b := range callee.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			for k, r := range ret.Results {
				is[k] = is[k] || cutFrom(r, callee.Params[i])
			}
		}
	}
	for k := range call.Call.Signature().Results().Len() {
		if part := lazyssa.Result(call, k); part != nil && is[k] {
			parts = append(parts, part)
		}
	}
	return parts
}

// cutFrom reports whether v is a parameter or a slice of it.
func cutFrom(v ssa.Value, p *ssa.Parameter) bool {
	for {
		switch x := v.(type) {
		case *ssa.Slice:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v == p
		}
	}
}

// leaves reports whether a slice, which a call of append makes, or what it grows to, gets out of the function.
func leaves(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Phi, *ssa.Slice, *ssa.ChangeType, *ssa.MakeInterface, *ssa.MakeClosure:
			return leaves(ref.(ssa.Value), seen)
		case *ssa.Call:
			b, ok := ref.Call.Value.(*ssa.Builtin)
			return ok && b.Name() == "append" && leaves(ref, seen)
		case *ssa.Store:
			cell, ok := ref.Addr.(*ssa.Alloc)
			return ref.Val == v && (!ok || leaves(cell, seen))
		case *ssa.UnOp:
			return leaves(ref, seen)
		case *ssa.Return, *ssa.Send, *ssa.MapUpdate:
			return true
		}
		return false
	})
}

// store follows what is stored.
func (w *usage) store(st *ssa.Store, loop ssa.Instruction) {
	switch addr := st.Addr.(type) {
	case *ssa.Alloc: // a variable
		other := func(i ssa.Instruction) bool {
			s, ok := i.(*ssa.Store)
			return ok && s.Addr == addr
		}
		for _, load := range *addr.Referrers() {
			switch l := load.(type) {
			case *ssa.UnOp:
				if reaches(st, l, other) {
					w.follow(l, loop)
				}
			case *ssa.MakeClosure:
				w.follow(l, loop)
			}
		}
		return
	case *ssa.FieldAddr: // of an object that is made here: what becomes of that counts
		if alloc, ok := addr.X.(*ssa.Alloc); ok {
			w.follow(alloc, loop)
			return
		}
	}
	w.add(st, keptBy(st), loop)
}

// keeper returns the field or package variable that a value is put into by an instruction:
// as it is, as a key or element of a map, or by append; nil if there is none.
func keeper(instr ssa.Instruction) types.Object {
	switch in := instr.(type) {
	case *ssa.MapUpdate:
		if keptInMap(in) != "" {
			return placeOf(in.Map)
		}
	case *ssa.Store:
		at, ok := in.Addr.(*ssa.IndexAddr)
		if !ok {
			return placeOf(in.Addr)
		}
		arg, ok := at.X.(*ssa.Alloc)
		if !ok {
			return placeOf(at.X)
		}
		for _, to := range appendedTo(arg) {
			if obj := placeOf(to); obj != nil {
				return obj
			}
		}
	}
	return nil
}

// isUnsafe reports whether the call is one of package unsafe that makes a pointer, slice or string.
func isUnsafe(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	if !ok {
		return false
	}
	switch b.Name() {
	case "String", "Slice", "StringData", "SliceData":
		return true
	}
	return false
}

// keptBy names what a store puts a value into, if that outlives the statement: "" for
// the arguments of a call.
func keptBy(s *ssa.Store) string {
	switch addr := s.Addr.(type) {
	case *ssa.Global:
		return addr.Name()
	case *ssa.FieldAddr:
		return "a field"
	case *ssa.IndexAddr:
		alloc, ok := addr.X.(*ssa.Alloc)
		if !ok {
			return "an element"
		}
		for _, ref := range *alloc.Referrers() {
			cut, ok := ref.(*ssa.Slice)
			if !ok {
				continue
			}
			for _, use := range *cut.Referrers() {
				if call, ok := use.(*ssa.Call); ok {
					if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" && call.Call.Args[1] == cut && !emptied(call) {
						return "a slice"
					}
				}
			}
		}
	}
	return ""
}

// emptied reports whether the slice that a call appends to is cut to nothing somewhere: who
// uses it again and again looks at what it holds in between.
func emptied(call *ssa.Call) bool {
	for v := range memoryOf(call.Parent(), call).values {
		if cut, ok := v.(*ssa.Slice); ok && cut.High != nil && isZero(cut.High) {
			return true
		}
	}
	return false
}

// keptInMap names a map that something is put into, unless it is cleared somewhere.
func keptInMap(update *ssa.MapUpdate) string {
	for _, ref := range *update.Map.Referrers() {
		if call, ok := ref.(*ssa.Call); ok {
			if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "clear" {
				return ""
			}
		}
	}
	return "a map"
}

// function judges the conversions of one function.
func (f *finder) function(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			v, ok := instr.(ssa.Value)
			if !ok {
				continue
			}
			src := f.source(v)
			switch {
			case src == nil:
			case lint.IsString(v.Type()):
				f.changes(fn, v, instr, src)
			case lint.IsBytes(v.Type()) && lint.IsString(src.Type()):
				f.writes(fn, v, src)
			}
		}
	}
}

// changes reports a string whose bytes are written again while it is in use.
func (f *finder) changes(fn *ssa.Function, s ssa.Value, at ssa.Instruction, src ssa.Value) {
	m := memoryOf(fn, src)
	m.writer = f.writesParam
	for v := range m.values {
		if pooled(v) {
			return // poolalias knows better
		}
	}
	uses := f.usesOf(s)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			how := m.overwrites(instr, src)
			if how == "" || !reaches(at, instr, m.fresh) {
				continue
			}
			made := func(i ssa.Instruction) bool { return i == at }
			for _, u := range uses {
				switch {
				case reaches(instr, u.instr, made):
					f.reportChange(s, src, instr, how, u, false)
				case u.keeps != "" && u.keeps != "the result" && reaches(u.instr, instr, m.fresh):
					f.reportChange(s, src, instr, how, u, true)
				default:
					continue
				}
				return
			}
		}
	}
	if !f.lentOut(memoryOf(fn, wholeOf(src)), s, uses) {
		f.keptBeside(fn, s, src)
	}
}

// pooled reports whether v comes from a sync.Pool.
func pooled(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Call:
			callee := x.Call.StaticCallee()
			return callee != nil && lint.IsMethod(callee.Object(), "sync", "Pool", "Get")
		default:
			return false
		}
	}
}

// writes reports that the bytes of a string are written.
func (f *finder) writes(fn *ssa.Function, b, src ssa.Value) {
	if ownString(src) {
		return
	}
	m := memoryOf(fn, b)
	m.writer = f.writesParam
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if m.overwrites(instr, b) != "" {
				f.reportWrite(b, src, instr)
				return
			}
		}
	}
}

// ownString reports whether nobody else can have the string: it was made here, at run time.
func ownString(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Convert:
		return true
	case *ssa.BinOp:
		return v.Op == token.ADD
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		return callee != nil && (lint.IsFunc(callee.Object(), "strings", "Clone") || lint.IsMethod(callee.Object(), "strings", "Builder", "String"))
	}
	return false
}
