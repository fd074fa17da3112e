package cli

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/leakprofile"
)

// A sourceTree finds the files of a profile, which was perhaps taken on another
// machine, in the packages that are analysed.
type sourceTree struct {
	dirs  map[string]string // import path → directory
	main  []mainPackage
	files map[leakprofile.Frame]string // answers so far, by frames without a line
}

type mainPackage struct{ path, dir, root string }

func listTree(ctx context.Context, build, patterns []string) (*sourceTree, error) {
	args := slices.Concat([]string{"list", "-e", "-f", "{{.ImportPath}}\t{{.Name}}\t{{.Dir}}\t{{with .Module}}{{.Dir}}{{end}}"}, build, []string{"--"}, patterns)
	out, err := goOutput(ctx, args...)
	t := &sourceTree{dirs: make(map[string]string), files: make(map[leakprofile.Frame]string)}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			continue
		}
		t.dirs[f[0]] = realPath(f[2])
		if f[1] == "main" {
			t.main = append(t.main, mainPackage{f[0], realPath(f[2]), realPath(f[3])})
		}
	}
	if len(t.dirs) == 0 {
		return nil, err
	}
	return t, nil
}

// find returns the position of a frame, or a zero position if it is in none of the
// packages.
func (t *sourceTree) find(f leakprofile.Frame) position {
	id := leakprofile.Frame{Func: f.Package(), File: f.File}
	file, known := t.files[id]
	if !known {
		file = t.file(id.Func, f.File)
		t.files[id] = file
	}
	if file == "" {
		return position{}
	}
	return position{file, f.Line, 0}
}

func (t *sourceTree) file(pkg, recorded string) string {
	dir := t.dirs[pkg]
	if plain, ok := strings.CutSuffix(pkg, "_test"); ok && dir == "" {
		dir = t.dirs[plain]
	}
	if pkg == "main" {
		dir = t.mainDir(recorded)
	}
	file := filepath.Join(dir, path.Base(recorded))
	if _, err := os.Stat(file); dir == "" || err != nil {
		return ""
	}
	return realPath(file)
}

// mainDir returns the directory of the command that a file belongs to: by its path
// below the import path of the command, as with -trimpath, or else below its module.
func (t *sourceTree) mainDir(file string) string {
	dir := path.Dir(file)
	best, length := "", -1
	for _, m := range t.main {
		if m.path == dir || m.dir == filepath.FromSlash(dir) {
			return m.dir
		}
		rel, err := filepath.Rel(m.root, m.dir)
		if err != nil {
			continue
		}
		if rel = filepath.ToSlash(rel); rel == "." {
			rel = ""
		}
		if n := len(rel); n > length && (rel == "" || dir == rel || strings.HasSuffix(dir, "/"+rel)) {
			best, length = m.dir, n
		}
	}
	return best
}

// locate finds the source of the leaks.
func (t *sourceTree) locate(leaks []*leak) {
	for _, l := range leaks {
		l.stack = make([]position, len(l.Stack))
		for i, f := range l.Stack {
			l.stack[i] = t.find(f)
		}
		l.creator = t.find(l.Creator)
	}
}
