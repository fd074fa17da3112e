package losttimer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// drain reports the receive of
//
//	if !t.Stop() {
//		<-t.C
//	}
//
// when the value of t.C has been received before, on a path that does not start the
// timer again: Stop returns false then, too, and the channel stays empty.
func (f *finder) drain(stop *ssa.Call) {
	if !lint.IsMethod(lazyssa.Callee(stop), "time", "Timer", "Stop") {
		return
	}
	b := stop.Block()
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || branch.Cond != stop || len(b.Succs[1].Preds) != 1 {
		return
	}
	t := placeOf(stop.Call.Args[0])
	for _, instr := range b.Succs[1].Instrs {
		recv, ok := instr.(*ssa.UnOp)
		if !ok || recv.Op != token.ARROW {
			continue
		}
		if x := timerOf(recv.X); x == nil || placeOf(x) != t {
			return
		}
		s := search{f: f, timer: t, local: isLocal(t), seen: make(map[*ssa.BasicBlock]bool)}
		var taken token.Pos
		if s.local || s.shared(stop) {
			taken = s.takenBefore(stop)
		}
		if !taken.IsValid() && b.Index == 0 {
			taken = s.takenByCallers(stop)
		}
		if taken.IsValid() {
			f.reportDrain(recv, taken)
		}
		return
	}
}

// takenBefore returns where the value of the timer has been taken when a call is come to, on a
// path that does not depend on it.
func (s *search) takenBefore(call ssa.Instruction) token.Pos {
	b := call.Block()
	n := slices.Index(b.Instrs, call)
	s.back(b, n)
	for _, taking := range s.takings {
		again := search{f: s.f, timer: s.timer, local: s.local, others: s.others, seen: make(map[*ssa.BasicBlock]bool), from: taking.block}
		again.back(b, n)
		if slices.Contains(again.takings, taking) {
			return taking.pos
		}
	}
	return token.NoPos
}

// takenByCallers does so for a function that stops the timer first of all: a helper, or a literal
// that is deferred.
func (s *search) takenByCallers(stop *ssa.Call) token.Pos {
	fn := stop.Parent()
	n := slices.Index(stop.Block().Instrs, ssa.Instruction(stop))
	if slices.ContainsFunc(stop.Block().Instrs[:n], func(instr ssa.Instruction) bool {
		call, isCall := instr.(ssa.CallInstruction)
		return isCall && !s.harmless(call)
	}) {
		return token.NoPos
	}
	field := fieldOf(stop.Call.Args[0])
	if field != nil && field.Exported() {
		return token.NoPos
	}
	for _, caller := range s.f.ssa.Funcs {
		if caller == fn {
			continue
		}
		for _, b := range caller.Blocks {
			for _, instr := range b.Instrs {
				site, ok := instr.(ssa.CallInstruction)
				if !ok || site.Common().StaticCallee() != fn {
					continue
				}
				at := s.givenBy(site)
				if at.root == nil {
					continue
				}
				up := search{f: s.f, timer: at, local: isLocal(at), seen: make(map[*ssa.BasicBlock]bool)}
				if field != nil {
					if up.others = s.f.touches(field, fn, caller); up.others.resets {
						continue
					}
				}
				for _, made := range madeAt(site) {
					if pos := up.takenBefore(made); pos.IsValid() {
						return pos
					}
				}
			}
		}
	}
	return token.NoPos
}

// givenBy returns where the caller of a function has the timer that it stops, if it is given it.
func (s *search) givenBy(site ssa.CallInstruction) place {
	at := place{}
	switch root := s.timer.root.(type) {
	case *ssa.Parameter:
		if i := slices.Index(root.Parent().Params, root); root.Parent().Parent() == nil && i >= 0 {
			at = placeOf(site.Common().Args[i])
		}
	case *ssa.FreeVar: // no other literal has it
		bound := lazyssa.Binding(root)
		if bound != nil && !slices.ContainsFunc(*bound.Referrers(), func(ref ssa.Instruction) bool {
			mc, ok := ref.(*ssa.MakeClosure)
			return ok && mc.Fn != root.Parent()
		}) {
			at = addressOf(bound)
		}
	}
	at.fields += s.timer.fields
	return at
}

// madeAt returns where a call is made: if it is deferred, at the ends that are come to only behind the
// defer statement; nowhere that is known if it is that of a goroutine.
func madeAt(site ssa.CallInstruction) (at []ssa.Instruction) {
	switch site.(type) {
	case *ssa.Call:
		return []ssa.Instruction{site}
	case *ssa.Defer:
		for _, b := range site.Parent().Blocks {
			for _, instr := range b.Instrs {
				if _, ok := instr.(*ssa.RunDefers); ok && site.Block().Dominates(b) {
					at = append(at, instr)
				}
			}
		}
	}
	return at
}

