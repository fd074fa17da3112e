// Package poolflow is a prerequisite analyzer that follows objects from a
// sync.Pool: where they are taken and put back, directly or through wrappers
// in this package and others, and what of their content survives the way.
//
// The content of an object is a set of slots: the fields of a struct, or one
// slot for the whole of a buffer, slice or map. From each Get the flow says
// which slots are read before anything assigns them, and at each Put which of
// them still hold what this user stored. Whatever the flow does not understand
// counts as a reset: it never claims more than it has seen.
package poolflow

import (
	"go/token"
	"go/types"
	"math/bits"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Analyzer offers [*Flow] to the checks that require it.
var Analyzer = &analysis.Analyzer{
	Name:       "poolflow",
	Doc:        "follow objects of sync.Pools through wrappers and packages",
	Requires:   []*analysis.Analyzer{lazyssa.Analyzer},
	FactTypes:  []analysis.Fact{(*Wrapper)(nil)},
	ResultType: reflect.TypeFor[*Flow](),
	Run:        run,
}

// Of returns the flow of a pass whose analyzer requires [Analyzer].
func Of(pass *analysis.Pass) *Flow {
	return pass.ResultOf[Analyzer].(*Flow)
}

// Flow is what is known of the pools that a package uses.
type Flow struct {
	Pools    []*Pool    // in the order of their first use
	Retained []Retained // in the order of their positions

	a *analyzer
}

// A Reset is a method, or another function, that prepares an object for its next use.
type Reset struct {
	Fn     *ssa.Function
	Cleans Slots // the slots that it clears on some path
	Leaves Slots // the slots that it does not clear or assign on every path
}

// Resets returns the functions of the package that by name and deed reset objects of type elem.
func (f *Flow) Resets(elem types.Type) []Reset {
	var list, putting []Reset
	for _, fn := range f.a.prog.Funcs {
		if fn.Parent() != nil || len(fn.Params) == 0 || !ResetName(fn.Name()) || !types.Identical(fn.Params[0].Type(), elem) {
			continue
		}
		if eff := f.a.summary(fn, fn.Params[0]); eff != nil && eff.exit.cleans != 0 {
			r := Reset{fn, eff.exit.cleans, ^eff.exit.clean}
			if len(eff.puts) > 0 {
				putting = append(putting, r)
			} else {
				list = append(list, r)
			}
		}
	}
	return append(list, putting...) // what only resets comes before what calls it
}

// A Pool is one sync.Pool, together with one type of object that it holds.
// Struct fields that are pools count once per struct type.
type Pool struct {
	Key  string     // identifies the pool, across packages
	Name string     // as a reader knows it, such as bufPool
	Elem types.Type // what Get yields after the type assertion
	New  New
	Gets []*Get
	Puts []*Put

	cuts map[int]token.Pos // where users of the pool cut slices that the user before filled
}

// New describes what the New function of a pool yields.
type New struct {
	Known bool // the function was seen and understood
	Empty bool // a zero value, or an empty buffer, slice or map
	Bound bool // a reader or writer with a source or target of its own
}

// A Get is one place where a function obtains a pooled object.
type Get struct {
	Fn      *ssa.Function
	Call    *ssa.Call
	Object  ssa.Value   // the result of the call, before any type assertion
	Wrapper *types.Func // the acquire wrapper that was called, or nil for Pool.Get itself
	// Reads are the slots whose old content is observed, and where.
	Reads map[int]token.Pos
	// Cleans are the slots that the function, or the wrapper that it calls, clears.
	Cleans Slots

	shown Slots // sticky slots that code out of sight gets to see as they were
}

// A Put is one place where a function gives an object back.
type Put struct {
	Fn      *ssa.Function
	Call    ssa.CallInstruction
	Wrapper *types.Func // the release wrapper that was called, or nil for Pool.Put itself
	// Dirty are the slots that still hold what was stored since the Get, and
	// where that happened.
	Dirty map[int]token.Pos
	// Cleans are the slots that somebody cleared on the way to this Put.
	Cleans Slots
}

// Slots names the slots of an object, by the index of a field. Slot 0 stands
// for the whole content of an object that is not a struct.
type Slots uint64

// Has reports whether slot i is in the set.
func (s Slots) Has(i int) bool { return s&slot(i) != 0 }

// Len returns the number of slots in the set.
func (s Slots) Len() int { return bits.OnesCount64(uint64(s)) }

const all = ^Slots(0)

func slot(i int) Slots { return 1 << i }

func run(pass *analysis.Pass) (any, error) {
	flow := new(Flow)
	if !concerned(pass) {
		resetFacts(pass)
		return flow, nil
	}
	a := &analyzer{
		pass:     pass,
		prog:     lazyssa.Of(pass).Build(),
		flow:     flow,
		pools:    make(map[string]*Pool),
		effects:  make(map[root]*effect),
		acquired: make(map[*ssa.Function][]acquired),
		lazy:     make(map[*types.Var]bool),
		filling:  make(map[*types.Var]bool),
		computed: make(map[*types.Var]bool),
		news:     make(map[string]New),
		grown:    make(map[*types.Var]*growth),
		regrown:  make(map[string]bool),
		given:    make(map[*types.Var]bool),
		assigned: make(map[*types.Var]token.Pos),
		placed:   make(map[*types.Var]*positions),
		cursor:   make(map[*types.Var]bool),
		assumed:  make(map[root]*effect),
		methods:  make(map[*types.Func]*ssa.Function),
		lenders:  make(map[*ssa.Function][]lend),
		guards:   make(map[*ssa.BasicBlock][]*ssa.If),
		fuel:     maxSteps,
	}
	for _, fn := range a.prog.Funcs {
		a.stores(fn)
		a.growths(fn)
	}
	for _, fn := range a.prog.Funcs {
		a.cursors(fn)
	}
	a.sticky, a.fed = a.stickies()
	a.options, a.cleared = optionals(a.prog.Funcs)
	for _, fn := range a.prog.Funcs {
		a.survey(fn)
	}
	if init := a.prog.Pkg.Func("init"); init != nil {
		a.survey(init)
	}
	for _, fn := range a.prog.Funcs {
		a.acquires(fn)
	}
	for _, fn := range a.prog.Funcs {
		a.borrows(fn)
		a.releases(fn)
		a.holds(fn)
	}
	a.lifetimes()
	a.overdue()
	if a.fuel <= 0 {
		return new(Flow), nil
	}
	flow.a = a
	a.export()
	resetFacts(pass)
	sortRetained(flow.Retained)
	if a.fuel <= 0 {
		return new(Flow), nil
	}
	return flow, nil
}

// concerned reports whether the package uses a pool or a wrapper of one.
func concerned(pass *analysis.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		switch obj := obj.(type) {
		case *types.TypeName:
			if obj.Name() == "Pool" && obj.Pkg() != nil && obj.Pkg().Path() == "sync" {
				return true
			}
		case *types.Func:
			if lint.IsMethod(obj, "sync", "Pool", "Get", "Put") {
				return true
			}
			if obj.Pkg() != nil && obj.Pkg() != pass.Pkg && pass.ImportObjectFact(obj.Origin(), new(Wrapper)) {
				return true
			}
		}
	}
	return false
}

