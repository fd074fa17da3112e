package cli

import (
	"encoding/json"
	"io"
	"path/filepath"

	"github.com/heapvet/heapvet/lint"
)

// A gitlabIssue is an element of a Code Quality report of GitLab.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// writeGitLab writes a Code Quality report, which GitLab shows in merge requests. Paths in it
// are relative to the repository.
func writeGitLab(w io.Writer, r *report) error {
	s := &sarifWriter{report: r, root: r.repository()}
	issues := make([]gitlabIssue, 0, len(r.Findings))
	seen := make(map[string]int)
	for _, f := range r.Findings {
		severity := "minor"
		if f.unsure() {
			severity = "info"
		} else if check := r.Checks.find(f.Check); check != nil && (check.Group == lint.Goroutines || check.Group == lint.Pools) {
			severity = "major"
		}
		issues = append(issues, gitlabIssue{
			Description: f.text(),
			CheckName:   f.rule(),
			Fingerprint: s.fingerprint(f, seen),
			Severity:    severity,
			Location: gitlabLocation{
				Path:  filepath.ToSlash(shortPath(s.root, f.Pos.File)),
				Lines: gitlabLines{max(f.Pos.Line, 1)},
			},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(issues)
}
