package unit

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/heapvet/heapvet/internal/fix"
)

// applyFixes applies the first suggested fix of each finding. The go command
// either wants the changes printed, or takes fixed files from an archive and
// writes them itself when all units are done.
func (t *tool) applyFixes(u *unit, results []*result, stdout io.Writer) error {
	var fixes []fix.Fix
	for _, r := range results {
		if r.err != nil {
			fmt.Fprintf(os.Stderr, "heapvet: %s: %v\n", r.Name, r.err)
			t.code = 1
			continue
		}
		if u.cfg.foreign() {
			continue // not the user's to change
		}
		for _, d := range r.diagnostics {
			if len(d.SuggestedFixes) == 0 || suppressed(d) {
				continue
			}
			fixes = append(fixes, fix.Of(u.fset, r.Name, &d))
		}
	}
	files, skipped := fix.Apply(fixes, u.reread)
	for _, s := range skipped {
		fmt.Fprintf(os.Stderr, "heapvet: %s: did not %s: %s\n", s.Check, s.Message, s.Reason)
	}
	if t.diff {
		for _, f := range files {
			if _, err := stdout.Write(f.Diff()); err != nil {
				return err
			}
		}
		return nil
	}
	if u.cfg.FixArchive != "" {
		return writeArchive(u.cfg.FixArchive, u.cfg.ID, files)
	}
	for _, f := range files {
		if err := f.Write(); err != nil {
			return err
		}
	}
	return nil
}

// reread returns the contents of a file of the unit, if they still are what was parsed.
func (u *unit) reread(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	for _, f := range u.files {
		if tf := u.fset.File(f.FileStart); tf.Name() == name && tf.Size() == len(data) {
			return data, nil
		}
	}
	return nil, fmt.Errorf("%s has changed since it was analysed", name)
}

// writeArchive writes the archive even if there is nothing in it: the go command
// caches a unit only with all that it asked for.
func writeArchive(name, comment string, files []*fix.File) error {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	z.SetComment(comment)
	for _, f := range files {
		w, err := z.Create(f.Name)
		if err != nil {
			return err
		}
		if _, err := w.Write(f.New); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return fix.WriteFile(name, buf.Bytes())
}
