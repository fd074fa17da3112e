package heapvet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/lint"
)

// A host is a program that runs the checks. It returns what it tells about all packages of the
// module in dir, as lines of told; want is what the others tell, for those who have to wait for it.
type host func(t *testing.T, dir string, want []string) []string

// TestHosts: one module, and all hosts tell the same about it. What must differ is in
// docs/hosts.md.
func TestHosts(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the command")
	}
	heapvet := buildHeapvet(t)
	dir := exampleModule(t)
	want := command(heapvet)(t, dir, nil)
	if len(want) < 100 {
		t.Fatalf("the command tells only\n%s", strings.Join(want, "\n"))
	}
	for _, h := range []struct {
		name string
		run  host
	}{
		{"go vet", vetTool(heapvet)},
		{"lsp", func(t *testing.T, dir string, want []string) []string {
			askedFor(t)
			// It looks at one package after the other: some will do.
			some := func(file string) bool { return strings.Contains("hlsu", filepath.Base(filepath.Dir(file))[:1]) }
			got := opened(startServer(t, dir, heapvet, "lsp"), dir, some, want, func(d lspDiagnostic) string { return d.Code })
			for _, line := range want {
				if !some(fileOf(line)) {
					got = append(got, line)
				}
			}
			return sorted(got)
		}},
		{"golangci-lint", func(t *testing.T, dir string, want []string) []string {
			return golangci(t, golangciLint(t), dir)
		}},
		{"gopls", func(t *testing.T, dir string, want []string) []string {
			askedFor(t)
			all := func(string) bool { return true }
			rule := func(d lspDiagnostic) string { return d.Source + "/" + d.Code }
			return opened(startServer(t, dir, buildGopls(t, ".")), dir, all, want, rule)
		}},
	} {
		t.Run(h.name, func(t *testing.T) {
			got := h.run(t, dir, want)
			if !slices.Equal(got, want) {
				t.Errorf("%s", diff.Diff("heapvet", []byte(strings.Join(want, "\n")+"\n"), h.name, []byte(strings.Join(got, "\n")+"\n")))
			}
		})
	}
}

// exampleModule makes a module of the examples in the documentation of all checks.
func exampleModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	docs, err := filepath.Glob("analyzers/*/testdata/src/doc/*.go")
	if err != nil || len(docs) == 0 {
		t.Fatal("there are no examples", err)
	}
	for _, doc := range docs {
		data, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		check := strings.Split(filepath.ToSlash(doc), "/")[1]
		write(t, filepath.Join(dir, check, filepath.Base(doc)), string(data))
	}
	write(t, filepath.Join(dir, "fakedirective", "stub.s"), "") // so that functions may have no body
	sync := "golang.org/x/sync v0.24.0"
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	var sums strings.Builder
	for line := range strings.Lines(string(sum)) {
		if strings.HasPrefix(line, sync) {
			sums.WriteString(line)
		}
	}
	write(t, filepath.Join(dir, "go.sum"), sums.String())
	write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.26.0\n\nrequire "+sync+"\n")
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// run runs a program in dir that may end with one of the exit codes, and returns what it prints.
func run(t *testing.T, dir string, codes []int, name string, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil || !slices.Contains(codes, cmd.ProcessState.ExitCode()) {
		t.Fatalf("%s %s: %v\n%s\n%s", filepath.Base(name), strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// told is the line that stands for a finding, whoever tells it.
func told(dir, file string, line int, rule, message string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		file = rel
	}
	return fmt.Sprintf("%s:%d: %s (%s)", filepath.ToSlash(file), line, message, rule)
}

// fileOf returns the file in a line of told.
func fileOf(line string) string {
	file, _, _ := strings.Cut(line, ":")
	return file
}

// sorted sorts lines and drops those that two variants of a package have in common.
func sorted(lines []string) []string {
	slices.Sort(lines)
	return slices.Compact(lines)
}

// command is the host heapvet.
func command(heapvet string, flags ...string) host {
	return func(t *testing.T, dir string, _ []string) []string {
		out, _ := run(t, dir, []int{0, 1}, heapvet, append(slices.Concat([]string{"-json"}, flags), "./...")...)
		return readJSON(t, dir, out)
	}
}

// vetTool is the host go vet -vettool.
func vetTool(heapvet string) host {
	return func(t *testing.T, dir string, _ []string) []string {
		out, _ := run(t, dir, []int{0}, "go", "vet", "-json", "-vettool="+heapvet, "./...")
		return readJSON(t, dir, out)
	}
}

// readJSON reads what go vet -json prints.
func readJSON(t *testing.T, dir, out string) (lines []string) {
	t.Helper()
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var unit map[string]map[string][]struct{ Category, Posn, Message string }
		if err := dec.Decode(&unit); err != nil {
			t.Fatal(err)
		}
		for _, checks := range unit {
			for check, findings := range checks {
				for _, f := range findings {
					rule := check
					if f.Category != "" {
						rule += "/" + f.Category
					}
					file, line, _ := source.Split(f.Posn)
					lines = append(lines, told(dir, file, line, rule, f.Message))
				}
			}
		}
	}
	return sorted(lines)
}

// opened opens those files of the module in an editor that some is true of, and returns what a
// language server shows when it has shown all that is wanted of them, or else in the end.
func opened(c *client, dir string, some func(file string) bool, want []string, rule func(lspDiagnostic) string) []string {
	want = slices.DeleteFunc(slices.Clone(want), func(line string) bool { return !some(fileOf(line)) })
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.go"))
	if err != nil {
		c.t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return !some(file) })
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		c.open(file, string(text))
	}
	for {
		var got []string
		c.mu.Lock()
		for _, file := range files {
			for _, d := range c.shown[fileURI(file)] {
				if r := rule(d); suiteHas(r) {
					got = append(got, told(dir, file, d.Range.Start.Line+1, r, d.Message))
				}
			}
		}
		c.mu.Unlock()
		if got = sorted(got); slices.Equal(got, want) {
			c.stop()
			return got
		}
		select {
		case <-c.news:
		case <-c.ctx.Done():
			return got
		}
	}
}

