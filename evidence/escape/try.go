package escape

import (
	"fmt"
	goparser "go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Try returns what the compiler would say of the package if some of its files had
// other contents. It fails if the package would not compile.
func (u Unit) Try(pass *analysis.Pass, contents map[string][]byte) (*Output, error) {
	dir, err := os.MkdirTemp("", "heapvet-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	u.GoFiles = slices.Clone(u.GoFiles)
	u.renamed = slices.Clone(u.renamed)
	u.ImportMap, u.PackageFile = maps.Clone(u.ImportMap), maps.Clone(u.PackageFile)
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		i := slices.Index(u.GoFiles, name)
		if i < 0 {
			return nil, fmt.Errorf("%s is not compiled", name)
		}
		copied := filepath.Join(dir, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(copied, contents[name], 0o600); err != nil {
			return nil, err
		}
		u.rename(copied, name)
		u.GoFiles[i] = copied
		if err := u.importMore(copied, contents[name]); err != nil {
			return nil, err
		}
	}
	return u.Load(pass)
}

// importMore adds the packages of the standard library that a file imports and the
// package has not imported so far.
func (u *Unit) importMore(name string, text []byte) error {
	file, err := goparser.ParseFile(token.NewFileSet(), name, text, goparser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if path == "unsafe" || path == "C" || u.ImportMap[path] != "" || u.PackageFile[path] != "" {
			continue
		}
		out, err := exec.Command("go", "list", "-export", "-f", "{{.Export}}", "--", path).Output()
		if err != nil {
			return fmt.Errorf("no export data of %s: %w", path, err)
		}
		if u.ImportMap == nil {
			u.ImportMap = make(map[string]string)
		}
		u.ImportMap[path] = path
		u.PackageFile[path] = strings.TrimSpace(string(out))
	}
	return nil
}

// Fewer reports whether the compiler puts less on the heap than before: no more
// variables, and fewer values, or as many where a callee allocates, which the
// compiler does not speak of.
func (o *Output) Fewer(before *Output) bool {
	values, variables := o.count()
	valuesBefore, variablesBefore := before.count()
	return variables <= variablesBefore && values <= valuesBefore
}

// count returns the numbers of values and of variables that are on the heap.
func (o *Output) count() (values, variables int) {
	for _, f := range o.files {
		for _, rows := range f.at {
			for _, r := range rows {
				switch r.kind {
				case heap:
					values++
				case moved:
					variables++
				}
			}
		}
	}
	return values, variables
}
