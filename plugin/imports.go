package plugin

import (
	"go/ast"
	"go/token"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/internal/fix"
	"github.com/heapvet/heapvet/lint"
)

// tidyImports makes fixes leave no import that nothing uses, which the command does by
// itself when it applies them. A fix that takes the last use away removes the import. Those
// that only together take it away are withheld but for the first ones: the next run, when
// there is one use left, offers the last.
func tidyImports(pass *analysis.Pass, findings []*analysis.Diagnostic) {
	byFile := make(map[*ast.File][]*analysis.Diagnostic)
	for _, d := range findings {
		if file := lint.FileOf(pass, d.Pos); file != nil && len(d.SuggestedFixes) > 0 {
			byFile[file] = append(byFile[file], d)
		}
	}
	for file, all := range byFile {
		var kept []*analysis.Diagnostic
		for _, d := range all {
			alone := useless(pass.Fset, file, d)
			if len(alone) > 0 {
				s := &d.SuggestedFixes[0]
				s.TextEdits = slices.Clone(s.TextEdits)
				for _, spec := range alone {
					s.TextEdits = append(s.TextEdits, removal(pass.Fset, spec))
				}
			}
			if kept = append(kept, d); len(useless(pass.Fset, file, kept...)) > 0 {
				kept = kept[:len(kept)-1]
				d.SuggestedFixes = nil
			}
		}
	}
}

// useless returns the imports of the file that have no use after the fixes, and that none of
// these removes.
func useless(fset *token.FileSet, file *ast.File, findings ...*analysis.Diagnostic) (specs []*ast.ImportSpec) {
	fixes := make([]fix.Fix, len(findings))
	for i, d := range findings {
		fixes[i] = fix.Of(fset, "", d)
	}
	files, _ := fix.Apply(fixes, os.ReadFile)
	for _, f := range files {
		if f.Name != fset.File(file.FileStart).Name() {
			continue
		}
		for _, spec := range file.Imports {
			if !f.Imports(spec.Path.Value) && !slices.ContainsFunc(findings, func(d *analysis.Diagnostic) bool { return removes(d, spec) }) {
				specs = append(specs, spec)
			}
		}
	}
	return specs
}

// removes reports whether the fix of the finding removes the import.
func removes(d *analysis.Diagnostic, spec *ast.ImportSpec) bool {
	return slices.ContainsFunc(d.SuggestedFixes[0].TextEdits, func(e analysis.TextEdit) bool {
		return e.Pos <= spec.Path.Pos() && spec.Path.End() <= e.End
	})
}

// removal removes an import: its line, as gofmt has it.
func removal(fset *token.FileSet, spec *ast.ImportSpec) analysis.TextEdit {
	file := fset.File(spec.Pos())
	line := file.PositionFor(spec.Pos(), false).Line
	return analysis.TextEdit{Pos: file.LineStart(line), End: file.LineStart(line + 1)}
}
