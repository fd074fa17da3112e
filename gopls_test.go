package heapvet_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// buildGopls builds gopls from the modules that plugin/gopls names: with heapvet's checks,
// or the package golang.org/x/tools/gopls as it is.
func buildGopls(t *testing.T, pkg string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "gopls")
	cmd := exec.Command("go", "build", "-o", bin, pkg)
	cmd.Dir = filepath.Join("plugin", "gopls")
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=auto")
	if out, err := cmd.CombinedOutput(); err != nil {
		if text := string(out); strings.Contains(text, "dial tcp") || strings.Contains(text, "toolchain not available") {
			t.Skipf("gopls cannot be built here, for its modules are not to be had:\n%s", out)
		}
		t.Fatalf("go build %s in plugin/gopls: %v\n%s", pkg, err, out)
	}
	return bin
}

// testGopls: the gopls that carries the checks shows and repairs what they find in
// buffers that nobody has saved, what only the compiler knows included.
func testGopls(t *testing.T, gopls string) {
	dir := editedModule(t)
	file := filepath.Join(dir, "a.go")
	c := startServer(t, dir, gopls)
	text := edited
	c.open(file, text)
	c.shows("opened", file, "5 prealloc/slice, 15 lostgoroutine/first-wins,", checkAndCode)

	// A buffer that the disk does not have.
	text = withSum(text)
	c.change(file, text)
	list := c.shows("edited", file, "7 prealloc/slice, 17 lostgoroutine/first-wins, 24 hotescape/interface-buffer,", checkAndCode)

	i := slices.IndexFunc(list, func(d lspDiagnostic) bool { return d.Source == "prealloc" })
	text = c.fix(file, text, list[i])
	if !strings.Contains(text, "slices.Grow(out, len(in))") {
		t.Errorf("the quick fix makes\n%s", text)
	}
	c.change(file, text)
	c.shows("fixed", file, "21 lostgoroutine/first-wins, 28 hotescape/interface-buffer,", checkAndCode)

	text = mendSum(text)
	c.change(file, text)
	c.shows("mended", file, "21 lostgoroutine/first-wins,", checkAndCode)

	// It does not compile for a while.
	c.change(file, text+"\nfunc")
	c.shows("broken", file, "", checkAndCode)
	c.change(file, text)
	c.save(file, text)
	c.shows("saved", file, "21 lostgoroutine/first-wins,", checkAndCode)
	c.stop()
}

// checkAndCode is what gopls tells of a finding of heapvet: its source is the check, and
// unlike gopls's own it has a code.
func checkAndCode(d lspDiagnostic) string {
	if d.Code == "" || d.Code == "default" {
		return ""
	}
	return fmt.Sprintf("%d %s/%s,", d.Range.Start.Line, d.Source, d.Code)
}
