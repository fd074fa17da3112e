package lint

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// FlagSuppressed is the name of the flag that makes an analyzer report
// suppressed findings as well, their Category marked with SuppressedMark, so
// that a driver can tell which suppressions are of no use.
const FlagSuppressed = "suppressed"

// SuppressedMark ends the Category of a finding that a comment suppresses.
const SuppressedMark = "#suppressed"

// New finishes an analyzer for every host: its findings honour suppression
// comments and stay out of generated files. Each check's New ends with it.
func New(a *analysis.Analyzer) *analysis.Analyzer {
	show := a.Flags.Bool(FlagSuppressed, false, "report suppressed findings too, marked in their category")
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		report := pass.Report
		files := make(map[*ast.File]*Suppressions)
		pass.Report = func(d analysis.Diagnostic) {
			file := FileOf(pass, d.Pos)
			if file == nil {
				return // cgo and other generated glue has no file of the user's
			}
			s := files[file]
			if s == nil {
				s = ParseSuppressions(pass.Fset, file)
				files[file] = s
			}
			if s.Generated {
				return
			}
			if s.Match(pass.Fset, pass.Analyzer.Name, d.Pos) != nil {
				if !*show {
					return
				}
				d.Category += SuppressedMark
			}
			report(d)
		}
		return run(pass)
	}
	return a
}

// Suppression is one comment that silences findings.
type Suppression struct {
	Pos    token.Pos // of the comment
	Checks []string  // names of checks; nil means all
	Reason string

	from, to int // lines it covers, inclusive
}

// Suppressions are the suppression comments of one file.
type Suppressions struct {
	Generated bool // "Code generated … DO NOT EDIT."
	List      []*Suppression
}

var (
	nolintRE = regexp.MustCompile(`^//\s?nolint(?::([\w\-, /]*?))?\s*(?://\s*(.*))?$`)
	ignoreRE = regexp.MustCompile(`^//lint:(ignore|file-ignore)\s+(\S+)\s+(\S.*)$`)
)

// ParseSuppressions reads the comments of a file. It knows
//
//	//nolint                      all checks
//	//nolint:heapvet              all checks
//	//nolint:prealloc,hotescape   these checks // reason
//	//lint:ignore prealloc reason
//	//lint:file-ignore prealloc reason
//
// A nolint comment covers its line and, where it stands alone, the statement,
// declaration or field that begins on the next line; lint:ignore covers its line
// and the next one. A lint:ignore without a reason is not valid and silences nothing.
func ParseSuppressions(fset *token.FileSet, file *ast.File) *Suppressions {
	s := &Suppressions{Generated: ast.IsGenerated(file)}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if !strings.Contains(c.Text, "lint") {
				continue
			}
			line := fset.PositionFor(c.Pos(), false).Line
			if m := ignoreRE.FindStringSubmatch(c.Text); m != nil {
				sup := &Suppression{Pos: c.Pos(), Checks: splitNames(m[2]), Reason: m[3], from: line, to: line + 1}
				if m[1] == "file-ignore" {
					sup.from, sup.to = 0, 1<<30
				}
				s.List = append(s.List, sup)
			} else if m := nolintRE.FindStringSubmatch(c.Text); m != nil {
				sup := &Suppression{Pos: c.Pos(), Checks: splitNames(m[1]), Reason: m[2], from: line, to: line}
				// A comment alone on its line speaks of what follows its group.
				next := fset.PositionFor(group.End(), false).Line + 1
				sup.to = max(sup.to, endOfNode(fset, file, c.Pos(), line, next))
				s.List = append(s.List, sup)
			}
		}
	}
	return s
}

// splitNames returns nil, meaning every check, for an empty list and for one
// that names "all" or heapvet as a whole.
func splitNames(list string) []string {
	var names []string
	for name := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		name = strings.TrimPrefix(name, "heapvet/")
		if name == "heapvet" || name == "all" {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// endOfNode returns the last line of the outermost statement, declaration or field
// that begins on the line of a comment that has code before it, or, for a comment
// alone on its line, on the next line; 0 if there is none.
func endOfNode(fset *token.FileSet, file *ast.File, comment token.Pos, line, next int) (end int) {
	start := next
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n.End() < comment && fset.PositionFor(n.End(), false).Line < line {
			return false
		}
		first := fset.PositionFor(n.Pos(), false).Line
		if first == line && n.Pos() < comment {
			switch n.(type) {
			case ast.Stmt, ast.Decl, ast.Spec, *ast.Field, ast.Expr:
				start = line // trailing comment: it covers what begins on its own line
			}
		}
		if start == first {
			switch n.(type) {
			case ast.Stmt, ast.Decl, ast.Spec, *ast.Field:
				end = max(end, fset.PositionFor(n.End(), false).Line)
				return false
			}
		}
		return first <= next
	})
	return end
}

// Match returns the first suppression that covers a finding of the named check
// at pos, or nil.
func (s *Suppressions) Match(fset *token.FileSet, check string, pos token.Pos) *Suppression {
	line := fset.PositionFor(pos, false).Line
	for _, sup := range s.List {
		if sup.from <= line && line <= sup.to && (sup.Checks == nil || slices.Contains(sup.Checks, check)) {
			return sup
		}
	}
	return nil
}
