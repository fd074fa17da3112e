// Package fix applies suggested fixes to files.
//
// A fix is applied whole or not at all; fixes that cannot stand together are
// skipped and say why, and so are those that would touch generated files or leave
// a file that does not parse. Applying fixes never depends on the order in which
// they were found.
package fix

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/go/analysis"
)

// An Edit replaces bytes [Start, End) of a file. It has the form of the edits in
// the output of go vet -json.
type Edit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	New      string `json:"new"`
}

// A Fix is a set of edits that belong together.
type Fix struct {
	Check   string // which check suggests it
	Message string // what it does: "use slices.Grow"
	Edits   []Edit
}

// Of returns the first fix that a check suggests for a finding; others are alternatives.
func Of(fset *token.FileSet, check string, d *analysis.Diagnostic) Fix {
	s := d.SuggestedFixes[0]
	f := Fix{Check: check, Message: s.Message}
	f.Edits = slices.Grow(f.Edits, len(s.TextEdits))
	for _, e := range s.TextEdits {
		start, end := fset.PositionFor(e.Pos, false), fset.PositionFor(e.End, false)
		if !e.End.IsValid() {
			end = start
		}
		f.Edits = append(f.Edits, Edit{start.Filename, start.Offset, end.Offset, string(e.NewText)})
	}
	return f
}

// A Skipped is a fix that was not applied.
type Skipped struct {
	Fix
	Reason string
}

// A File is a file that fixes change.
type File struct {
	Name     string
	Old, New []byte
}

// Diff returns the change as a unified diff of names a/name and b/name, or of
// Name itself if it is absolute.
func (f *File) Diff() []byte {
	before, after := "a/"+filepath.ToSlash(f.Name), "b/"+filepath.ToSlash(f.Name)
	if filepath.IsAbs(f.Name) {
		before, after = f.Name, f.Name
	}
	_, text, _ := bytes.Cut(diff.Diff(before, f.Old, after, f.New), []byte("\n")) // "diff a b"
	return text
}

// Imports reports whether the new contents import the package, whose path is quoted.
func (f *File) Imports(path string) bool {
	file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.New, parser.ImportsOnly)
	return err == nil && slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == path })
}

// Write replaces the file by its new contents, at once: whoever reads it, or
// interrupts this, sees either the old or the new ones.
func (f *File) Write() error { return WriteFile(f.Name, f.New) }

