package escape

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// Related returns the flow of the site as related information, nearest cause
// last. Steps outside the files of the pass are
// left out, and all but the last of several at one place.
func (r *Report) Related(s Site) []analysis.RelatedInformation {
	var related []analysis.RelatedInformation
	for _, step := range s.Flow {
		pos := r.posOf(step)
		if !pos.IsValid() || step.What == "spill" {
			continue
		}
		if n := len(related); n > 0 && related[n-1].Pos == pos {
			related = related[:n-1]
		}
		related = append(related, analysis.RelatedInformation{Pos: pos, Message: "here " + step.cause("it")})
	}
	return related
}

// posOf returns the position of a step in the files of the pass.
func (r *Report) posOf(s Step) token.Pos {
	is := func(pos token.Pos) bool {
		p := r.pass.Fset.PositionFor(pos, true)
		return p.Line == s.Line && (p.Filename == s.path || !filepath.IsAbs(s.path) && base(p.Filename) == s.File)
	}
	for _, f := range r.pass.Files {
		file := r.pass.Fset.File(f.FileStart)
		if s.Line < 1 || s.Line > file.LineCount() {
			continue
		}
		pos := file.LineStart(s.Line) + token.Pos(max(s.Col-1, 0))
		if pos <= f.FileEnd && is(pos) {
			return pos
		}
	}
	// A //line directive is in the way.
	for _, f := range r.pass.Files {
		file := r.pass.Fset.File(f.FileStart)
		for line := 1; line <= file.LineCount(); line++ {
			if start := file.LineStart(line); is(start) {
				return start
			}
		}
	}
	return token.NoPos
}

// nameCallees says what the calls among the steps call: the compiler prints the
// innermost call of what it has inlined.
func (r *Report) nameCallees(steps []Step) {
	for i := range steps {
		if steps[i].What != "call parameter" {
			continue
		}
		pos := r.posOf(steps[i])
		if !pos.IsValid() {
			continue
		}
		if call := lint.CallAt(r.pass, pos); call != nil {
			steps[i].Callee = r.callee(call)
			steps[i].callee = types.ExprString(call.Fun)
		}
	}
}

func (r *Report) callee(call *ast.CallExpr) string {
	info := r.pass.TypesInfo
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		if s := info.Selections[sel]; s != nil && s.Kind() == types.MethodVal && types.IsInterface(s.Recv()) {
			return "an interface method"
		}
	}
	switch typeutil.Callee(info, call).(type) {
	case *types.Func, *types.Builtin:
		return ""
	}
	return "a function value"
}
