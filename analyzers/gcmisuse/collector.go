package gcmisuse

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// seldom is the period from which on a tick is nobody's trouble.
const seldom = 10 * time.Second

// repeated reports a call that costs the whole program something and is made again and again.
func (f *finder) repeated(c call, category string) {
	p := f.placeOf(c.at, maxHops, search{
		fine:    func(p place) bool { return f.onPurpose(p, c, category) },
		counted: category != memstats,
	})
	switch {
	case p.kind == once, f.measures(c), category != memstats && f.explained(c) && !f.all:
		return
	case p.kind == tick && (p.period > seldom || p.period == 0 && category == memstats) && !f.all:
		return
	}
	var message string
	switch category {
	case forcedGC:
		message = fmt.Sprintf("runtime.GC marks the whole heap %s and makes the caller wait for it; leave it to the collector, or set GOGC or a memory limit", p.when())
	case freeOSMemory:
		message = fmt.Sprintf("debug.FreeOSMemory collects the whole heap %s and gives back pages that are soon asked for again; the runtime returns them by itself, sooner with a memory limit", p.when())
	case memstats:
		message = fmt.Sprintf("runtime.ReadMemStats stops all goroutines %s; %s", p.when(), f.instead(c))
	}
	f.report(c, category, message, p.related()...)
}

// explained reports whether a call that a count lets through every so many times has a comment of some
// length above that: somebody has weighed what it costs.
func (f *finder) explained(c call) bool {
	for cur := range c.at.Enclosing((*ast.IfStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		cond, ok := cur.Node().(*ast.IfStmt)
		if !ok || !isCount(cond.Cond) {
			return false
		}
		file := lint.FileOf(f.pass, cond.Pos())
		if file == nil {
			return false
		}
		line := func(pos token.Pos) int { return f.pass.Fset.Position(pos).Line }
		return slices.ContainsFunc(file.Comments, func(g *ast.CommentGroup) bool {
			return line(g.End()) == line(cond.Pos())-1 && line(g.Pos()) < line(g.End()) && len(strings.Fields(g.Text())) > 12
		})
	}
	return false
}

// measures reports whether the function around the call is one that measures or tests the heap.
func (f *finder) measures(c call) bool {
	fn := innermost(c.at)
	if c.name == "runtime.ReadMemStats" {
		return f.calling(fn, "runtime.GC") > 0 || f.calling(fn, "runtime.ReadMemStats") > 1
	}
	return f.calling(fn, "runtime.ReadMemStats", "debug.ReadGCStats", "debug.WriteHeapDump", "pprof.WriteHeapProfile", "pprof.Lookup", "metrics.Read",
		"runtime.SetFinalizer", "runtime.AddCleanup", "runtime.KeepAlive", "runtime.Gosched", "runtime.NumGoroutine") > 0
}

// onPurpose reports whether a handler is there for the call: it does nothing else, or
// its name or route says so.
func (f *finder) onPurpose(p place, c call, category string) bool {
	words := []string{"debug", "pprof", "diag", "profil", "dump"}
	says := func(name string) bool {
		name = strings.ToLower(name)
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
	}
	if says(f.pass.Pkg.Name()) {
		return true
	}
	if category == memstats {
		words = append(words, "memstat") // it tells them as they are
	} else {
		words = append(words, "gc", "free", "memory", "heap", "admin", "trim", "scaveng")
		if (category != gcThrash || isStatement(c.at)) && f.onlyCalls(p, c) {
			return true
		}
	}
	return slices.ContainsFunc(f.names(p), says)
}

// names returns what a handler is called: its function, its type, and the routes that it is
// registered for.
func (f *finder) names(p place) (names []string) {
	routes := func(call *ast.CallExpr) {
		for _, arg := range call.Args {
			if v := f.pass.TypesInfo.Types[arg].Value; v != nil && v.Kind() == constant.String {
				names = append(names, constant.StringVal(v))
			}
		}
	}
	switch n := p.cause.(type) {
	case *ast.FuncDecl:
		names = append(names, n.Name.Name)
		fn, ok := f.pass.TypesInfo.Defs[n.Name].(*types.Func)
		if !ok {
			return names
		}
		if recv := fn.Signature().Recv(); recv != nil {
			if t, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named); ok {
				names = append(names, t.Obj().Name())
			}
		}
		for _, use := range f.uses[fn] {
			for call := range use.Enclosing((*ast.CallExpr)(nil)) {
				routes(call.Node().(*ast.CallExpr))
			}
		}
	case *ast.FuncLit:
		for call := range p.at.Enclosing((*ast.CallExpr)(nil)) {
			routes(call.Node().(*ast.CallExpr))
		}
		if decl, ok := outermost(p.at).(*ast.FuncDecl); ok {
			names = append(names, decl.Name.Name)
		}
	}
	return names
}

