package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/heapvet/heapvet/internal/source"
)

// A report is what the formats write.
type report struct {
	Findings []*finding
	Failures []failure
	Notes    []string // what the user should know beside the findings
	Packages int      // that have findings
	Dir      string   // paths are shown relative to it
	Sources  source.Files
	Style    style
	Checks   catalogue
}

// repository returns the directory to which the paths in reports for other
// programs are relative: what CI checked out, or else the repository around Dir,
// or else Dir.
func (r *report) repository() string {
	if root := os.Getenv("GITHUB_WORKSPACE"); root != "" {
		return root
	}
	for dir := r.Dir; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return r.Dir
		}
	}
}

// at returns the position of a byte, counted from 0, of a file.
func (r *report) at(file string, offset int) position {
	line, col := r.Sources.At(file, offset)
	return position{file, line, col}
}

// formats are the values of -format. A new one is one function and one line here.
var formats = map[string]func(io.Writer, *report) error{
	"text":       writeText,
	"json":       writeJSON,
	"github":     writeGitHub,
	"gitlab":     writeGitLab,
	"sarif":      writeSARIF,
	"rdjson":     writeReviewdog,
	"checkstyle": writeCheckstyle,
}

// writeJSON writes what go vet -json writes, as one object with its keys sorted.
func writeJSON(w io.Writer, r *report) error {
	tree := make(map[string]map[string]any)
	for _, f := range r.Findings {
		checks := tree[f.Package]
		if checks == nil {
			checks = make(map[string]any)
			tree[f.Package] = checks
		}
		list, _ := checks[f.Check].([]diagnostic)
		checks[f.Check] = append(list, f.diagnostic)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(tree)
}

// writeGitHub writes workflow commands, which GitHub shows beside the lines of a
// pull request.
func writeGitHub(w io.Writer, r *report) error {
	root := r.repository()
	for _, f := range r.Findings {
		place := fmt.Sprintf("file=%s,line=%d", escapeProperty(filepath.ToSlash(shortPath(root, f.Pos.File))), f.Pos.Line)
		if f.Pos.Col > 0 {
			place += fmt.Sprintf(",col=%d", f.Pos.Col)
		}
		if f.EndPos.File == f.Pos.File && f.EndPos.Line >= f.Pos.Line {
			place += fmt.Sprintf(",endLine=%d", f.EndPos.Line)
			if f.EndPos.Line == f.Pos.Line && f.EndPos.Col > f.Pos.Col {
				place += fmt.Sprintf(",endColumn=%d", f.EndPos.Col)
			}
		}
		message := f.text()
		for _, rel := range f.Related {
			pos := parsePosition(rel.Posn)
			message += fmt.Sprintf("\n%s:%d: %s", filepath.ToSlash(shortPath(root, pos.File)), pos.Line, rel.Message)
		}
		kind := "error"
		if f.unsure() {
			kind = "warning"
		}
		if _, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", kind, place, escapeProperty("heapvet "+f.rule()), escapeData(message)); err != nil {
			return err
		}
	}
	for _, note := range r.Notes {
		if _, err := fmt.Fprintf(w, "::notice::%s\n", escapeData(note)); err != nil {
			return err
		}
	}
	return nil
}

var (
	dataEscaper     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscaper = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func escapeData(s string) string     { return dataEscaper.Replace(s) }
func escapeProperty(s string) string { return propertyEscaper.Replace(s) }
