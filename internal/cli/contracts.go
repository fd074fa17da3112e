package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// unwatched are the flags for the vet tool where nothing in the module is marked
// noalloc: then a change deep down concerns no contract, and packages need not be
// analysed again because of it.
func (a *analysis) unwatched() []string {
	if a.selection.Hides("noalloc") || !a.env.inModule() || a.env.GOWORK != "" && a.env.GOWORK != "off" {
		return nil
	}
	if hasContracts(filepath.Dir(a.env.GOMOD)) {
		return nil
	}
	return []string{"-noalloc.watch=false"}
}

// hasContracts reports whether a Go file below dir has a mark. It reads them all if none
// has: some 10 ms for a program of 100,000 lines.
func hasContracts(dir string) bool {
	errFound := errors.New("found")
	mark := []byte("//heapvet:noalloc")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return nil
		case d.IsDir():
			if path != dir && (name == "vendor" || name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
				return filepath.SkipDir
			}
		case strings.HasSuffix(name, ".go"):
			if data, err := os.ReadFile(path); err == nil && bytes.Contains(data, mark) {
				return errFound
			}
		}
		return nil
	})
	return err == errFound
}
