package unit

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// suppressionName is the key under which useless suppression comments are told;
// it is no check.
const suppressionName = "suppression"

// suppressed reports whether a comment silences the finding; such findings are
// there only on request.
func suppressed(d analysis.Diagnostic) bool {
	return strings.HasSuffix(d.Category, lint.SuppressedMark)
}

// suppressions finds the comments that name heapvet or a check of its own and are
// malformed, or silence nothing although all that they name ran with all that
// it could know.
func (t *tool) suppressions(u *unit, results []*result) *result {
	found := &result{job: job{Analyzer: &analysis.Analyzer{Name: suppressionName}}}
	tell := func(sup *lint.Suppression, category, message string) {
		found.diagnostics = append(found.diagnostics, analysis.Diagnostic{
			Pos:      sup.Pos,
			End:      endOfComment(u.files, sup),
			Category: category,
			Message:  message,
		})
	}
	for _, file := range u.files {
		sups := lint.ParseSuppressions(u.fset, file)
		if sups.Generated {
			continue
		}
		for _, sup := range sups.List {
			names := t.named(sup)
			switch {
			case len(names) == 0:
			case sup.Malformed:
				tell(sup, "malformed", "this comment gives no reason and so silences nothing: write //lint:ignore "+strings.Join(sup.Names, ",")+" and the reason")
			case t.useless(u, results, sup, names):
				tell(sup, "unused", "this comment silences no finding of "+strings.Join(names, ", "))
			}
		}
	}
	return found
}

func endOfComment(files []*ast.File, sup *lint.Suppression) token.Pos {
	for _, f := range files {
		if f.FileStart <= sup.Pos && sup.Pos <= f.FileEnd {
			for _, group := range f.Comments {
				for _, c := range group.List {
					if c.Pos() == sup.Pos {
						return c.End()
					}
				}
			}
		}
	}
	return sup.Pos
}

// namesakes are the checks whose name a linter of golangci-lint or roachvet has, too: a nolint
// comment may be meant for that one.
var namesakes = []string{"prealloc", "deferloop"}

// named returns which of heapvet's names a comment bears. Names of adopted checks
// are their origin's, which may well find something there.
func (t *tool) named(sup *lint.Suppression) (names []string) {
	for _, name := range sup.Names {
		name, ours := strings.CutPrefix(strings.ToLower(name), "heapvet/")
		switch {
		case name == "heapvet":
			return []string{"heapvet"}
		case sup.Nolint && !ours && slices.Contains(namesakes, name):
			continue
		}
		for i, a := range t.analyzers {
			if t.checks[i].Origin == "" && strings.EqualFold(a.Name, name) {
				names = append(names, a.Name)
			}
		}
	}
	return names
}

// useless reports whether the comment is known to silence nothing.
func (t *tool) useless(u *unit, results []*result, sup *lint.Suppression, names []string) bool {
	for _, r := range results {
		if silences(u, sup, r.Name, r.diagnostics) {
			return false
		}
	}
	for i, a := range t.analyzers {
		c := &t.checks[i]
		if c.Origin != "" || !sup.Covers(a.Name) || names[0] == "heapvet" && c.Stage == lint.Opt {
			continue
		}
		at := slices.IndexFunc(results, func(r *result) bool { return r.Name == a.Name })
		if at < 0 || results[at].err != nil {
			return false // it did not run
		}
		if r := results[at]; !r.skipped && (blind(r) || silences(u, sup, a.Name, u.again(r, true))) {
			return false
		}
	}
	return true
}

func silences(u *unit, sup *lint.Suppression, check string, diags []analysis.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d analysis.Diagnostic) bool {
		return suppressed(d) && sup.Silences(u.fset, check, d.Pos)
	})
}

// blind reports whether the check had to do without what the compiler decides.
func blind(r *result) bool {
	for _, v := range r.inputs {
		if report, ok := v.(*escape.Report); ok && !report.Known() {
			return true
		}
	}
	return false
}
