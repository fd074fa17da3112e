package lint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// In each source, the numbers in comments mark the lines that findings of check
// "prealloc" are silenced on; the test compares them with all lines.
func TestSuppressions(t *testing.T) {
	for _, test := range []struct{ name, src string }{
		{"one line", `package p
func f() {
	g()
	g() //nolint // silent
	g()
}`},
		{"named", `package p
func f() {
	g() //nolint:prealloc // silent
	g() //nolint:prealloc,gocritic // silent
	g() //nolint:gocritic, prealloc // silent
	g() //nolint:all // silent
	g() //nolint:heapvet // silent
	g() //nolint:heapvet/prealloc // silent
	g() //nolint:PreAlloc // silent
	g() // nolint:prealloc // silent
	g() //  nolint // silent
	g() //nolint:gocritic
	g() //nolint:staticcheck
	g() //nolint:preallocated
	g() //nolintlint
	g() //no lint
	g() /* nolint */
	g() // see nolint
}`},
		{"before a statement", `package p
func f() {
	//nolint:prealloc // silent
	for range 3 { // silent
		g() // silent
	} // silent
	g()
}`},
		{"before a statement, with more comment", `package p
func f() {
	// This is so. silent
	//nolint:prealloc // silent
	// Really. silent
	h( // silent
		g(), // silent
	) // silent
	g()
}`},
		{"not adjacent", `package p
func f() {
	//nolint:prealloc // silent

	g()
}`},
		{"another column", `package p
func f() {
		//nolint:prealloc // silent
	g()
}`},
		{"before a declaration", `package p
//nolint:prealloc // silent
func f() { // silent
	g() // silent
} // silent
func h() {
	g()
}`},
		{"before a field and a spec", `package p
type t struct {
	//nolint:prealloc // silent
	f func( // silent
		int) // silent
	g int
}
var (
	//nolint:prealloc // silent
	x = []int{ // silent
		1, // silent
	} // silent
	y = 2
)`},
		{"before the package", `//nolint:prealloc // silent
package p // silent
func f() { // silent
	g() // silent
} // silent`},
		{"behind an opening brace", `package p
func f() { //nolint:prealloc // silent
	g() // silent
} // silent
func h() {
	go func() { //nolint:prealloc // silent
		g() // silent
	}() // silent
	if a { //nolint:prealloc // silent
		g() // silent
	} else { // silent
		g() // silent
	} // silent
	x := []int{ //nolint:prealloc // silent
		1,
	}
	g()
}`},
		{"behind the closing brace", `package p
func f() {
	for range 3 {
		g()
	} //nolint:prealloc // silent
	g()
}`},
		{"lint:ignore", `package p
func f() {
	//lint:ignore prealloc it is so: silent
	g() // silent
	g()
	//lint:ignore SA1000,prealloc it is so: silent
	g() // silent
	//lint:ignore pre* it is so: silent
	g() // silent
	//lint:ignore SA1000 it is so
	g()
	//lint:ignore prealloc
	g()
	// lint:ignore prealloc it is so
	g()
	//lint:ignores prealloc it is so
	g()
}`},
		{"lint:file-ignore", `package p // silent
func f() { // silent
	g() // silent
	//lint:file-ignore prealloc it is so: silent
} // silent`},
		{"lint:file-ignore without reason", `package p
//lint:file-ignore prealloc
func f() { }`},
	} {
		t.Run(test.name, func(t *testing.T) {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, "p.go", test.src, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			sups := lint.ParseSuppressions(fset, file)
			tf := fset.File(file.FileStart)
			for i, line := range strings.Split(test.src, "\n") {
				got := sups.Match(fset, "prealloc", tf.LineStart(i+1)) != nil
				if want := strings.Contains(line, "silent"); got != want {
					t.Errorf("line %d %q: silenced %v, want %v", i+1, line, got, want)
				}
			}
		})
	}
}

