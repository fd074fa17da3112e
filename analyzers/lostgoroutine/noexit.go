package lostgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// noExits reports goroutines that work by the clock for ever: nothing that their owner
// does can end them. Those that a program starts once are well; by default, those count
// that are seen to be started again and again.
func (f *finder) noExits() {
	once := f.onlyOnce()
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				g, ok := instr.(*ssa.Go)
				if !ok {
					continue
				}
				wait, clockwork := f.endless(g.Call.StaticCallee())
				if wait == nil {
					continue
				}
				waits := "it waits for the clock in a loop that has no way out"
				if !clockwork {
					waits = "its loop has no way out"
				}
				rel := []analysis.RelatedInformation{{Pos: wait.Pos(), Message: "it waits here, again and again"}}
				if from, taken := f.takenOut(g); taken != nil {
					gone := taken[0]
					rel = append(rel, analysis.RelatedInformation{Pos: gone.Pos(), Message: "this does not end it"})
					f.report(g, noExit, fmt.Sprintf("this goroutine never ends: %s, and goes on for what is taken out of %s at %s", waits, from.Name(), f.line(gone.Pos())), rel...)
					continue
				}
				ender := f.model.EnderFor(g)
				if once[fn] && !(ender != nil && f.several(fn, 3)) {
					continue
				}
				if load, ok := wait.(*ssa.UnOp); ok {
					if stop := f.model.Stopped(g, load); stop != nil {
						rel = append(rel, analysis.RelatedInformation{Pos: stop.Pos(), Message: "the ticker is stopped here"})
						f.report(g, noExit, fmt.Sprintf("this goroutine never ends: Stop at %s does not close the channel of the ticker that it waits for", f.line(stop.Pos())), rel...)
						continue
					}
				}
				switch again, end := f.again(g, 3), f.outlives(g); {
				case again != nil:
					rel = append(rel, analysis.RelatedInformation{Pos: again.Pos(), Message: "another one is started for every round or request"})
					f.report(g, noExit, fmt.Sprintf("this goroutine never ends: %s, and %s starts another one every time", waits, f.line(again.Pos())), rel...)
				case end != nil:
					rel = append(rel, analysis.RelatedInformation{Pos: end.Pos(), Message: "this does not end it"})
					f.report(g, noExit, fmt.Sprintf("this goroutine never ends: %s, and %s does not end it either", waits, end.Name()), rel...)
				case ender != nil:
					rel = append(rel, analysis.RelatedInformation{Pos: ender.Method.Pos(), Message: "this does not end it"})
					f.report(g, noExit, fmt.Sprintf("this goroutine never ends: %s, and %s, which %s, does not end it", waits, ender.Method.Name(), closes(ender)), rel...)
				case f.all && clockwork:
					f.report(g, noExit, "this goroutine never ends: "+waits, rel...)
				}
			}
		}
	}
}

// outlives returns the method that ends the life of the object for which a goroutine works,
// if a method of the object starts one for each name or number that it is given.
func (f *finder) outlives(g *ssa.Go) *types.Func {
	fn := g.Parent()
	recv := fn.Signature.Recv()
	if recv == nil || fn.Object() == nil || !fn.Object().Exported() || !gets(g, fn.Params[0]) {
		return nil
	}
	key := slices.ContainsFunc(fn.Params[1:], func(p *ssa.Parameter) bool {
		t, ok := p.Type().Underlying().(*types.Basic)
		return ok && t.Info()&(types.IsString|types.IsInteger) != 0 && !lint.IsNamed(p.Type(), "time", "Duration") && gets(g, p)
	})
	named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named)
	if !key || !ok {
		return nil
	}
	for m := range named.Origin().Methods() {
		if slices.Contains([]string{"Close", "Stop", "Shutdown"}, m.Name()) {
			return m
		}
	}
	return nil
}

// gets reports whether a go statement gives a parameter of its function to the goroutine.
func gets(g *ssa.Go, p *ssa.Parameter) bool { return slices.Contains(given(g), ssa.Value(p)) }

// given returns what a go statement gives to its goroutine: variables, and what is put into them.
func given(g *ssa.Go) []ssa.Value {
	given := slices.Clone(g.Call.Args)
	if mc, ok := g.Call.Value.(*ssa.MakeClosure); ok {
		given = append(given, mc.Bindings...)
	}
	for _, v := range given {
		if a, ok := v.(*ssa.Alloc); ok {
			for _, ref := range *a.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
					given = append(given, st.Val)
				}
			}
		}
	}
	return given
}

// notLeft reports cases of a select that should leave a loop but only leave the select, where
// nothing else leaves the function: a break that is the same as nothing, and the end of a
// context, after which the loop goes round as fast as it can.
func (f *finder) notLeft() {
	for _, fn := range f.model.Funcs() {
		if fn.Syntax() == nil || slices.ContainsFunc(fn.Blocks, leaves) {
			continue
		}
		ast.Inspect(fn.Syntax(), func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return n == fn.Syntax()
			case *ast.ForStmt:
				if n.Cond != nil {
					break
				}
				for _, s := range n.Body.List {
					if sel, ok := s.(*ast.SelectStmt); ok {
						f.casesNotLeft(n, sel)
					}
				}
			}
			return true
		})
	}
}

