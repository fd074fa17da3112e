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
package syncmodel

import (
	"go/ast"
	"go/token"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Analyzer offers a [*Lazy] to the checks that require it.
var Analyzer = &analysis.Analyzer{
	Name:       "syncmodel",
	Doc:        "tell what is done with the channels, wait groups and conditions of a package, and by whom",
	Requires:   []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer},
	ResultType: reflect.TypeFor[*Lazy](),
	Run: func(pass *analysis.Pass) (any, error) {
		return &Lazy{sync.OnceValue(func() *Model {
			if !concurrent(pass) {
				return nil
			}
			return newModel(pass, lazyssa.Of(pass).Build())
		})}, nil
	},
}

// Lazy builds the model when it is first asked for.
type Lazy struct{ build func() *Model }

// Of returns the model of the package, or nil if the package has no channel, go
// statement or sync object, or is too large to be modelled.
func Of(pass *analysis.Pass) *Model {
	return pass.ResultOf[Analyzer].(*Lazy).build()
}

// concurrent reports whether the source mentions anything worth modelling.
// Most packages do not, and need no SSA.
func concurrent(pass *analysis.Pass) bool {
	if lint.Imports(pass.Pkg, "sync", "golang.org/x/sync/errgroup") {
		return true
	}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for n := range in.PreorderSeq((*ast.GoStmt)(nil), (*ast.SendStmt)(nil), (*ast.SelectStmt)(nil), (*ast.ChanType)(nil), (*ast.UnaryExpr)(nil)) {
		if u, ok := n.(*ast.UnaryExpr); !ok || u.Op == token.ARROW {
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