// analyzer is the state of one run.
type analyzer struct {
	pass     *analysis.Pass
	prog     *lazyssa.SSA
	flow     *Flow
	pools    map[string]*Pool
	effects  map[root]*effect
	acquired map[*ssa.Function][]acquired
	lenders  map[*ssa.Function][]lend
	lazy     map[*types.Var]bool // fields that code fills only where it finds them unset
	filling  map[*types.Var]bool // lists that code adds to after it has looked if they are full
	sticky   sticky
	fed      sticky                   // buffers that some writer elsewhere fills, and nobody empties
	options  map[*types.Var]token.Pos // fields that are set if there is something to set them to, and never cleared
	cleared  map[*types.Var]bool      // fields that something clears, or may clear
	given    map[*types.Var]bool      // fields that are set to a parameter
	assigned map[*types.Var]token.Pos // where fields are set to something
	cursor   map[*types.Var]bool      // positions in those
	placed   map[*types.Var]*positions
	computed map[*types.Var]bool // fields that receive more than zeros, increments and, as maps, keys
	news     map[string]New
	grown    map[*types.Var]*growth
	regrown  map[string]bool // slice types whose pooled values are cut to a length of the user's
	guards   map[*ssa.BasicBlock][]*ssa.If
	callers  map[*ssa.Function][]ssa.CallInstruction
	stored   map[string][]ssa.Value
	methods  map[*types.Func]*ssa.Function // what interface methods of the package run
	stack    []root                        // the summaries being made
	assumed  map[root]*effect              // what functions that call themselves are taken to do
	fuel     int                           // instructions that may still be looked at
}

