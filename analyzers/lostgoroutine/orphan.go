package lostgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// orphans reports operations whose partner does not exist anywhere in the package,
// on objects that nothing outside the package can reach.
func (f *finder) orphans() {
	dead := make(map[*ssa.Select]int)
	for _, class := range f.model.Classes() {
		for _, op := range class.Ops() {
			if op.Select != nil && op.Select.Blocking && !f.ends(op.Fn) && (op.Kind == syncmodel.Send && f.neverReceived(class) || op.Kind == syncmodel.Recv && f.neverSent(class)) {
				if dead[op.Select]++; dead[op.Select] == len(op.Select.States) {
					f.report(op.Select, noPartner, "this select blocks forever: none of its channels has anybody at the other end", f.made(class)...)
				}
			}
			if !op.Bare() || f.ends(op.Fn) {
				continue
			}
			switch op.Kind {
			case syncmodel.Recv, syncmodel.Range:
				f.orphanRecv(class, op)
			case syncmodel.Send:
				f.orphanSend(class, op)
			case syncmodel.CondWait:
				if class.Outside() == 0 && !class.Has(syncmodel.Signal) && !f.model.NeverSet(op.Object) {
					f.report(op.Instr, condition, fmt.Sprintf("this Wait never returns: nothing calls Signal or Broadcast on %s", f.operand(op.Instr, token.NoPos)))
				}
			case syncmodel.Wait:
				if class.Outside() == 0 && class.Has(syncmodel.Add) && !class.Has(syncmodel.Done) && !f.negativeAdd(class) {
					f.report(op.Instr, waitGroup, fmt.Sprintf("this Wait never returns once Add has been called: nothing calls Done on %s", f.operand(op.Instr, token.NoPos)),
						f.related(class, syncmodel.Add, "Add is called here")...)
				}
			}
		}
	}
}

// ends reports whether fn runs in the main goroutine of a program, where blocking
// for ever is a way to keep the program alive.
func (f *finder) ends(fn *ssa.Function) bool {
	return fn.Signature.Recv() == nil && fn.Parent() == nil &&
		(fn.Name() == "main" && f.pass.Pkg.Name() == "main" || fn.Name() == "TestMain" || strings.HasPrefix(fn.Name(), "init"))
}

func (f *finder) neverSent(class *syncmodel.Class) bool {
	return len(class.Makes()) > 0 && class.Outside()&(syncmodel.MaySend|syncmodel.MayClose) == 0 &&
		!class.Has(syncmodel.Send, syncmodel.Close)
}

func (f *finder) orphanRecv(class *syncmodel.Class, op *syncmodel.Op) {
	if f.lent(class, op) {
		f.report(op.Instr, unclosedRange, fmt.Sprintf("this range never ends: nothing closes %s", f.operand(op.Instr, token.NoPos)), f.made(class)...)
		return
	}
	if !f.neverSent(class) || (parks(op) || f.serves(class, op)) && !f.started(op.Fn) {
		return
	}
	verb := "receive"
	if op.Kind == syncmodel.Range {
		verb = "range"
	}
	f.report(op.Instr, noPartner, fmt.Sprintf("this %s blocks forever: nothing sends to %s or closes it", verb, f.operand(op.Instr, token.NoPos)), f.made(class)...)
}

// lent reports whether an operation is a loop over a channel that its function has made and lent
// to functions of other packages, which only a close ends, though neither they nor anybody else
// closes it.
func (f *finder) lent(class *syncmodel.Class, op *syncmodel.Op) bool {
	recv, ok := op.Instr.(*ssa.UnOp)
	return ok && op.Kind == syncmodel.Range && class.Outside()&syncmodel.MaySend != 0 && class.Outside()&syncmodel.MayClose == 0 && !class.Has(syncmodel.Close) &&
		len(class.Makes()) == 1 && class.Makes()[0].Parent() == op.Fn && !f.started(op.Fn) && f.model.EndsByClose(recv)
}

// parks reports whether the operation receives from a channel that is made in the
// receive itself, or right before it and for nothing else: nobody writes that but to
// wait for ever. A goroutine that does only that is lost all the same.
func parks(op *syncmodel.Op) bool {
	made, ok := op.Object.(*ssa.MakeChan)
	if !ok {
		return false
	}
	if op.Instr.Pos() < made.Pos() {
		return true
	}
	instrs := made.Block().Instrs
	for _, instr := range instrs[slices.Index(instrs, ssa.Instruction(made))+1:] {
		if _, debug := instr.(*ssa.DebugRef); !debug {
			return instr == op.Instr
		}
	}
	return false
}

