package escape

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
// The build tags are those of [build.Default], where golangci-lint leaves what its
// configuration says, and of GOFLAGS.
//
// Files whose contents in the pass differ from the disk, such as unsaved
// editor buffers, are compiled as they are in the pass.
type GoList struct {
	// PerPackage asks the go command about each package by itself. Editors want
	// it: an edit that leaves the imports alone needs no more than one run of the
	// compiler, shortened.
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

// Try returns what the compiler would say of the package if some of its files had
// other contents. It fails if the package would not compile.
func (src GoList) Try(pass *analysis.Pass, contents map[string][]byte) (out *Output, err error) {
	err = src.with(pass, func(u *Unit) (err error) {
		out, err = u.Try(pass, contents)
		return err
	})
	return out, err
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
	if ws.all != "" && !src.PerPackage && overlay == nil {
		if l, err := listings.get(ws, ws.all, nil); err == nil {
			if u, err := l.unit(names); err == nil {
				return u, nil
			}
		}
	}
	// Wildcards leave out testdata and the like.
	l, err := listings.get(ws, ws.pkg, overlay, func(l *listing) bool { return l.importsAll(pass, names) })
	if err != nil {
		return nil, err
	}
	u, err := l.unit(names)
	if err == nil && overlay != nil {
		u.Overlay = overlay.files
	}
	return u, err
}
