package heapvet_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestGolangciLint is what a user of golangci-lint sees of heapvet. That the findings are
// those of the command, TestHosts says.
func TestGolangciLint(t *testing.T) {
	bin := golangciLint(t)
	for _, test := range []struct {
		name string
		run  func(t *testing.T, bin string)
	}{
		{"fix", golangciFix},
		{"nolint", golangciNolint},
		{"settings", golangciSettings},
		{"limits", golangciLimits},
		{"tags", golangciTags},
		{"broken", golangciBroken},
		{"cache", golangciCache},
		{"killed", golangciKilled},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, bin) })
	}
}

// smallModule makes a module of files, given by name and text in turn, with a configuration.
func smallModule(t *testing.T, config string, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".golangci.yml"), config)
	write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.26\n")
	for i := 0; i < len(files); i += 2 {
		write(t, filepath.Join(dir, files[i]), files[i+1])
	}
	return dir
}

// findings runs golangci-lint, and compares lines and rules of what it tells.
func findings(t *testing.T, bin, dir, want string, flags ...string) {
	t.Helper()
	var got []string
	for _, line := range golangci(t, bin, dir, flags...) {
		place, rule := line[:strings.Index(line, ": ")], line[strings.LastIndex(line, "(")+1:len(line)-1]
		got = append(got, place+" "+rule)
	}
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("golangci-lint tells\n%s\nand not\n%s", text, want)
	}
}

// golangciFix: the second run of --fix leaves what the command's -fix leaves.
func golangciFix(t *testing.T, bin string) {
	settings := golangciConfig("{enable: [needlesscopy]}", "")
	ours, theirs := exampleModule(t), exampleModule(t)
	run(t, ours, []int{0, 1}, buildHeapvet(t), "-enable", "needlesscopy", "-fix", "./...")
	write(t, filepath.Join(theirs, ".golangci.yml"), settings)
	for range 2 { // a fix that takes the last use of an import away waits for the others
		run(t, theirs, []int{0, 1}, bin, "run", "--fix")
		run(t, theirs, []int{0}, "go", "build", "./...")
	}
	os.Remove(filepath.Join(theirs, ".golangci.yml"))
	if out, err := exec.Command("git", "diff", "--no-index", ours, theirs).CombinedOutput(); err != nil {
		t.Errorf("heapvet -fix and golangci-lint run --fix differ: %v\n%s", err, out)
	}
}

// golangciNolint: all forms of comments silence, and golangci-lint tells those of no use.
func golangciNolint(t *testing.T, bin string) {
	config := strings.Replace(golangciConfig("{}", ""), "enable: [heapvet]", "enable: [heapvet, nolintlint]", 1)
	config = strings.Replace(config, "  settings:\n", "  settings:\n    nolintlint: {allow-unused: false}\n", 1)
	const grow = " func(in []int) (out []*int) { for i := range in { out = append(out, &in[i]) }; return out }"
	dir := smallModule(t, config, "a.go", `package m

var A =`+grow+`

var B =`+grow+` //nolint:heapvet // as it is

var C =`+grow+` //nolint:all // as it is

//lint:ignore prealloc as it is
var D =`+grow+`

var E = 1 //nolint:heapvet // of no use
`)
	findings(t, bin, dir, "a.go:12 nolintlint, a.go:3 prealloc/slice")
}

func golangciSettings(t *testing.T, bin string) {
	files := []string{"a.go", edited, "b.go", `package m

import "sync"

var pool sync.Pool

func Put(b []byte) { pool.Put(b) }
`}
	for settings, want := range map[string]string{
		"{disable: [prealloc/slice]}":                         "a.go:16 lostgoroutine/first-wins, b.go:7 wastedpool/value",
		"{disable: [all], enable: [prealloc]}":                "a.go:6 prealloc/slice",
		"{flags: {stackslice: {release: go1.26.8}}}":          "a.go:16 lostgoroutine/first-wins, a.go:6 prealloc/slice, b.go:7 wastedpool/value",
		"{hot: [example.com/m.Put], disable: [all]}":          "",
		"{all: true, staticcheck: true, disable: [prealloc]}": "a.go:16 lostgoroutine/first-wins, b.go:7 wastedpool/value",
	} {
		findings(t, bin, smallModule(t, golangciConfig(settings, ""), files...), want)
	}
	for settings, want := range map[string]string{
		"{enabled: [prealloc]}":                    `heapvet settings: unknown field "enabled"`,
		"{enable: [pralloc]}":                      `heapvet settings: there is no check "pralloc"; did you mean "prealloc"?`,
		"{all: perhaps}":                           "heapvet settings: cannot unmarshal string into",
		"{flags: {prealloc: {depth: 3}}}":          `heapvet settings: prealloc has no flag "depth"; it has all`,
		"{flags: {nothing: {all: true}}}":          `heapvet settings: flags of "nothing", which is no check`,
		"{flags: {stackslice: {release: [1, 2]}}}": "heapvet settings: flag release of stackslice: want one value",
	} {
		out, stderr := run(t, smallModule(t, golangciConfig(settings, ""), files...), []int{3}, bin, "run")
		if !strings.Contains(stderr, want) {
			t.Errorf("%s: golangci-lint says\n%s%s\nand not %s", settings, out, stderr, want)
		}
	}
}

