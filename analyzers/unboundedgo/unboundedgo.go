package unboundedgo

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{
		Name:     "unboundedgo",
		Doc:      lint.Doc(doc, "unboundedgo"),
		URL:      lint.URL("unboundedgo"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer, hot.Analyzer},
		Run:      run,
	})
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Goroutines,
	Stage:    lint.Opt,
	Since:    "v0.2.0",
	Fix:      lint.NoFix,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: perItem, Title: "a goroutine for every item of what a client sends"},
		{Name: perMessage, Title: "a goroutine for every message of a stream, queue or channel"},
	},
}

const (
	perItem    = "per-item"
	perMessage = "per-message"
)

// finder is one run of the check on one package.
type finder struct {
	pass *analysis.Pass
	hot  *hot.Report
}

func run(pass *analysis.Pass) (any, error) {
	if !startsInLoop(pass) {
		return nil, nil
	}
	f := &finder{pass, hot.Of(pass)}
	for _, fn := range lazyssa.Of(pass).Build().Funcs {
		if lint.IsTest(pass, fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					f.start(call)
				}
			}
		}
	}
	return nil, nil
}

// startsInLoop spares packages that have no loop with a goroutine in it the cost of SSA.
func startsInLoop(pass *analysis.Pass) bool {
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	group := lint.Imports(pass.Pkg, "golang.org/x/sync/errgroup", "sync")
	for loop := range in.Root().Preorder((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		for c := range loop.Preorder((*ast.GoStmt)(nil), (*ast.SelectorExpr)(nil)) {
			if sel, ok := c.Node().(*ast.SelectorExpr); !ok || group && sel.Sel.Name == "Go" {
				return true
			}
		}
	}
	return false
}

// started returns the function that an instruction starts as a goroutine: by a go
// statement, or the Go method of a group.
func started(call ssa.CallInstruction) *ssa.Function {
	if g, ok := call.(*ssa.Go); ok {
		return function(g.Call.Value)
	}
	if fn := call.Common().StaticCallee(); fn != nil && isGroupGo(fn) {
		return function(call.Common().Args[1])
	}
	return nil
}

// withContext reports whether a go statement calls what takes a context.
func withContext(call ssa.CallInstruction) bool {
	g, ok := call.(*ssa.Go)
	return ok && takesContext(g.Call.Signature())
}

func isGroupGo(fn *ssa.Function) bool {
	return lint.IsMethod(fn.Object(), "golang.org/x/sync/errgroup", "Group", "Go") || lint.IsMethod(fn.Object(), "sync", "WaitGroup", "Go")
}

func function(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	}
	return nil
}

// start judges one place where a goroutine is started.
func (f *finder) start(call ssa.CallInstruction) {
	body := started(call)
	served := withContext(call)
	if body == nil && !served {
		return
	}
	cycle := cycleOf(call.Block())
	if len(cycle) == 0 {
		return
	}
	in := f.inputOf(call, cycle)
	if in == nil || in.limited || !served && !doesWork(body, 3, make(map[*ssa.Function]bool)) || f.limited(call, body, cycle, in) {
		return
	}
	category, message := perItem, "starts a goroutine for every item of %s, as many as a client sends: each takes 2 KiB and more, and all do their work at once; limit them (errgroup.SetLimit, a semaphore or a fixed number of workers)"
	if in.stream {
		category, message = perMessage, "starts a goroutine for every message of %s, however fast they come: each takes 2 KiB and more, and nothing slows the sender down; limit them (errgroup.SetLimit, a semaphore or a fixed number of workers)"
	}
	f.pass.Report(analysis.Diagnostic{
		Pos:      call.Pos(),
		End:      call.Pos() + token.Pos(len("go")),
		Category: category,
		Message:  fmt.Sprintf(message, in.name),
		Related:  []analysis.RelatedInformation{{Pos: in.pos, Message: "where they come from"}},
	})
}

// cycleOf returns the blocks that are repeated together with b; none if b is in no loop.
func cycleOf(b *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	forward, backward := reach(b, func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs }), reach(b, func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Preds })
	cycle := make(map[*ssa.BasicBlock]bool)
	for x := range forward {
		if backward[x] {
			cycle[x] = true
		}
	}
	return cycle
}

// reach returns what lies at least one step from b.
func reach(b *ssa.BasicBlock, next func(*ssa.BasicBlock) []*ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, y := range next(x) {
			if !seen[y] {
				seen[y] = true
				work = append(work, y)
			}
		}
	}
	return seen
}
