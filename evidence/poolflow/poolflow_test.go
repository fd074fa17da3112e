package poolflow_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/evidence/poolflow"
)

// The fixture wrap asserts the facts; what a user of wrappers in another
// package does with the objects is asserted here.
func Test(t *testing.T) {
	results := analysistest.Run(t, analysistest.TestData(), poolflow.Analyzer, "wrap", "use")

	want := map[string]string{
		"wrap.pool *bytes.Buffer": `
direct gets and reads [0]
direct puts [0] dirty, [] cleaned
again gets and reads []
chained gets and reads [0]
chained puts [] dirty, [0] cleaned`,
		"wrap.clean *bytes.Buffer": `
clean gets and reads []
clean puts [0] dirty, [0] cleaned`,
		"use.buffers.p *bytes.Buffer": `
generic gets and reads [0]
generic puts [] dirty, [0] cleaned`,
		"wrap.reqs *wrap.Req": `
partial gets and reads [1]
partial puts [1] dirty, [0] cleaned`,
	}
	for _, res := range results {
		if res.Pass.Pkg.Path() != "use" {
			continue
		}
		got := make(map[string]string)
		for _, p := range res.Result.(*poolflow.Flow).Pools {
			got[fmt.Sprint(p.Key, " ", p.Elem)] = describe(p)
		}
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("pool %s:%s\nwant:%s", name, got[name], want[name])
			}
		}
		if len(got) != len(want) {
			t.Errorf("pools: %q", slices.Sorted(maps.Keys(got)))
		}
	}
}

func describe(p *poolflow.Pool) string {
	var b strings.Builder
	for _, fn := range []string{"direct", "clean", "generic", "again", "chained", "partial"} {
		for _, g := range p.Gets {
			if g.Fn.Name() == fn {
				fmt.Fprintf(&b, "\n%s gets and reads %d", fn, slices.Sorted(maps.Keys(g.Reads)))
			}
		}
		for _, q := range p.Puts {
			if q.Fn.Name() == fn {
				var cleaned []int
				for i := range 64 {
					if q.Cleans.Has(i) {
						cleaned = append(cleaned, i)
					}
				}
				fmt.Fprintf(&b, "\n%s puts %d dirty, %d cleaned", fn, slices.Sorted(maps.Keys(q.Dirty)), cleaned)
			}
		}
	}
	return b.String()
}
