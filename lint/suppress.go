package lint

import (
	"go/ast"
	"go/token"
	"path"
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
	Pos       token.Pos // of the comment
	Names     []string  // checks or linters as written; none means all
	Reason    string
	Nolint    bool // a nolint comment, which linters of other names may heed, too
	Malformed bool // lint:ignore without a reason: silences nothing

	from, to int // lines it covers, inclusive
}

// Suppressions are the suppression comments of one file.
type Suppressions struct {
	Generated bool // "Code generated … DO NOT EDIT."
	List      []*Suppression
}

// ParseSuppressions reads the comments of a file. It knows
//
//	//nolint                      all checks of all linters
//	//nolint:heapvet              all checks of heapvet
//	//nolint:prealloc,hotescape   these checks // reason
//	//lint:ignore prealloc reason
//	//lint:file-ignore prealloc reason
//
// A nolint comment covers its line. As golangci-lint has it, it also covers the
// whole of what begins on the next line in the same column: a statement, a
// declaration, or, before the package clause, the file. At the end of the line
// on which a block opens, it covers what the block belongs to.
//
// A lint:ignore comment covers its line and the next one. Without a reason, it
// silences nothing.
func ParseSuppressions(fset *token.FileSet, file *ast.File) *Suppressions {
	s := &Suppressions{Generated: ast.IsGenerated(file)}
	before := make(map[place][]*Suppression) // by the place where a node must begin
	behind := make(map[int][]*Suppression)   // by line
	for _, group := range file.Comments {
		for _, c := range group.List {
			sup, scope := parseSuppression(c.Text)
			if sup == nil {
				continue
			}
			sup.Pos = c.Pos()
			s.List = append(s.List, sup)
			start := fset.PositionFor(group.Pos(), false)
			sup.from, sup.to = fset.PositionFor(c.Pos(), false).Line, fset.PositionFor(group.End(), false).Line
			switch scope {
			case nolint:
				sup.from = start.Line
				next := place{sup.to + 1, start.Column}
				before[next] = append(before[next], sup)
				behind[sup.from] = append(behind[sup.from], sup)
			case ignore:
				sup.to++
			case fileIgnore:
				sup.from, sup.to = 0, 1<<30
			}
		}
	}
	if len(before) > 0 {
		expand(fset, file, before, behind)
	}
	return s
}

// place is where a node begins.
type place struct{ line, column int }

// expand makes comments cover the nodes that they stand before, or behind whose
// opening brace they stand.
func expand(fset *token.FileSet, file *ast.File, before map[place][]*Suppression, behind map[int][]*Suppression) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		case *ast.FuncDecl, *ast.FuncLit, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt,
			*ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			for _, sup := range behind[fset.PositionFor(n.Pos(), false).Line] {
				if block := blockOf(n); block != nil && n.Pos() < sup.Pos && block.Lbrace < sup.Pos {
					sup.to = max(sup.to, fset.PositionFor(n.End(), false).Line)
				}
			}
		}
		start := fset.PositionFor(n.Pos(), false)
		for _, sup := range before[place{start.Line, start.Column}] {
			sup.to = max(sup.to, fset.PositionFor(n.End(), false).Line)
		}
		return true
	})
}

func blockOf(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	case *ast.IfStmt:
		return n.Body
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	case *ast.SwitchStmt:
		return n.Body
	case *ast.TypeSwitchStmt:
		return n.Body
	case *ast.SelectStmt:
		return n.Body
	}
	return nil
}

type scope int

const (
	nolint scope = iota
	ignore
	fileIgnore
)

// parseSuppression returns nil for every other comment.
func parseSuppression(text string) (*Suppression, scope) {
	if !strings.HasPrefix(text, "//") {
		return nil, 0
	}
	if rest, ok := strings.CutPrefix(text, "//lint:"); ok {
		word, rest, _ := strings.Cut(rest, " ")
		scope := ignore
		switch word {
		case "ignore":
		case "file-ignore":
			scope = fileIgnore
		default:
			return nil, 0
		}
		names, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if names == "" {
			return nil, 0 // of no check: nobody's business
		}
		reason = strings.TrimSpace(reason)
		return &Suppression{Names: splitNames(names), Reason: reason, Malformed: reason == ""}, scope
	}
	rest, ok := strings.CutPrefix(strings.TrimLeft(text, "/ "), "nolint")
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], ": \t") {
		return nil, 0
	}
	list, reason, _ := strings.Cut(rest, "//")
	sup := &Suppression{Nolint: true, Reason: strings.TrimSpace(reason)}
	if list, ok := strings.CutPrefix(list, ":"); ok {
		sup.Names = splitNames(list)
		if slices.Contains(sup.Names, "all") {
			sup.Names = nil
		}
	}
	return sup, nolint
}

func splitNames(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

// Covers reports whether the comment speaks of the named check: by its name, in
// any case, with a prefix "heapvet/", or as a pattern such as "SA60*"; by the
// name of heapvet; or, of a check adopted from staticcheck, by the name of that.
func (s *Suppression) Covers(check string) bool {
	if len(s.Names) == 0 {
		return true
	}
	return slices.ContainsFunc(s.Names, func(name string) bool {
		name = strings.ToLower(strings.TrimPrefix(name, "heapvet/"))
		if name == "heapvet" {
			return true
		}
		pattern := name
		if name == "staticcheck" {
			pattern = "sa[0-9][0-9][0-9][0-9]"
		}
		ok, _ := path.Match(pattern, strings.ToLower(check))
		return ok
	})
}

// Silences reports whether the comment silences a finding of the named check at pos.
func (s *Suppression) Silences(fset *token.FileSet, check string, pos token.Pos) bool {
	line := fset.PositionFor(pos, false).Line
	return !s.Malformed && s.from <= line && line <= s.to && s.Covers(check)
}

// Match returns the first comment that silences a finding of the named check at
// pos, or nil.
func (s *Suppressions) Match(fset *token.FileSet, check string, pos token.Pos) *Suppression {
	for _, sup := range s.List {
		if sup.Silences(fset, check, pos) {
			return sup
		}
	}
	return nil
}
