package wastedpool

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// lostCopies reports structs that a pool holds by value and users change in a copy:
// what goes back is what came.
func (c *checker) lostCopies() {
	for _, p := range c.pools {
		for _, get := range p.gets {
			obj := get.call.Value()
			if obj == nil {
				continue
			}
			copied := changedCopy(obj)
			if copied == nil {
				continue
			}
			for _, put := range p.puts {
				if put.fn != get.fn || lazyssa.Strip(put.object()) != obj {
					continue
				}
				from, to := c.span(put.call)
				c.report(analysis.Diagnostic{
					Pos: from, End: to, Category: value,
					Message: fmt.Sprintf("%s holds values of type %s: this Put gives back what Get returned, not the copy that was changed; store *%[2]s", p.name(), c.typeName(copied)),
					Related: []analysis.RelatedInformation{c.related(get.call, "taken from the pool here")},
				})
			}
		}
	}
}

// changedCopy returns the type of the struct in the interface v, if the function
// copies it to a variable and changes that.
func changedCopy(v ssa.Value) types.Type {
	for _, ref := range *v.Referrers() {
		ta, ok := ref.(*ssa.TypeAssert)
		if !ok || ta.CommaOk {
			continue
		}
		if _, ok := ta.AssertedType.Underlying().(*types.Struct); !ok || pointerShaped(ta.AssertedType) {
			continue
		}
		for _, use := range *ta.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok || st.Val != ta {
				continue
			}
			if alloc, ok := st.Addr.(*ssa.Alloc); ok && fieldsSet(alloc) {
				return ta.AssertedType
			}
		}
	}
	return nil
}

func fieldsSet(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *fa.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa {
				return true
			}
		}
		if fieldsSet(fa) {
			return true
		}
	}
	return false
}
