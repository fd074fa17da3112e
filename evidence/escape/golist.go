package escape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/go/analysis"
)

// GoList is the source for hosts that do not know the export data of a
// package's imports: golangci-lint, gopls, tests. It asks the go command once
// for each module, and runs the compiler like [Unit] for the packages that a
// check asks about.
//
// It does not ask the go command for the compiler's text (-gcflags=-m=2): that
// compiles every package to its end, and what the cache replays has paths
// relative to a directory that nobody knows any more.
//
// Files whose contents in the pass differ from the disk, such as unsaved
// editor buffers, are compiled as they are in the pass.
type GoList struct {
	// PerPackage asks the go command about each package by itself. Editors want
	// it: after an edit, only what the package imports is built anew.
	PerPackage bool
}

// Load implements [Source].
func (src GoList) Load(pass *analysis.Pass) (out *Output, err error) {
	err = src.with(pass, func(u *Unit) (err error) {
		out, err = u.Load(pass)
		return err
	})
	return out, err
}

// Build implements [Builder].
func (src GoList) Build(pass *analysis.Pass) (out *Output, object []byte, err error) {
	err = src.with(pass, func(u *Unit) (err error) {
		out, object, err = u.Build(pass)
		return err
	})
	return out, object, err
}

// Archive implements [Builder].
func (src GoList) Archive(pass *analysis.Pass, path string) (file string, err error) {
	err = src.with(pass, func(u *Unit) (err error) {
		file, err = u.Archive(pass, path)
		return err
	})
	return file, err
}

// with calls f with the unit of the pass.
func (src GoList) with(pass *analysis.Pass, f func(*Unit) error) error {
	names := fileNames(pass)
	if len(names) == 0 {
		return errors.New("the package has no files")
	}
	overlay, err := changed(pass, names)
	if err != nil {
		return err
	}
	if overlay != nil {
		defer os.RemoveAll(overlay.dir)
	}
	ws := workspaceOf(pass, filepath.Dir(names[0]))
	unit, err := ws.find(src, pass, names, overlay)
	if err != nil {
		return err
	}
	return f(unit)
}

// fileNames returns the absolute names of the files of a pass.
func fileNames(pass *analysis.Pass) []string {
	var names []string
	for _, f := range pass.Files {
		if name := pass.Fset.File(f.FileStart).Name(); filepath.IsAbs(name) {
			names = append(names, name)
		}
	}
	return names
}

// An overlayDir holds copies of files that are not on the disk as they are in
// the pass.
type overlayDir struct {
	dir   string
	files map[string]string // name to copy
}

