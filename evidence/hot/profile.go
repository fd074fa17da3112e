package hot

import (
	"errors"
	"go/types"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/lint"
)

// A Profile is the set of functions that are hot in fact, by the names that profiles of
// Go programs have for them: "example.com/m/p.F", "example.com/m/p.(*T).M". Function
// literals count as the function around them.
//
// It is a [flag.Value]: names separated by commas. Where it is a flag of a vet tool,
// the go command takes its text as part of what a result depends on, so a new profile makes new
// results and no profile changes nothing.
type Profile map[string]bool

// String returns the names, sorted.
func (p Profile) String() string {
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// Set adds names.
func (p Profile) Set(text string) error {
	if p == nil {
		return errors.New("there is no profile to add to")
	}
	for name := range strings.SplitSeq(text, ",") {
		if name != "" {
			p[name] = true
		}
	}
	return nil
}

// names reports whether the function of the package is in the profile.
func (p Profile) names(pkg *types.Package, fn *types.Func) bool {
	if len(p) == 0 {
		return false
	}
	path, _, _ := strings.Cut(pkg.Path(), " ")
	if pkg.Name() == "main" {
		path = "main"
	}
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		t := types.Unalias(lint.Deref(recv.Type()))
		named, ok := t.(*types.Named)
		if !ok {
			return false
		}
		name = named.Obj().Name() + "." + name
		if types.Unalias(recv.Type()) != t {
			name = "(*" + named.Obj().Name() + ")." + fn.Name()
		}
	}
	return p[path+"."+name]
}
