package stucklock

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "stucklock",
		Doc:      lint.Doc(doc, "stucklock"),
		URL:      lint.URL("stucklock"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, syncmodel.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report findings of medium confidence too")
	return lint.New(a)
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Goroutines,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: missingUnlock, Title: "a path leaves the lock locked that others unlock"},
		{Name: doubleLock, Title: "a lock is taken again by who holds it"},
		{Name: recursiveRLock, Title: "a read lock is taken again by who holds it; a waiting writer blocks it"},
		{Name: lockOrder, Title: "two locks are taken in both orders"},
		{Name: blockedHolding, Title: "waits for somebody who needs a lock that is held meanwhile"},
	},
}

const (
	missingUnlock  = "missing-unlock"
	doubleLock     = "double-lock"
	recursiveRLock = "recursive-rlock"
	lockOrder      = "lock-order"
	blockedHolding = "blocked-holding"
)

type checker struct {
	all bool
}

// finder is one run of the check on one package.
type finder struct {
	*checker
	pass   *analysis.Pass
	model  *syncmodel.Model
	locks  *syncmodel.Locks
	said   map[token.Pos]bool     // operations that have been reported
	leaves map[*ssa.Function]bool // functions that return with a lock by mistake
	tests  lint.Tests
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	calledBack(pass)
	model := syncmodel.Of(pass)
	if model == nil {
		return nil, nil
	}
	f := &finder{c, pass, model, model.Locks(), make(map[token.Pos]bool), make(map[*ssa.Function]bool), lint.TestsOf(pass)}
	left := f.left()
	f.doubles()
	f.reentries()
	left, helpers := f.helpers(left)
	for _, h := range helpers {
		f.reportHelper(h)
	}
	for _, x := range left {
		f.reportMissing(x)
	}
	f.orders()
	f.pairs()
	f.blockedHolding()
	return nil, nil
}

func (f *finder) line(pos token.Pos) string { return lint.Line(f.pass.Fset, pos) }

// report makes one diagnostic of a call, unless one has been made of it.
func (f *finder) report(instr ssa.Instruction, category, msg string, fixes []analysis.SuggestedFix, rel ...analysis.RelatedInformation) {
	pos, end := lint.Operation(f.pass, instr.Pos())
	if !pos.IsValid() || f.said[pos] || f.tests.Has(pos) && !f.all {
		return // a test that waits in vain does not go unnoticed
	}
	f.said[pos] = true
	f.pass.Report(analysis.Diagnostic{Pos: pos, End: end, Category: category, Message: msg, Related: rel, SuggestedFixes: fixes})
}

// reportAcross reports an operation that calls lead to from where a lock is held: at the
// operation, or at the first of the calls if it is the caller who is wrong, or another
// caller is wrong too. The message begins with what the diagnostic points to.
func (f *finder) reportAcross(at ssa.Instruction, chain []ssa.CallInstruction, callerIsWrong bool, category, what, msg string, rel ...analysis.RelatedInformation) {
	if pos, _ := lint.Operation(f.pass, at.Pos()); len(chain) > 0 && (callerIsWrong || f.said[pos]) {
		callee := "another function"
		if fn := chain[0].Common().StaticCallee(); fn != nil {
			callee = f.funcName(fn)
		}
		where := fmt.Sprintf("this call of %s leads to the %s on %s, which", callee, what, f.line(at.Pos()))
		rel = append(rel, analysis.RelatedInformation{Pos: at.Pos(), Message: "the " + what})
		f.report(chain[0], category, where+msg, nil, rel...)
		return
	}
	f.report(at, category, "this "+what+msg, nil, rel...)
}

// funcName names a function as a reader would.
func (f *finder) funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal on " + f.line(fn.Pos())
	}
	name := fn.Name()
	if recv := fn.Signature.Recv(); recv != nil {
		t := recv.Type()
		star := ""
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t, star = p.Elem(), "*"
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			if star != "" {
				return "(*" + n.Obj().Name() + ")." + name
			}
			return n.Obj().Name() + "." + name
		}
	}
	return name
}

// calls describes the calls that lead from one place to another.
func (f *finder) calls(chain []ssa.CallInstruction) (rel []analysis.RelatedInformation) {
	for _, call := range chain {
		rel = append(rel, analysis.RelatedInformation{Pos: call.Pos(), Message: "by way of this call in " + f.funcName(call.Parent())})
	}
	return rel
}

// taker says what takes a lock: a Lock, or a call into another package that does.
func taker(at ssa.Instruction, read bool) string {
	word := "Lock"
	if read {
		word = "RLock"
	}
	if call, ok := at.(ssa.CallInstruction); ok {
		if fn := lazyssa.Callee(call); fn != nil && !strings.HasSuffix(fn.Name(), word) {
			return "call of " + fn.Name()
		}
	}
	return word
}
