package lazyssa

import (
	"go/ast"
	"go/types"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// CFG returns the control flow of the body of a function or a function literal of
// the package. The first call for a body builds it; it is not to be changed.
func (p *Program) CFG(body *ast.BlockStmt) *cfg.CFG {
	p.flow.mu.Lock()
	defer p.flow.mu.Unlock()
	g := p.flow.graphs[body]
	if g == nil {
		g = cfg.New(body, p.flow.mayReturn)
		if p.flow.graphs == nil {
			p.flow.graphs = make(map[*ast.BlockStmt]*cfg.CFG)
		}
		p.flow.graphs[body] = g
	}
	return g
}

// MayReturn reports whether the call may return: it is not known to panic, or to end
// the goroutine, the test or the process.
func (p *Program) MayReturn(call *ast.CallExpr) bool {
	p.flow.mu.Lock()
	defer p.flow.mu.Unlock()
	return p.flow.mayReturn(call)
}

// A flow holds what has been found out about the control flow of a package.
type flow struct {
	mu sync.Mutex
	noReturn
	graphs map[*ast.BlockStmt]*cfg.CFG
}

func (f *flow) neverReturns(fn *types.Func) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.is(fn)
}

// noReturn decides which functions never return: those of other packages that are
// known not to, and the functions of the package that only reach those. The facts
// of x/tools' ctrlflow would need every dependency to be analysed.
type noReturn struct {
	pass  *analysis.Pass
	decls map[*types.Func]*ast.FuncDecl // made by declOf
	memo  map[*types.Func]bool
}

func (n *noReturn) is(fn *types.Func) bool {
	fn = fn.Origin()
	if fn.Pkg() != n.pass.Pkg {
		return NeverReturns(fn)
	}
	v, ok := n.memo[fn]
	if !ok {
		decl := n.declOf(fn)
		n.memo[fn] = false // breaks cycles
		v = NeverReturns(fn) || decl != nil && decl.Body != nil && cfg.New(decl.Body, n.mayReturn).NoReturn()
		n.memo[fn] = v
	}
	return v
}

// declOf returns the declaration of a function of the package.
func (n *noReturn) declOf(fn *types.Func) *ast.FuncDecl {
	if n.decls == nil {
		n.decls = lint.Declarations(n.pass)
		n.memo = make(map[*types.Func]bool)
	}
	return n.decls[fn]
}

func (n *noReturn) mayReturn(call *ast.CallExpr) bool {
	switch obj := typeutil.Callee(n.pass.TypesInfo, call).(type) {
	case *types.Builtin:
		return obj.Name() != "panic"
	case *types.Func:
		return !n.is(obj)
	}
	return true
}

// NeverReturns reports whether fn is a function outside the package that is
// known never to return to its caller: it ends the process, the goroutine or the test.
func NeverReturns(fn *types.Func) bool {
	return endsTest(fn) || lint.IsFunc(fn, "os", "Exit") ||
		lint.IsFunc(fn, "syscall", "Exit") ||
		lint.IsFunc(fn, "runtime", "Goexit") ||
		lint.IsFunc(fn, "log", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln") ||
		lint.IsMethod(fn, "log", "Logger", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln") ||
		lint.IsMethod(fn, "testing", "common", "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow") ||
		lint.IsMethod(fn, "testing", "TB", "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow") ||
		lint.IsMethod(fn, "go.uber.org/zap", "Logger", "Fatal", "Panic") ||
		lint.IsMethod(fn, "go.uber.org/zap", "SugaredLogger", "Fatal", "Fatalw", "Fatalf", "Fatalln", "Panic", "Panicw", "Panicf", "Panicln") ||
		lint.IsMethod(fn, "github.com/sirupsen/logrus", "Logger", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Exit") ||
		lint.IsFunc(fn, "github.com/sirupsen/logrus", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Exit") ||
		lint.IsFunc(fn, "k8s.io/klog/v2", "Fatal", "Fatalf", "Fatalln", "FatalDepth", "Exit", "Exitf", "Exitln", "ExitDepth")
}

// Ends reports whether control does not come back from an instruction though its block goes on: it
// is a call, through an interface, of a method by which a test ends. SSA is built
// without the code after static calls of such functions.
func Ends(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	return ok && call.Call.IsInvoke() && NeverReturns(call.Call.Method)
}

// endsTest reports whether fn is a method of an interface that stands for testing.TB, by which a
// test ends.
func endsTest(fn *types.Func) bool {
	switch fn.Name() {
	case "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow":
	default:
		return false
	}
	recv := fn.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return false
	}
	helper, _, _ := types.LookupFieldOrMethod(recv.Type(), true, fn.Pkg(), "Helper")
	sig, ok := helper.(*types.Func)
	return ok && sig.Signature().Params().Len()+sig.Signature().Results().Len() == 0
}