// onlyCalls reports whether the handler does nothing but make the call and answer: it
// calls no other function of the program, reads no channel and no body, and starts no goroutine.
func (f *finder) onlyCalls(p place, c call) bool {
	only := true
	ast.Inspect(lint.Body(p.cause), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.SelectStmt, *ast.ForStmt, *ast.RangeStmt:
			only = false
		case *ast.SelectorExpr:
			// What it is sent is work.
			only = only && !(n.Sel.Name == "Body" && lint.IsNamed(lint.Deref(f.pass.TypesInfo.TypeOf(n.X)), "net/http", "Request"))
		case *ast.CallExpr:
			if n == c.CallExpr || f.pass.TypesInfo.Types[n.Fun].IsType() {
				break
			}
			fn := typeutil.Callee(f.pass.TypesInfo, n)
			only = only && fn != nil && (fn.Pkg() == nil || answers(fn.Pkg().Path()))
		}
		return only
	})
	return only
}

// answers reports whether functions of a package help to answer a request.
func answers(path string) bool {
	switch path {
	case "net/http", "fmt", "io", "log", "log/slog", "strconv", "strings", "encoding/json", "time", "runtime", "runtime/debug", "errors":
		return true
	}
	return false
}

// switchedOff reports SetGCPercent(-1) in a program that goes on.
func (f *finder) switchedOff(c call) {
	v, ok := f.constant(c.Args[0])
	if !ok || v >= 0 || !isStatement(c.at) || f.limited() || f.isWrapper(c) || f.isShort() || f.chosen(c.at) {
		return
	}
	f.report(c, gcOff, fmt.Sprintf("debug.SetGCPercent(%d) switches the collector off for the whole program, and nothing here sets a memory limit: the heap grows until the process is killed; set debug.SetMemoryLimit or GOMEMLIMIT as well", v))
}

// chosen reports whether a command decides by a condition that it does its work without a
// collector.
func (f *finder) chosen(c inspector.Cursor) bool {
	for range c.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil)) {
		return f.pass.Pkg.Name() == "main"
	}
	return false
}

// isStatement reports whether nobody looks at the result of the call.
func isStatement(c inspector.Cursor) bool {
	switch n := c.Parent().Node().(type) {
	case *ast.ExprStmt:
		return true
	case *ast.AssignStmt:
		id, ok := n.Lhs[0].(*ast.Ident)
		return ok && len(n.Lhs) == 1 && id.Name == "_"
	case *ast.ValueSpec:
		return len(n.Names) == 1 && n.Names[0].Name == "_"
	}
	return false
}

// limited reports whether the package sets a memory limit, reads the variable that does, or
// switches the collector on again.
func (f *finder) limited() bool {
	for _, c := range f.calls {
		switch c.name {
		case "debug.SetMemoryLimit", "debug.SetGCPercent":
			if v, ok := f.constant(c.Args[0]); v >= 0 && (ok || !f.isRestore(c)) {
				return true
			}
		}
	}
	if slices.ContainsFunc(f.pass.Pkg.Imports(), func(p *types.Package) bool {
		return strings.HasSuffix(p.Path(), "/automemlimit") || strings.Contains(p.Path(), "/automemlimit/")
	}) {
		return true
	}
	for lit := range f.root.Preorder((*ast.BasicLit)(nil)) {
		if l := lit.Node().(*ast.BasicLit); l.Kind == token.STRING && strings.Contains(l.Value, "GOMEMLIMIT") {
			return true
		}
	}
	return false
}

// isWrapper reports whether the call is all that an exported function does: whoever calls
// that knows.
func (f *finder) isWrapper(c call) bool {
	decl, ok := outermost(c.at).(*ast.FuncDecl)
	return ok && decl.Name.IsExported() && len(decl.Body.List) == 1
}

// isShort reports whether the package is a command that does its work and ends: such
// programs may well do without a collector.
func (f *finder) isShort() bool {
	if f.pass.Pkg.Name() != "main" {
		return false
	}
	if lint.Imports(f.pass.Pkg, "net/http", "net", "net/rpc", "google.golang.org/grpc") {
		return false
	}
	for loop := range f.root.Preorder((*ast.ForStmt)(nil), (*ast.SelectStmt)(nil)) {
		switch n := loop.Node().(type) {
		case *ast.ForStmt:
			if n.Cond == nil && n.Init == nil && !f.ends(n.Body) {
				return false
			}
		case *ast.SelectStmt:
			if len(n.Body.List) == 0 {
				return false
			}
		}
	}
	return true
}

