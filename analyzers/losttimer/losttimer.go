package losttimer

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/version"
	"runtime"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
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
		Name:     "losttimer",
		Doc:      lint.Doc(doc, "losttimer"),
		URL:      lint.URL("losttimer"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer},
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
	Since:    "v0.2.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: stopDrain, Title: "a timer channel is drained that may be empty"},
		{Name: ticker, Title: "a ticker that is never stopped, in a module of Go before 1.23"},
		{Name: timer, Title: "a timer left behind until it fires"},
		{Name: afterInLoop, Title: "time.After makes a timer for every message of a loop"},
	},
}

const (
	stopDrain   = "stop-drain"
	ticker      = "ticker"
	timer       = "timer"
	afterInLoop = "after-in-loop"
)

type checker struct {
	all bool
}

// finder is one run of the check on one package.
type finder struct {
	*checker
	pass  *analysis.Pass
	ssa   *lazyssa.SSA
	recvs map[token.Pos]*ast.UnaryExpr // by the position of the arrow
	tests lint.Tests

	// keeps says that the runtime keeps timers that the program has forgotten: in
	// modules that ask for Go before 1.23, until Go 1.27, which gave that up.
	keeps bool
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	if !lint.Imports(pass.Pkg, "time") || !mentionsTimers(pass) {
		return nil, nil
	}
	f := &finder{
		checker: c,
		pass:    pass,
		ssa:     lazyssa.Of(pass).Build(),
		recvs:   make(map[token.Pos]*ast.UnaryExpr),
		tests:   lint.TestsOf(pass),
		keeps:   olderThan(pass.Pkg.GoVersion(), "go1.23") && olderThan(runtime.Version(), "go1.27"),
	}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for n := range in.PreorderSeq((*ast.UnaryExpr)(nil)) {
		if u := n.(*ast.UnaryExpr); u.Op == token.ARROW {
			f.recvs[u.OpPos] = u
		}
	}
	for _, fn := range f.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Call:
					f.drain(v)
					f.watchdog(v)
					f.rearmed(v)
					if f.keeps {
						f.leftBehind(v)
					}
				case *ssa.Select:
					f.afters(v)
				case *ssa.UnOp:
					f.afterFunc(v)
				}
			}
		}
	}
	return nil, nil
}

// mentionsTimers spares packages that use the time package for other things the
// cost of SSA.
func mentionsTimers(pass *analysis.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		if lint.IsFunc(obj, "time", "After", "AfterFunc", "NewTicker", "NewTimer") || lint.IsMethod(obj, "time", "Timer", "Stop") {
			return true
		}
	}
	return false
}

func olderThan(v, than string) bool {
	return version.IsValid(v) && version.Compare(v, than) < 0
}

// isStop reports whether an instruction, a defer statement included, calls Stop of a
// timer or ticker.
func isStop(call ssa.CallInstruction) bool {
	return lint.IsMethod(lazyssa.Callee(call), "time", "Timer", "Stop") || lint.IsMethod(lazyssa.Callee(call), "time", "Ticker", "Stop")
}

func isReset(call ssa.CallInstruction) bool {
	return lint.IsMethod(lazyssa.Callee(call), "time", "Timer", "Reset") || lint.IsMethod(lazyssa.Callee(call), "time", "Ticker", "Reset")
}

// timerOf returns the timer or ticker whose channel ch is, or nil.
func timerOf(ch ssa.Value) ssa.Value {
	field := lazyssa.FieldLoaded(ch)
	if field == nil || !lint.IsNamed(lint.Deref(field.X.Type()), "time", "Timer", "Ticker") {
		return nil
	}
	return field.X
}

// chosen returns which case of a select the edge from one block to another takes, or nil.
func chosen(from, to *ssa.BasicBlock) *ssa.SelectState {
	branch, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	if !ok || from.Succs[0] != to || from.Succs[1] == to {
		return nil
	}
	test, ok := branch.Cond.(*ssa.BinOp)
	if !ok || test.Op != token.EQL {
		return nil
	}
	index, ok := test.X.(*ssa.Extract)
	if !ok || index.Index != 0 {
		return nil
	}
	sel, ok := index.Tuple.(*ssa.Select)
	k, isConst := test.Y.(*ssa.Const)
	if !ok || !isConst || int(k.Int64()) >= len(sel.States) {
		return nil
	}
	return sel.States[k.Int64()]
}

func (f *finder) line(pos token.Pos) string { return lint.Line(f.pass.Fset, pos) }