// innerNotLeft reports breaks that should leave a loop but only leave a select in it, where nothing
// leaves the loop, though it is itself in a loop: that has one round only.
func (f *finder) innerNotLeft() {
	for _, fn := range f.model.Funcs() {
		if fn.Syntax() == nil {
			continue
		}
		var around []ast.Node
		ast.Inspect(fn.Syntax(), func(n ast.Node) bool {
			if n == nil {
				around = around[:len(around)-1]
				return true
			}
			if lit, ok := n.(*ast.FuncLit); ok && lit != fn.Syntax() {
				return false
			}
			loop, ok := n.(*ast.ForStmt)
			if ok && loop.Cond == nil && slices.ContainsFunc(around, isLoop) {
				if br := lastBreak(loop); br != nil && !f.left(loop) {
					f.reportAt(br.Pos(), br.End(), noExit, fmt.Sprintf("this break leaves the select, not the loop at %s: nothing ends that, and the loop around it never comes round", f.line(loop.Pos())), nil)
				}
			}
			around = append(around, n)
			return true
		})
	}
}

func isLoop(n ast.Node) bool {
	switch n.(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		return true
	}
	return false
}

// lastBreak returns a break that ends a case of a select which a loop consists of, and that is no
// habit: other cases have none, or the same one says continue where it is not to leave.
func lastBreak(loop *ast.ForStmt) (br ast.Stmt) {
	if len(loop.Body.List) == 0 {
		return nil
	}
	sel, ok := loop.Body.List[len(loop.Body.List)-1].(*ast.SelectStmt)
	if !ok {
		return nil
	}
	meant := false
	for _, s := range sel.Body.List {
		body := s.(*ast.CommClause).Body
		if len(body) > 0 {
			if last, ok := body[len(body)-1].(*ast.BranchStmt); ok && last.Tok == token.BREAK && last.Label == nil {
				br = last
				meant = meant || slices.ContainsFunc(body, goesOn)
				continue
			}
		}
		meant = true
	}
	if !meant {
		return nil
	}
	return br
}

// goesOn reports whether a statement has a continue for the loop that it is in.
func goesOn(s ast.Stmt) (found bool) {
	ast.Inspect(s, func(n ast.Node) bool {
		if br, ok := n.(*ast.BranchStmt); ok && br.Tok == token.CONTINUE && br.Label == nil {
			found = true
		}
		_, lit := n.(*ast.FuncLit)
		return !lit && (n == nil || !isLoop(n))
	})
	return found
}

// left reports whether something in a loop leaves it, or may.
func (f *finder) left(loop *ast.ForStmt) (found bool) {
	var inside []ast.Node // what an unlabeled break would leave
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			inside = inside[:len(inside)-1]
			return true
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			breaks := func(n ast.Node) bool {
				switch n.(type) {
				case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
					return true
				}
				return isLoop(n)
			}
			found = found || n.Label != nil || n.Tok == token.BREAK && !slices.ContainsFunc(inside, breaks)
		case *ast.CallExpr:
			found = found || !lazyssa.Of(f.pass).MayReturn(n)
		}
		inside = append(inside, n)
		return true
	})
	return found
}

// leaves reports whether a function ends with a block, or stays in it. What follows if none
// of the cases of a select was taken does not count.
func leaves(b *ssa.BasicBlock) bool {
	if len(b.Succs) > 0 || b == b.Parent().Recover {
		return false
	}
	p, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic)
	if !ok {
		return true
	}
	x, ok := p.X.(*ssa.MakeInterface)
	if !ok {
		return true
	}
	c, ok := x.X.(*ssa.Const)
	return !ok || c.Value == nil || c.Value.ExactString() != `"blocking select matched no case"`
}