// ends reports whether a loop without a condition has a way out.
func (f *finder) ends(body *ast.BlockStmt) (out bool) {
	visit(body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			out = true
		case *ast.BranchStmt:
			out = out || n.Tok != token.CONTINUE
		}
	})
	return out
}

// thrash reports settings of the collector that change with each request or item. What
// is computed at run time is a tuner at work, unless it is taken back.
func (f *finder) thrash(c call) {
	v, ok := f.constant(c.Args[0])
	if f.isRestore(c) || ok && v < 0 && c.name == "debug.SetMemoryLimit" {
		return // told where it is changed, or that one only asks
	}
	back := f.restores(c)
	if !ok && back == nil {
		return
	}
	look := search{fine: func(p place) bool { return f.onPurpose(p, c, gcThrash) }}
	p := f.placeOf(c.at, maxHops, look)
	if back != nil && p.kind == once { // a request may ask for it, and overlap with others all the same
		look.anyway = true
		if asked := f.placeOf(c.at, maxHops, look); asked.kind == request {
			p = asked
		}
	}
	switch p.kind {
	case request:
		f.report(c, gcThrash, c.name+" changes the collector for all requests, not for this one: of two that overlap, the later restores what the earlier has set, and it stays so; set it once, at the start", append(p.related(), back...)...)
	case item:
		if !ok || f.measures(c) {
			return
		}
		f.report(c, gcThrash, c.name+" changes the collector of the whole program on every iteration, and where it switches it off waits for the collection that runs; set it once, before the loop", p.related()...)
	}
}

// restores points to the calls of the function around c that set back what c changes.
func (f *finder) restores(c call) (list []analysis.RelatedInformation) {
	for _, other := range f.calls {
		if other.name == c.name && other.CallExpr != c.CallExpr && innermost(other.at) == innermost(c.at) && f.isRestore(other) {
			list = append(list, analysis.RelatedInformation{Pos: other.Pos(), End: other.End(), Message: "it is set back here"})
		}
	}
	return list
}

// isRestore reports whether the argument of the call is what an earlier call of the same
// function returned.
func (f *finder) isRestore(c call) bool {
	switch arg := ast.Unparen(c.Args[0]).(type) {
	case *ast.CallExpr:
		fn := typeutil.Callee(f.pass.TypesInfo, arg)
		return fn != nil && fn.Pkg() != nil && fn.Pkg().Name()+"."+fn.Name() == c.name
	case *ast.Ident:
		rhs, ok := f.assigned(f.pass.TypesInfo.Uses[arg]).(*ast.CallExpr)
		if !ok {
			return false
		}
		fn := typeutil.Callee(f.pass.TypesInfo, rhs)
		return fn != nil && fn.Pkg() != nil && fn.Pkg().Name()+"."+fn.Name() == c.name
	}
	return false
}

// fault reports SetPanicOnFault where it is meant for the whole program.
func (f *finder) fault(c call) {
	v := f.pass.TypesInfo.Types[c.Args[0]].Value
	if v == nil || !constant.BoolVal(v) || !isStatement(c.at) || !f.atStart(c) {
		return
	}
	if f.pass.Pkg.Name() == "main" && !f.startsGoroutines() {
		return
	}
	f.report(c, panicOnFault, "debug.SetPanicOnFault concerns the calling goroutine alone: a fault in any other one still ends the program; call it in the goroutine that touches the memory, and restore it there")
}

// atStart reports whether the call is made while the program starts, on the main goroutine.
func (f *finder) atStart(c call) bool {
	for cur := range c.at.Enclosing((*ast.FuncLit)(nil)) {
		if cur.ParentEdgeKind() != edge.CallExpr_Fun {
			return false
		}
		if _, isGo := cur.Parent().Parent().Node().(*ast.GoStmt); isGo {
			return false
		}
	}
	return f.hot.Once(c.CallExpr)
}

// startsGoroutines reports whether the package starts goroutines, or has what it uses start them.
func (f *finder) startsGoroutines() bool {
	for range f.root.Preorder((*ast.GoStmt)(nil)) {
		return true
	}
	serving := []string{"net/http", "net/rpc", "google.golang.org/grpc"}
	for _, obj := range f.pass.TypesInfo.Uses { // a server may be made elsewhere
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && slices.Contains(serving, fn.Pkg().Path()) {
			return true
		}
	}
	return lint.Imports(f.pass.Pkg, append(serving, "golang.org/x/sync/errgroup")...)
}