// WriteFile writes a file at once. An existing file keeps its mode, and a symbolic
// link to it stays one.
func WriteFile(name string, data []byte) (err error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	mode := os.FileMode(0o666)
	old, statErr := os.Stat(name)
	if statErr == nil {
		mode = old.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".heapvet-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if statErr == nil {
		if err := tmp.Chmod(mode); err != nil {
			return err
		}
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// Apply applies the fixes to the contents that read returns, and returns the
// files that change, by name, and the fixes that were left out.
//
// The same edit in several fixes, such as the same new import, is made once.
// Imports that only the replaced code needed are removed. Files that were formatted
// stay so.
func Apply(fixes []Fix, read func(name string) ([]byte, error)) ([]*File, []Skipped) {
	fixes = slices.Clone(fixes)
	for i := range fixes {
		fixes[i].Edits = slices.Clone(fixes[i].Edits)
		slices.SortStableFunc(fixes[i].Edits, compareEdits)
	}
	slices.SortStableFunc(fixes, compareFixes)
	fixes = slices.CompactFunc(fixes, func(x, y Fix) bool { return slices.Equal(x.Edits, y.Edits) })

	a := applier{read: read, sources: make(map[string]*source)}
	var dropped []Skipped
	for {
		files, skipped, bad := a.apply(fixes)
		if bad == "" {
			return files, append(dropped, skipped...)
		}
		// All fixes that touch the file are off, and with them their edits elsewhere.
		fixes = slices.DeleteFunc(fixes, func(f Fix) bool {
			touches := slices.ContainsFunc(f.Edits, func(e Edit) bool { return e.Filename == bad })
			if touches {
				dropped = append(dropped, Skipped{f, "the result would not parse"})
			}
			return touches
		})
	}
}

func compareEdits(x, y Edit) int {
	return cmp.Or(cmp.Compare(x.Filename, y.Filename), cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End))
}

func compareFixes(x, y Fix) int {
	return cmp.Or(
		slices.CompareFunc(x.Edits, y.Edits, func(x, y Edit) int {
			return cmp.Or(compareEdits(x, y), cmp.Compare(x.New, y.New))
		}),
		cmp.Compare(x.Check, y.Check), cmp.Compare(x.Message, y.Message))
}

// source is what is known about a file before it is changed.
type source struct {
	text      []byte
	err       error
	generated bool
	formatted bool
	file      *ast.File
}

type applier struct {
	read    func(string) ([]byte, error)
	sources map[string]*source
}

func (a *applier) source(name string) *source {
	if s := a.sources[name]; s != nil {
		return s
	}
	s := new(source)
	a.sources[name] = s
	if s.text, s.err = a.read(name); s.err != nil {
		return s
	}
	var err error
	if s.file, err = parser.ParseFile(token.NewFileSet(), name, s.text, parser.ParseComments); err != nil {
		s.err = fmt.Errorf("the file does not parse: %v", err)
		return s
	}
	s.generated = ast.IsGenerated(s.file)
	formatted, err := format.Source(s.text)
	s.formatted = err == nil && bytes.Equal(formatted, s.text)
	return s
}

// apply returns the changed files and the fixes that were left out, or the name of
// a file whose new contents do not parse.
func (a *applier) apply(fixes []Fix) (files []*File, skipped []Skipped, bad string) {
	edits := make(map[string][]Edit)
	for _, f := range fixes {
		if reason := a.obstacle(f, edits); reason != "" {
			skipped = append(skipped, Skipped{f, reason})
			continue
		}
		for _, e := range f.Edits {
			if !slices.Contains(edits[e.Filename], e) {
				edits[e.Filename] = append(edits[e.Filename], e)
			}
		}
	}
	for name, es := range edits {
		slices.SortStableFunc(es, compareEdits)
		s := a.source(name)
		text, err := s.rewrite(name, es)
		if err != nil {
			return nil, nil, name
		}
		if !bytes.Equal(text, s.text) {
			files = append(files, &File{name, s.text, text})
		}
	}
	slices.SortFunc(files, func(x, y *File) int { return cmp.Compare(x.Name, y.Name) })
	return files, skipped, ""
}

// obstacle says why a fix cannot join the accepted edits; "" if it can.
func (a *applier) obstacle(f Fix, accepted map[string][]Edit) string {
	for _, e := range f.Edits {
		s := a.source(e.Filename)
		switch {
		case s.err != nil:
			return s.err.Error()
		case s.generated:
			return e.Filename + " is generated"
		case e.Start < 0 || e.End < e.Start || e.End > len(s.text):
			return e.Filename + " has changed since it was analysed"
		case conflicts(e, accepted[e.Filename], f.Edits):
			return "it overlaps another fix; run again to apply it"
		}
	}
	return ""
}

// newImport matches an insertion into an import declaration: two of them may
// stand at one place, in any order.
var newImport = regexp.MustCompile(`^\s*(import\s+)?([\w.]+\s+)?"[^"]+"\s*$`)

// conflicts reports whether e cannot stand beside the accepted edits, or beside
// others of its own fix.
func conflicts(e Edit, accepted, own []Edit) bool {
	for _, x := range accepted {
		if x == e {
			continue // made once
		}
		if x.Start < e.End && e.Start < x.End {
			return true
		}
		if x.Start == x.End && e.Start == e.End && x.Start == e.Start &&
			!(newImport.MatchString(x.New) && newImport.MatchString(e.New)) {
			return true
		}
	}
	overlaps := 0
	for _, x := range own {
		if x.Filename == e.Filename && x.Start < e.End && e.Start < x.End {
			overlaps++ // e itself is one, unless it is an insertion
		}
	}
	return overlaps > 1
}

// rewrite applies sorted edits that do not overlap.
func (s *source) rewrite(name string, edits []Edit) ([]byte, error) {
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(s.text[at:e.Start])
		out.WriteString(e.New)
		at = e.End
	}
	out.Write(s.text[at:])
	text, err := dropImports(name, s.file, out.Bytes())
	if err != nil || !s.formatted {
		return text, err
	}
	return format.Source(text)
}

