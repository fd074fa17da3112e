package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/fix"
	"github.com/heapvet/heapvet/internal/source"
)

// A baseline is a list of known findings, which are not shown.
type baseline struct {
	Version  int      `json:"version"`
	All      bool     `json:"all,omitempty"` // written with -all
	Findings []*known `json:"findings"`

	file string
	dir  string // of the file; absolute, links resolved
}

const baselineVersion = 1

// A fingerprint names a finding by what it is about and not by the number of its
// line, so that it stays known when lines move.
type fingerprint struct {
	File string `json:"file"` // relative to the baseline, slash-separated
	Rule string `json:"rule"` // check or check/category
	Text string `json:"text"` // of the line, trimmed
}

// known are the findings of one fingerprint.
type known struct {
	fingerprint
	Count int `json:"count"`
}

// newBaseline returns an empty baseline for the file.
func newBaseline(file string) (*baseline, error) {
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	return &baseline{Version: baselineVersion, Findings: []*known{}, file: file, dir: realPath(dir)}, nil
}

func readBaseline(file string) (*baseline, error) {
	b, err := newBaseline(file)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w\nheapvet -write-baseline %s ./... writes it", err, file)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(b); err != nil {
		return nil, fmt.Errorf("%s is not a baseline: %v", file, err)
	}
	if b.Version != baselineVersion {
		return nil, fmt.Errorf("%s has version %d; this program knows version %d", file, b.Version, baselineVersion)
	}
	return b, nil
}

func (b *baseline) fingerprint(f *finding, src source.Files) fingerprint {
	file := realPath(f.Pos.File)
	if rel, err := filepath.Rel(b.dir, file); err == nil {
		file = rel
	}
	return fingerprint{
		File: filepath.ToSlash(file),
		Rule: f.rule(),
		Text: strings.TrimSpace(src.Line(f.Pos.File, f.Pos.Line)),
	}
}

// add makes the findings known.
func (b *baseline) add(fs []*finding, src source.Files) {
	entries := make(map[fingerprint]*known)
	for _, f := range fs {
		fp := b.fingerprint(f, src)
		if entries[fp] == nil {
			entries[fp] = &known{fingerprint: fp}
			b.Findings = append(b.Findings, entries[fp])
		}
		entries[fp].Count++
	}
	slices.SortFunc(b.Findings, func(x, y *known) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Text, y.Text))
	})
}

// remove returns the findings that are not known, and the entries, with what is
// left of their counts, that no finding answers to.
func (b *baseline) remove(fs []*finding, src source.Files) (unknown []*finding, lost []*known) {
	left := make(map[fingerprint]*known)
	for _, k := range b.Findings {
		if have := left[k.fingerprint]; have != nil {
			have.Count += k.Count
			continue
		}
		left[k.fingerprint] = &known{k.fingerprint, k.Count}
		lost = append(lost, left[k.fingerprint])
	}
	for _, f := range fs {
		if k := left[b.fingerprint(f, src)]; k != nil && k.Count > 0 {
			k.Count--
		} else {
			unknown = append(unknown, f)
		}
	}
	return unknown, slices.DeleteFunc(lost, func(k *known) bool { return k.Count <= 0 })
}

// write replaces the file, or leaves it as it is if that fails.
func (b *baseline) write() error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(b); err != nil {
		return err
	}
	return fix.WriteFile(b.file, buf.Bytes())
}

// realPath resolves links where the path exists.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
