package escape

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/version"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Unit is the source for one package whose files and export data are known, as
// the go command gives them to a vet tool. It runs the compiler itself and stops
// it as soon as it has decided what escapes, a quarter of its work.
//
// The fields are those of the vet.cfg file with the same names.
type Unit struct {
	ID          string            // names the package in errors: "p [p.test]"
	ImportPath  string            // a test variant's suffix is ignored
	Dir         string            // the package's directory, where the compiler runs
	GoVersion   string            // language version of the package; any patch part is ignored
	GoFiles     []string          // absolute; with cgo the generated files
	NonGoFiles  []string          // assembly and the like
	ImportMap   map[string]string // path in the source to package path
	PackageFile map[string]string // package path to export data
	Standard    map[string]bool   // standard packages

	// Overlay names, for some of GoFiles, other files that have their contents.
	Overlay map[string]string

	// Verify also runs the compiler to its end and makes Load fail where the
	// two runs do not say the same.
	Verify bool

	exports func(path string) (string, error) // where compiled packages are; nil to ask the go command

	tool    string   // the compiler; "" means the one of the go command that runs us
	env     []string // added to the environment
	renamed []string // "file=>name": what the compiler is to call some of GoFiles
}

// Load implements [Source].
func (u Unit) Load(pass *analysis.Pass) (*Output, error) {
	name := either(u.ID, u.ImportPath)
	for path, file := range u.PackageFile {
		if file == "" {
			return nil, fmt.Errorf("%s: no export data of its import %s", name, path)
		}
	}
	out, _, err := u.compile(pass, true)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if u.Verify {
		// That the back end fails without headers for assembly is no concern here.
		full, _, err := u.compile(pass, false)
		if full == nil {
			return nil, fmt.Errorf("%s: full compile: %w", name, err)
		}
		if diff := out.diff(full); diff != "" {
			return nil, fmt.Errorf("%s: the stopped and the full compile differ: %s", name, diff)
		}
	}
	return out, nil
}

// Build implements [Builder].
func (u Unit) Build(pass *analysis.Pass) (*Output, []byte, error) {
	out, object, err := u.compile(pass, false)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", either(u.ID, u.ImportPath), err)
	}
	return out, object, nil
}

// Archive implements [Builder].
func (u Unit) Archive(_ *analysis.Pass, path string) (string, error) {
	if file := u.PackageFile[path]; file != "" {
		return file, nil
	}
	if u.exports != nil {
		return u.exports(path)
	}
	l, err := listings.get(workspace{dir: u.Dir, pkg: "."}, ".", nil)
	if err != nil {
		return "", err
	}
	if err := u.sameBuild(l); err != nil {
		return "", err
	}
	return l.export(path)
}

// sameBuild returns an error if the go command builds the imports of the package in
// another way than they were built for the unit: with other tags, say.
func (u Unit) sameBuild(l *listing) error {
	if strings.Contains(u.ID, " ") {
		return nil // a test variant has imports of its own
	}
	for path, file := range u.PackageFile {
		other, err := l.export(path)
		if u.Standard[path] || err != nil || other == file {
			continue
		}
		one, err1 := os.ReadFile(file)
		two, err2 := os.ReadFile(other)
		if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
			return fmt.Errorf("package %s is built with other flags here than the go command builds it by itself; GOFLAGS would tell both", path)
		}
	}
	return nil
}

// either returns s, or the other if s is empty.
func either(s, or string) string {
	if s != "" {
		return s
	}
	return or
}

// compile runs the compiler and returns what it said, together with an error if
// it failed in the end. With stop, it is killed when its back end begins; else
// the object file is returned, too.
func (u Unit) compile(pass *analysis.Pass, stop bool) (*Output, []byte, error) {
	tool := u.tool
	if tool == "" {
		dir, err := toolDir()
		if err != nil {
			return nil, nil, err
		}
		tool = filepath.Join(dir, "compile")
	}

	in, err := newInputs()
	if err != nil {
		return nil, nil, err
	}
	defer in.close()
	args, err := u.args(pass, in, stop)
	if err != nil {
		return nil, nil, err
	}

	compilers <- struct{}{}
	defer func() { <-compilers }()

	// The compiler dies with this thread's process, where the system offers that.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.Command(tool, args...)
	cmd.Dir = u.Dir
	cmd.Env = append(os.Environ(), u.env...)
	cmd.ExtraFiles = in.pipes
	dieWithParent(cmd)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	in.started()
	p := newParser()
	done, readErr := p.read(stdout)
	switch {
	case done && stop, readErr != nil:
		cmd.Process.Kill()
	case done:
		_, readErr = io.Copy(io.Discard, stdout)
	}
	err = cmd.Wait()
	if readErr != nil {
		return nil, nil, readErr
	}
	if err != nil && !(done && stop) {
		err = failure(err, p.tail[:], stderr.Bytes())
	} else {
		err = nil
	}
	out := p.output()
	out.dirs[filepath.Clean(u.Dir)] = true
	for _, f := range u.GoFiles {
		out.dirs[filepath.Dir(f)] = true
	}
	if stop || err != nil {
		return out, nil, err
	}
	object, err := os.ReadFile(in.object)
	return out, object, err
}