// serves reports whether a receive is what a function ends with that has started what it serves with,
// and has given others the same channel to tell them to stop: it goes on as long as the program.
func (f *finder) serves(class *syncmodel.Class, op *syncmodel.Op) bool {
	if class.Outside()&syncmodel.MayRecv == 0 || op.Fn.Object() == nil || !op.Fn.Object().Exported() {
		return false
	}
	instrs := op.Instr.Block().Instrs
	for _, instr := range instrs[slices.Index(instrs, op.Instr)+1:] {
		switch instr.(type) {
		case *ssa.DebugRef, *ssa.RunDefers, *ssa.Return:
		default:
			return false
		}
	}
	for _, b := range op.Fn.Blocks {
		for _, instr := range b.Instrs {
			if _, starts := instr.(*ssa.Go); starts && lazyssa.Before(instr, op.Instr) {
				return true
			}
		}
	}
	return false
}

func (f *finder) neverReceived(class *syncmodel.Class) bool {
	if len(class.Makes()) == 0 || class.Outside()&syncmodel.MayRecv != 0 || class.Has(syncmodel.Recv, syncmodel.Range) {
		return false
	}
	for _, mk := range class.Makes() {
		if n, ok := f.model.Capacity(mk); !ok || n != 0 {
			return false
		}
	}
	return true
}

func (f *finder) orphanSend(class *syncmodel.Class, op *syncmodel.Op) {
	closedHere := func(o *syncmodel.Op) bool { return o.Kind == syncmodel.Close && o.Fn == op.Fn }
	if f.neverReceived(class) && !slices.ContainsFunc(class.Ops(), closedHere) {
		f.report(op.Instr, noPartner, fmt.Sprintf("this send blocks forever: nothing receives from %s and it has no buffer", f.operand(op.Instr, token.NoPos)), f.made(class)...)
	}
}

// started reports whether a go statement of the package runs fn, a literal or a
// declared function.
func (f *finder) started(fn *ssa.Function) bool {
	return slices.ContainsFunc(f.model.Sites(fn), func(call ssa.CallInstruction) bool { _, ok := call.(*ssa.Go); return ok })
}

func (f *finder) negativeAdd(class *syncmodel.Class) bool {
	for _, op := range class.Ops() {
		if op.Kind == syncmodel.Add {
			n, ok := op.Instr.(ssa.CallInstruction).Common().Args[1].(*ssa.Const)
			if !ok || n.Int64() < 0 {
				return true
			}
		}
	}
	return false
}

func (f *finder) made(class *syncmodel.Class) (rel []analysis.RelatedInformation) {
	for _, mk := range class.Makes() {
		if mk.Pos().IsValid() {
			rel = append(rel, analysis.RelatedInformation{Pos: mk.Pos(), Message: "the channel is made here"})
		}
	}
	return rel
}

func (f *finder) related(class *syncmodel.Class, kind syncmodel.Kind, msg string) (rel []analysis.RelatedInformation) {
	for _, op := range class.Ops() {
		if op.Kind == kind {
			rel = append(rel, analysis.RelatedInformation{Pos: op.Instr.Pos(), Message: msg})
		}
	}
	return rel
}

// report makes one diagnostic of an instruction, unless one has been made of it.
func (f *finder) report(instr ssa.Instruction, category, msg string, rel ...analysis.RelatedInformation) {
	f.reportFix(instr, category, msg, nil, rel...)
}

func (f *finder) reportFix(instr ssa.Instruction, category, msg string, fixes []analysis.SuggestedFix, rel ...analysis.RelatedInformation) {
	pos, end := lint.Operation(f.pass, instr.Pos())
	f.reportAt(pos, end, category, msg, fixes, rel...)
}

func (f *finder) reportAt(pos, end token.Pos, category, msg string, fixes []analysis.SuggestedFix, rel ...analysis.RelatedInformation) {
	if !pos.IsValid() || f.said[pos] || f.tests.Helps(pos) && !f.all {
		return // what a test leaves behind ends with it, and what it waits for in vain does not go unnoticed
	}
	f.said[pos] = true
	f.pass.Report(analysis.Diagnostic{Pos: pos, End: end, Category: category, Message: msg, Related: rel, SuggestedFixes: fixes})
}

// operand describes the object of an operation as the source calls it.
func (f *finder) operand(instr ssa.Instruction, pos token.Pos) string {
	if !pos.IsValid() {
		pos = instr.Pos()
	}
	for _, n := range lint.Enclosing(f.pass, pos) {
		var x ast.Expr
		switch n := n.(type) {
		case *ast.SendStmt:
			x = n.Chan
		case *ast.UnaryExpr:
			if n.Op != token.ARROW {
				continue
			}
			x = n.X
		case *ast.RangeStmt:
			x = n.X
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				continue
			}
			x = sel.X
		case *ast.FuncLit, *ast.FuncDecl, *ast.BlockStmt, *ast.SelectStmt, *ast.CommClause:
			return "the channel"
		default:
			continue
		}
		switch ast.Unparen(x).(type) {
		case *ast.Ident, *ast.SelectorExpr:
			return types.ExprString(x)
		}
		return "the channel"
	}
	return "the channel"
}
