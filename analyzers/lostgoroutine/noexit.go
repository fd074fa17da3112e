package lostgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// noExits reports goroutines that work by the clock for ever: nothing that their owner
// does can end them. Those that a program starts once are well; by default, those count
// that are seen to be started again and again.
func (f *finder) noExits() {
	once := f.onlyOnce()
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) || once[fn] || lint.IsTest(f.pass, fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				g, ok := instr.(*ssa.Go)
				if !ok {
					continue
				}
				wait := f.clockwork(g.Call.StaticCallee())
				if wait == nil {
					continue
				}
				rel := []analysis.RelatedInformation{{Pos: wait.Pos(), Message: "it waits here, again and again"}}
				switch again := f.again(g, 3); {
				case again != nil:
					rel = append(rel, analysis.RelatedInformation{Pos: again.Pos(), Message: "another one is started for every round or request"})
					f.report(g, noExit, fmt.Sprintf("this goroutine never ends: it waits for the clock in a loop that has no way out, and %s starts another one every time", f.line(again.Pos())), rel...)
				case f.all:
					f.report(g, noExit, "this goroutine never ends: it waits for the clock in a loop that has no way out", rel...)
				}
			}
		}
	}
}

// again returns the call, the go statement or a call that leads to it, that is made for every
// round of a loop without an end, or for every request; nil if none is known.
func (f *finder) again(at ssa.CallInstruction, depth int) ssa.CallInstruction {
	fn := at.Parent()
	if lint.IsTest(f.pass, at.Pos()) {
		return nil
	}
	if f.everyRound(at.Pos()) || handles(fn.Signature) {
		return at
	}
	if depth == 0 {
		return nil
	}
	for _, site := range f.model.Sites(fn) {
		if call := f.again(site, depth-1); call != nil {
			return call
		}
	}
	return nil
}

// everyRound reports whether a position is in a loop that has no condition, as one that
// accepts connections, or in one over a channel.
func (f *finder) everyRound(pos token.Pos) bool {
	file := lint.FileOf(f.pass, pos)
	if file == nil {
		return false
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, pos)
	for _, n := range path {
		switch n := n.(type) {
		case *ast.ForStmt:
			if n.Cond == nil {
				return true
			}
		case *ast.RangeStmt:
			if _, ok := f.pass.TypesInfo.TypeOf(n.X).Underlying().(*types.Chan); ok && pos > n.X.End() {
				return true
			}
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}

// handles reports whether functions of a signature handle requests of package net/http.
func handles(sig *types.Signature) bool {
	ps := sig.Params()
	return ps.Len() == 2 && lint.IsNamed(ps.At(0).Type(), "net/http", "ResponseWriter") && lint.IsNamed(lint.Deref(ps.At(1).Type()), "net/http", "Request")
}

// once returns the functions that a program runs when it starts, or that a sync.Once runs.
func (f *finder) once() map[*ssa.Function]bool {
	called := make(map[*ssa.Function][]*ssa.Function) // by whom
	once := make(map[*ssa.Function]bool)
	for _, fn := range f.model.Funcs() {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				callee := call.Common().StaticCallee()
				if callee == nil {
					continue
				}
				called[callee] = append(called[callee], fn)
				if lint.IsMethod(callee.Object(), "sync", "Once", "Do") || lint.IsFunc(callee.Object(), "sync", "OnceFunc", "OnceValue", "OnceValues") {
					for _, arg := range call.Common().Args {
						if mc, ok := arg.(*ssa.MakeClosure); ok {
							arg = mc.Fn
						}
						if fn, ok := arg.(*ssa.Function); ok {
							once[fn] = true
						}
					}
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range f.model.Funcs() {
			callers := called[fn]
			if p := fn.Parent(); p != nil {
				callers = []*ssa.Function{p} // a literal runs as often as what it is in, as a rule
			}
			exported := fn.Object() != nil && fn.Object().Exported() && f.pass.Pkg.Name() != "main"
			if once[fn] || exported || len(callers) == 0 {
				continue
			}
			all := true
			for _, c := range callers {
				all = all && (once[c] || f.ends(c))
			}
			once[fn], changed = all, changed || all
		}
	}
	return once
}

// clockwork returns where a function waits for the clock in a loop, if the function has
// no return that can be reached, does not panic and waits for nothing else.
func (f *finder) clockwork(fn *ssa.Function) (wait ssa.Instruction) {
	if fn == nil || len(fn.Blocks) == 0 {
		return nil
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		next := b.Succs
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Return, *ssa.Panic, *ssa.Select, *ssa.Send:
				return nil
			case *ssa.UnOp:
				if v.Op != token.ARROW {
					continue
				}
				if !isClock(v.X) {
					return nil
				}
				wait = v
				if v.CommaOk && len(b.Succs) == 2 {
					next = b.Succs[:1] // a clock is never closed
				}
			case *ssa.Call:
				if callee := v.Call.StaticCallee(); callee != nil && lint.IsFunc(callee.Object(), "time", "Sleep") {
					wait = v
				} else if callee != nil && lint.IsFunc(callee.Object(), "runtime", "Goexit") {
					return nil
				}
			}
		}
		work = append(work, next...)
	}
	return wait
}

// isClock reports whether a channel is that of a timer or ticker.
func isClock(ch ssa.Value) bool {
	switch v := ch.(type) {
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		return fn != nil && (lint.IsFunc(fn.Object(), "time", "After", "Tick"))
	case *ssa.UnOp:
		fa, ok := v.X.(*ssa.FieldAddr)
		return ok && v.Op == token.MUL && lint.IsNamed(lint.Deref(fa.X.Type()), "time", "Ticker")
	}
	return false
}