// suiteHas reports whether the rule is one of heapvet's own.
func suiteHas(rule string) bool {
	name, _, _ := strings.Cut(rule, "/")
	return slices.ContainsFunc(ownChecks(), func(c lint.Check) bool { return c.New().Name == name })
}

// askedFor skips a test that takes long, unless it is asked for.
func askedFor(t *testing.T) {
	t.Helper()
	if os.Getenv(hosts) == "" {
		t.Skip("set " + hosts + "=1 to run it")
	}
}

// golangciLint builds golangci-lint with heapvet in it. Its cache is empty. The overlay, if
// there is one, is that of go build.
func golangciLint(t *testing.T, overlay ...string) string {
	t.Helper()
	askedFor(t)
	bin := filepath.Join(t.TempDir(), "golangci-lint")
	run(t, filepath.Join("plugin", "golangci"), []int{0}, "go", append(append([]string{"build", "-o", bin}, overlay...), ".")...)
	if os.Getenv("GOLANGCI_LINT_CACHE") == "" {
		t.Setenv("GOLANGCI_LINT_CACHE", t.TempDir())
	}
	return bin
}

// golangciConfig is a configuration with settings of heapvet and other lines.
func golangciConfig(settings, more string) string {
	return `version: "2"
linters:
  default: none
  enable: [heapvet]
  settings:
    custom:
      heapvet:
        type: module
        settings: ` + settings + `
issues:
  max-issues-per-linter: 0
  max-same-issues: 0
  uniq-by-line: false
` + more
}

// golangci is the host golangci-lint. It takes the configuration that is there.
func golangci(t *testing.T, bin, dir string, flags ...string) (lines []string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, ".golangci.yml")); err != nil {
		write(t, filepath.Join(dir, ".golangci.yml"), golangciConfig("{}", ""))
	}
	out, stderr := run(t, dir, []int{0, 1}, bin, append([]string{"run", "--output.json.path=stdout", "--show-stats=false"}, flags...)...)
	var result struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename string
				Line     int
			}
			SuggestedFixes []struct{ Message string }
		}
	}
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		t.Fatalf("%v\n%s%s", err, out, stderr)
	}
	for _, issue := range result.Issues {
		if len(issue.SuggestedFixes) > 1 {
			t.Errorf("%s:%d has %d fixes", issue.Pos.Filename, issue.Pos.Line, len(issue.SuggestedFixes))
		}
		text, rule := issue.Text, issue.FromLinter
		if rule == "heapvet" {
			rule, text, _ = strings.Cut(text, ": ")
			if i := strings.LastIndex(text, " ("+rule); i >= 0 {
				text, rule = text[:i], strings.TrimSuffix(text[i+2:], ")")
				rule, _, _ = strings.Cut(rule, " in ")
			}
		}
		lines = append(lines, told(dir, filepath.Join(dir, issue.Pos.Filename), issue.Pos.Line, rule, text))
	}
	return sorted(lines)
}
