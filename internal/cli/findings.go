package cli

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/internal/inittrace"
	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/internal/unit"
	"github.com/heapvet/heapvet/lint"
)

// A diagnostic is what the vet tool prints for a finding: the schema of go vet -json.
type diagnostic struct {
	Category       string         `json:"category,omitempty"`
	Confidence     string         `json:"confidence,omitempty"` // unit.Medium, or "" for high
	Posn           string         `json:"posn"`
	End            string         `json:"end"`
	Message        string         `json:"message"`
	SuggestedFixes []suggestedFix `json:"suggested_fixes,omitempty"`
	Related        []related      `json:"related,omitempty"`
	Leaked         int            `json:"leaked,omitempty"`     // goroutines that a leak profile found blocked there
	InitMillis     float64        `json:"initMillis,omitempty"` // what a trace says of the initialization of the package
	Share          float64        `json:"share,omitempty"`      // of the profile, from 0 to 1
}

type suggestedFix struct {
	Message string `json:"message"`
	Edits   []edit `json:"edits"`
}

type edit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	New      string `json:"new"`
}

type related struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

// A finding is a diagnostic with its origin and parsed positions.
type finding struct {
	diagnostic
	Package string // the ID that the go command gives the package: "p" or "p [p.test]"
	Check   string
	Pos     position
	EndPos  position

	init *inittrace.Init // what a trace says of its package
}

// rule returns "check/category", or the check alone where it has no categories.
func (f *finding) rule() string {
	if f.Category == "" || f.Category == f.Check {
		return f.Check
	}
	return f.Check + "/" + f.Category
}

// text returns the message, and how often a profile has seen it happen.
func (f *finding) text() string {
	if c := f.confirmation(); c != "" {
		return f.Message + "; " + c
	}
	return f.Message
}

// unsure reports whether the finding is of medium confidence, and no profile confirms it.
func (f *finding) unsure() bool { return f.Confidence == unit.Medium && f.confirmation() == "" }

// suppressed reports whether a comment silences the finding.
func (f *finding) suppressed() bool { return strings.HasSuffix(f.Category, lint.SuppressedMark) }

func (f *finding) inTest() bool { return strings.HasSuffix(f.Pos.File, "_test.go") }

// A position is a place in a file; Line and Col count from 1, Col in bytes. Both
// are 0 where unknown.
type position struct {
	File      string
	Line, Col int
}

// relative returns the position as text, its path relative to dir where that is shorter.
func (p position) relative(dir string) string {
	text := shortPath(dir, p.File)
	if p.Line > 0 {
		text += ":" + strconv.Itoa(p.Line)
	}
	if p.Col > 0 {
		text += ":" + strconv.Itoa(p.Col)
	}
	return text
}

// parsePosition parses "file", "file:line" and "file:line:col". The name of the
// file may contain colons.
func parsePosition(s string) position {
	file, line, col := source.Split(s)
	return position{file, line, col}
}

func newFinding(pkg, check string, d diagnostic) *finding {
	return &finding{
		diagnostic: d,
		Package:    pkg,
		Check:      check,
		Pos:        parsePosition(d.Posn),
		EndPos:     parsePosition(d.End),
	}
}

// sortFindings puts findings in the order in which people read them, and drops
// those that two variants of a package have in common.
func sortFindings(fs []*finding) []*finding {
	slices.SortFunc(fs, func(a, b *finding) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Category, b.Category),
			cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.Confidence, b.Confidence), // what one variant is sure of is sure
			cmp.Compare(a.Package, b.Package),
		)
	})
	return slices.CompactFunc(fs, func(a, b *finding) bool {
		return a.Pos == b.Pos && a.Check == b.Check && a.Category == b.Category && a.Message == b.Message
	})
}

// packagePath returns the import path in a package ID such as "p [q.test]".
func packagePath(id string) string {
	path, _, _ := strings.Cut(id, " ")
	return path
}

// shortPath returns the shorter of the path and the path relative to dir.
func shortPath(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil || len(rel) >= len(path) {
		return path
	}
	return rel
}
