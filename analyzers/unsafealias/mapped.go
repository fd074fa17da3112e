package unsafealias

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/resource"
)

// mapped reports memory of a file that a function maps and unmaps, and that is used after
// that, or leaves the function.
func (f *finder) mapped(q *resource.Acquired) {
	call := q.Call
	aliases := make(map[ssa.Value]bool)
	var uses []use
	ends := func(c ssa.CallInstruction) bool { return slices.Contains(q.Ends, c) }
	if q.Holds {
		uses = f.lent(q)
		ends = func(c ssa.CallInstruction) bool {
			m := f.mapping(lazyssa.Callee(c))
			return m != nil && m.Unmaps && slices.Contains(q.Ends, c)
		}
	} else {
		uses = f.mappedUses(q, aliases)
	}
	if len(uses) == 0 {
		return
	}
	never := func(i ssa.Instruction) bool { return i == call }
	for _, b := range q.Fn.Blocks {
		for _, instr := range b.Instrs {
			switch unmap := instr.(type) {
			case *ssa.Call:
				if !ends(unmap) && !unmaps(unmap.Common(), aliases) {
					continue
				}
				for _, u := range uses {
					if !isUnmap(u.instr) && u.instr != unmap && reaches(unmap, u.instr, never) {
						f.reportUnmapped(call, unmap, u, "is used after that")
						return
					}
				}
			case *ssa.Defer:
				if !ends(unmap) && !unmaps(unmap.Common(), aliases) && !unmapsInLiteral(unmap, aliases) {
					continue
				}
				for _, u := range uses {
					if u.keeps != "" && !onlyHere(u) && (reaches(unmap, u.instr, never) || reaches(u.instr, unmap, never)) {
						how := "is kept in " + u.keeps
						if u.keeps == "the result" {
							how = "is part of the result"
						}
						f.reportUnmapped(call, unmap, u, how)
						return
					}
				}
			}
		}
	}
}

// mappedUses returns the uses of memory that a call maps, and notes the values and variables that are it.
func (f *finder) mappedUses(q *resource.Acquired, aliases map[ssa.Value]bool) (uses []use) {
	for data := range resultOf(q) {
		uses = append(uses, f.usesOf(data)...)
		aliases[data] = true
		for _, ref := range *data.Referrers() { // a variable that a literal shares
			if s, ok := ref.(*ssa.Store); ok && s.Val == data {
				if cell, ok := s.Addr.(*ssa.Alloc); ok && onlyStored(cell) {
					aliases[cell] = true
					for _, load := range *cell.Referrers() {
						if l, ok := load.(*ssa.UnOp); ok {
							aliases[l] = true
							uses = append(uses, f.usesOf(l)...)
						}
					}
				}
			}
		}
	}
	return uses
}

func (f *finder) reportUnmapped(call *ssa.Call, unmap ssa.Instruction, u use, how string) {
	when := "unmapped on " + f.line(unmap.Pos())
	if _, ok := unmap.(*ssa.Defer); ok {
		when = "unmapped when the function returns"
	}
	f.report(call, unmapped, fmt.Sprintf("memory that is mapped here is %s, and %s: whoever touches it crashes the program; copy what is needed longer", when, how),
		analysis.RelatedInformation{Pos: unmap.Pos(), End: unmap.Pos() + 1, Message: "unmapped here"},
		analysis.RelatedInformation{Pos: u.instr.Pos(), End: u.instr.Pos() + 1, Message: "it is used here"})
}

// onlyHere reports whether what keeps the memory is a slice that does not get out of the function.
func onlyHere(u use) bool {
	st, ok := u.instr.(*ssa.Store)
	if !ok || u.keeps != "a slice" {
		return false
	}
	arg, ok := st.Addr.(*ssa.IndexAddr).X.(*ssa.Alloc)
	return ok && !slices.ContainsFunc(*arg.Referrers(), func(ref ssa.Instruction) bool {
		cut, ok := ref.(*ssa.Slice)
		return ok && slices.ContainsFunc(*cut.Referrers(), func(use ssa.Instruction) bool {
			call, ok := use.(*ssa.Call)
			return ok && leaves(call, make(map[ssa.Value]bool))
		})
	})
}

// onlyStored reports whether a variable is assigned once.
func onlyStored(cell *ssa.Alloc) bool {
	n := 0
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == cell {
				n++
			}
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b != cell {
					continue
				}
				for _, use := range *fn.FreeVars[i].Referrers() {
					if s, ok := use.(*ssa.Store); ok && s.Addr == fn.FreeVars[i] {
						return false
					}
				}
			}
		}
	}
	return n == 1
}

func isUnmap(instr ssa.Instruction) bool {
	call, ok := instr.(ssa.CallInstruction)
	return ok && unmapArg(call.Common()) != nil
}

// unmapArg returns what a call unmaps, or nil.
func unmapArg(call *ssa.CallCommon) ssa.Value {
	callee := call.StaticCallee()
	if callee == nil || len(call.Args) == 0 {
		return nil
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok || fn.Pkg() == nil {
		return nil
	}
	switch path := fn.Pkg().Path(); {
	case fn.Name() == "Munmap" && (path == "syscall" || path == "golang.org/x/sys/unix"),
		fn.Name() == "Unmap" && strings.HasSuffix(path, "/mmap-go"):
		return call.Args[0]
	}
	return nil
}

func unmaps(call *ssa.CallCommon, aliases map[ssa.Value]bool) bool {
	arg := unmapArg(call)
	for arg != nil {
		if aliases[arg] {
			return true
		}
		change, ok := arg.(*ssa.ChangeType)
		if !ok {
			return false
		}
		arg = change.X
	}
	return false
}

// unmapsInLiteral reports whether a deferred function literal unmaps without a condition.
func unmapsInLiteral(d *ssa.Defer, aliases map[ssa.Value]bool) bool {
	closure, ok := d.Call.Value.(*ssa.MakeClosure)
	if !ok {
		return false
	}
	fn := closure.Fn.(*ssa.Function)
	if len(fn.Blocks) == 0 {
		return false
	}
	for _, instr := range fn.Blocks[0].Instrs {
		call, ok := instr.(*ssa.Call)
		if !ok {
			continue
		}
		load, ok := unmapArg(call.Common()).(*ssa.UnOp)
		if !ok {
			continue
		}
		for i, free := range fn.FreeVars {
			if load.X == free && aliases[closure.Bindings[i]] {
				return true
			}
		}
	}
	return false
}
