package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// entry returns the classes of locks that every caller of a function holds, for writing if that
// is asked for. What a test does is no matter to the program.
func (l *Locks) entry(fn *ssa.Function, write bool, depth int) (all []any) {
	if depth == 0 || l.loose[fn] || l.m.named(fn.Object()) {
		return nil
	}
	first := true
	for _, site := range l.m.sites[fn] {
		if site.Parent() == fn || l.m.tests.Has(site.Pos()) && !l.m.tests.Has(fn.Pos()) {
			continue
		}
		if _, isGo := site.(*ssa.Go); isGo {
			return nil
		}
		here := append(l.heldBefore(site, write), l.entry(site.Parent(), write, depth-1)...)
		if first {
			all, first = here, false
			continue
		}
		all = slices.DeleteFunc(all, func(c any) bool { return !slices.Contains(here, c) })
	}
	return all
}

// heldBefore returns the classes of the locks that are held at an instruction.
func (l *Locks) heldBefore(at ssa.Instruction, write bool) (classes []any) {
	for _, h := range l.heldAt[at] {
		if !write || !h.Read {
			classes = append(classes, h.Lock.Class())
		}
	}
	return classes
}

// Entry returns the classes of locks that every caller of a function holds.
func (l *Locks) Entry(fn *ssa.Function) []any {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	return l.entry(fn, false, 4)
}

// Gated reports whether another lock keeps writers away from who takes a lock for reading, and
// again: all of them hold it, and those for writing.
func (l *Locks) Gated(a *Again) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	class := a.Hold.Lock.Class()
	if l.open(a.Hold.Lock) {
		return false
	}
	gates := append(l.heldBefore(a.Hold.At, false), l.entry(a.Fn, false, 4)...)
	for _, fn := range l.funcs {
		if l.m.tests.Has(fn.Pos()) {
			continue
		}
		for _, t := range l.takenIn(fn) {
			if t.instr != t.at || t.class != class || t.read {
				continue
			}
			here := append(l.heldBefore(t.at, true), l.entry(fn, true, 4)...)
			gates = slices.DeleteFunc(gates, func(c any) bool { return c == class || !slices.Contains(here, c) })
		}
	}
	return len(gates) > 0
}

// Concurrent reports whether two functions may run at the same time in two goroutines.
func (l *Locks) Concurrent(f, g *ssa.Function) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	a, b := l.starts(f), l.starts(g)
	for x := range a {
		for y := range b {
			if x != y || a[x] {
				return true
			}
		}
	}
	return false
}

// starts returns the functions that a goroutine begins with, or a caller from outside, which
// lead to f; with whether there may be several at once.
func (l *Locks) starts(f *ssa.Function) map[*ssa.Function]bool {
	roots := make(map[*ssa.Function]bool)
	seen := make(map[*ssa.Function]bool)
	work := []*ssa.Function{f}
	for len(work) > 0 && len(seen) < maxNeedSteps {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[f] {
			continue
		}
		seen[f] = true
		if l.loose[f] || l.m.named(f.Object()) {
			roots[f] = true
		}
		n := 0
		for _, site := range l.m.sites[f] {
			if _, isGo := site.(*ssa.Go); !isGo {
				work = append(work, site.Parent())
				n++
			}
		}
		if n == 0 && !roots[f] {
			roots[f] = false // main, a test, or nobody
		}
	}
	return roots
}