// casesNotLeft looks at the cases of a select in a loop that nothing leaves.
func (f *finder) casesNotLeft(loop *ast.ForStmt, sel *ast.SelectStmt) {
	breaks := func(c *ast.CommClause) bool {
		if len(c.Body) == 0 {
			return false
		}
		br, ok := c.Body[len(c.Body)-1].(*ast.BranchStmt)
		return ok && br.Tok == token.BREAK && br.Label == nil
	}
	others := 0 // cases that do not end with a break: it is no habit
	for _, s := range sel.Body.List {
		if !breaks(s.(*ast.CommClause)) {
			others++
		}
	}
	last := loop.Body.List[len(loop.Body.List)-1] == ast.Stmt(sel)
	for _, s := range sel.Body.List {
		c := s.(*ast.CommClause)
		x, ok := c.Comm.(*ast.ExprStmt)
		if !ok || !f.onlySays(c.Body) {
			continue
		}
		recv, ok := ast.Unparen(x.X).(*ast.UnaryExpr)
		if !ok {
			continue
		}
		if call, ok := ast.Unparen(recv.X).(*ast.CallExpr); ok {
			if fn := typeutil.Callee(f.pass.TypesInfo, call); fn != nil && lint.IsMethod(fn, "context", "Context", "Done") {
				f.reportAt(c.Pos(), c.Colon+1, noExit, "this case does not leave the loop, and nothing else does: once the context is done, it is taken again and again", nil)
			}
			continue
		}
		ch, ok := f.pass.TypesInfo.TypeOf(recv.X).Underlying().(*types.Chan)
		if !ok || !last || others == 0 || !breaks(c) {
			continue
		}
		if st, ok := ch.Elem().Underlying().(*types.Struct); ok && st.NumFields() == 0 {
			br := c.Body[len(c.Body)-1]
			f.reportAt(br.Pos(), br.End(), noExit, fmt.Sprintf("this break leaves the select, not the loop at %s: nothing ends the loop", f.line(loop.Pos())), nil)
		}
	}
}

// onlySays reports whether statements do nothing but to log something.
func (f *finder) onlySays(body []ast.Stmt) bool {
	for _, s := range body {
		switch s := s.(type) {
		case *ast.BranchStmt:
			if s.Label != nil || s.Tok == token.GOTO {
				return false
			}
		case *ast.ExprStmt:
			call, ok := s.X.(*ast.CallExpr)
			if !ok {
				return false
			}
			fn := typeutil.Callee(f.pass.TypesInfo, call)
			if fn == nil || fn.Pkg() == nil || !slices.Contains([]string{"fmt", "log", "log/slog"}, fn.Pkg().Path()) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// again returns the call, the go statement or a call that leads to it, that is made for every
// round of a loop without an end, or for every request; nil if none is known.
func (f *finder) again(at ssa.CallInstruction, depth int) ssa.CallInstruction {
	fn := at.Parent()
	if f.tests.Has(at.Pos()) {
		return nil
	}
	if f.everyRound(at.Pos()) && !replaces(at) || handles(fn.Signature) {
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

// several reports whether a function is called at several places, or the only one that calls it is.
func (f *finder) several(fn *ssa.Function, depth int) bool {
	sites := f.model.Sites(fn)
	return len(sites) > 1 || len(sites) == 1 && depth > 0 && f.several(sites[0].Parent(), depth-1)
}

// everyRound reports whether a position is in a loop that has no condition, as one that
// accepts connections, or in one over a channel.
func (f *finder) everyRound(pos token.Pos) bool {
	for _, n := range lint.Enclosing(f.pass, pos) {
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

// replaces reports whether a call sets the very field that a condition for it asks about: it is made when
// there is need for a new object, which is not every round.
func replaces(at ssa.CallInstruction) bool {
	call, ok := at.(*ssa.Call)
	if !ok {
		return false
	}
	var fields []*types.Var
	values := []ssa.Value{call}
	for i := 0; i < len(values); i++ {
		for _, ref := range *values[i].Referrers() {
			switch ref := ref.(type) {
			case *ssa.MakeInterface:
				values = append(values, ref)
			case *ssa.Extract:
				values = append(values, ref)
			case *ssa.Store:
				if fa, ok := ref.Addr.(*ssa.FieldAddr); ok {
					fields = append(fields, lazyssa.Field(fa))
				}
			}
		}
	}
	asks := func(v ssa.Value) bool {
		fa, ok := v.(*ssa.FieldAddr)
		return ok && slices.Contains(fields, lazyssa.Field(fa))
	}
	for cond := range lazyssa.Conditions(call.Block()) {
		if lazyssa.Mentions(cond, 4, asks) {
			return true
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

// endless returns where a function waits in a loop, if it has no return that can be reached, does not
// panic, and waits there for the clock or in a select. Clockwork waits for nothing but the clock.
func (f *finder) endless(fn *ssa.Function) (wait ssa.Instruction, clockwork bool) {
	if fn == nil || len(fn.Blocks) == 0 {
		return nil, false
	}
	clockwork = true
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
			case *ssa.Return, *ssa.Panic:
				if leaves(b) {
					return nil, false
				}
			case *ssa.Select:
				clockwork = false
				if v.Blocking && wait == nil {
					wait = v
				}
			case *ssa.Send:
				clockwork = false
			case *ssa.UnOp:
				if v.Op != token.ARROW {
					continue
				}
				if !isClock(v.X) {
					clockwork = false
					continue
				}
				wait = v
				if v.CommaOk && len(b.Succs) == 2 {
					next = b.Succs[:1] // a clock is never closed
				}
			case *ssa.Call:
				if callee := v.Call.StaticCallee(); callee != nil && lint.IsFunc(callee.Object(), "time", "Sleep") {
					wait = v
				} else if callee != nil && lint.IsFunc(callee.Object(), "runtime", "Goexit") {
					return nil, false
				}
			}
		}
		work = append(work, next...)
	}
	return wait, clockwork
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
