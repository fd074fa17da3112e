package poolalias

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// fix returns the edits that mend a finding, where that is safe.
func (c *checker) fix(f finding) []analysis.SuggestedFix {
	switch f.category {
	case aliased:
		return c.cloneFix(f)
	case doublePut:
		return c.deleteFix(f)
	}
	return nil
}

// cloneFix copies the bytes that leave the function, before the object is put back.
func (c *checker) cloneFix(f finding) []analysis.SuggestedFix {
	file := lint.FileOf(c.pass, c.pos(f.at.instr))
	if file == nil || f.boxed || !lint.GoAtLeast(c.pass, file, "go1.20") {
		return nil
	}
	var e ast.Expr
	switch in := f.at.instr.(type) {
	case *ssa.Return:
		if f.put.deferred {
			e, _ = c.node(in, f.result).(ast.Expr)
		}
	case *ssa.Store, *ssa.MapUpdate:
		if assign, ok := c.statement(in).(*ast.AssignStmt); ok && len(assign.Rhs) == 1 && assign.Tok == token.ASSIGN {
			e = assign.Rhs[0]
		}
	case *ssa.Send:
		if send, ok := c.statement(in).(*ast.SendStmt); ok {
			e = send.Value
		}
	}
	if e == nil {
		return nil
	}
	tv := c.pass.TypesInfo.Types[e]
	if tv.Type == nil || !types.Identical(tv.Type, types.NewSlice(types.Typ[types.Byte])) {
		return nil
	}
	name, edits, ok := c.importBytes(file, e.Pos())
	if !ok {
		return nil
	}
	edits = append(edits,
		analysis.TextEdit{Pos: e.Pos(), End: e.Pos(), NewText: []byte(name + ".Clone(")},
		analysis.TextEdit{Pos: e.End(), End: e.End(), NewText: []byte(")")})
	return []analysis.SuggestedFix{{Message: "Copy the bytes", TextEdits: edits}}
}

// statement returns the statement of an instruction.
func (c *checker) statement(instr ssa.Instruction) ast.Stmt {
	for _, n := range lint.Enclosing(c.pass, c.pos(instr)) {
		if s, ok := n.(ast.Stmt); ok {
			return s
		}
	}
	return nil
}

// importBytes returns the name of package bytes at pos, and the edits that import it.
func (c *checker) importBytes(file *ast.File, pos token.Pos) (name string, edits []analysis.TextEdit, ok bool) {
	scope := c.pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return "", nil, false
	}
	lookup := func(name string) types.Object {
		_, obj := scope.LookupParent(name, pos)
		return obj
	}
	for _, spec := range file.Imports {
		if spec.Path.Value != `"bytes"` {
			continue
		}
		name := "bytes"
		if spec.Name != nil {
			name = spec.Name.Name
		}
		pkg, ok := lookup(name).(*types.PkgName)
		return name, nil, ok && pkg.Imported().Path() == "bytes"
	}
	if lookup("bytes") != nil || c.pass.Pkg.Path() == "bytes" {
		return "", nil, false
	}
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT || !gen.Lparen.IsValid() || len(gen.Specs) == 0 {
			continue
		}
		first := gen.Specs[0].(*ast.ImportSpec)
		at, sep := first.Pos(), "\n\t"
		if first.Doc != nil {
			at = first.Doc.Pos()
		}
		if path, err := strconv.Unquote(first.Path.Value); err != nil || strings.Contains(path, ".") {
			sep = "\n\n\t"
		}
		return "bytes", []analysis.TextEdit{{Pos: at, End: at, NewText: []byte(`"bytes"` + sep)}}, true
	}
	at := file.Name.End()
	return "bytes", []analysis.TextEdit{{Pos: at, End: at, NewText: []byte("\n\nimport \"bytes\"")}}, true
}

// deleteFix deletes a Put that a deferred one, which always runs as well, repeats.
func (c *checker) deleteFix(f finding) []analysis.SuggestedFix {
	other := f.other
	if other.at == f.at {
		other = f.put
	}
	put, ok := f.at.instr.(*ssa.Call)
	def, ok2 := other.at.instr.(*ssa.Defer)
	if !ok || !ok2 || !isPool(&put.Call, "Put") || !isPool(&def.Call, "Put") || len(put.Call.Args) < 2 || len(def.Call.Args) < 2 || put.Parent() != def.Parent() || !def.Block().Dominates(put.Block()) ||
		lazyssa.Strip(put.Call.Args[1]) != lazyssa.Strip(def.Call.Args[1]) {
		return nil
	}
	stmt, ok := c.statement(put).(*ast.ExprStmt)
	file := c.pass.Fset.File(put.Call.Pos())
	if !ok || file.Line(stmt.Pos()) != file.Line(stmt.End()) || file.Line(stmt.End()) >= file.LineCount() {
		return nil
	}
	path := lint.Enclosing(c.pass, c.pos(put))
	line := file.Line(stmt.Pos())
	for i, n := range path {
		if n != ast.Node(stmt) {
			continue
		}
		var list []ast.Stmt
		switch n := path[i+1].(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		}
		if file.Line(path[i+1].Pos()) == line || file.Line(path[i+1].End()) == line || len(list) < 2 {
			return nil
		}
		for _, s := range list {
			if s != ast.Stmt(stmt) && (file.Line(s.Pos()) == line || file.Line(s.End()) == line) {
				return nil
			}
		}
	}
	for _, g := range lint.FileOf(c.pass, stmt.Pos()).Comments {
		// A comment at the end of the line is about the Put.
		if file.Line(g.Pos()) <= line && line <= file.Line(g.End()) && (g.Pos() < stmt.End() || file.Line(g.End()) > line) {
			return nil
		}
	}
	return []analysis.SuggestedFix{{
		Message:   "Delete the Put that the deferred one repeats",
		TextEdits: []analysis.TextEdit{{Pos: file.LineStart(line), End: file.LineStart(line + 1)}},
	}}
}
