package cli

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// The go command (1.26, 1.27) has one cache entry for a package whether it was
// analysed because somebody named it or only because somebody imports it. In the
// second case there are no findings, and the entry hides them from whoever names
// the package later. So each set of names gets entries of its own: the scope is
// part of what the tool says it is.

// scopeVariable hands the scope through the go command to the tool.
const scopeVariable = "HEAPVET_SCOPE"

// scope identifies the packages that the patterns name. It does not depend on
// where the module is, so that machines can share a cache.
func (env *goEnv) scope(dir string, patterns []string) string {
	h := sha256.New()
	root := dir
	switch {
	case env.GOWORK != "" && env.GOWORK != "off":
		data, _ := os.ReadFile(env.GOWORK)
		h.Write(data)
		root = filepath.Dir(env.GOWORK)
	case env.inModule():
		data, _ := os.ReadFile(env.GOMOD)
		io.WriteString(h, modfile.ModulePath(data))
		root = filepath.Dir(env.GOMOD)
	default:
		io.WriteString(h, dir)
	}
	rel, err := filepath.Rel(realPath(root), realPath(dir))
	if err != nil {
		rel = dir
	}
	fmt.Fprintf(h, "\n%q\n%q", filepath.ToSlash(rel), slices.Sorted(slices.Values(patterns)))
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// PrintVersion answers, for a tool that a front end runs, the go command's
// question of what the tool is: a hash of the program and of the scope. It
// reports whether the arguments were this question.
func PrintVersion(args []string) (bool, error) {
	scope := os.Getenv(scopeVariable)
	if scope == "" || len(args) != 1 || strings.TrimLeft(args[0], "-") != "V=full" {
		return false, nil
	}
	self, err := os.Executable()
	if err != nil {
		return true, err
	}
	f, err := os.Open(self)
	if err != nil {
		return true, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return true, err
	}
	_, err = fmt.Printf("heapvet version devel buildID=%x-%s\n", h.Sum(nil), scope)
	return true, err
}