// maxSteps bounds the work on one package to well under a second. What is not
// done by then is not understood, and nothing is said.
const maxSteps = 4 << 20

// acquired is one result of a function that comes from a pool, with its state
// when the function returns it.
type acquired struct {
	index int
	pool  place
	elem  types.Type
	state state
	hook  *hook // what the function does with it before, if others say what that is
	bare  state // the state if that is nothing

	closers map[int]*effect // other results: functions that put it back
}

func (a *analyzer) pool(p place, elem types.Type) *Pool {
	id := p.key + "|" + types.TypeString(elem, nil)
	pool := a.pools[id]
	if pool == nil {
		pool = &Pool{Key: p.key, Name: p.name(), Elem: elem, New: a.news[p.key]}
		a.pools[id] = pool
		a.flow.Pools = append(a.flow.Pools, pool)
	}
	return pool
}

// local returns the function of this package that a call runs: the generic one
// for an instance of it.
func (a *analyzer) local(callee *ssa.Function) *ssa.Function {
	if origin := callee.Origin(); origin != nil {
		callee = origin
	}
	if callee.Pkg == a.prog.Pkg && len(callee.Blocks) > 0 {
		return callee
	}
	return nil
}

// addPuts records the Puts that following an object of type elem led to.
func (a *analyzer) addPuts(fn *ssa.Function, elem types.Type, eff *effect) {
	for _, p := range eff.puts {
		if p.pool.key == "" || p.call == nil {
			continue
		}
		dirty := make(map[int]token.Pos)
		for i := range 64 {
			if p.state.dirty.Has(i) {
				if pos, ok := eff.dirtAt[i]; ok {
					dirty[i] = pos
				} else {
					dirty[i] = p.call.Pos()
				}
			}
		}
		pool := a.pool(p.pool, elem)
		pool.Puts = append(pool.Puts, &Put{Fn: fn, Call: p.call, Wrapper: p.wrapper, Dirty: dirty, Cleans: p.state.cleans})
	}
}

// releases records the Puts of fn that no Get of the package leads to: those of
// slices put back under another header than the one that came from the Get.
func (a *analyzer) releases(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !isPoolMethod(call.Common(), "Put") {
				continue
			}
			object := lazyssa.Strip(call.Common().Args[1])
			switch object := object.(type) {
			case *ssa.Parameter, *ssa.FreeVar:
				a.summary(fn, object)
			case *ssa.UnOp:
				a.follow(fn, object, object.Type(), fresh, object)
			case *ssa.Extract:
				a.follow(fn, object, object.Type(), fresh, object)
			}
			if p := placeOf(call.Common().Args[0]); p.key != "" {
				a.found(fn, call, object, p)
			}
			if _, ok := object.Type().Underlying().(*types.Slice); !ok {
				continue
			}
			p := placeOf(call.Common().Args[0])
			if p.key == "" {
				continue
			}
			put := &Put{Fn: fn, Call: call}
			switch {
			case emptied(object):
				put.Cleans = 1
			case appended(object):
				put.Dirty = map[int]token.Pos{0: object.Pos()}
			}
			pool := a.pool(p, object.Type())
			pool.Puts = append(pool.Puts, put)
		}
	}
}
