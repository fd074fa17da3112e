package poolalias

import (
	_ "embed"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{
		Name:      "poolalias",
		Doc:       lint.Doc(doc, "poolalias"),
		URL:       lint.URL("poolalias"),
		Requires:  []*analysis.Analyzer{lazyssa.Analyzer, poolflow.Analyzer},
		FactTypes: []analysis.Fact{(*Shares)(nil), (*Reused)(nil)},
		Run:       run,
	})
}

// Check is what drivers and documentation need beyond the analyzer.
var Check = lint.Check{
	New:      New,
	Group:    lint.Pools,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: useAfterPut, Title: "a pooled object is used after it was put back"},
		{Name: doublePut, Title: "a pooled object is put back twice"},
		{Name: aliased, Title: "memory of a pooled object outlives its Put"},
		{Name: unsafeString, Title: "a string made by unsafe shares memory with a pooled object"},
	},
}

const (
	useAfterPut  = "use-after-put"
	doublePut    = "double-put"
	aliased      = "alias"
	unsafeString = "unsafe-string"
)

// checker is the state of one run.
type checker struct {
	pass      *analysis.Pass
	prog      *lazyssa.SSA
	flow      *poolflow.Flow
	pools     map[ssa.CallInstruction]string // names of pools, by Get and Put
	released  map[*ssa.Function][]release
	effect    map[param]bool
	giving    map[*ssa.Function]bool
	joining   map[*ssa.Function]bool
	reuse     map[*types.Var]bool
	reachable map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool
	asked     map[*ssa.Function]map[*ssa.If][]*ssa.BasicBlock // the blocks that ask for the same condition
	tests     map[*types.Var]*ssa.Function                    // who asks for a field; nil if several do
	want      map[valueAt]bool
	closures  map[*ssa.Function]bool
	fuel      int
}

func run(pass *analysis.Pass) (any, error) {
	if !concerned(pass) {
		exportAccessors(pass)
		return nil, nil
	}
	c := &checker{
		pass:      pass,
		prog:      lazyssa.Of(pass).Build(),
		flow:      poolflow.Of(pass),
		pools:     make(map[ssa.CallInstruction]string),
		released:  make(map[*ssa.Function][]release),
		effect:    make(map[param]bool),
		giving:    make(map[*ssa.Function]bool),
		joining:   make(map[*ssa.Function]bool),
		reachable: make(map[*ssa.BasicBlock]map[*ssa.BasicBlock]bool),
		asked:     make(map[*ssa.Function]map[*ssa.If][]*ssa.BasicBlock),
		want:      make(map[valueAt]bool),
		closures:  make(map[*ssa.Function]bool),
		fuel:      maxTotal,
	}
	for _, p := range c.flow.Pools {
		for _, get := range p.Gets {
			c.pools[get.Call] = p.Name
		}
		for _, put := range p.Puts {
			c.pools[put.Call] = p.Name
		}
	}
	var found []finding
	for _, fn := range c.prog.Funcs {
		if len(fn.Blocks) == 0 || lint.IsTest(pass, fn.Pos()) {
			continue // tests look at what they put back on purpose, and end with what they keep
		}
		for _, o := range c.roots(fn) {
			found = append(found, c.explore(fn, o).found...)
		}
	}
	c.report(found)
	c.export()
	exportAccessors(pass)
	return nil, nil
}

// concerned reports whether the package puts anything into a pool.
func concerned(pass *analysis.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg() == pass.Pkg {
			continue
		}
		if lint.IsMethod(fn, "sync", "Pool", "Put") {
			return true
		}
		if _, ok := releases(fn); ok {
			return true
		}
		if f := new(Shares); pass.ImportObjectFact(fn.Origin(), f) && len(f.Puts)+len(f.Scopes)+len(f.Lends) > 0 {
			return true
		}
	}
	return false
}

// finding is one mistake on one path.
type finding struct {
	category string
	at       *event // the use, the second Put, or what lets the memory out
	put      *put
	result   int // of a return statement, -1 for all else
	boxed    bool
	root     origin
	other    *put // the later Put of two
}

func (x *explorer) add(f finding) {
	f.root = x.root
	if !slices.ContainsFunc(x.found, func(g finding) bool {
		return g.category == f.category && g.at.instr == f.at.instr && g.result == f.result
	}) {
		x.found = append(x.found, f)
	}
}

func (x *explorer) event(fr *frame, instr ssa.Instruction, r ref) *event {
	if fr.site != nil {
		instr = fr.site
	}
	return &event{instr, r}
}

// used records an access to the part of the object at r, if it was put back.
func (x *explorer) used(fr *frame, st *state, instr ssa.Instruction, r ref) {
	if !st.returned(r.path) {
		return
	}
	e := x.event(fr, instr, r)
	if e.instr == st.put.at.instr && !st.put.turned {
		return // what the call does within is reported there
	}
	x.add(finding{category: category(useAfterPut, r), at: e, put: st.put, result: -1})
}

func category(of string, r ref) string {
	if r.str {
		return unsafeString
	}
	return of
}

// again records the second of two Puts.
func (x *explorer) again(first, second *put) {
	if first.at.instr == second.at.instr && (!first.turned || second.deferred) {
		return
	}
	at := second
	if second.deferred && !first.deferred {
		at = first // the one that is too many is the explicit one
	}
	x.add(finding{category: doublePut, at: at.at, put: first, other: second, result: -1})
}

// escapes records that a goroutine or receiver may still use the object.
func (x *explorer) escapes(e *event, p *put) {
	x.add(finding{category: category(aliased, e.ref), at: e, put: p, result: -1})
}

// returns looks at the results of the function at hand. Beside an error nobody uses them.
func (x *explorer) returns(fr *frame, st *state, in *ssa.Return) {
	fails := lazyssa.Fails(in) || putAfterError(st, in)
	for i, r := range in.Results {
		direct, isRef := x.refOf(fr, st, r)
		if isRef && st.put == nil {
			x.aliases[i] = direct
		}
		for _, r := range append(x.reach(fr, st, r), x.carried(fr, st, r)...) {
			if st.returned(r.path) && !fails {
				x.add(finding{category: category(aliased, r), at: &event{in, r}, put: st.put, result: i, boxed: !isRef})
				break
			}
		}
	}
}

// putAfterError reports whether the object has been put back because of the very error that is
// returned beside it, which the callers look at first.
func putAfterError(st *state, in *ssa.Return) bool {
	if st.put == nil || len(in.Results) == 0 {
		return false
	}
	err, at := in.Results[len(in.Results)-1], st.put.at.instr
	return lint.IsError(err.Type()) && at.Parent() == in.Parent() && lazyssa.Failed(err, at.Block())
}

// atExit looks at what others still know of the object when the function is done.
func (x *explorer) atExit(fr *frame, e exit) {
	for loc, ev := range e.st.kept {
		for _, r := range e.st.within(loc) {
			if e.st.returned(r.path) && x.read(loc, ev) {
				x.add(finding{category: category(aliased, r), at: ev, put: e.st.put, result: -1})
			}
		}
	}
}