// compiled has a finding that only the compiler can confirm.
const compiled = `package m

import "io"

func Sum(r io.Reader) (total int) {
	for {
		var word [4]byte
		if _, err := io.ReadFull(r, word[:]); err != nil {
			return total
		}
		total += int(word[0])
	}
}
`

// golangciLimits: with golangci-lint's own limits, findings of the same kind hide none another,
// as their texts differ.
func golangciLimits(t *testing.T, bin string) {
	config, _, _ := strings.Cut(golangciConfig("{}", ""), "issues:")
	puts := "package m\n\nimport \"sync\"\n\nvar pool sync.Pool\n\ntype T struct{}\n"
	var want []string
	for i := range 5 {
		puts += fmt.Sprintf("\nfunc (*T) Put%d(b []byte) { pool.Put(b) }\n", i)
		want = append(want, fmt.Sprintf("a.go:%d wastedpool/value", 9+2*i))
	}
	slices.Sort(want)
	findings(t, bin, smallModule(t, config, "a.go", puts), strings.Join(want, ", "))
}

// golangciTags: what the compiler decides is known also with the tags of golangci-lint.
func golangciTags(t *testing.T, bin string) {
	dir := smallModule(t, golangciConfig("{}", "run: {build-tags: [special]}\n"), "a.go", "package m\n", "b.go", "//go:build special\n\n"+compiled)
	findings(t, bin, dir, "b.go:9 hotescape/interface-buffer")
}

// golangciBroken: what does not compile is named, and nothing crashes. Of the other packages,
// golangci-lint tells nothing then.
func golangciBroken(t *testing.T, bin string) {
	dir := smallModule(t, golangciConfig("{}", ""), "a.go", edited, "b/b.go", "package b\n\nvar x int = \"\"\n", "c/c.go", "package c\n\nimport _ \"example.com/m/b\"\n")
	out, stderr := run(t, dir, []int{1}, bin, "run")
	if !strings.Contains(out, "b/b.go:3:13: cannot use") || strings.Contains(out+stderr, "panic") {
		t.Errorf("golangci-lint says\n%s%s", out, stderr)
	}
}

// golangciCache: the second run starts no compiler, and another heapvet takes nothing for
// granted that the first one has found.
func golangciCache(t *testing.T, bin string) {
	const want = "a.go:7 hotescape/interface-buffer, b/b.go:7 hotescape/interface-buffer, c/c.go:16 lostgoroutine/first-wins, c/c.go:6 prealloc/slice"
	dir := smallModule(t, golangciConfig("{}", ""), "a.go", compiled, "b/b.go", compiled, "c/c.go", edited)
	log := logGo(t)
	findings(t, bin, dir, want)
	if n := len(escapeRuns(t, log)); n != 1 {
		t.Errorf("heapvet asked the go command %d times about 3 packages", n)
	}
	os.Remove(log)
	findings(t, bin, dir, want)
	if runs := escapeRuns(t, log); len(runs) > 0 {
		t.Errorf("the second run asked the go command again:\n%s", strings.Join(runs, "\n"))
	}

	text, err := os.ReadFile("analyzers/prealloc/prealloc.go")
	if err != nil {
		t.Fatal(err)
	}
	name, err := filepath.Abs("analyzers/prealloc/prealloc.go")
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(t.TempDir(), "changed.go")
	write(t, changed, strings.Replace(string(text), "\"prealloc\"", "\"otherprealloc\"", 1))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{name: changed}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, changed+".json", string(overlay))
	rebuilt := golangciLint(t, "-overlay="+changed+".json")
	findings(t, rebuilt, dir, strings.Replace(want, "prealloc", "otherprealloc", 1))
}

// logGo makes golangci-lint run the go command through a script that writes down how.
func logGo(t *testing.T) (log string) {
	t.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log = filepath.Join(dir, "log")
	write(t, filepath.Join(dir, "go"), fmt.Sprintf("#!/bin/sh\necho \"$*\" >>%q\nexec %q \"$@\"\n", log, real))
	if err := os.Chmod(filepath.Join(dir, "go"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return log
}

// escapeRuns returns the runs of go list in a log that heapvet has started.
func escapeRuns(t *testing.T, log string) []string {
	t.Helper()
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(string(data), "\n"), func(line string) bool {
		return !strings.HasPrefix(line, "list ") || !strings.Contains(line, "-export -compiled")
	})
}

// golangciKilled: after a run that was killed, the next one tells the same as ever.
func golangciKilled(t *testing.T, bin string) {
	dir := exampleModule(t)
	write(t, filepath.Join(dir, ".golangci.yml"), golangciConfig("{}", ""))
	t.Setenv("GOLANGCI_LINT_CACHE", t.TempDir())
	cmd := exec.Command(bin, "run")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	cmd.Process.Kill()
	cmd.Wait()
	if got := golangci(t, bin, dir); len(got) < 100 {
		t.Errorf("after a run that was killed, golangci-lint tells only\n%s", strings.Join(got, "\n"))
	}
}
