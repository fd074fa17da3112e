package cli

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/xeipuuv/gojsonschema"
	vet "golang.org/x/tools/go/analysis"
	honnef "honnef.co/go/tools/sarif"

	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/lint"
)

// reviewed is a report of one finding, behind characters of two bytes and of two
// UTF-16 code units, in a file of a repository.
func reviewed(t *testing.T) *report {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("GITHUB_WORKSPACE", "")
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "sub dir", "a.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	const text = "package p\n\nvar _ = \"ä😀\" + x\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	at := file + ":3:20" // of the x
	f := newFinding("p", "some", diagnostic{
		Category: "kind",
		Posn:     at,
		End:      file + ":3:21",
		Message:  "x <is> bad",
		Related: []related{
			{Posn: file + ":1:1", End: file + ":1:8", Message: "here it begins"},
			{Posn: filepath.Join(filepath.Dir(dir), "far.go") + ":7:1", Message: "far away"},
		},
		SuggestedFixes: []suggestedFix{{Message: "better", Edits: []edit{{file, 30, 31, "y"}}}},
	})
	checks := newCatalogue([]lint.Check{{
		New:        func() *vet.Analyzer { return &vet.Analyzer{Name: "some", Doc: "find x\n\nIt is bad."} },
		Categories: []lint.Category{{Name: "kind", Title: "one kind of x"}},
	}})
	return &report{Findings: []*finding{f}, Dir: filepath.Dir(file), Sources: make(source.Files), Checks: checks}
}

// TestSARIF: the report obeys the published schema, its columns count UTF-16 code
// units and its paths begin at the root of the repository.
func TestSARIF(t *testing.T) {
	r := reviewed(t)
	run := readSARIF(t, r).Runs[0]
	result := run.Results[0]
	place := result.Locations[0].PhysicalLocation
	if got := place.ArtifactLocation; got != (honnef.ArtifactLocation{URI: "sub%20dir/a.go", URIBaseID: sarifRoot}) {
		t.Errorf("the file is %+v", got)
	}
	if got := place.Region; got != (honnef.Region{StartLine: 3, StartColumn: 17, EndLine: 3, EndColumn: 18}) {
		t.Errorf("the finding is at %+v", got)
	}
	if got := result.Fixes[0].ArtifactChanges[0].Replacements[0].DeletedRegion; got != place.Region {
		t.Errorf("the fix replaces %+v", got)
	}
	if len(result.CodeFlows) != 1 {
		t.Errorf("there are %d code flows", len(result.CodeFlows))
	}
	if got := run.Tool.Driver.Rules[0].ShortDescription.Text; got != "one kind of x" {
		t.Errorf("the rule is described as %q", got)
	}

	// Lines above move the finding, and it stays the same for code scanning.
	moved := reviewed(t)
	file := moved.Findings[0].Pos.File
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append([]byte("// new\n"), data...), 0o666); err != nil {
		t.Fatal(err)
	}
	moved.Findings[0].Pos.Line++
	again := readSARIF(t, moved).Runs[0].Results[0]
	if len(result.PartialFingerprints) != 1 || !maps.Equal(result.PartialFingerprints, again.PartialFingerprints) {
		t.Errorf("the fingerprints are %v, and %v when lines move", result.PartialFingerprints, again.PartialFingerprints)
	}
}

func TestSARIFClean(t *testing.T) {
	log := readSARIF(t, &report{Dir: t.TempDir(), Sources: make(source.Files)})
	if len(log.Runs) != 1 || log.Runs[0].Results == nil {
		t.Error("no empty list of results: code scanning would keep the old ones")
	}
}

// readSARIF writes the report, and reads it again if it obeys the schema.
func readSARIF(t *testing.T, r *report) (log sarifLog) {
	t.Helper()
	var out bytes.Buffer
	if err := writeSARIF(&out, r); err != nil {
		t.Fatal(err)
	}
	result, err := gojsonschema.Validate(gojsonschema.NewStringLoader(sarifSchema(t)), gojsonschema.NewBytesLoader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range result.Errors() {
		t.Error(e)
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

// sarifSchema returns the schema that OASIS has published, which go-sarif carries
// as a constant for itself.
func sarifSchema(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", reflect.TypeFor[sarif.Report]().PkgPath()).Output()
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var schema string
	ast.Inspect(pkg, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && strings.Contains(lit.Value, "sarif-schema-2.1.0") {
			schema, err = strconv.Unquote(lit.Value)
		}
		return true
	})
	if schema == "" || err != nil {
		t.Fatalf("go-sarif has no schema: %v", err)
	}
	return schema
}

func TestReviewdog(t *testing.T) {
	r := reviewed(t)
	var out bytes.Buffer
	if err := writeReviewdog(&out, r); err != nil {
		t.Fatal(err)
	}
	var got rdResult
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	d := got.Diagnostics[0]
	if d.Location.Path != "sub dir/a.go" || d.Location.Range.Start != (rdPosition{3, 20}) {
		t.Errorf("the finding is at %+v", d.Location)
	}
	if len(d.Suggestions) != 1 || d.Suggestions[0].Range.Start != (rdPosition{3, 20}) || d.Suggestions[0].Text != "y" {
		t.Errorf("the suggestions are %+v", d.Suggestions)
	}
	if d.Code.Value != "some/kind" || d.Code.URL == "" || len(d.Related) != 2 {
		t.Errorf("the finding is %+v", d)
	}
}

func TestCheckstyle(t *testing.T) {
	r := reviewed(t)
	var out bytes.Buffer
	if err := writeCheckstyle(&out, r); err != nil {
		t.Fatal(err)
	}
	var got struct {
		File []struct {
			Name  string `xml:"name,attr"`
			Error []struct {
				Line    int    `xml:"line,attr"`
				Message string `xml:"message,attr"`
			} `xml:"error"`
		} `xml:"file"`
	}
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.File) != 1 || got.File[0].Name != "sub dir/a.go" || got.File[0].Error[0].Line != 3 || got.File[0].Error[0].Message != "x <is> bad" {
		t.Errorf("%+v", got)
	}
}
