package unit

import (
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// again returns what a check finds with its findings of medium confidence, or without
// them; nil if that makes no difference to it.
func (u *unit) again(r *result, all bool) []analysis.Diagnostic {
	f := r.Flags.Lookup(lint.FlagAll)
	if f == nil || f.Value.String() == strconv.FormatBool(all) {
		return nil
	}
	before := f.Value.String()
	f.Value.Set(strconv.FormatBool(all))
	defer f.Value.Set(before)
	_, diags, _ := u.pass(r.Analyzer, r.inputs)
	return diags
}

// rate tells the findings of medium confidence from the others: a check does not make
// them when it is not asked for them.
func (u *unit) rate(results []*result) {
	for _, r := range results {
		f := r.Flags.Lookup(lint.FlagAll)
		if f == nil || f.Value.String() != "true" || len(r.diagnostics) == 0 {
			continue
		}
		sure, known := u.sure[r.Analyzer]
		if !known {
			sure = u.again(r, false)
			u.sure[r.Analyzer] = sure
		}
		r.medium = func(d analysis.Diagnostic) bool {
			return !slices.ContainsFunc(sure, func(s analysis.Diagnostic) bool {
				return s.Pos == d.Pos && s.Category == d.Category
			})
		}
	}
}
