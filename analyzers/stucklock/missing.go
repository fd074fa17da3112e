package stucklock

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// left returns the locks that some paths of a function release and others do not.
func (f *finder) left() (left []*syncmodel.Left) {
	for _, x := range f.locks.Left() {
		if len(x.Returns) == 0 && !f.all || !x.Freed || f.locks.Freed(x.Hold.Lock) || f.locks.Handed(x.Fn) || returnsLock(x.Fn) || f.ends(x.Fn) {
			continue
		}
		if f.locks.Open(x.Hold.Lock) && ast.IsExported(x.Fn.Name()) && slices.ContainsFunc(x.Returns, succeeds) {
			continue // whoever calls it can unlock
		}
		f.leaves[x.Fn] = true
		left = append(left, x)
	}
	return left
}

// succeeds reports whether a return has no error to tell of.
func succeeds(ret *ssa.Return) bool {
	if len(ret.Results) == 0 {
		return true
	}
	last := ret.Results[len(ret.Results)-1]
	c, isConst := last.(*ssa.Const)
	return !lint.IsError(last.Type()) || isConst && c.IsNil()
}

func (f *finder) reportMissing(x *syncmodel.Left) {
	if len(x.Returns) == 0 { // it is the next round that forgets it
		f.report(x.Hold.At, missingUnlock, fmt.Sprintf("%s is still locked when the loop goes on to the next one on a path: the next Lock of it waits for ever", x.Hold.Lock), nil)
		return
	}
	lines := make([]string, len(x.Returns))
	rel := make([]analysis.RelatedInformation, len(x.Returns))
	for i, ret := range x.Returns {
		pos := ret.Pos()
		if !pos.IsValid() { // the end of the function
			pos = x.Fn.Syntax().End() - 1
		}
		lines[i] = fmt.Sprint(f.pass.Fset.Position(pos).Line)
		rel[i] = analysis.RelatedInformation{Pos: pos, Message: x.Hold.Lock.String() + " is still locked here"}
	}
	fix := f.unlockFix(x)
	if fix == nil {
		fix = f.deferFix(x)
	}
	word := "line "
	if len(lines) > 1 {
		word = "lines "
	}
	f.report(x.Hold.At, missingUnlock, fmt.Sprintf("%s is still locked when the function returns on %s: the next Lock of it waits for ever",
		x.Hold.Lock, word+strings.Join(lines, ", ")), fix, rel...)
}

// returnsLock reports whether a result of fn is a lock: that which the caller has to unlock.
func returnsLock(fn *ssa.Function) bool {
	for r := range fn.Signature.Results().Variables() {
		t := lint.Deref(r.Type())
		if lint.IsNamed(t, "sync", "Mutex", "RWMutex", "Locker") {
			return true
		}
	}
	return false
}

// ends reports whether the program ends when fn returns.
func (f *finder) ends(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && fn.Name() == "main" && f.pass.Pkg.Name() == "main"
}
