package lint

import "golang.org/x/tools/go/analysis"

// Replace returns instances of the analyzers, and of all that they require, in which
// other instances take the place of some prerequisites: those that with maps to them.
// Analyzers that require none of these are returned as they are.
func Replace(with map[*analysis.Analyzer]*analysis.Analyzer, analyzers ...*analysis.Analyzer) []*analysis.Analyzer {
	clones := make(map[*analysis.Analyzer]*analysis.Analyzer, len(with))
	for old, other := range with {
		clones[old] = other
	}
	var clone func(a *analysis.Analyzer) *analysis.Analyzer
	clone = func(a *analysis.Analyzer) *analysis.Analyzer {
		if c, ok := clones[a]; ok {
			return c
		}
		requires := make([]*analysis.Analyzer, len(a.Requires))
		changed := false
		for i, req := range a.Requires {
			requires[i] = clone(req)
			changed = changed || requires[i] != req
		}
		clones[a] = a
		if changed {
			c := *a
			c.Requires = requires
			c.Run = func(pass *analysis.Pass) (any, error) {
				// The analyzer looks results up by the prerequisites it knows.
				own := *pass
				own.ResultOf = make(map[*analysis.Analyzer]any, len(requires))
				for i, req := range a.Requires {
					own.ResultOf[req] = pass.ResultOf[requires[i]]
				}
				return a.Run(&own)
			}
			clones[a] = &c
		}
		return clones[a]
	}
	out := make([]*analysis.Analyzer, len(analyzers))
	for i, a := range analyzers {
		out[i] = clone(a)
	}
	return out
}