func TestSuppressionParts(t *testing.T) {
	for _, test := range []struct {
		comment   string
		names     []string
		reason    string
		malformed bool
	}{
		{"//nolint", nil, "", false},
		{"//nolint:all // x", nil, "x", false},
		{"//nolint: a , b //  why not ", []string{"a", "b"}, "why not", false},
		{"//lint:ignore a,b why not", []string{"a", "b"}, "why not", false},
		{"//lint:ignore a", []string{"a"}, "", true},
		{"//lint:file-ignore a ", []string{"a"}, "", true},
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", "package p\n"+test.comment+"\n", parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		list := lint.ParseSuppressions(fset, file).List
		if len(list) != 1 {
			t.Errorf("%s: %d suppressions", test.comment, len(list))
			continue
		}
		got := list[0]
		if !slices.Equal(got.Names, test.names) || got.Reason != test.reason || got.Malformed != test.malformed {
			t.Errorf("%s: %+v", test.comment, got)
		}
	}
}

func TestSuppressionCovers(t *testing.T) {
	for _, test := range []struct {
		name, check string
		want        bool
	}{
		{"staticcheck", "SA6002", true},
		{"staticcheck", "sample", false},
		{"staticcheck", "SArrrr", false},
		{"sa6002", "SA6002", true},
		{"SA60*", "SA6002", true},
		{"SA6003", "SA6002", false},
		{"[", "SA6002", false},
		{"bodyclose", "lostbody", true},
		{"bodyclose", "lostclose", false},
		{"staticcheck", "wastedpool", true},
		{"SA1012", "ctxvalue", false},
	} {
		s := &lint.Suppression{Names: []string{test.name}}
		if got := s.Covers(test.check); got != test.want {
			t.Errorf("%q covers %s: %v", test.name, test.check, got)
		}
	}
}

func TestSuppressionOfNeighbours(t *testing.T) {
	const src = `package p
//nolint:gocritic // hugeParam
func f() {
	g()
	defer g() //nolint:gocritic // deferInLoop
	//nolint:revive // all of them
	defer g()
}`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	s := lint.ParseSuppressions(fset, file)
	for check, want := range map[string][]int{"deferloop": {5, 6, 7}, "ctxlost": {5}, "lostclose": nil} {
		var got []int
		for line := 3; line <= 7; line++ {
			if s.Match(fset, check, fset.File(file.Pos()).LineStart(line)) != nil {
				got = append(got, line)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: silenced on %v, not %v", check, got, want)
		}
	}
}

func TestNew(t *testing.T) {
	const src = `package p
var a = 1
var b = 2 //nolint:one
`
	for _, test := range []struct {
		header string
		show   bool
		want   []string
	}{
		{"", false, []string{"a/cat"}},
		{"", true, []string{"a/cat", "b/cat" + lint.SuppressedMark}},
		{"// Code generated by x. DO NOT EDIT.\n\n", true, nil},
		{"/*\n * Service API\n *\n * Generated by: x (https://example.org)\n */\n\n", true, nil},
		{"// Reads what is\n// generated by: the other end.\n\n", false, []string{"a/cat"}},
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", test.header+src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		a := lint.New(&analysis.Analyzer{Name: "one", Run: func(pass *analysis.Pass) (any, error) {
			for _, decl := range pass.Files[0].Decls {
				name := decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Names[0]
				related := []analysis.RelatedInformation{{Message: "nowhere"}, {Pos: file.Name.Pos(), Message: "somewhere"}}
				pass.Report(analysis.Diagnostic{Pos: name.Pos(), Category: "cat", Message: name.Name, Related: related})
			}
			pass.Report(analysis.Diagnostic{Pos: token.Pos(1 << 20), Message: "outside of all files"})
			return nil, nil
		}})
		if test.show {
			a.Flags.Set(lint.FlagSuppressed, "true")
		}
		var got []string
		_, err = a.Run(&analysis.Pass{Analyzer: a, Fset: fset, Files: []*ast.File{file}, Report: func(d analysis.Diagnostic) {
			got = append(got, d.Message+"/"+d.Category)
			if len(d.Related) != 1 || d.Related[0].Message != "somewhere" {
				t.Errorf("related to %v; want what has a position", d.Related)
			}
		}})
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%q, %v: %q, %v; want %q", test.header, test.show, got, err, test.want)
		}
	}
}

// A large file with many comments must cost little: this takes milliseconds, and
// minutes if each comment walks the file.
func TestSuppressionsOfLargeFile(t *testing.T) {
	src := "package p\n" + strings.Repeat("func _() {\n\tg() //nolint:prealloc\n}\n", 20_000)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(lint.ParseSuppressions(fset, file).List); n != 20_000 {
		t.Errorf("%d suppressions", n)
	}
}
