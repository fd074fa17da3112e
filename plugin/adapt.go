package plugin

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/internal/prove"
	"github.com/heapvet/heapvet/lint"
	"github.com/heapvet/heapvet/plugin/host"
)

// adapt makes the check, whose instance a is, report what golangci-lint can show: findings
// that the settings want, with one fix at most, and a message that names their rule.
func (p *plugin) adapt(c *lint.Check, a *analysis.Analyzer) {
	a.Flags.Set(lint.FlagSuppressed, "true")
	host.Finish(a, func(pass *analysis.Pass, found []*analysis.Diagnostic) []*analysis.Diagnostic {
		files := make(map[*ast.File]*lint.Suppressions)
		found = slices.DeleteFunc(found, func(d *analysis.Diagnostic) bool { return !p.shows(pass, c, files, d) })
		for _, d := range found {
			d.Related = nil // golangci-lint would show each as an issue of its own
			if len(d.SuggestedFixes) > 1 {
				d.SuggestedFixes = d.SuggestedFixes[:1] // it would apply all of them
			}
		}
		if c.Proved {
			prove.Fixes(pass, escape.GoList{}, host.WithFixes(found))
		}
		tidyImports(pass, found)
		return found
	})
}

// shows reports whether a finding is to be shown, and puts the names of its rule and of the
// function that it is in into the message: of issues with the same text golangci-lint shows
// no more than three unless told otherwise.
func (p *plugin) shows(pass *analysis.Pass, c *lint.Check, files map[*ast.File]*lint.Suppressions, d *analysis.Diagnostic) bool {
	a := pass.Analyzer
	category, suppressed := strings.CutSuffix(d.Category, lint.SuppressedMark)
	if suppressed && !theirs(pass, files, d) {
		return false
	}
	d.Category = category
	rule := a.Name
	if category != "" && category != a.Name {
		rule += "/" + category
	}
	d.Message += " (" + rule + where(pass, d.Pos) + ")"
	if on, known := p.Decide(a.Name, rule); known {
		return on
	}
	return c.Stage == lint.On
}

// where returns " in T.F" for a place in a method or function, or else "".
func where(pass *analysis.Pass, pos token.Pos) string {
	file := lint.FileOf(pass, pos)
	if file == nil {
		return ""
	}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || pos < fn.Pos() || fn.End() <= pos {
			continue
		}
		name := fn.Name.Name
		if obj, ok := pass.TypesInfo.Defs[fn.Name].(*types.Func); ok && obj.Signature().Recv() != nil {
			if named, ok := lint.Deref(obj.Signature().Recv().Type()).(*types.Named); ok {
				name = named.Obj().Name() + "." + name
			}
		}
		return " in " + name
	}
	return ""
}

// theirs reports whether the comment that suppresses the finding is one that golangci-lint
// understands as we do. It is left to it then, which could otherwise not know, and would
// tell, that the comment is of use.
func theirs(pass *analysis.Pass, files map[*ast.File]*lint.Suppressions, d *analysis.Diagnostic) bool {
	file := lint.FileOf(pass, d.Pos)
	if file == nil {
		return false
	}
	s := files[file]
	if s == nil {
		s = lint.ParseSuppressions(pass.Fset, file)
		files[file] = s
	}
	return !slices.ContainsFunc(s.List, func(sup *lint.Suppression) bool {
		return sup.Silences(pass.Fset, pass.Analyzer.Name, d.Pos) && !(sup.Nolint && named(sup))
	})
}

// named reports whether a nolint comment names all linters, or heapvet.
func named(sup *lint.Suppression) bool {
	return len(sup.Names) == 0 || slices.ContainsFunc(sup.Names, func(n string) bool { return strings.EqualFold(n, name) })
}
