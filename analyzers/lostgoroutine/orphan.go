package lostgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// orphans reports operations whose partner does not exist anywhere in the package,
// on objects that nothing outside the package can reach.
func (f *finder) orphans() {
	for _, class := range f.model.Classes() {
		for _, op := range class.Ops() {
			if !op.Bare() || f.ends(op.Fn) {
				continue
			}
			switch op.Kind {
			case syncmodel.Recv, syncmodel.Range:
				f.orphanRecv(class, op)
			case syncmodel.Send:
				f.orphanSend(class, op)
			case syncmodel.CondWait:
				if class.Outside() == 0 && !class.Has(syncmodel.Signal) {
					f.report(op.Instr, condition, fmt.Sprintf("this Wait never returns: nothing calls Signal or Broadcast on %s", f.name(op.Object)))
				}
			case syncmodel.Wait:
				if class.Outside() == 0 && class.Has(syncmodel.Add) && !class.Has(syncmodel.Done) && !f.negativeAdd(class) {
					f.report(op.Instr, waitGroup, fmt.Sprintf("this Wait never returns once Add has been called: nothing calls Done on %s", f.name(op.Object)),
						f.related(class, syncmodel.Add, "Add is called here")...)
				}
			}
		}
	}
}

// ends reports whether fn runs in the main goroutine of a program, where blocking
// for ever is a way to keep the program alive.
func (f *finder) ends(fn *ssa.Function) bool {
	return fn.Name() == "main" && f.pass.Pkg.Name() == "main" || fn.Name() == "init"
}

func (f *finder) orphanRecv(class *syncmodel.Class, op *syncmodel.Op) {
	if len(class.Makes()) == 0 || class.Outside()&(syncmodel.MaySend|syncmodel.MayClose) != 0 ||
		class.Has(syncmodel.Send, syncmodel.Close) {
		return
	}
	if lint.IsTest(f.pass, op.Instr.Pos()) && !f.all && f.deliberate(op) {
		return
	}
	verb := "receive"
	if op.Kind == syncmodel.Range {
		verb = "range"
	}
	f.report(op.Instr, noPartner, fmt.Sprintf("this %s blocks forever: nothing sends to %s or closes it", verb, f.name(op.Object)), f.made(class)...)
}

// deliberate reports whether a channel is made only to wait on it: a test's way to
// hang on purpose.
func (f *finder) deliberate(op *syncmodel.Op) bool {
	_, made := op.Object.(*ssa.MakeChan)
	return made
}

func (f *finder) orphanSend(class *syncmodel.Class, op *syncmodel.Op) {
	if len(class.Makes()) == 0 || class.Outside()&syncmodel.MayRecv != 0 || class.Has(syncmodel.Recv, syncmodel.Range) {
		return
	}
	for _, mk := range class.Makes() {
		if n, ok := f.model.Capacity(mk); !ok || n != 0 {
			return
		}
	}
	f.report(op.Instr, noPartner, fmt.Sprintf("this send blocks forever: nothing receives from %s and it has no buffer", f.name(op.Object)), f.made(class)...)
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
	pos, end := f.span(instr)
	if !pos.IsValid() || f.said[pos] {
		return
	}
	f.said[pos] = true
	f.pass.Report(analysis.Diagnostic{Pos: pos, End: end, Category: category, Message: msg, Related: rel, SuggestedFixes: fixes})
}

// span returns the source range of the operation of an instruction.
func (f *finder) span(instr ssa.Instruction) (pos, end token.Pos) {
	pos = instr.Pos()
	file := lint.FileOf(f.pass, pos)
	if file == nil {
		return pos, pos
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, pos)
	for _, n := range path {
		switch n := n.(type) {
		case *ast.SendStmt, *ast.CallExpr, *ast.GoStmt:
			return n.Pos(), n.End()
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				return n.Pos(), n.End()
			}
		case *ast.RangeStmt:
			return n.Pos(), n.X.End()
		case *ast.ForStmt:
			return n.Pos(), n.Body.Lbrace
		case *ast.SelectStmt:
			return n.Pos(), n.Body.Lbrace
		case *ast.FuncLit, *ast.FuncDecl:
			return pos, pos + 1
		}
	}
	return pos, pos + 1
}

// name describes a value as the source calls it.
func (f *finder) name(v ssa.Value) string {
	if s := sourceName(v, 0); s != "" {
		return s
	}
	if _, ok := v.Type().Underlying().(*types.Chan); ok {
		return "this channel"
	}
	return "it"
}

func sourceName(v ssa.Value, depth int) string {
	if depth > 6 {
		return ""
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Name()
	case *ssa.FreeVar:
		return v.Name()
	case *ssa.Global:
		return v.Name()
	case *ssa.Alloc:
		return v.Comment
	case *ssa.UnOp:
		return sourceName(v.X, depth+1)
	case *ssa.ChangeType:
		return sourceName(v.X, depth+1)
	case *ssa.FieldAddr:
		return fieldName(v.X, v.Field, depth)
	case *ssa.Field:
		return fieldName(v.X, v.Field, depth)
	case *ssa.MakeChan:
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Val == v {
				return sourceName(st.Addr, depth+1)
			}
		}
	}
	return ""
}

func fieldName(x ssa.Value, i, depth int) string {
	st, ok := lint.Deref(x.Type().Underlying()).Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	name := st.Field(i).Name()
	if s := sourceName(x, depth+1); s != "" {
		return s + "." + name
	}
	return name
}
