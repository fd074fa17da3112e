package escape_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/evidence/escape"
)

// Record anew with go test -run TestRecorded -record .
var record = flag.Bool("record", false, "record the output of the compilers")

var versions = []string{"go1.25.0", "go1.26.8", "go1.27.1"}

// The statements of package a hold for the output of all supported compilers.
func TestRecorded(t *testing.T) {
	if *record {
		recordAll(t)
	}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			f, err := os.Open(filepath.Join("testdata", "m2", version+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			src := escape.Recorded{Text: f, Dir: filepath.Join(analysistest.TestData(), "src", "a")}
			a := escape.With(src, capture(func(pass *analysis.Pass, r *escape.Report) {
				_, failed := check(pass, r, func(s statement) string { return s.of(version) })
				for _, text := range failed {
					t.Error(text)
				}
			}))
			analysistest.Run(t, analysistest.TestData(), a[0], "a")
		})
	}
}

func recordAll(t *testing.T) {
	dir := module(t)
	for _, version := range versions {
		cmd := exec.Command("go", "build", "-gcflags=-m=2", "./a")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+version, "PWD="+dir)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", version, err, out)
		}
		out = bytes.ReplaceAll(out, []byte("a/a.go:"), []byte("a.go:"))
		if err := os.WriteFile(filepath.Join("testdata", "m2", version+".txt"), out, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkParse reads the output for a package of 100,000 lines.
func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("testdata", "m2", versions[len(versions)-1]+".txt"))
	if err != nil {
		b.Fatal(err)
	}
	var big []byte
	for i := 0; len(big) < 20<<20; i++ {
		big = append(big, bytes.ReplaceAll(data, []byte("a.go:"), []byte("/home/user/go/src/example.com/project/internal/package/"+strings.Repeat("a", i%50)+".go:"))...)
	}
	b.SetBytes(int64(len(big)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (escape.Recorded{Text: io.Reader(bytes.NewReader(big))}).Load(nil); err != nil {
			b.Fatal(err)
		}
	}
}
