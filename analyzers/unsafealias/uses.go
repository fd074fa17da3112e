package unsafealias

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A use is an instruction that looks at a string or slice, or keeps it for later.
type use struct {
	instr ssa.Instruction
	keeps string // where: "map", "variable", …; "" if it only looks
}

// usesOf returns the uses of v and of what is cut from it. With parts, of slices that
// begin elsewhere, and of what is made from them without a copy, too.
func (f *finder) usesOf(v ssa.Value) (uses []use) {
	seen := map[ssa.Value]bool{v: true}
	work := []ssa.Value{v}
	follow := func(v ssa.Value) {
		if !seen[v] && len(seen) < maxValues {
			seen[v] = true
			work = append(work, v)
		}
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Slice:
				follow(ref)
			case *ssa.Phi:
				follow(ref)
			case *ssa.ChangeType:
				follow(ref)
			case *ssa.MakeInterface:
				follow(ref)
			case *ssa.IndexAddr:
				uses = append(uses, use{ref, ""})
				if ref.X == v {
					follow(ref)
				}
			case *ssa.Convert:
				if !lint.IsString(ref.Type()) && !lint.IsBytes(ref.Type()) {
					follow(ref)
				} else {
					uses = append(uses, use{ref, ""})
				}
			case *ssa.Call:
				uses = append(uses, use{ref, ""})
				if src := f.source(ref); src != nil && seen[src] || isUnsafe(ref) {
					follow(ref)
				}
			case *ssa.Store:
				if ref.Val != v {
					break
				}
				switch addr := ref.Addr.(type) {
				case *ssa.Alloc: // a variable
					for _, load := range *addr.Referrers() {
						switch l := load.(type) {
						case *ssa.UnOp:
							follow(l)
						case *ssa.MakeClosure:
							follow(l)
						}
					}
					continue
				case *ssa.FieldAddr: // of an object that is made here: what becomes of that counts
					if alloc, ok := addr.X.(*ssa.Alloc); ok {
						follow(alloc)
						continue
					}
				}
				uses = append(uses, use{ref, keptBy(ref)})
			case *ssa.MapUpdate:
				if ref.Key == v || ref.Value == v {
					uses = append(uses, use{ref, keptInMap(ref)})
				}
			case *ssa.Send:
				uses = append(uses, use{ref, "a channel"})
			case *ssa.Return:
				uses = append(uses, use{ref, "the result"})
			case *ssa.Go:
				uses = append(uses, use{ref, "a goroutine"})
			case *ssa.MakeClosure:
				follow(ref)
			case *ssa.UnOp:
				if _, ok := v.(*ssa.Alloc); ok {
					follow(ref)
				}
			case *ssa.FieldAddr, *ssa.DebugRef:
			default:
				uses = append(uses, use{ref, ""})
			}
		}
	}
	return uses
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
			f.mapped(fn, v)
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
