package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/fix"
	"github.com/heapvet/heapvet/internal/source"
)

// repairs computes the files that the fixes of the findings shown would change.
func (a *analysis) repairs() ([]*fix.File, []fix.Skipped) {
	roots := a.env.mainModules()
	if roots == nil {
		roots = []string{realPath(a.dir)} // single files, outside of any module
	}
	var fixes []fix.Fix
	for _, f := range a.shown {
		if len(f.SuggestedFixes) == 0 {
			continue
		}
		first := f.SuggestedFixes[0] // others are alternatives
		one := fix.Fix{Check: f.rule(), Message: first.Message}
		one.Edits = slices.Grow(one.Edits, len(first.Edits))
		for _, e := range first.Edits {
			one.Edits = append(one.Edits, fix.Edit(e))
		}
		if !slices.ContainsFunc(first.Edits, func(e edit) bool { return !belongs(e.Filename, roots) }) {
			fixes = append(fixes, one)
		}
	}
	return fix.Apply(fixes, os.ReadFile)
}

// belongs reports whether a file is the user's to change: in a module that is
// worked on, and not a copy of somebody else's.
func belongs(file string, roots []string) bool {
	file = realPath(file)
	return slices.ContainsFunc(roots, func(root string) bool {
		rel, err := filepath.Rel(root, file)
		return err == nil && filepath.IsLocal(rel) &&
			!slices.Contains(strings.Split(filepath.ToSlash(rel), "/"), "vendor")
	})
}

// printDiff prints what the fixes would change.
func (a *analysis) printDiff() (int, error) {
	files, skipped := a.repairs()
	a.tellSkipped(skipped)
	for _, note := range a.notes { // standard output is for the patch
		fmt.Fprintf(a.command.stderr, "heapvet: %s\n", note)
	}
	for _, f := range files {
		if rel, err := filepath.Rel(a.dir, f.Name); err == nil && filepath.IsLocal(rel) {
			f.Name = rel
		}
		if _, err := a.command.stdout.Write(f.Diff()); err != nil {
			return 0, err
		}
	}
	code := exitClean
	if len(files) > 0 {
		code = exitFindings
	}
	return a.tellFailures(code), nil
}

// applyFixes changes the files, and prints what is still to be found afterwards.
func (a *analysis) applyFixes(ctx context.Context) (int, error) {
	files, skipped := a.repairs()
	for _, f := range files {
		if err := context.Cause(ctx); err != nil {
			return 0, err
		}
		if err := f.Write(); err != nil {
			return 0, fmt.Errorf("cannot write a fixed file: %w", err)
		}
	}
	if len(files) > 0 {
		a.sources = make(source.Files)
		a.leaks, a.leakProfiles, a.inits = nil, nil, nil // their lines are those of the files before
		if err := a.run(ctx); err != nil {
			return 0, fmt.Errorf("fixes are applied, but the second look failed: %w", err)
		}
		a.notes = append(a.notes, plural(len(files), "file")+" fixed")
	}
	a.tellSkipped(skipped)
	return a.print()
}

func (a *analysis) tellSkipped(skipped []fix.Skipped) {
	for _, s := range skipped {
		file := ""
		if len(s.Edits) > 0 {
			file = shortPath(a.dir, s.Edits[0].Filename) + ": "
		}
		a.notes = append(a.notes, fmt.Sprintf("%sfix of %s not applied: %s", file, cmp.Or(s.Check, "a check"), s.Reason))
	}
}
