package unit

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// The JSON form of findings is that of go vet -json:
//
//	{package ID: {analyzer: [finding, …] or {"error": text}}}

type jsonTree map[string]map[string]any

type jsonError struct {
	Err string `json:"error"`
}

type jsonDiagnostic struct {
	Category       string        `json:"category,omitempty"`
	Confidence     string        `json:"confidence,omitempty"` // Medium, or "" for high
	Posn           string        `json:"posn"`                 // file:line:column
	End            string        `json:"end"`
	Message        string        `json:"message"`
	SuggestedFixes []jsonFix     `json:"suggested_fixes,omitempty"`
	Related        []jsonRelated `json:"related,omitempty"`
}

// Medium is the confidence of findings that checks make only when asked for all.
const Medium = "medium"

type jsonFix struct {
	Message string     `json:"message"`
	Edits   []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"` // in bytes, from 0
	End      int    `json:"end"`
	New      string `json:"new"`
}

type jsonRelated struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

func printJSON(w io.Writer, u *unit, results []*result, describe bool) error {
	units := make(map[string]any)
	if describe {
		d, err := u.description()
		if err != nil {
			return err
		}
		units[Description] = d
	}
	for _, r := range results {
		if r.err != nil {
			units[r.Name] = jsonError{r.err.Error()}
		} else if len(r.diagnostics) > 0 {
			list := make([]jsonDiagnostic, len(r.diagnostics))
			for i, d := range r.diagnostics {
				list[i] = u.jsonOf(d)
				if r.medium != nil && r.medium(d) {
					list[i].Confidence = Medium
				}
			}
			units[r.Name] = list
		}
	}
	tree := make(jsonTree)
	if len(units) > 0 {
		tree[u.cfg.ID] = units
	}
	data, err := json.MarshalIndent(tree, "", "\t")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func (u *unit) jsonOf(d analysis.Diagnostic) jsonDiagnostic {
	posn := func(pos token.Pos) string { return u.fset.Position(pos).String() }
	j := jsonDiagnostic{
		Category: d.Category,
		Posn:     posn(d.Pos),
		End:      posn(cmp.Or(d.End, d.Pos)),
		Message:  d.Message,
	}
	j.SuggestedFixes = slices.Grow(j.SuggestedFixes, len(d.SuggestedFixes))
	for _, f := range d.SuggestedFixes {
		jf := jsonFix{Message: f.Message}
		jf.Edits = slices.Grow(jf.Edits, len(f.TextEdits))
		for _, e := range f.TextEdits {
			start, end := u.fset.Position(e.Pos), u.fset.Position(e.End)
			jf.Edits = append(jf.Edits, jsonEdit{start.Filename, start.Offset, end.Offset, string(e.NewText)})
		}
		j.SuggestedFixes = append(j.SuggestedFixes, jf)
	}
	j.Related = slices.Grow(j.Related, len(d.Related))
	for _, r := range d.Related {
		j.Related = append(j.Related, jsonRelated{posn(r.Pos), posn(cmp.Or(r.End, r.Pos)), r.Message})
	}
	return j
}

// printText prints findings for people, on standard error as vet tools do. It
// is for those who run the tool on a unit by hand: go vet asks for JSON.
func (t *tool) printText(u *unit, results []*result) {
	line := func(pos, end token.Pos, format string, args ...any) {
		posn := u.fset.Position(pos)
		fmt.Fprintf(os.Stderr, "%s: %s\n", posn, fmt.Sprintf(format, args...))
		if t.context < 0 {
			return
		}
		data, _ := os.ReadFile(posn.Filename)
		lines := strings.Split(string(data), "\n")
		last := max(posn.Line, u.fset.Position(end).Line)
		for i := max(1, posn.Line-t.context); i <= min(len(lines), last+t.context); i++ {
			fmt.Fprintf(os.Stderr, "%d\t%s\n", i, lines[i-1])
		}
	}
	for _, r := range results {
		if r.err != nil {
			fmt.Fprintf(os.Stderr, "heapvet: %s: %v\n", r.Name, r.err)
			t.code = 1
			continue
		}
		for _, d := range r.diagnostics {
			name := r.Name
			if d.Category != "" {
				name += "/" + d.Category
			}
			line(d.Pos, d.End, "%s (%s)", d.Message, name)
			for _, rel := range d.Related {
				line(rel.Pos, rel.End, "\t%s", rel.Message)
			}
			t.code = 1
		}
	}
}

// validFixes brings the edits of the fixes into order and reports what is wrong
// with them, if anything: that is a mistake of the check.
// Fixes to files that were made from others, as cgo does, are dropped: the edits
// would hit the wrong bytes of the original.
func (u *unit) validFixes(d *analysis.Diagnostic) error {
	messages := make(map[string]bool)
	for i := range d.SuggestedFixes {
		fix := &d.SuggestedFixes[i]
		if messages[fix.Message] {
			return errors.New("two fixes have the same message")
		}
		messages[fix.Message] = true
		slices.SortStableFunc(fix.TextEdits, func(x, y analysis.TextEdit) int {
			return cmp.Or(cmp.Compare(x.Pos, y.Pos), cmp.Compare(x.End, y.End))
		})
		var last token.Pos
		for i := range fix.TextEdits {
			e := &fix.TextEdits[i]
			file := u.fset.File(e.Pos)
			if file == nil {
				return errors.New("an edit is outside of all files")
			}
			eof := token.Pos(file.Base() + file.Size())
			if !e.End.IsValid() {
				e.End = e.Pos
			} else if e.End > eof && e.End < eof+10 {
				e.End = eof // computed ends of nodes may lie behind an unfinished last line
			}
			switch {
			case e.End < e.Pos || e.End > eof:
				return fmt.Errorf("an edit ends outside of %s", file.Name())
			case e.Pos < last:
				return fmt.Errorf("edits overlap at %s", u.fset.Position(e.Pos))
			}
			last = e.End
		}
	}
	d.SuggestedFixes = slices.DeleteFunc(d.SuggestedFixes, func(fix analysis.SuggestedFix) bool {
		return slices.ContainsFunc(fix.TextEdits, func(e analysis.TextEdit) bool {
			return u.fset.Position(e.Pos).Filename != u.fset.PositionFor(e.Pos, false).Filename
		})
	})
	return nil
}
