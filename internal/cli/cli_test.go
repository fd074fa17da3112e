package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	vet "golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/internal/selection"
	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/lint"
)

func TestParsePosition(t *testing.T) {
	for in, want := range map[string]position{
		"/a/b.go:3:14":    {"/a/b.go", 3, 14},
		"/a/b.go:3":       {"/a/b.go", 3, 0},
		"/a/b.go":         {"/a/b.go", 0, 0},
		`C:\a\b.go:3:14`:  {`C:\a\b.go`, 3, 14},
		"/a:1/b:2.go:3:4": {"/a:1/b:2.go", 3, 4},
		"-":               {"-", 0, 0},
	} {
		if got := parsePosition(in); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("left ", 30) + "HERE" + strings.Repeat(" right", 30)
	tests := []struct {
		name, line string
		from, to   int
		text, mark string
	}{
		{"plain", "x := f(a)", 6, 7, "x := f(a)", "     ^"},
		{"tabs", "\tif x {\ty() }", 9, 12, "    if x {  y() }", "            ^^^"},
		{"tab inside", "a\tb\tc", 5, 6, "a   b   c", "        ^"},
		{"wide", "世界 := \"é\"; x", len("世界 := \"é\"; ") + 1, len("世界 := \"é\"; x") + 1, "世界 := \"é\"; x", "             ^"},
		{"marks on wide", "a(世界)", 3, 9, "a(世界)", "  ^^^^"},
		{"combined", "e\u0301 x", 5, 6, "e\u0301 x", "  ^"},
		{"control", "a\x1b[31mb", 7, 8, "a\ufffd[31mb", "      ^"},
		{"invalid", "a\xffb", 3, 4, "a\ufffdb", "  ^"},
		{"end of line", "abc", 4, 5, "abc", "   ^"},
		{"to before from", "abc", 2, 1, "abc", " ^"},
		{"beyond", "abc", 2, 100, "abc", " ^^"},
		{"far right", long, strings.Index(long, "HERE") + 1, strings.Index(long, "HERE") + 5,
			"… ft left left left left left left HERE right right right right right right right right right right …",
			strings.Repeat(" ", 35) + "^^^^"},
	}
	for _, test := range tests {
		text, blank, marks := excerpt(test.line, test.from, test.to)
		if got := strings.Repeat(" ", blank) + strings.Repeat("^", marks); text != test.text || got != test.mark {
			t.Errorf("%s:\ngot\n%s\n%s\nwant\n%s\n%s", test.name, text, got, test.text, test.mark)
		}
	}
	// Nothing that a file may hold makes it fail, or exceed its width by more than the ellipses.
	for from := -1; from < len(long)+3; from += 7 {
		for _, to := range []int{from - 1, from, from + 3, from + 300} {
			text, blank, marks := excerpt(long, max(from, 1), to)
			if n := len([]rune(text)); n > excerptWidth+4 || blank+marks > excerptWidth+4 || marks < 1 {
				t.Fatalf("%d..%d: %d columns, marks %d..%d", from, to, n, blank, blank+marks)
			}
		}
	}
}

func TestText(t *testing.T) {
	dir := filepath.FromSlash("/m")
	file := filepath.Join(dir, "a.go")
	at := func(line, col int) string { return fmt.Sprintf("%s:%d:%d", file, line, col) }
	elsewhere := filepath.FromSlash("/m/b/b.go:2:1")
	fs := []*finding{newFinding("m", "check", diagnostic{
		Category: "cat",
		Posn:     at(2, 3),
		End:      at(2, 6),
		Message:  "message",
		Related: []related{
			{Posn: at(3, 4), End: at(3, 5), Message: "second"},
			{Posn: at(2, 8), End: at(3, 1), Message: "first"},
			{Posn: elsewhere, Message: "third"},
			{Posn: filepath.FromSlash("/gone.go:7:1"), Message: "fourth"},
		},
	}), newFinding("m", "other", diagnostic{Posn: at(9, 1), End: at(9, 1), Message: "no source"})}
	r := &report{
		Findings: fs,
		Packages: 1,
		Dir:      dir,
		Notes:    []string{"a note"},
		Sources: source.Files{
			file:                            {"package a", "\t\tabc(def)", "\t\t\tx"},
			filepath.FromSlash("/m/b/b.go"): {"package b", "var y"},
			filepath.FromSlash("/gone.go"):  nil,
		},
	}
	var b bytes.Buffer
	if err := writeText(&b, r); err != nil {
		t.Fatal(err)
	}
	want := `a.go:2:3: message (check/cat)
	2 | abc(def)
	  | ^^^
	  |      - first
	3 |     x
	  |     - second
	b/b.go:2:1:
	2 | var y
	  | - third
	/gone.go:7:1: fourth
a.go:9:1: no source (other)

2 findings in 1 package
a note
`
	want = strings.ReplaceAll(want, "b/b.go", filepath.FromSlash("b/b.go"))
	want = strings.ReplaceAll(want, "/gone.go", filepath.FromSlash("/gone.go"))
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	r.Style = true
	writeText(&b, r)
	if !strings.Contains(b.String(), "\x1b[1ma.go:2:3:\x1b[0m message") {
		t.Errorf("no colours: %q", b.String())
	}
}

func TestSummary(t *testing.T) {
	fixable, plain := &finding{diagnostic: diagnostic{SuggestedFixes: []suggestedFix{{}}}}, &finding{}
	for want, fs := range map[string][]*finding{
		"1 finding in 1 package":                             {plain},
		"1 finding in 1 package; -fix can repair it":         {fixable},
		"2 findings in 1 package; -fix can repair them":      {fixable, fixable},
		"3 findings in 1 package; -fix can repair 1 of them": {plain, fixable, plain},
	} {
		if got := summary(&report{Findings: fs, Packages: 1}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSortFindings(t *testing.T) {
	at := func(pkg, check, posn string) *finding {
		return newFinding(pkg, check, diagnostic{Posn: posn, Message: "m"})
	}
	fs := sortFindings([]*finding{
		at("p", "b", "/a.go:10:1"), at("p [p.test]", "a", "/a.go:9:2"), at("p", "a", "/a.go:9:2"),
		at("p", "a", "/a.go:10:1"), at("q", "a", "/B.go:1:1"),
	})
	var got []string
	for _, f := range fs {
		got = append(got, f.Posn+" "+f.Check)
	}
	want := []string{"/B.go:1:1 a", "/a.go:9:2 a", "/a.go:10:1 a", "/a.go:10:1 b"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if !newFinding("p", "a", diagnostic{Category: "x" + lint.SuppressedMark}).suppressed() {
		t.Error("a suppressed finding is a finding")
	}
}

func TestGlobs(t *testing.T) {
	tests := []struct{ glob, yes, no string }{
		{"gen", "gen/a.go x/gen/b.go gen", "generic/a.go a/gen.go"},
		{"gen/", "gen/a.go x/gen/b.go", "generic/a.go"},
		{"/gen", "gen/a.go", "x/gen/a.go"},
		{"./cmd/x", "cmd/x/a.go", "y/cmd/x/a.go cmd/xy/a.go"},
		{"*_gen.go", "a_gen.go x/y/b_gen.go", "a_gen.go.txt/../gen.go"},
		{"internal/**", "internal/a.go internal/b/c.go", "a/internal/b.go"},
		{"**/mocks/*.go", "mocks/a.go x/y/mocks/b.go", "mocks/x/a.go"},
		{"cmd/*/main.go", "cmd/a/main.go", "cmd/a/b/main.go"},
		{"a?c.go", "abc.go", "ac.go a/c.go"},
		{"a.go", "a.go b/a.go", "axgo"},
		{"(x)[y]/z", "(x)[y]/z/a.go", "xy/z/a.go"},
	}
	for _, test := range tests {
		gs, err := compileGlobs([]string{test.glob})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range strings.Fields(test.yes) {
			if !gs.match(path) {
				t.Errorf("%s does not match %s", test.glob, path)
			}
		}
		for _, path := range strings.Fields(test.no) {
			if gs.match(path) {
				t.Errorf("%s matches %s", test.glob, path)
			}
		}
	}
	for _, bad := range []string{"", "/", "./", "."} {
		if _, err := compileGlobs([]string{bad}); err == nil {
			t.Errorf("%q is a glob", bad)
		}
	}
}

// TestConfigExample: the example of the help is a configuration, and shows every key.
func TestConfigExample(t *testing.T) {
	file := filepath.Join(t.TempDir(), "heapvet.toml")
	writeTestFile(t, file, configExample)
	check := func(name string, categories ...lint.Category) lint.Check {
		return lint.Check{Categories: categories, New: func() *vet.Analyzer { return &vet.Analyzer{Name: name} }}
	}
	c, err := readConfig(file, file, newCatalogue([]lint.Check{check("hotescape"), check("prealloc", lint.Category{Name: "map"})}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Test == nil || c.All || len(c.Rules) != 1 || c.Rules[0].Reason == "" {
		t.Errorf("got %+v", c)
	}
	for _, key := range configKeys {
		if key != "rule" && !strings.Contains(configExample, "\t"+key+" ") || !strings.Contains(configExample, key) {
			t.Errorf("the example does not have %s", key)
		}
	}
}

func TestDecide(t *testing.T) {
	list := strings.Fields
	tests := []struct {
		enable, disable string
		rule            string
		on, known       bool
	}{
		{"", "", "a/x", false, false},
		{"a", "", "a/x", true, true},
		{"", "a", "a/x", false, true},
		{"a/x", "a", "a/x", true, true},
		{"a/x", "a", "a/y", false, true},
		{"a", "all", "a/x", true, true},
		{"a", "all", "b", false, true},
		{"a", "a", "a/x", false, true},
	}
	for _, test := range tests {
		check, _, _ := strings.Cut(test.rule, "/")
		s := selection.Selection{Enable: list(test.enable), Disable: list(test.disable)}
		if on, known := s.Decide(check, test.rule); on != test.on || known != test.known {
			t.Errorf("%+v decides %v, %v about %s", s, on, known, test.rule)
		}
	}
}

func TestToolFlags(t *testing.T) {
	check := func(name string, stage lint.Stage) lint.Check {
		return lint.Check{Stage: stage, New: func() *vet.Analyzer { return &vet.Analyzer{Name: name} }}
	}
	c := newCatalogue([]lint.Check{check("on", lint.On), check("opt", lint.Opt), check("other", lint.Opt)})
	tests := []struct {
		enable, disable, config string
		want                    string
	}{
		{"", "", "", ""},
		{"on", "", "", ""},
		{"opt", "", "", "-on -opt"},
		{"opt/x", "", "", "-on -opt"},
		{"all", "", "", "-on -opt -other"},
		{"", "on", "", "-on=false"},
		{"", "opt", "", ""},
		{"", "all", "", "-on=false"},
		{"on/x", "on", "", ""},
		{"on", "all", "", ""},
		{"opt", "on", "", "-opt"},
		{"", "on", "opt", "-opt"},
		{"", "opt", "opt", ""},
	}
	for _, test := range tests {
		flags := selection.Selection{Enable: strings.Fields(test.enable), Disable: strings.Fields(test.disable)}
		got := c.toolFlags(flags, selection.Selection{Enable: strings.Fields(test.config)})
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%+v: got %q, want %q", test, got, test.want)
		}
	}
	if got := c.toolFlags(selection.Selection{}, selection.Selection{Disable: []string{"on"}}); got != nil {
		t.Errorf("a configuration that disables a check: got %q", got)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"prealloc", "prealloc/slice", "dirtypool", "dirtypool/no-reset", "SA2003", "all"}
	for in, want := range map[string]string{
		"prealoc": "prealloc", "Prealloc": "prealloc", "sa2003": "SA2003", "slice": "prealloc/slice",
		"dirtypol/no-reset": "dirtypool/no-reset", "quite-different": "", "": "",
	} {
		if got := selection.Nearest(in, names); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestParseDiff(t *testing.T) {
	// The second hunk removes and adds lines that look like headers.
	diff := `diff --git a.go a.go
index 1..2 100644
--- a.go
+++ a.go
@@ -1,0 +2,3 @@ package a
+one
+two
+three
@@ -9,2 +12 @@ func f() {
-- a/x.go
-++ y
+++ z.go
@@ -20,2 +22,0 @@
-gone
-gone
diff --git "b \"q\".go" "b \"q\".go"
--- "b \"q\".go"
+++ "b \"q\".go"
@@ -5 +5 @@
-x
\ No newline at end of file
+y
\ No newline at end of file
diff --git with space.go with space.go
--- /dev/null
+++ with space.go	
@@ -0,0 +1,2 @@
+a
+b
`
	got := parseDiff(diff, "/top")
	want := changes{
		filepath.FromSlash("/top/a.go"):          {{2, 4}, {12, 12}, {22, 21}},
		filepath.FromSlash(`/top/b "q".go`):      {{5, 5}},
		filepath.FromSlash("/top/with space.go"): {{1, 2}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParseStderr(t *testing.T) {
	failures, general, noMatch := parseStderr(`go: downloading example.com/x v1.0.0
go: warning: "./x/..." matched no packages
# example.com/a
a/a.go:1:2: undefined: x
# example.com/a
vet: a/a.go:1:2: undefined: x
# example.com/b [example.com/b.test]
# [example.com/b]
vet: b/b_test.go:3:4: oops
	more
# example.com/c
vet: c/c_test.go:1:2: one
c/c.go:1:2: two
`)
	if want := []failure{
		{Package: "example.com/a", Reason: "a/a.go:1:2: undefined: x"},
		{Package: "example.com/b", Reason: "b/b_test.go:3:4: oops\n\tmore", Tests: true},
		{Package: "example.com/c", Reason: "c/c_test.go:1:2: one\nc/c.go:1:2: two"},
	}; !slices.Equal(failures, want) {
		t.Errorf("got %+v, want %+v", failures, want)
	}
	if general != "" || !slices.Equal(noMatch, []string{"./x/..."}) {
		t.Errorf("got %q, %q", general, noMatch)
	}
	if _, general, _ := parseStderr("pattern x: y\n\tz\n"); general != "pattern x: y\n\tz\n" {
		t.Errorf("got %q", general)
	}
}

func TestWithDependents(t *testing.T) {
	listed := []*listedPackage{
		{ImportPath: "a"},
		{ImportPath: "b", Deps: []string{"fmt", "a"}},
		{ImportPath: "c"},
		{ImportPath: "d", Deps: []string{"c"}},
		{ImportPath: "e", Deps: []string{"f"}},
		{ImportPath: "g", Deps: []string{"h", "i"}},
	}
	got := withDependents([]failure{
		{Package: "f", Check: "check", Reason: "index out of range"},
		{Package: "a", Reason: "a.go:1:1: one"},
		{Package: "c", Reason: "heapvet: cannot read c.go"},
		{Package: "a", Reason: "a.go:1:1: one"},
		{Package: "a", Reason: "a.go:2:1: two"},
		{Package: "h", Reason: "h_test.go:1:1: one", Tests: true},
		{Package: "i", Reason: "runtime: goroutine stack exceeds 1000000000-byte limit"},
	}, listed)
	want := []failure{
		{Package: "a", Reason: "a.go:1:1: one\na.go:2:1: two"},
		{Package: "b", Reason: "it imports a, which does not compile"},
		{Package: "c", Reason: "heapvet: cannot read c.go"},
		{Package: "f", Check: "check", Reason: "index out of range"},
		{Package: "h", Reason: "h_test.go:1:1: one", Tests: true},
		{Package: "i", Reason: "runtime: goroutine stack exceeds 1000000000-byte limit"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestCheckToolchain(t *testing.T) {
	for _, test := range []struct {
		selected, built string
		ok              bool
	}{
		{"go1.26.8", "go1.26.8", true},
		{"go1.26.9", "go1.26.1", true}, // the language is the same
		{"go1.27.0", "go1.26.8", false},
		{"go1.27rc1", "go1.26.8", false},
		{"go1.26.0", "go1.27.1 X:nodwarf5", true},
		{"go1.28.0", "go1.27.1 X:nodwarf5", false},
		{"go1.25.9", "go1.26.0", false},
		{"devel", "go1.26.0", true},
		{"go1.27.0", "devel go1.28-abc", true},
	} {
		if err := checkToolchain(test.selected, test.built); (err == nil) != test.ok {
			t.Errorf("%s selected, built with %s: %v", test.selected, test.built, err)
		}
	}
}

func TestOverrides(t *testing.T) {
	for flags, want := range map[string]string{
		"":                         "",
		"-mod=vendor -tags=a,b":    "",
		"-trimpath":                "-trimpath=false",
		"--trimpath=true -v":       "-trimpath=false -v=false",
		"'-ldflags=-X a=-v' -json": "",
	} {
		env := &goEnv{GOFLAGS: flags}
		if got := strings.Join(env.overrides(), " "); got != want {
			t.Errorf("%q: got %q, want %q", flags, got, want)
		}
	}
}

func TestGitHub(t *testing.T) {
	t.Setenv("GITHUB_WORKSPACE", "")
	dir := filepath.FromSlash("/m")
	f := newFinding("m", "check", diagnostic{
		Posn:    filepath.Join(dir, "a:b,c%.go") + ":2:3",
		End:     filepath.Join(dir, "a:b,c%.go") + ":4:1",
		Message: "100% of\nit, and: more",
	})
	var b bytes.Buffer
	if err := writeGitHub(&b, &report{Findings: []*finding{f}, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	want := "::error file=a%3Ab%2Cc%25.go,line=2,col=3,endLine=4,title=heapvet check::100%25 of%0Ait, and: more\n"
	if b.String() != want {
		t.Errorf("got  %swant %s", b.String(), want)
	}
}

func TestBaselineCounts(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.go")
	src := source.Files{file: {"x", "  x", "y"}}
	at := func(line int) *finding {
		return newFinding("p", "check", diagnostic{Posn: fmt.Sprintf("%s:%d:1", file, line)})
	}
	b, err := newBaseline(filepath.Join(dir, "base.json"))
	if err != nil {
		t.Fatal(err)
	}
	b.add([]*finding{at(1), at(2), at(3)}, src)
	if len(b.Findings) != 2 || b.Findings[0].Count != 2 {
		t.Fatalf("got %+v", b.Findings)
	}
	unknown, lost := b.remove([]*finding{at(1)}, src)
	if len(unknown) != 0 || len(lost) != 2 || lost[0].Count != 1 {
		t.Errorf("got %v and %v", unknown, lost)
	}
	unknown, lost = b.remove([]*finding{at(1), at(2), at(2), at(3)}, src)
	if len(unknown) != 1 || len(lost) != 0 {
		t.Errorf("got %v and %v", unknown, lost)
	}
}

// TestScope: what names the same packages of the same module, wherever it is,
// has the same scope, and nothing else has.
func TestScope(t *testing.T) {
	module := func(path string) *goEnv {
		file := filepath.Join(t.TempDir(), "go.mod")
		writeTestFile(t, file, "module "+path+"\n")
		return &goEnv{GOMOD: file}
	}
	at := func(env *goEnv, rel string, patterns ...string) string {
		return env.scope(filepath.Join(filepath.Dir(env.GOMOD), rel), patterns)
	}
	a, same, other := module("example.com/a"), module("example.com/a"), module("example.com/b")
	if at(a, "", "./...") != at(same, "", "./...") || at(a, "x", "./b", "./a") != at(same, "x", "./a", "./b") {
		t.Error("the place of the module matters")
	}
	all := []string{at(a, "", "./..."), at(a, "x", "./..."), at(a, "", "./a"), at(a, "", "./a ./b"), at(a, "", "./a", "./b"), at(other, "", "./...")}
	slices.Sort(all)
	if n := len(all); len(slices.Compact(all)) != n {
		t.Error("two scopes are the same")
	}
}

func writeTestFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
