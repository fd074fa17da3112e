package escape

import (
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Releaser is a source that knows the release of its compiler.
type Releaser interface {
	// Release returns the release of the compiler that compiles the package of
	// the pass, such as "go1.26.8"; "" if it is not to be had.
	Release(*analysis.Pass) string
}

// Release returns the release of Go whose compiler compiles the package, such as
// "go1.26.8", which is neither that of the language that the package is written in nor
// that of the program that asks; "" if it is not known.
func (r *Report) Release() string { return r.release() }

// ReleaseOf returns what src knows of the release of its compiler; src may be nil.
func ReleaseOf(src Source, pass *analysis.Pass) string {
	if src, ok := src.(Releaser); ok {
		return src.Release(pass)
	}
	return ""
}

// Release implements [Releaser]: it asks the compiler.
func (u Unit) Release(*analysis.Pass) string {
	tool := u.tool
	if tool == "" {
		dir, err := toolDir()
		if err != nil {
			return ""
		}
		tool = filepath.Join(dir, "compile")
	}
	out, err := exec.Command(tool, "-V").Output()
	if err != nil {
		return ""
	}
	// "compile version go1.26.8", perhaps followed by experiments
	_, release, _ := strings.Cut(string(out), " version ")
	release, _, _ = strings.Cut(strings.TrimSpace(release), " ")
	return release
}

// Release implements [Releaser].
func (src GoList) Release(pass *analysis.Pass) string {
	names := fileNames(pass)
	if len(names) == 0 {
		return ""
	}
	ws := workspaceOf(pass, filepath.Dir(names[0]))
	out, err := ws.goCommand("env", "GOTOOLDIR")
	if err != nil {
		return ""
	}
	return Unit{tool: filepath.Join(strings.TrimSpace(string(out)), "compile")}.Release(pass)
}