// dropImports removes the imports that the file before used and that text does
// not use any more.
func dropImports(name string, before *ast.File, text []byte) ([]byte, error) {
	fset := token.NewFileSet()
	after, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	used, uses := freeNames(before), freeNames(after)
	type span struct{ from, to int }
	var cuts []span
	for _, decl := range after.Decls {
		decl, ok := decl.(*ast.GenDecl)
		if !ok || decl.Tok != token.IMPORT {
			continue
		}
		var dropped []*ast.ImportSpec
		for _, spec := range decl.Specs {
			spec := spec.(*ast.ImportSpec)
			if name := importName(spec, used); name != "" && !uses[name] {
				dropped = append(dropped, spec)
			}
		}
		if len(dropped) == len(decl.Specs) && len(dropped) > 0 {
			from, to := lines(fset, text, decl)
			cuts = append(cuts, span{from, to})
			continue
		}
		for _, spec := range dropped {
			from, to := lines(fset, text, spec)
			cuts = append(cuts, span{from, to})
		}
	}
	for _, c := range slices.Backward(cuts) {
		text = slices.Concat(text[:c.from], text[c.to:])
	}
	if len(cuts) > 0 {
		_, err = parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	}
	return text, err
}

// freeNames returns the names that a file uses and does not declare.
func freeNames(f *ast.File) map[string]bool {
	names := make(map[string]bool)
	for _, id := range f.Unresolved {
		names[id.Name] = true
	}
	return names
}

var majorVersion = regexp.MustCompile(`(/v[0-9]+|\.v[0-9]+)$`)

// importName returns the name under which the file used an import, or "" if
// it cannot be told or did not.
func importName(spec *ast.ImportSpec, used map[string]bool) string {
	if spec.Name != nil {
		if n := spec.Name.Name; n != "_" && n != "." && used[n] {
			return n
		}
		return ""
	}
	path := strings.Trim(spec.Path.Value, "`\"")
	if path == "C" {
		return ""
	}
	// The package's name is not at hand; if the last element of its path was in use
	// as a name, it is that.
	name := path[strings.LastIndex(path, "/")+1:]
	if used[name] {
		return name
	}
	path = majorVersion.ReplaceAllString(path, "")
	name = path[strings.LastIndex(path, "/")+1:]
	if used[name] {
		return name
	}
	return ""
}

// lines returns the extent of the lines of a node, with comments of its own; or of
// the node alone if there is something else on them.
func lines(fset *token.FileSet, text []byte, n ast.Node) (from, to int) {
	start, end := n.Pos(), n.End()
	switch n := n.(type) {
	case *ast.ImportSpec:
		if n.Doc != nil {
			start = n.Doc.Pos()
		}
		if n.Comment != nil {
			end = n.Comment.End()
		}
	case *ast.GenDecl:
		if n.Doc != nil {
			start = n.Doc.Pos()
		}
	}
	from, to = fset.PositionFor(start, false).Offset, fset.PositionFor(end, false).Offset
	lineStart := bytes.LastIndexByte(text[:from], '\n') + 1
	lineEnd := len(text)
	if i := bytes.IndexByte(text[to:], '\n'); i >= 0 {
		lineEnd = to + i + 1
	}
	rest := bytes.TrimSpace(text[to:lineEnd])
	if len(bytes.TrimSpace(text[lineStart:from])) == 0 && (len(rest) == 0 || bytes.HasPrefix(rest, []byte("//"))) {
		return lineStart, lineEnd
	}
	return from, to
}
