package cli

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"honnef.co/go/tools/sarif"

	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/lint"
)

// The types of honnef.co/go/tools lack what code scanning needs to follow a
// finding through changes, and the paths that lead to it.

type sarifLog struct {
	Version string     `json:"version"`
	Schema  string     `json:"$schema"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	sarif.Run
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifResult struct {
	sarif.Result
	PartialFingerprints map[string]string `json:"partialFingerprints"`
	CodeFlows           []sarifCodeFlow   `json:"codeFlows,omitempty"`
}

type sarifCodeFlow struct {
	ThreadFlows []sarifThreadFlow `json:"threadFlows"`
}

type sarifThreadFlow struct {
	Locations []sarifFlowLocation `json:"locations"`
}

type sarifFlowLocation struct {
	Location sarif.Location `json:"location"`
}

// sarifRoot is what code scanning replaces by the root of the repository.
const sarifRoot = "%SRCROOT%"

// writeSARIF writes SARIF 2.1.0, for code scanning.
func writeSARIF(w io.Writer, r *report) error {
	s := &sarifWriter{report: r, root: r.repository()}
	log := sarifLog{
		Version: "2.1.0",
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Runs: []sarifRun{{
			Run: sarif.Run{
				Tool: sarif.Tool{Driver: sarif.ToolComponent{
					Name:           "heapvet",
					Version:        toolVersion(),
					InformationURI: "https://github.com/heapvet/heapvet",
					Rules:          s.rules(),
				}},
				Invocations: []sarif.Invocation{{ExecutionSuccessful: len(r.Failures) == 0}},
			},
			ColumnKind: "utf16CodeUnits",
			Results:    s.results(),
		}},
	}
	return encodeSARIF(w, &log)
}

func encodeSARIF(w io.Writer, log *sarifLog) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(log)
}

type sarifWriter struct {
	*report
	root string // paths are relative to it
}

// rules describes the rules that the findings name.
func (s *sarifWriter) rules() []sarif.ReportingDescriptor {
	byID := make(map[string]sarif.ReportingDescriptor)
	for _, f := range s.Findings {
		id := f.rule()
		if _, ok := byID[id]; ok {
			continue
		}
		rule := sarif.ReportingDescriptor{
			ID:                   id,
			ShortDescription:     sarif.Message{Text: id},
			Help:                 sarif.Message{Text: "heapvet explain " + f.Check},
			DefaultConfiguration: sarif.ReportingConfiguration{Enabled: true, Level: "warning"},
		}
		if check := s.Checks.find(f.Check); check != nil {
			title, text := splitDoc(check.New().Doc)
			rule.ShortDescription.Text = title
			for _, c := range check.Categories {
				if c.Name == f.Category {
					rule.ShortDescription.Text = c.Title
				}
			}
			rule.Help = sarif.Message{Text: title + "\n\n" + text, Markdown: title + "\n\n" + text}
			rule.HelpURI = lint.URL(f.Check)
		}
		byID[id] = rule
	}
	rules := make([]sarif.ReportingDescriptor, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		rules = append(rules, byID[id])
	}
	return rules
}

func (s *sarifWriter) results() []sarifResult {
	results := make([]sarifResult, 0, len(s.Findings))
	seen := make(map[string]int)
	for _, f := range s.Findings {
		res := sarifResult{Result: sarif.Result{
			RuleID:       f.rule(),
			Kind:         "fail",
			Level:        "warning",
			Message:      sarif.Message{Text: f.text()},
			Suppressions: []sarif.Suppression{},
		}}
		if f.unsure() {
			res.Level = "note"
		}
		if f.Pos.Line > 0 {
			res.Locations = []sarif.Location{s.location(f.Pos, f.EndPos, "")}
		}
		var flow []sarifFlowLocation
		for i, rel := range f.Related {
			pos := parsePosition(rel.Posn)
			if pos.Line == 0 {
				continue
			}
			loc := s.location(pos, parsePosition(rel.End), rel.Message)
			loc.ID = i + 1
			res.RelatedLocations = append(res.RelatedLocations, loc)
			loc.ID = 0
			flow = append(flow, sarifFlowLocation{loc})
		}
		if len(flow) > 1 {
			res.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{{flow}}}}
		}
		for _, fx := range f.SuggestedFixes {
			res.Fixes = append(res.Fixes, s.fix(fx))
		}
		res.PartialFingerprints = map[string]string{"heapvet/v1": s.fingerprint(f, seen)}
		results = append(results, res)
	}
	return results
}

// fingerprint names a finding by the text of its line, so that it is the same when
// lines move; seen counts those that are alike.
func (s *sarifWriter) fingerprint(f *finding, seen map[string]int) string {
	key := fmt.Sprintf("%s\n%s\n%s", f.rule(), s.uri(f.Pos.File), strings.TrimSpace(s.Sources.Line(f.Pos.File, f.Pos.Line)))
	seen[key]++
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s\n%d", key, seen[key])))[:32]
}

func (s *sarifWriter) location(from, to position, message string) sarif.Location {
	if to == from {
		to = position{} // a place, where an empty region would be a gap
	}
	loc := sarif.Location{PhysicalLocation: sarif.PhysicalLocation{
		ArtifactLocation: s.artifact(from.File),
		Region:           s.region(from, to),
	}}
	if message != "" {
		loc.Message = &sarif.Message{Text: message}
	}
	return loc
}

func (s *sarifWriter) region(from, to position) sarif.Region {
	r := sarif.Region{StartLine: from.Line, StartColumn: s.column(from)}
	if to.File == from.File && (to.Line > from.Line || to.Line == from.Line && to.Col >= from.Col) {
		r.EndLine, r.EndColumn = to.Line, s.column(to)
	}
	return r
}

// column returns the column of a position in UTF-16 code units.
func (s *sarifWriter) column(p position) int { return s.Sources.UTF16(p.File, p.Line, p.Col) }

func (s *sarifWriter) artifact(file string) sarif.ArtifactLocation {
	loc := sarif.ArtifactLocation{URI: s.uri(file)}
	if !strings.HasPrefix(loc.URI, "file:") {
		loc.URIBaseID = sarifRoot
	}
	return loc
}

// uri is relative to the root of the repository for the files in it.
func (s *sarifWriter) uri(file string) string {
	if rel, err := filepath.Rel(s.root, file); err == nil && filepath.IsLocal(rel) {
		return (&url.URL{Path: filepath.ToSlash(rel)}).EscapedPath()
	}
	return source.URI(file)
}

func (s *sarifWriter) fix(fx suggestedFix) sarif.Fix {
	changes := make(map[string]*sarif.ArtifactChange)
	for _, e := range fx.Edits {
		change := changes[e.Filename]
		if change == nil {
			change = &sarif.ArtifactChange{ArtifactLocation: s.artifact(e.Filename)}
			changes[e.Filename] = change
		}
		change.Replacements = append(change.Replacements, sarif.Replacement{
			DeletedRegion:   s.region(s.at(e.Filename, e.Start), s.at(e.Filename, e.End)),
			InsertedContent: sarif.ArtifactContent{Text: e.New},
		})
	}
	fix := sarif.Fix{Description: sarif.Message{Text: fx.Message}}
	fix.ArtifactChanges = slices.Grow(fix.ArtifactChanges, len(changes))
	for _, file := range slices.Sorted(maps.Keys(changes)) {
		fix.ArtifactChanges = append(fix.ArtifactChanges, *changes[file])
	}
	return fix
}