// A place is where a timer is: an SSA value and the fields that lead on from it.
type place struct {
	root   ssa.Value
	fields string
}

// placeOf returns the place of a timer, such that two loads of one variable or field
// without a store between them have the same.
func placeOf(v ssa.Value) place {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return place{root: v}
	}
	return addressOf(load.X)
}

func addressOf(addr ssa.Value) place {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		p := placeOf(addr.X)
		if alloc, ok := addr.X.(*ssa.Alloc); ok {
			p = place{root: alloc}
		}
		p.fields += fmt.Sprintf(".%d", addr.Field)
		return p
	default:
		return place{root: addr}
	}
}

// isLocal reports whether only the function that makes a timer, and helpers that it lends it to, can reach it.
func isLocal(p place) bool {
	made, ok := p.root.(*ssa.Call)
	if !ok || p.fields != "" || !lint.IsFunc(lazyssa.Callee(made), "time", "NewTimer") {
		return false
	}
	for _, ref := range *made.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.DebugRef:
		case ssa.CallInstruction:
			if !isStop(ref) && !isReset(ref) && !lent(ref, made) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// lent reports whether a call gives a timer to a function that does nothing with it but to stop it, to set
// it anew and to receive from it, before it returns.
func lent(call ssa.CallInstruction, timer ssa.Value) bool {
	if _, isGo := call.(*ssa.Go); isGo {
		return false
	}
	callee, i := call.Common().StaticCallee(), slices.Index(call.Common().Args, timer)
	if callee == nil || i < 0 || i >= len(callee.Params) || len(callee.Blocks) == 0 {
		return false
	}
	return !slices.ContainsFunc(*callee.Params[i].Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
			return false
		case *ssa.FieldAddr:
			return slices.ContainsFunc(*ref.Referrers(), func(use ssa.Instruction) bool {
				load, ok := use.(*ssa.UnOp)
				return !ok || slices.ContainsFunc(*load.Referrers(), func(recv ssa.Instruction) bool {
					switch recv.(type) {
					case *ssa.UnOp, *ssa.Select, *ssa.DebugRef:
						return false
					}
					return true
				})
			})
		case *ssa.Call:
			return !isStop(ref) && !isReset(ref)
		}
		return true
	})
}

// A search walks backwards from a Stop, along paths on which nothing restarts the
// timer, to where its value has been taken.
type search struct {
	f      *finder
	timer  place
	local  bool   // only this function can reach the timer
	others *touch // what other functions do with the field that holds it; nil if no field does
	seen   map[*ssa.BasicBlock]bool

	// from is where a path must begin: what branches before it decide must not depend
	// on the value having been taken. If it is nil, any path will do.
	from    *ssa.BasicBlock
	takings []taking
}

// A taking is a receive of the value of a timer; the block is what comes after it.
type taking struct {
	pos   token.Pos
	block *ssa.BasicBlock
}

// back walks from the instruction before index n of a block.
func (s *search) back(b *ssa.BasicBlock, n int) {
	for i := n - 1; i >= 0; i-- {
		instr := b.Instrs[i]
		if v, ok := instr.(ssa.Value); ok && v == s.timer.root {
			return // made here, or another one
		}
		switch v := instr.(type) {
		case *ssa.Phi:
			continue
		case *ssa.UnOp:
			if s.receives(v) {
				s.takings = append(s.takings, taking{v.Pos(), b})
				return
			}
		case *ssa.Store:
			if p := addressOf(v.Addr); p.root == s.timer.root && strings.HasPrefix(s.timer.fields, p.fields) {
				return
			}
		case *ssa.If:
			if s.from != nil && !s.from.Dominates(b) && !s.independent(v) {
				return
			}
		case ssa.CallInstruction:
			if !s.harmless(v) {
				return
			}
		}
	}
	for _, pred := range b.Preds {
		if c := chosen(pred, b); c != nil && c.Dir == types.RecvOnly {
			if t := timerOf(c.Chan); t != nil && placeOf(t) == s.timer {
				s.takings = append(s.takings, taking{c.Pos, b})
				continue
			}
		}
		if !s.seen[pred] {
			s.seen[pred] = true
			s.back(pred, len(pred.Instrs))
		}
	}
}

// receives reports whether an instruction receives from the timer.
func (s *search) receives(recv *ssa.UnOp) bool {
	if recv.Op != token.ARROW {
		return false
	}
	t := timerOf(recv.X)
	return t != nil && placeOf(t) == s.timer
}

