package noalloc

import (
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
)

// checkAsserts checks the comments of gcassert's: "//gcassert:noescape" and
// "//gcassert:inline", at the end of a line or on the line before. Before a
// function declaration, they are about all of it: nothing in it escapes; all
// calls of it in the package are inlined.
func (r *pass) checkAsserts() {
	for _, a := range r.asserts {
		for _, what := range a.what {
			switch strings.TrimSpace(what) {
			case "noescape":
				r.noEscape(a)
			case "inline":
				r.inlined(a)
			}
		}
	}
}

// nodes yields the nodes that begin on the lines that an assertion is about.
func (r *pass) nodes(a assertion, yield func(ast.Node)) {
	from, to := a.from, a.from
	for _, decl := range a.file.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok && decl.Doc != nil && decl.Doc.Pos() <= a.comment.Pos() && a.comment.End() <= decl.Doc.End() {
			from, to = r.line(decl.Pos()), r.line(decl.End())
		}
	}
	ast.Inspect(a.file, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if line := r.line(escape.Pos(n)); from <= line && line <= to {
			yield(n)
		}
		return true
	})
}

func (r *pass) noEscape(a assertion) {
	if !r.escape.Known() {
		r.Report(analysis.Diagnostic{Pos: a.comment.Pos(), End: a.comment.End(), Category: escapes,
			Message: "noescape is not verified here: " + r.escape.Why()})
		return
	}
	witness := false
	told := make(map[string]bool)
	r.nodes(a, func(n ast.Node) {
		witness = witness || r.escape.Compiled(n)
		id, isIdent := n.(*ast.Ident)
		if isIdent && r.escape.Var(id) == escape.Heap {
			r.tellEscape(n, id.Name+" is moved to the heap", told)
			return
		}
		if _, ok := n.(ast.Expr); !ok {
			return
		}
		for _, s := range r.escape.Sites(n) {
			if s.Verdict == escape.Heap && !s.Moved {
				r.tellEscape(n, s.Explain(), told)
			}
		}
	})
	if !witness {
		r.Report(analysis.Diagnostic{Pos: a.comment.Pos(), End: a.comment.End(), Category: escapes,
			Message: "noescape is not verified here: the compiler made no code of this line"})
	}
}

func (r *pass) tellEscape(n ast.Node, what string, told map[string]bool) {
	key := fmt.Sprint(r.line(escape.Pos(n)), what)
	if what == "" || told[key] {
		return
	}
	told[key] = true
	r.Report(analysis.Diagnostic{Pos: n.Pos(), End: r.lineEnd(n), Category: escapes, Message: "noescape does not hold: " + what})
}

func (r *pass) inlined(a assertion) {
	if fn := r.declared(a); fn != nil {
		for _, f := range r.Files {
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && r.calls(call, fn) {
					r.checkInlined(call)
				}
				return true
			})
		}
		return
	}
	found := false
	r.nodes(a, func(n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok {
			if tv := r.TypesInfo.Types[call.Fun]; !tv.IsType() && !tv.IsBuiltin() {
				found = true
				r.checkInlined(call)
			}
		}
	})
	if !found {
		r.Report(analysis.Diagnostic{Pos: a.comment.Pos(), End: a.comment.End(), Category: notInlined,
			Message: "inline says nothing here: there is no call on this line"})
	}
}

// declared returns the function declaration that an assertion is the comment of.
func (r *pass) declared(a assertion) *ast.FuncDecl {
	for _, decl := range a.file.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok && decl.Doc != nil && decl.Doc.Pos() <= a.comment.Pos() && a.comment.End() <= decl.Doc.End() {
			return decl
		}
	}
	return nil
}

func (r *pass) calls(call *ast.CallExpr, decl *ast.FuncDecl) bool {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return false
	}
	obj := r.TypesInfo.Uses[id]
	return obj != nil && obj.Pos() == decl.Name.Pos()
}

func (r *pass) checkInlined(call *ast.CallExpr) {
	if r.escape.Inlined(call) {
		return
	}
	name := "the call"
	switch x := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = "the call of " + x.Name
	case *ast.SelectorExpr:
		name = "the call of " + x.Sel.Name
	}
	message := name + " is not inlined, as inline says"
	if !r.escape.Known() {
		message = "inline is not verified here: " + r.escape.Why()
	} else if why := r.escape.CannotInline(call); why != "" {
		message += ": " + why
	} else if !r.escape.Compiled(call) {
		message = name + " is not verified to be inlined: the compiler made no code of this line"
	}
	r.Report(analysis.Diagnostic{Pos: call.Pos(), End: r.lineEnd(call), Category: notInlined, Message: message})
}
