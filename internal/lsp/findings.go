package lsp

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/source"
)

// A finding is one line of what the command prints, as the protocol has it.
type finding struct {
	file string
	diagnostic
	fixes []fix
}

type fix struct {
	title string
	edits map[string][]textEdit // by file name
}

// parse reads what heapvet -json prints. Texts are the contents of files that differ from
// what is on disk.
func (s *Server) parse(stdout []byte, texts map[string]string) ([]*finding, error) {
	var tree map[string]map[string][]struct {
		Category, Confidence, Posn, End, Message string
		Fixes                                    []struct {
			Message string
			Edits   []struct {
				Filename   string
				Start, End int
				New        string
			}
		} `json:"suggested_fixes"`
		Related []struct{ Posn, End, Message string }
	}
	if err := json.Unmarshal(stdout, &tree); err != nil {
		return nil, err
	}
	files := make(source.Files)
	for file, text := range texts {
		files.Set(file, text)
	}
	var all []*finding
	for _, checks := range tree {
		for check, list := range checks {
			for _, d := range list {
				at := locationOf(files, d.Posn, d.End)
				file, err := fileOf(at.URI)
				if err != nil {
					continue
				}
				f := &finding{file: file, diagnostic: diagnostic{
					Range:    at.Range,
					Severity: s.severityOf(check, d.Confidence),
					Code:     check,
					Source:   "heapvet",
					Message:  d.Message,
				}}
				if d.Category != "" && d.Category != check {
					f.Code += "/" + d.Category
				}
				f.CodeInfo = &codeInfo{s.URL(check)}
				for _, r := range d.Related {
					f.Information = append(f.Information, relatedTo{locationOf(files, r.Posn, r.End), r.Message})
				}
				f.fixes = slices.Grow(f.fixes, len(d.Fixes))
				for _, x := range d.Fixes {
					one := fix{x.Message, make(map[string][]textEdit)}
					for _, e := range x.Edits {
						one.edits[e.Filename] = append(one.edits[e.Filename],
							textEdit{textRange{offset(files, e.Filename, e.Start), offset(files, e.Filename, e.End)}, e.New})
					}
					f.fixes = append(f.fixes, one)
				}
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b *finding) int {
		if a.Range != b.Range {
			if a.Range.Start.before(b.Range.Start) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Code+a.Message, b.Code+b.Message)
	})
	return all, nil
}

// severityOf makes warnings of what is told by default, and no more than information of what
// is told on request only.
func (s *Server) severityOf(check, confidence string) int {
	if confidence == "" && (s.Sure == nil || s.Sure(check)) {
		return severityWarning
	}
	return severityInformation
}

// locationOf converts two positions "file:line:column".
func locationOf(files source.Files, from, to string) location {
	file, start := positionOf(files, from)
	end := start
	if other, e := positionOf(files, to); other == file && start.before(e) {
		end = e
	}
	return location{source.URI(file), textRange{start, end}}
}

func positionOf(files source.Files, place string) (file string, p textPosition) {
	file, line, col := source.Split(place)
	return file, textPosition{max(line-1, 0), files.UTF16(file, line, max(col, 1)) - 1}
}

func offset(files source.Files, file string, n int) textPosition {
	line, col := files.At(file, n)
	return textPosition{max(line-1, 0), files.UTF16(file, line, col) - 1}
}