// independent reports whether a branch cannot depend on whether the value of the timer
// has been taken: a flag that a case sets would.
func (s *search) independent(branch *ssa.If) bool {
	seen := make(map[ssa.Value]bool)
	var fixed func(v ssa.Value) bool
	fixed = func(v ssa.Value) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Const, *ssa.Parameter, *ssa.Function, *ssa.Global, *ssa.Builtin:
			return true
		case *ssa.Extract:
			switch tuple := v.Tuple.(type) {
			case *ssa.Select:
				return true
			case *ssa.UnOp:
				return tuple.Op == token.ARROW
			}
			return false
		case *ssa.UnOp:
			return v.Op == token.ARROW || v.Op != token.MUL && fixed(v.X)
		case *ssa.BinOp:
			return fixed(v.X) && fixed(v.Y)
		case *ssa.Call:
			return isStop(v)
		}
		return false
	}
	return fixed(branch.Cond)
}

// harmless reports whether a call neither restarts the timer nor ends the path.
func (s *search) harmless(call ssa.CallInstruction) bool {
	common := call.Common()
	if isReset(call) {
		return placeOf(common.Args[0]) != s.timer && s.local
	}
	if s.local && s.timer.root != nil && !isStop(call) && slices.Contains(common.Args, s.timer.root) {
		return false // a helper may restart it
	}
	if s.local || isStop(call) {
		return true
	}
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return true
	}
	fn := common.StaticCallee()
	if s.others != nil {
		return s.others.spares(call, 3)
	}
	if fn == nil || fn.Pkg == nil {
		return false
	}
	first, _, _ := strings.Cut(fn.Pkg.Pkg.Path(), "/")
	return !strings.Contains(first, ".") && fn.Pkg.Pkg != s.f.pass.Pkg && !slices.ContainsFunc(common.Args, mayCall)
}

func (f *finder) reportDrain(recv *ssa.UnOp, taken token.Pos) {
	expr := f.recvs[recv.Pos()]
	if expr == nil {
		return
	}
	d := analysis.Diagnostic{
		Pos:      expr.Pos(),
		End:      expr.End(),
		Category: stopDrain,
		Message: fmt.Sprintf("this receive blocks forever once the value of %s has been taken at %s: Stop returns false then, too",
			lint.Text(expr.X), f.line(taken)),
		Related: []analysis.RelatedInformation{{Pos: taken, Message: "the value is taken here"}},
	}
	if fix := f.dropDrain(expr); fix != nil {
		d.SuggestedFixes = []analysis.SuggestedFix{*fix}
	}
	f.pass.Report(d)
}

// dropDrain offers to replace
//
//	if !t.Stop() {
//		<-t.C
//	}
//
// by t.Stop(), which leaves nothing behind since Go 1.23.
func (f *finder) dropDrain(recv *ast.UnaryExpr) *analysis.SuggestedFix {
	file := lint.FileOf(f.pass, recv.Pos())
	if file == nil || f.keeps || !lint.GoAtLeast(f.pass, file, "go1.23") || olderThan(f.pass.Pkg.GoVersion(), "go1.23") {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(file, recv.Pos(), recv.End())
	i := slices.IndexFunc(path, func(n ast.Node) bool { _, ok := n.(*ast.IfStmt); return ok })
	if i < 0 {
		return nil
	}
	ifs := path[i].(*ast.IfStmt)
	not, ok := ast.Unparen(ifs.Cond).(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT || ifs.Init != nil || ifs.Else != nil || len(ifs.Body.List) != 1 {
		return nil
	}
	stop, ok := ast.Unparen(not.X).(*ast.CallExpr)
	if !ok || !lint.IsMethod(typeutil.Callee(f.pass.TypesInfo, stop), "time", "Timer", "Stop") {
		return nil
	}
	only, ok := ifs.Body.List[0].(*ast.ExprStmt)
	commented := slices.ContainsFunc(file.Comments, func(c *ast.CommentGroup) bool { return ifs.Pos() < c.Pos() && c.Pos() < ifs.End() })
	elseIf := false
	if i+1 < len(path) {
		_, elseIf = path[i+1].(*ast.IfStmt)
	}
	if !ok || ast.Unparen(only.X) != recv || commented || elseIf {
		return nil
	}
	return &analysis.SuggestedFix{
		Message: "Stop the timer without draining it",
		TextEdits: []analysis.TextEdit{
			{Pos: ifs.Pos(), End: stop.Pos()},
			{Pos: stop.End(), End: ifs.End()},
		},
	}
}