// compilers limits how many compilers run at once: drivers may ask about all
// packages of a program at the same time.
var compilers = make(chan struct{}, runtime.GOMAXPROCS(0))

func failure(err error, tail []string, stderr []byte) error {
	text := strings.Join(slices.DeleteFunc(tail, func(s string) bool { return s == "" }), "; ")
	if s := strings.TrimSpace(string(stderr)); s != "" {
		text = either(text, s)
	}
	return fmt.Errorf("the compiler failed (%w): %s", err, text)
}

// toolDir returns the directory of the compiler: that of the go command which
// runs us, else that of the go command in the path.
func toolDir() (string, error) {
	if dir := os.Getenv("GOTOOLDIR"); dir != "" {
		return dir, nil
	}
	out, err := exec.Command("go", "env", "GOTOOLDIR").Output()
	if err != nil {
		return "", fmt.Errorf("no compiler: go env GOTOOLDIR: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// args returns the compiler's command line.
func (u Unit) args(pass *analysis.Pass, in *inputs, stop bool) ([]string, error) {
	path := plain(u.ImportPath)
	if pass.Pkg.Name() == "main" {
		path = "main"
	}
	args := []string{"-m=2", "-p", path, "-o", in.object}
	if stop {
		args = append(args, "-live")
	}
	if lang := version.Lang(u.GoVersion); lang != "" {
		args = append(args, "-lang", lang)
	}
	if u.standard() {
		args = append(args, "-std")
	}
	// No -complete: a function without a body may be in assembly.

	var cfg bytes.Buffer
	for _, from := range slices.Sorted(maps.Keys(u.ImportMap)) {
		if to := plain(u.ImportMap[from]); to != from {
			fmt.Fprintf(&cfg, "importmap %s=%s\n", from, to)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(u.PackageFile)) {
		fmt.Fprintf(&cfg, "packagefile %s=%s\n", plain(path), u.PackageFile[path])
	}
	name, err := in.add(cfg.Bytes())
	if err != nil {
		return nil, err
	}
	args = append(args, "-importcfg", name)
	if cfg := embedConfig(pass.Files, u.GoFiles); cfg != nil {
		name, err := in.add(cfg)
		if err != nil {
			return nil, err
		}
		args = append(args, "-embedcfg", name)
	}
	files := slices.Clone(u.GoFiles)
	renamed := slices.Clone(u.renamed)
	for i, name := range files {
		if other := u.Overlay[name]; other != "" {
			files[i] = other
			renamed = append(renamed, renaming(other, name))
		}
	}
	if len(renamed) > 0 {
		args = append(args, "-trimpath", strings.Join(renamed, ";"))
	}
	return append(args, files...), nil
}

func (u *Unit) rename(file, name string) {
	u.renamed = append(u.renamed, renaming(file, name))
}

func renaming(file, name string) string { return file + "=>" + name }

// plain returns a package path without the name of the test that it is a variant for.
func plain(path string) string {
	path, _, _ = strings.Cut(path, " ")
	return path
}

// standard reports whether the package is one of the standard library.
func (u Unit) standard() bool {
	path := plain(u.ImportPath)
	if u.Standard[path] {
		return true
	}
	root := os.Getenv("GOROOT")
	if root == "" {
		return false
	}
	rel, err := filepath.Rel(filepath.Join(root, "src"), u.Dir)
	return err == nil && filepath.IsLocal(rel)
}

// embedConfig returns an answer to the compiler's question where embedded files
// are, or nil if it will not ask. Their contents play no part in escape
// analysis, so any file will do.
func embedConfig(files []*ast.File, names []string) []byte {
	var cfg struct{ Patterns, Files any }
	patterns := make(map[string][]string)
	for _, f := range files {
		for _, group := range f.Comments {
			for _, c := range group.List {
				list, ok := strings.CutPrefix(c.Text, "//go:embed ")
				if !ok {
					continue
				}
				for list = strings.TrimSpace(list); list != ""; list = strings.TrimSpace(list) {
					pattern := list
					if quoted, err := strconv.QuotedPrefix(list); err == nil {
						list = list[len(quoted):]
						pattern, _ = strconv.Unquote(quoted)
					} else {
						pattern, list, _ = strings.Cut(list, " ")
					}
					patterns[pattern] = []string{"file"}
				}
			}
		}
	}
	if len(patterns) == 0 || len(names) == 0 {
		return nil
	}
	cfg.Patterns, cfg.Files = patterns, map[string]string{"file": names[0]}
	data, err := json.Marshal(cfg)
	if err != nil {
		return nil
	}
	return data
}

// diff describes one difference between what two runs said, or returns "".
func (o *Output) diff(full *Output) string {
	count := make(map[string]int)
	tally := func(o *Output, by int) {
		for path, f := range o.files {
			for at, rows := range f.at {
				for _, r := range rows {
					why := ""
					if r.why != nil {
						why = r.why.lines
					}
					count[fmt.Sprintf("%s:%d:%d: %d %s %s", path, at.line, at.col, r.kind, r.text, why)] += by
				}
			}
		}
	}
	tally(full, 1)
	tally(o, -1)
	for _, text := range slices.Sorted(maps.Keys(count)) {
		switch n := count[text]; {
		case n > 0:
			return "missing " + text
		case n < 0:
			return "too many " + text
		}
	}
	return ""
}
