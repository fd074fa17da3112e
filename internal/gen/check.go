package main

import (
	"embed"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The scaffold is a complete little check, so that whoever begins one starts
// from tests that pass and changes one thing at a time. Its files end in .tmpl
// to keep them from the go command; NAME stands for the name of the check.
//
//go:embed scaffold
var scaffold embed.FS

var validName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// writeCheck writes a new check called name below root and adds it to suite.go.
func writeCheck(root, name string) error {
	if !validName.MatchString(name) {
		return fmt.Errorf("%q is no name for a check: use one lower-case word that names the mistake", name)
	}
	dir := filepath.Join(root, "analyzers", name)
	if _, err := os.Stat(dir); err == nil {
		return fmt.Errorf("%s exists already", dir)
	}
	files := make(map[string]string)
	err := fs.WalkDir(scaffold, "scaffold", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := scaffold.ReadFile(path)
		if err != nil {
			return err
		}
		target := strings.TrimSuffix(strings.TrimPrefix(path, "scaffold/"), ".tmpl")
		files[strings.ReplaceAll(target, "NAME", name)] = strings.ReplaceAll(string(text), "NAME", name)
		return nil
	})
	if err != nil {
		return err
	}
	suite, err := register(filepath.Join(root, "suite.go"), name)
	if err != nil {
		return err
	}
	files["suite.go"] = suite
	return writeFiles(root, files)
}

// register returns the text of suite.go with the check added to the list of own checks.
func register(path, name string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	list := regexp.MustCompile(`(?s)var own = \[\]lint\.Check\{.*?\}`).FindString(string(text))
	const lintImport = `"github.com/heapvet/heapvet/lint"`
	if list == "" || !strings.Contains(string(text), lintImport) {
		return "", fmt.Errorf("%s has no list of own checks", path)
	}
	longer := strings.TrimSuffix(strings.TrimSuffix(list, "}"), "\n") + "\n\t" + name + ".Check,\n}"
	s := strings.Replace(string(text), list, longer, 1)
	s = strings.Replace(s, lintImport, `"github.com/heapvet/heapvet/analyzers/`+name+"\"\n\t"+lintImport, 1)
	out, err := format.Source([]byte(s))
	return string(out), err
}
