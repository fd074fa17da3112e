package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heapvet/heapvet"
)

// TestDocsAreCurrent fails when the generated pages are not what the checks say.
func TestDocsAreCurrent(t *testing.T) {
	const root = "../.."
	pages := docs(heapvet.Suite)
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || string(got) != want {
			t.Errorf("%s is stale: run go run ./internal/gen docs", name)
		}
	}
	old, err := filepath.Glob(filepath.Join(root, "docs/checks/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range old {
		if _, ok := pages["docs/checks/"+filepath.Base(path)]; !ok {
			t.Errorf("%s belongs to no check: run go run ./internal/gen docs", path)
		}
	}
}

// TestScaffold makes a new check in a copy of the repository and runs its test
// and the laws on it: what CONTRIBUTING promises to whoever begins a check.
func TestScaffold(t *testing.T) {
	if testing.Short() {
		t.Skip("copies the repository and runs go test in it")
	}
	root := t.TempDir()
	for _, tree := range []string{"analyzers", "evidence", "lint", "internal/gen", "internal/fix", "internal/fixture", "testdata/proof"} {
		if err := os.CopyFS(filepath.Join(root, tree), os.DirFS(filepath.Join("../..", tree))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "suite.go", "adopted.go", "suite_test.go"} {
		text, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, file), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeCheck(root, "plainsprint"); err != nil {
		t.Fatal(err)
	}
	if err := writeCheck(root, "plainsprint"); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a second scaffold of the same name: error %v, want one that says that it exists", err)
	}
	if err := writeCheck(root, "Plain-Sprint"); err == nil {
		t.Error("a name with capitals and a dash was accepted")
	}
	for _, args := range [][]string{
		{"vet", "./analyzers/plainsprint"},
		{"test", "./analyzers/plainsprint"},
		{"test", "-run", "TestEveryFolder|TestNames|TestMetadata|TestDocumentation|TestExamples|TestImports|TestFixtures/plainsprint", "."},
		{"run", "./internal/gen", "docs"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "docs/checks/plainsprint.md")); err != nil {
		t.Error(err)
	}
}