// changed returns copies of those files that differ from the disk; nil if none does.
func changed(pass *analysis.Pass, names []string) (*overlayDir, error) {
	if pass.ReadFile == nil {
		return nil, nil
	}
	var o *overlayDir
	for i, name := range names {
		now, err := pass.ReadFile(name)
		if err != nil {
			continue
		}
		if disk, err := os.ReadFile(name); err == nil && bytes.Equal(disk, now) {
			continue
		}
		if o == nil {
			dir, err := os.MkdirTemp("", "heapvet-")
			if err != nil {
				return nil, err
			}
			o = &overlayDir{dir, make(map[string]string)}
		}
		copied := filepath.Join(o.dir, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(copied, now, 0o600); err != nil {
			os.RemoveAll(o.dir)
			return nil, err
		}
		o.files[name] = copied
	}
	return o, nil
}

// A workspace is a place where the go command is run: a module, or a GOPATH.
type workspace struct {
	dir string
	env string // additions to the environment, each ended by a newline
	pkg string // the pattern for the package alone
	all string // the pattern for all packages; "" if there is none
}

// workspaceOf returns the workspace of the package in dir.
func workspaceOf(pass *analysis.Pass, dir string) workspace {
	if pass.Module != nil && pass.Module.Dir != "" {
		return inModule(pass.Module.Dir, dir)
	}
	root := moduleRoot(dir)
	path := plain(pass.Pkg.Path())
	// A GOPATH such as an analyzer's testdata may well be inside a module.
	if gopath, ok := strings.CutSuffix(dir, filepath.FromSlash("/src/"+strings.TrimSuffix(path, "_test"))); ok && len(root) < len(gopath)+len("/src") {
		ws := workspace{dir: dir, env: "GO111MODULE=off\nGOPATH=" + gopath + "\n", pkg: "."}
		if root != "" { // small, and likely to be asked about package by package
			ws.dir = filepath.Join(gopath, "src")
			ws.pkg, ws.all = "./"+filepath.ToSlash(dir[len(ws.dir)+1:]), "./..."
		}
		return ws
	}
	if root != "" {
		return inModule(root, dir)
	}
	return workspace{dir: dir, pkg: "."}
}

func inModule(root, dir string) workspace {
	rel, err := filepath.Rel(root, dir)
	if err != nil || !filepath.IsLocal(rel) {
		return workspace{dir: dir, pkg: "."}
	}
	ws := workspace{dir: root, pkg: "./" + filepath.ToSlash(rel), all: "./..."}
	if isStd(root) {
		ws.all = "" // to build all of it, tests too, takes minutes; seldom is more than a package asked about
	}
	return ws
}

// isStd reports whether the module in dir is the standard library, or the go command.
func isStd(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	path := modfile.ModulePath(data)
	return err == nil && (path == "std" || path == "cmd")
}

// moduleRoot returns the directory of the go.mod that governs dir; "" if none does.
func moduleRoot(dir string) string {
	for {
		if fi, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !fi.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// find returns the unit whose files are those of the pass.
func (ws workspace) find(src GoList, pass *analysis.Pass, names []string, overlay *overlayDir) (*Unit, error) {
	if overlay != nil {
		l, err := ws.list(ws.pkg, overlay)
		if err != nil {
			return nil, err
		}
		u, err := l.unit(names)
		if err == nil {
			for name, file := range overlay.files {
				u.rename(file, name)
			}
			for i, name := range u.GoFiles {
				u.GoFiles[i] = either(overlay.files[name], name)
			}
		}
		return u, err
	}
	if ws.all != "" && !src.PerPackage {
		if l, err := listings.get(ws, ws.all); err == nil {
			if u, err := l.unit(names); err == nil {
				return u, nil
			}
		}
	}
	// Wildcards leave out testdata and the like.
	l, err := listings.get(ws, ws.pkg)
	if err != nil {
		return nil, err
	}
	return l.unit(names)
}

// A listing is what the go command said about the packages of a workspace and
// all that they import.
type listing struct {
	packages map[string]*listed // by import path with variant
	byFile   map[string][]*listed
	tool     string
	env      []string
	stamps   map[string]stamp
}

// listed is one package as the go command describes it.
type listed struct {
	ImportPath      string
	Name            string
	Dir             string
	Export          string
	Standard        bool
	DepOnly         bool
	GoFiles         []string
	CgoFiles        []string
	CompiledGoFiles []string
	SFiles          []string
	Imports         []string
	ImportMap       map[string]string
	Module          *struct{ GoVersion string }
	Error           *struct{ Err string }
	DepsErrors      []*struct{ Err string }
}

const listFields = "ImportPath,Name,Dir,Export,Standard,DepOnly,GoFiles,CgoFiles,CompiledGoFiles,SFiles,Imports,ImportMap,Module,Error,DepsErrors"

// list runs the go command.
func (ws workspace) list(pattern string, overlay *overlayDir) (*listing, error) {
	args := []string{"list", "-e", "-export", "-compiled", "-deps", "-test", "-json=" + listFields}
	if overlay != nil {
		data, err := json.Marshal(struct{ Replace map[string]string }{overlay.files})
		if err != nil {
			return nil, err
		}
		name := filepath.Join(overlay.dir, "overlay.json")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return nil, err
		}
		args = append(args, "-overlay", name)
	}
	out, err := ws.goCommand(append(args, "--", pattern)...)
	if err != nil {
		return nil, err
	}
	l := &listing{
		packages: make(map[string]*listed),
		byFile:   make(map[string][]*listed),
		stamps:   make(map[string]stamp),
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		l.packages[p.ImportPath] = p
		if p.DepOnly {
			continue
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
			name = p.abs(name)
			l.stamps[name] = stampOf(name)
		}
		l.stamps[p.Dir] = stampOf(p.Dir)
		for _, name := range slices.Concat(p.CompiledGoFiles, p.CgoFiles) {
			name = p.abs(name)
			l.byFile[name] = append(l.byFile[name], p)
		}
	}
	vars, err := ws.goCommand("env", "GOTOOLDIR", "GOROOT", "GOOS", "GOARCH", "GOEXPERIMENT")
	if err != nil {
		return nil, err
	}
	v := append(strings.Split(string(vars), "\n"), make([]string, 5)...)
	l.tool = filepath.Join(strings.TrimSpace(v[0]), "compile")
	for i, name := range []string{"GOROOT", "GOOS", "GOARCH", "GOEXPERIMENT"} {
		l.env = append(l.env, name+"="+strings.TrimSpace(v[i+1]))
	}
	return l, nil
}

func (ws workspace) goCommand(args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = ws.dir
	cmd.Env = append(os.Environ(), "PWD="+ws.dir)
	for v := range strings.Lines(ws.env) {
		cmd.Env = append(cmd.Env, strings.TrimSuffix(v, "\n"))
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s (%w): %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

func (p *listed) abs(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.Dir, name)
}

// isMadeOf reports whether the files are exactly those named, which are absolute.
func (p *listed) isMadeOf(names, files []string) bool {
	return len(names) == len(files) && !slices.ContainsFunc(files, func(file string) bool {
		return !slices.Contains(names, p.abs(file))
	})
}

// fromCgo reports whether a generated file stands for one of the package's cgo
// files, rather than for what cgo adds to them.
func (p *listed) fromCgo(name string) bool {
	data, err := os.ReadFile(name)
	return err != nil || slices.ContainsFunc(p.CgoFiles, func(cgo string) bool {
		return bytes.Contains(data, []byte(filepath.Base(cgo)+":1:1\n"))
	})
}

// export returns the file with the compiled package of that path.
func (l *listing) export(path string) (string, error) {
	p := l.packages[path]
	if p == nil || p.Export == "" {
		return "", fmt.Errorf("the go command knows no compiled package %s", path)
	}
	return p.Export, nil
}

// unit returns the package that is made of the named files.
func (l *listing) unit(names []string) (*Unit, error) {
	var p *listed
	for _, c := range l.byFile[names[0]] {
		// Most hosts type-check what cgo generates, gopls what it generates from.
		if c.isMadeOf(names, c.CompiledGoFiles) || c.isMadeOf(names, slices.Concat(c.GoFiles, c.CgoFiles)) {
			p = c
		}
	}
	if p == nil {
		return nil, fmt.Errorf("go list knows no package of exactly the files of %s", filepath.Dir(names[0]))
	}
	u := &Unit{
		ID:          p.ImportPath,
		ImportPath:  p.ImportPath,
		Dir:         p.Dir,
		NonGoFiles:  p.SFiles,
		ImportMap:   p.ImportMap,
		PackageFile: make(map[string]string),
		Standard:    map[string]bool{},
		exports:     l.export,
		tool:        l.tool,
		env:         l.env,
	}
	if p.Standard {
		u.Standard[plain(p.ImportPath)] = true
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		u.GoVersion = "go" + p.Module.GoVersion
	}
	for _, name := range p.CompiledGoFiles {
		name = p.abs(name)
		u.GoFiles = append(u.GoFiles, name)
		if len(p.CgoFiles) > 0 && filepath.Dir(name) != p.Dir && !p.fromCgo(name) {
			// The compiler grants some rights by this name, which the cache does not keep.
			u.rename(name, filepath.Join(p.Dir, "_cgo_gotypes.go"))
		}
	}
	for _, path := range p.Imports {
		dep := l.packages[path]
		if path == "unsafe" || path == "C" {
			continue
		}
		if dep == nil || dep.Export == "" {
			why := "it was not built"
			if dep != nil && dep.Error != nil {
				why = dep.Error.Err
			}
			return nil, fmt.Errorf("%s: no export data of its import %s: %s", p.ImportPath, path, why)
		}
		u.PackageFile[plain(path)] = dep.Export
	}
	return u, nil
}

// listings remembers what the go command said, for as long as it is true.
var listings = memo{entries: make(map[memoKey]*memoEntry)}

type memo struct {
	mu      sync.Mutex
	entries map[memoKey]*memoEntry
}

type memoKey struct {
	ws      workspace
	pattern string
}

type memoEntry struct {
	mu sync.Mutex
	l  *listing
}

func (m *memo) get(ws workspace, pattern string) (*listing, error) {
	key := memoKey{workspace{dir: ws.dir, env: ws.env}, pattern}
	m.mu.Lock()
	e := m.entries[key]
	if e == nil {
		e = new(memoEntry)
		m.entries[key] = e
	}
	m.mu.Unlock()

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.l == nil || e.l.stale() {
		l, err := ws.list(pattern, nil)
		if err != nil {
			return nil, err
		}
		e.l = l
	}
	return e.l, nil
}

// A stamp tells one state of a file from another.
type stamp struct {
	size int64
	time time.Time
}

func stampOf(name string) stamp {
	fi, err := os.Stat(name)
	if err != nil {
		return stamp{}
	}
	return stamp{fi.Size(), fi.ModTime()}
}

func (l *listing) stale() bool {
	for name, old := range l.stamps {
		if stampOf(name) != old {
			return true
		}
	}
	return false
}
