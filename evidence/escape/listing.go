package escape

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/build"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/tools/go/analysis"
)

// A listing is what the go command said about the packages of a workspace and
// all that they import.
type listing struct {
	packages map[string]*listed // by import path with variant
	byFile   map[string][]*listed
	tool     string
	env      []string
	own      map[string]stamp // of the files and directories of the packages asked for
	deps     map[string]stamp // of those that they import and that may change
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
	Module          *listedModule
	Error           *struct{ Err string }
	DepsErrors      []*struct{ Err string }
}

type listedModule struct {
	GoVersion, GoMod string
	Main             bool
	Replace          *struct{ Version string }
}

// mayChange reports whether the package is not one that the module cache or the
// distribution of Go has forever.
func (p *listed) mayChange() bool {
	if m := p.Module; m != nil {
		return m.Main || m.Replace != nil && m.Replace.Version == ""
	}
	return !p.Standard
}

const listFields = "ImportPath,Name,Dir,Export,Standard,DepOnly,GoFiles,CgoFiles,CompiledGoFiles,SFiles,Imports,ImportMap,Module,Error,DepsErrors"

// list runs the go command.
func (ws workspace) list(pattern string, overlay *overlayDir) (*listing, error) {
	args := []string{"list", "-e", "-export", "-compiled", "-deps", "-test", "-json=" + listFields}
	if tags := build.Default.BuildTags; len(tags) > 0 {
		args = append(args, "-tags="+strings.Join(tags, ","))
	}
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
		own:      make(map[string]stamp),
		deps:     make(map[string]stamp),
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
		if p.DepOnly && !p.mayChange() {
			continue
		}
		stamps := l.own
		if p.DepOnly {
			stamps = l.deps
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, []string{p.Dir}) {
			name = p.abs(name)
			stamps[name] = stampOf(name)
		}
		if p.Module != nil && p.Module.GoMod != "" {
			l.deps[p.Module.GoMod] = stampOf(p.Module.GoMod)
		}
		if p.DepOnly {
			continue
		}
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

// madeOf returns the package that is made of the named files, or nil.
func (l *listing) madeOf(names []string) (p *listed) {
	for _, c := range l.byFile[names[0]] {
		// Most hosts type-check what cgo generates, gopls what it generates from.
		if c.isMadeOf(names, c.CompiledGoFiles) || c.isMadeOf(names, slices.Concat(c.GoFiles, c.CgoFiles)) {
			p = c
		}
	}
	return p
}

// unit returns the unit of the package that is made of the named files.
func (l *listing) unit(names []string) (*Unit, error) {
	p := l.madeOf(names)
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

// importsAll reports whether the listing still answers all questions about the package
// of the pass, whatever is in its files by now: they are the same, and import nothing
// new, and nothing that has changed.
func (l *listing) importsAll(pass *analysis.Pass, names []string) bool {
	p := l.madeOf(names)
	if p == nil || len(p.CgoFiles) > 0 || changedSince(l.deps) {
		return false
	}
	for _, path := range p.Imports {
		if dep := l.packages[path]; dep != nil && !dep.DepOnly {
			return false // an external test imports what it tests
		}
	}
	for _, f := range pass.Files {
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return false
			}
			if !slices.Contains(p.Imports, either(p.ImportMap[path], path)) {
				return false
			}
		}
	}
	for _, path := range p.Imports {
		if dep := l.packages[path]; dep != nil && dep.Export != "" && stampOf(dep.Export) == (stamp{}) {
			return false // the go command has cleaned its cache
		}
	}
	return true
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
	mu      sync.Mutex
	l       *listing
	overlay bool // it describes other files than those on disk
}

// get returns what the go command says about the pattern, with an overlay if there is
// one. What it said before will do if nothing has changed since, or if one of the
// functions says so.
func (m *memo) get(ws workspace, pattern string, overlay *overlayDir, enough ...func(*listing) bool) (*listing, error) {
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
	same := e.l != nil && overlay == nil && !e.overlay && !changedSince(e.l.own) && !changedSince(e.l.deps)
	if same || e.l != nil && slices.ContainsFunc(enough, func(f func(*listing) bool) bool { return f(e.l) }) {
		return e.l, nil
	}
	l, err := ws.list(pattern, overlay)
	if err != nil {
		return nil, err
	}
	e.l, e.overlay = l, overlay != nil
	return l, nil
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

func changedSince(stamps map[string]stamp) bool {
	for name, old := range stamps {
		if stampOf(name) != old {
			return true
		}
	}
	return false
}
