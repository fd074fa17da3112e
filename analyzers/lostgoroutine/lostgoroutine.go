package lostgoroutine

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/token"
	"slices"
	"sync"

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
		Name:      "lostgoroutine",
		Doc:       lint.Doc(doc, "lostgoroutine"),
		URL:       lint.URL("lostgoroutine"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, syncmodel.Analyzer, lazyssa.Analyzer},
		FactTypes: []analysis.Fact{new(Starts), new(Makes), new(Cancels), new(Feeds)},
		Run:       c.run,
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
		{Name: abandonedSend, Title: "a goroutine sends a result that nobody may receive"},
		{Name: firstWins, Title: "several goroutines send, fewer results are received"},
		{Name: doubleSend, Title: "a goroutine sends twice, the receiver receives once"},
		{Name: unclosedRange, Title: "a goroutine ranges over a channel that nobody closes"},
		{Name: lostSignal, Title: "a goroutine waits for a message or close that a path leaves out"},
		{Name: noPartner, Title: "nobody in the program does the other half of the operation"},
		{Name: nilChannel, Title: "an operation on a channel that is always nil"},
		{Name: noExit, Title: "a goroutine that nothing can end is started on every call"},
		{Name: waitGroup, Title: "Wait can not return"},
		{Name: condition, Title: "Cond.Wait can not return"},
		{Name: selfWait, Title: "a goroutine waits for its own end"},
		{Name: lostSlot, Title: "a place in a semaphore is not given back on a path"},
		{Name: partnerExits, Title: "the only partner of an operation may be gone"},
		{Name: contract, Title: "a caller forgets to end the goroutine that a function has started"},
		{Name: unexplored, Title: "functions with more paths than are followed"},
	},
}

const (
	abandonedSend = "abandoned-send"
	firstWins     = "first-wins"
	doubleSend    = "double-send"
	unclosedRange = "unclosed-range"
	lostSignal    = "lost-signal"
	noPartner     = "no-partner"
	nilChannel    = "nil-channel"
	noExit        = "no-exit"
	waitGroup     = "waitgroup"
	condition     = "cond"
	selfWait      = "self-wait"
	lostSlot      = "lost-slot"
	contract      = "contract"
	partnerExits  = "partner-exits"
	unexplored    = "unexplored"
)

type checker struct {
	all bool
}

// finder is one run of the check on one package.
type finder struct {
	*checker
	pass  *analysis.Pass
	model *syncmodel.Model
	said  map[token.Pos]bool // operations that have been reported
	tests lint.Tests

	onlyOnce func() map[*ssa.Function]bool // see once
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	model := syncmodel.Of(pass)
	if model == nil {
		return nil, nil
	}
	f := &finder{checker: c, pass: pass, model: model, said: make(map[token.Pos]bool), tests: lint.TestsOf(pass)}
	f.onlyOnce = sync.OnceValue(f.once)
	f.orphans()
	f.slots()
	f.scenarios()
	f.nilFields()
	f.wakings()
	f.idioms()
	f.selfWaits()
	f.selfSends()
	f.lateEnds()
	f.unstarted()
	f.skips()
	f.spoiled()
	f.unstopped()
	f.replies()
	f.seconds()
	f.unanswered()
	f.emptied()
	f.pending()
	f.neverEnded()
	f.contracts()
	f.uncancelled()
	f.thrownAway()
	f.leftFeeds()
	f.partnersExit()
	f.pipes()
	f.noExits()
	f.heedless()
	f.outliving()
	f.lingering()
	f.deletedUnclosed()
	f.notLeft()
	f.innerNotLeft()
	if f.all {
		f.overflows()
		f.unexplored()
	}
	return nil, nil
}

// unexplored says how many functions have too many paths for the search, so that its
// silence about them means nothing.
func (f *finder) unexplored() {
	fns := f.model.Limited()
	if len(fns) == 0 {
		return
	}
	first := slices.MinFunc(fns, func(a, b *ssa.Function) int { return cmp.Compare(a.Pos(), b.Pos()) })
	what := "this function has"
	if len(fns) > 1 {
		what = fmt.Sprintf("this and %d other functions of the package have", len(fns)-1)
	}
	f.pass.Report(analysis.Diagnostic{Pos: first.Pos(), End: first.Pos() + 1, Category: unexplored,
		Message: what + " more paths than are followed: what they leave behind is not known"})
}

func (f *finder) line(pos token.Pos) string { return lint.Line(f.pass.Fset, pos) }
