package poolflow

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

var intentRE = regexp.MustCompile(`(?i)\b(kept|keeps?|persists?|persistent|retain(s|ed)?|re-?used?|cache[sd]?|survives?|across|config|immutable|never reset|not reset|scratch|capacity)\b`)

// KeptByIntent reports whether the comment on a field says that it outlives its user.
func KeptByIntent(pass *analysis.Pass, f *types.Var) bool {
	file := lint.FileOf(pass, f.Pos())
	if file == nil {
		return false
	}
	var kept bool
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n.Pos() > f.Pos() || n.End() < f.Pos() {
			return false
		}
		if field, ok := n.(*ast.Field); ok {
			kept = kept || intentRE.MatchString(field.Doc.Text()) || intentRE.MatchString(field.Comment.Text())
		}
		return true
	})
	return kept
}

// resetFacts states what the exported methods that reset a struct leave alone,
// for packages that pool the structs of this one. It looks at the syntax only,
// for most packages have no pool, and no need of more.
func resetFacts(pass *analysis.Pass) {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Recv == nil || decl.Body == nil || !decl.Name.IsExported() || !ResetName(decl.Name.Name) || decl.Type.Params.NumFields() > 0 {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok || pass.ImportObjectFact(fn, new(Wrapper)) {
				continue
			}
			if left, cleans, ok := leavesAlone(pass, decl, fn); ok && left != 0 && cleans != 0 {
				st := State{May: left, Must: left, Clean: ^left, Cleans: cleans}
				pass.ExportObjectFact(fn, &Wrapper{Params: []Param{{State: st}}})
			}
		}
	}
}

// leavesAlone returns the slots of its receiver that a method does not mention,
// and those that it does.
func leavesAlone(pass *analysis.Pass, decl *ast.FuncDecl, fn *types.Func) (left, cleans Slots, ok bool) {
	recv := fn.Signature().Recv()
	slots := Fields(recv.Type())
	if len(slots) == 0 {
		return 0, 0, false
	}
	ok = true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			sel := pass.TypesInfo.Selections[n]
			if sel == nil || sel.Kind() != types.FieldVal {
				return true
			}
			path := sel.Index()
			x := ast.Unparen(n.X)
			for {
				outer, isSel := x.(*ast.SelectorExpr)
				if !isSel {
					break
				}
				if s := pass.TypesInfo.Selections[outer]; s != nil && s.Kind() == types.FieldVal {
					path = append(slices.Clone(s.Index()), path...)
				}
				x = ast.Unparen(outer.X)
			}
			if id, isIdent := x.(*ast.Ident); !isIdent || pass.TypesInfo.Uses[id] != recv {
				return true
			}
			for i, f := range slots {
				if k := min(len(path), len(f.path)); slices.Equal(path[:k], f.path[:k]) {
					cleans |= slot(i)
				}
			}
			return false
		case *ast.Ident:
			if pass.TypesInfo.Uses[n] == recv {
				ok = false // the receiver as a whole
			}
		}
		return ok
	})
	for i, f := range slots {
		if !cleans.Has(i) && f.Var().Exported() && !keeps(f.Var().Type()) && !KeptByIntent(pass, f.Var()) && !said(decl, f) {
			left |= slot(i)
		}
	}
	return left, cleans, ok
}

// said reports whether the comment on a method speaks of a field.
func said(decl *ast.FuncDecl, f Field) bool {
	return decl.Doc != nil && regexp.MustCompile(`\b`+regexp.QuoteMeta(f.Var().Name())+`\b`).MatchString(decl.Doc.Text())
}
