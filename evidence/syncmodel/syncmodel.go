// Package syncmodel is a prerequisite analyzer that tells which channels,
// wait groups and condition variables a package has, what is done with each of
// them, and whether anybody outside the package can touch it.
//
// It answers two kinds of questions. [Model] answers "is there any partner at
// all?" for the package as a closed world: values that may be the same object
// are one [Class]. [Model.Scenarios] answers "can this goroutine be left behind?"
// for objects that one function makes and shares only with the goroutines it
// starts, by running all their paths against each other.
//
// What it does not know, it calls unknown: a class that another package may
// touch says so, and a function too complicated to be explored has no scenarios.
//
// Its files are of four kinds, each of which uses those before it:
//
//   - The model: which values are one object, and who may touch it (classes, ops, elements,
//     outside, callees, variables), what is on every way to a place (order, flow, loops,
//     conditions, gates), what callers in other packages must know (chaneffect), what ends a wait
//     (cancelled, released).
//   - The locks, [Model.Locks]: what each name of a mutex means (lockplace, lockalias, lone, survey),
//     the walk over all paths of a function (lockstate, lockwalk, lockcall, lockwait, lockmeet,
//     lockfunc, locksum, locklimit) and what comes of it (locks, lockneed, lockentry, lockfacts,
//     lockeffect).
//   - The search, [Model.Scenarios]: an abstract machine (machine, calls, structs, contexts,
//     receives), the paths it finds (paths, keys), and the search over what they can do to each
//     other (search, scenarios, streams).
//   - The questions that a check asks, each in a file of its own that begins with the type of the
//     answer: what was left undone on a path (skipped, rounds, slots, replies, unanswered, feeds),
//     which partner is gone (partners with readers, senders, orders and ended; overflow, mixed,
//     missed, unwoken, latch), who waits for itself (selfwait, late, onces), what is promised to callers
//     (contracts, stops, keeper, enders), what is never there (nilfields, options, halfmade, pipes, clocks).
package syncmodel

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Analyzer offers the model of the package, see [Of], to the checks that require it.
var Analyzer = &analysis.Analyzer{
	Name:       "syncmodel",
	Doc:        "tell what is done with the channels, wait groups and conditions of a package, and by whom",
	Requires:   []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer},
	FactTypes:  []analysis.Fact{new(LockEffect), new(ChanEffect)},
	ResultType: reflect.TypeFor[*result](),
	Run:        run,
}

type result struct {
	pass  *analysis.Pass
	model *Model // or nil
}

func run(pass *analysis.Pass) (any, error) {
	r := &result{pass: pass}
	if !r.concurrent() {
		return r, nil
	}
	r.model = newModel(pass, lazyssa.Of(pass).Build(), r.fact)
	if r.model != nil {
		for obj, e := range r.model.Locks().effects() {
			pass.ExportObjectFact(obj, e)
		}
		for obj, e := range r.model.chanEffects() {
			pass.ExportObjectFact(obj, e)
		}
	}
	return r, nil
}

// Of returns the model of the package, or nil if the package has no channel, go
// statement or sync object, or is too large to be modelled.
func Of(pass *analysis.Pass) *Model {
	return pass.ResultOf[Analyzer].(*result).model
}

// fact imports a fact about a function of another package. It reports whether there is one.
func (r *result) fact(obj *types.Func, fact analysis.Fact) bool {
	return obj.Pkg() != r.pass.Pkg && r.pass.ImportObjectFact(obj.Origin(), fact)
}

// concurrent reports whether the source mentions anything worth modelling, or calls what may
// return with a lock. Most packages do not, and need no SSA.
func (r *result) concurrent() bool {
	if lint.Imports(r.pass.Pkg, "sync", "golang.org/x/sync/errgroup") || r.callsLocking() {
		return true
	}
	in := r.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for n := range in.PreorderSeq((*ast.GoStmt)(nil), (*ast.SendStmt)(nil), (*ast.SelectStmt)(nil), (*ast.ChanType)(nil), (*ast.UnaryExpr)(nil)) {
		if u, ok := n.(*ast.UnaryExpr); !ok || u.Op == token.ARROW {
			return true
		}
	}
	return false
}

// callsLocking reports whether the package uses a function of another one that returns with a
// lock, or releases one.
func (r *result) callsLocking() bool {
	locking := make(map[types.Object]bool)
	for _, f := range r.pass.AllObjectFacts() {
		if e, ok := f.Fact.(*LockEffect); ok && len(e.Ends) > 0 {
			locking[f.Object] = true
		}
	}
	if len(locking) == 0 {
		return false
	}
	for _, obj := range r.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && locking[fn.Origin()] {
			return true
		}
	}
	return false
}

// Kind is what an operation does.
type Kind int

// The operations on channels, wait groups and condition variables.
const (
	Send Kind = iota
	Recv
	Range // receives until the channel is closed
	Close
	Measure // len or cap
	Add
	Done
	Wait
	CondWait
	Signal // or Broadcast
)

// An Op is one operation on a synchronisation object.
type Op struct {
	Kind   Kind
	Instr  ssa.Instruction
	Fn     *ssa.Function // that contains it
	Object ssa.Value     // the channel, or the address of the wait group or condition
	Select *ssa.Select   // that it is a case of, or nil
}

// Bare reports whether the goroutine has no other way on than this operation.
func (op *Op) Bare() bool { return op.Select == nil }

// Pos returns the position of the operation.
func (op *Op) Pos() token.Pos {
	if op.Select != nil {
		for _, s := range op.Select.States {
			if s.Chan == op.Object {
				return s.Pos
			}
		}
	}
	return op.Instr.Pos()
}

// Who is what code outside the package may do with an object.
type Who uint8

// The things that unknown code may do.
const (
	MaySend Who = 1 << iota
	MayRecv
	MayClose

	Anything = MaySend | MayRecv | MayClose
)
