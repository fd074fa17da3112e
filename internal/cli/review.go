package cli

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/heapvet/heapvet/lint"
)

// The Reviewdog Diagnostic Format (github.com/reviewdog/reviewdog/tree/master/proto/rdf).
// Columns count bytes, from 1.

type rdResult struct {
	Source      rdSource       `json:"source"`
	Severity    string         `json:"severity"`
	Diagnostics []rdDiagnostic `json:"diagnostics"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity,omitempty"` // "" for that of the whole
	Code        rdCode         `json:"code"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
	Related     []rdRelated    `json:"related_locations,omitempty"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRange struct {
	Start rdPosition  `json:"start"`
	End   *rdPosition `json:"end,omitempty"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
}

// writeReviewdog writes rdjson. A suggestion there changes one place, so a fix is
// offered where it is one edit.
func writeReviewdog(w io.Writer, r *report) error {
	root := r.repository()
	location := func(from, to position) rdLocation {
		loc := rdLocation{Path: filepath.ToSlash(shortPath(root, from.File))}
		if from.Line > 0 {
			loc.Range = rangeOf(from, to)
		}
		return loc
	}
	out := rdResult{
		Source:      rdSource{"heapvet", "https://github.com/heapvet/heapvet"},
		Severity:    "WARNING",
		Diagnostics: make([]rdDiagnostic, 0, len(r.Findings)),
	}
	for _, f := range r.Findings {
		d := rdDiagnostic{Message: f.text(), Location: location(f.Pos, f.EndPos), Code: rdCode{Value: f.rule()}}
		if f.unsure() {
			d.Severity = "INFO"
		}
		if r.Checks.find(f.Check) != nil {
			d.Code.URL = lint.URL(f.Check)
		}
		d.Related = slices.Grow(d.Related, len(f.Related))
		for _, rel := range f.Related {
			d.Related = append(d.Related, rdRelated{rel.Message, location(parsePosition(rel.Posn), parsePosition(rel.End))})
		}
		for _, fx := range f.SuggestedFixes {
			if len(fx.Edits) == 1 && fx.Edits[0].Filename == f.Pos.File {
				e := fx.Edits[0]
				d.Suggestions = append(d.Suggestions, rdSuggestion{
					*rangeOf(r.at(e.Filename, e.Start), r.at(e.Filename, e.End)), e.New})
			}
		}
		out.Diagnostics = append(out.Diagnostics, d)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(out)
}

func rangeOf(from, to position) *rdRange {
	r := &rdRange{Start: rdPosition{from.Line, from.Col}}
	if to.File == from.File && to.Line >= from.Line {
		r.End = &rdPosition{to.Line, to.Col}
	}
	return r
}

// writeCheckstyle writes the XML of Checkstyle, which most CI servers read.
func writeCheckstyle(w io.Writer, r *report) error {
	type problem struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr,omitempty"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
	type file struct {
		Name     string    `xml:"name,attr"`
		Problems []problem `xml:"error"`
	}
	type checkstyle struct {
		XMLName struct{} `xml:"checkstyle"`
		Version string   `xml:"version,attr"`
		Files   []*file  `xml:"file"`
	}
	root := r.repository()
	out := checkstyle{Version: "5.0"}
	files := make(map[string]*file)
	for _, f := range r.Findings {
		name := filepath.ToSlash(shortPath(root, f.Pos.File))
		if files[name] == nil {
			files[name] = &file{Name: name}
			out.Files = append(out.Files, files[name])
		}
		severity := "warning"
		if f.unsure() {
			severity = "info"
		}
		files[name].Problems = append(files[name].Problems, problem{
			f.Pos.Line, f.Pos.Col, severity, f.text(), "heapvet." + f.rule()})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "\t")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}
