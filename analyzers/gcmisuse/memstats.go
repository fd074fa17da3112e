package gcmisuse

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/lint"
)

// metrics are the names under which package runtime/metrics has fields of runtime.MemStats.
var metrics = map[string]string{
	"Alloc":        "/memory/classes/heap/objects:bytes",
	"HeapAlloc":    "/memory/classes/heap/objects:bytes",
	"TotalAlloc":   "/gc/heap/allocs:bytes",
	"Sys":          "/memory/classes/total:bytes",
	"Mallocs":      "/gc/heap/allocs:objects",
	"Frees":        "/gc/heap/frees:objects",
	"HeapIdle":     "/memory/classes/heap/free:bytes + /memory/classes/heap/released:bytes",
	"HeapInuse":    "/memory/classes/heap/objects:bytes + /memory/classes/heap/unused:bytes",
	"HeapReleased": "/memory/classes/heap/released:bytes",
	"HeapObjects":  "/gc/heap/objects:objects",
	"StackInuse":   "/memory/classes/heap/stacks:bytes",
	"NextGC":       "/gc/heap/goal:bytes",
	"NumGC":        "/gc/cycles/total:gc-cycles",
	"NumForcedGC":  "/gc/cycles/forced:gc-cycles",
	"PauseNs":      "/sched/pauses/total/gc:seconds",
	"PauseTotalNs": "/sched/pauses/total/gc:seconds",
}

// instead says what to read in place of the statistics: by name for those that the package
// looks at, if these are few.
func (f *finder) instead(c call) string {
	fields := f.fields(c)
	var names []string
	for _, field := range fields {
		name, ok := metrics[field]
		if ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	const read = "runtime/metrics does not"
	if len(names) == 0 || len(names) > 3 {
		return read
	}
	return read + ": read " + strings.Join(names, ", ")
}

// fields returns which fields of the statistics that the call fills are read, sorted.
func (f *finder) fields(c call) (fields []string) {
	var obj types.Object
	arg := ast.Unparen(c.Args[0])
	if addr, ok := arg.(*ast.UnaryExpr); ok && addr.Op == token.AND {
		arg = ast.Unparen(addr.X)
	}
	switch arg := arg.(type) {
	case *ast.Ident:
		obj = f.pass.TypesInfo.Uses[arg]
	case *ast.SelectorExpr:
		obj = f.pass.TypesInfo.Uses[arg.Sel]
	}
	if obj == nil {
		return nil
	}
	for _, use := range f.uses[obj] {
		sel, ok := use.Parent().Node().(*ast.SelectorExpr)
		if ok && sel.Sel == use.Node() { // x.stats.Alloc
			sel, ok = use.Parent().Parent().Node().(*ast.SelectorExpr)
		}
		if !ok || !lint.IsNamed(lint.Deref(f.pass.TypesInfo.TypeOf(sel.X)), "runtime", "MemStats") {
			continue
		}
		fields = append(fields, sel.Sel.Name)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}
