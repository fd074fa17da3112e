package unsafealias

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// node returns the call whose left parenthesis is at pos, or nil.
func (f *finder) node(pos token.Pos) *ast.CallExpr {
	if f.calls == nil {
		f.calls = make(map[token.Pos]*ast.CallExpr)
		for _, file := range f.pass.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					f.calls[call.Lparen] = call
				}
				return true
			})
		}
	}
	return f.calls[pos]
}

// report reports at a value, or at what stands for it.
func (f *finder) report(v ssa.Value, category, message string, related ...analysis.RelatedInformation) {
	d := analysis.Diagnostic{Pos: v.Pos(), End: v.Pos() + 1, Category: category, Message: message, Related: related}
	if call := f.node(v.Pos()); call != nil {
		d.Pos, d.End = call.Pos(), call.End()
	}
	if d.Pos.IsValid() && !(category == modified && f.tests.Has(d.Pos)) { // a test shows what comes of it
		f.pass.Report(d)
	}
}

// name names the bytes or the string that a conversion is given.
func (f *finder) name(v ssa.Value, other string) string {
	if cell := header(v); cell != nil && token.IsIdentifier(cell.Comment) {
		return cell.Comment
	}
	call := f.node(v.Pos())
	for call != nil && len(call.Args) > 0 {
		arg := ast.Unparen(call.Args[0])
		switch x := arg.(type) {
		case *ast.CallExpr: // unsafe.String(unsafe.SliceData(b), n)
			if f.pass.TypesInfo.Types[x.Fun].IsBuiltin() || f.pass.TypesInfo.Types[x.Fun].IsType() {
				call = x
				continue
			}
		case *ast.UnaryExpr: // &b[0]
			if index, ok := x.X.(*ast.IndexExpr); ok && x.Op == token.AND {
				return lint.Text(index.X)
			}
		}
		return lint.Text(arg)
	}
	return other
}

func (f *finder) line(pos token.Pos) string { return lint.Line(f.pass.Fset, pos) }

func (f *finder) reportChange(s, src ssa.Value, write ssa.Instruction, how string, u use, later bool) {
	bytes := f.name(s, "its bytes")
	what := "and is used after that"
	if u.keeps != "" {
		what = "and is kept in " + u.keeps
		if u.keeps == "the result" {
			what = "and is returned after that"
		}
	}
	f.report(s, modified, fmt.Sprintf("the string shares memory with %s, which is %s again on %s, %s; copy it with string(%[1]s)", bytes, how, f.line(write.Pos()), what),
		analysis.RelatedInformation{Pos: write.Pos(), End: write.Pos() + 1, Message: "the string changes here"})
}

func (f *finder) reportWrite(b, src ssa.Value, write ssa.Instruction) {
	name := f.name(b, "a string")
	if p, ok := src.(*ssa.Parameter); ok {
		name = p.Name()
	}
	f.report(b, written, fmt.Sprintf("the bytes of %s are written on %s: everybody who has the string sees it change, and the program crashes if it is a constant; copy it with []byte(%[1]s)", name, f.line(write.Pos())),
		analysis.RelatedInformation{Pos: write.Pos(), End: write.Pos() + 1, Message: "the string changes here"})
}
