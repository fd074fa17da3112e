package badcap

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// reportNegative reports the use.
func (p *program) reportNegative(u use, f form, why *reason) {
	s := u.site
	unsigned := isUnsigned(p.TypesInfo.TypeOf(s.size))
	if conv, ok := u.size.(*ssa.Convert); ok {
		unsigned = unsigned || isUnsigned(conv.X.Type())
	}
	number := lint.Text(s.size)
	is := "is negative"
	if unsigned {
		is = "wraps around to a huge number"
	}
	var when string
	if len(why.sites) > 0 {
		when = "for what a caller hands over"
	} else {
		when = p.when(why.f)
	}
	d := analysis.Diagnostic{
		Pos:      s.size.Pos(),
		End:      s.size.End(),
		Category: catNegative,
		Message:  fmt.Sprintf("%s %s %s, and %s panics", number, is, when, s.what),
	}
	for _, site := range why.sites {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: site.Pos(), Message: "the arguments of this call are not checked"})
	}
	if !s.length && !unsigned && p.subtractsHere(s.size) && p.builtinAt(s.size.Pos(), "max") && p.atLeast(s, "go1.21") {
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message: "use 0 where " + number + " is negative",
			TextEdits: []analysis.TextEdit{
				{Pos: s.size.Pos(), End: s.size.Pos(), NewText: []byte("max(0, ")},
				{Pos: s.size.End(), End: s.size.End(), NewText: []byte(")")},
			},
		}}
	}
	p.Report(d)
}

func (p *program) atLeast(s *site, version string) bool {
	file := lint.FileOf(p.Pass, s.call.Pos())
	return file != nil && lint.GoAtLeast(p.Pass, file, version)
}

// builtinAt reports whether the name means the builtin at pos.
func (r *run) builtinAt(pos token.Pos, name string) bool {
	scope := r.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(name, pos)
	_, ok := obj.(*types.Builtin)
	return ok
}

// subtractsHere reports whether the expression itself subtracts.
func (p *program) subtractsHere(e ast.Expr) bool {
	b, ok := p.TypesInfo.TypeOf(e).Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned == 0 && has(e, isSub)
}

// when says in words when the sum is negative.
func (p *program) when(f form) string {
	var minus, plus []string
	named := true
	for a, c := range f.c {
		name := p.nameOf(a)
		named = named && name != "" && abs(c) == 1
		if c < 0 {
			minus = append(minus, name)
		} else {
			plus = append(plus, name)
		}
	}
	sort.Strings(minus)
	sort.Strings(plus)
	if !named {
		return "for some arguments"
	}
	sum := func(names []string, k int64) string {
		s := strings.Join(names, "+")
		switch {
		case s == "":
			return fmt.Sprint(k)
		case k > 0:
			return fmt.Sprintf("%s+%d", s, k)
		}
		return s
	}
	if len(minus) == 0 && len(plus) == 1 && f.k == -1 && strings.HasPrefix(plus[0], "len(") {
		return "when " + strings.TrimSuffix(strings.TrimPrefix(plus[0], "len("), ")") + " is empty"
	}
	return fmt.Sprintf("when %s < %s", sum(plus, max(f.k, 0)), sum(minus, max(-f.k, 0)))
}

// nameOf returns an atom as the source has it, or "".
func (p *program) nameOf(a atom) string {
	name := ""
	switch base := a.base.(type) {
	case *ssa.Parameter:
		name = base.Name()
	case *ssa.Call, *ssa.Extract:
		return ""
	}
	if name == "" {
		return ""
	}
	for _, f := range pathFields(a) {
		name += "." + f.Name()
	}
	if strings.ContainsAny(a.path, "[") {
		return ""
	}
	switch a.kind {
	case lenOf:
		return "len(" + name + ")"
	case capOf:
		return "cap(" + name + ")"
	}
	return name
}
