package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/heapvet/heapvet/evidence/alloc"
)

// writeBuiltins lists the functions of the runtime that the object files of the
// selected toolchain refer to by number.
func writeBuiltins(root string) error {
	out, err := exec.Command("go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return err
	}
	env := strings.Fields(string(out))
	list, err := os.ReadFile(filepath.Join(env[0], "src/cmd/internal/goobj/builtinlist.go"))
	if err != nil {
		return err
	}
	var names bytes.Buffer
	for _, m := range regexp.MustCompile(`(?m)^\t\{"runtime\.(\w+)", \d+\},$`).FindAllSubmatch(list, -1) {
		fmt.Fprintf(&names, "%s\n", m[1])
	}
	if names.Len() == 0 {
		return fmt.Errorf("%s has no such list as expected", env[0])
	}
	return os.WriteFile(filepath.Join(root, "evidence/alloc", language(env[1])+".txt"), names.Bytes(), 0o666)
}

// writeStd lists the functions of the standard library that allocate nothing, with
// the selected toolchain.
func writeStd(root string) error {
	out, err := exec.Command("go", "list", "-export", "-f", "{{.ImportPath}}\t{{.Export}}", "std").Output()
	if err != nil {
		return err
	}
	version, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return err
	}
	archives := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		if path, file, _ := strings.Cut(strings.TrimSpace(line), "\t"); file != "" {
			archives[path] = file
		}
	}
	table, err := alloc.Free(archives)
	if err != nil {
		return err
	}
	name := "std" + strings.TrimPrefix(language(strings.TrimSpace(string(version))), "go") + ".txt"
	return os.WriteFile(filepath.Join(root, "evidence/alloc", name), []byte(table), 0o666)
}

// language returns "go1.26" for "go1.26.8".
func language(release string) string {
	parts := strings.SplitN(release, ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}
