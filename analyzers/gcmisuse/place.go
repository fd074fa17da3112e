package gcmisuse

import (
	"go/ast"
	"go/token"
	"go/types"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// maxHops is how many calls may lie between a place and what repeats it.
const maxHops = 2

// A kind says what repeats a place.
type kind int

const (
	once    kind = iota // as far as can be seen
	item                // every iteration of a loop
	tick                // a loop that goes by the clock
	request             // a handler
)

// A place is what repeats something.
type place struct {
	kind   kind
	cause  ast.Node         // the loop or handler
	at     inspector.Cursor // of the handler
	period time.Duration    // of a tick, 0 if unknown
	event  bool             // the loop waits in a select statement for something to happen
}

// when says how often, in words that end a sentence.
func (p place) when() string {
	switch p.kind {
	case item:
		return "on every iteration"
	case tick:
		if p.period > 0 {
			return "every " + short(p.period)
		}
		return "on every tick"
	}
	return "on every request"
}

func short(d time.Duration) string {
	switch {
	case d == time.Second:
		return "second"
	case d == time.Minute:
		return "minute"
	}
	return d.String()
}

// related points to what repeats the place.
func (p place) related() []analysis.RelatedInformation {
	info := analysis.RelatedInformation{Pos: p.cause.Pos(), End: p.cause.End()}
	switch n := p.cause.(type) {
	case *ast.ForStmt:
		info.Message, info.End = "the loop", n.For+token.Pos(len("for"))
	case *ast.RangeStmt:
		info.Message, info.End = "the loop", n.For+token.Pos(len("for"))
	case *ast.FuncDecl:
		info.Message, info.End = "the handler", n.Type.End()
	case *ast.FuncLit:
		info.Message, info.End = "the handler", n.Type.End()
	}
	return []analysis.RelatedInformation{info}
}

// A search is for what repeats a place.
type search struct {
	fine    func(place) bool // handlers that do not count
	counted bool             // every nth time counts as well
	anyway  bool             // conditions do not matter
}

// placeOf climbs from c to what repeats it every time: a condition on the way means
// that somebody has thought of how often, and ends the climb.
func (f *finder) placeOf(c inspector.Cursor, hops int, s search) place {
	p := f.climb(c, hops, s)
	if p.kind == request && s.fine != nil && s.fine(p) {
		return place{}
	}
	return p
}

func (f *finder) climb(c inspector.Cursor, hops int, s search) place {
	var clause *ast.CommClause
	for cur := c; cur.Node() != nil; cur = cur.Parent() {
		parent := cur.Parent()
		kind := cur.ParentEdgeKind()
		switch n := parent.Node().(type) {
		case nil, *ast.File:
			return place{}
		case *ast.IfStmt:
			if !s.anyway && (kind == edge.IfStmt_Else || kind == edge.IfStmt_Body && !(s.counted && isCount(n.Cond))) {
				return place{}
			}
		case *ast.CaseClause:
			if !s.anyway {
				return place{}
			}
		case *ast.BlockStmt:
			if !s.anyway && leaves(n.List) && !isBody(parent) || f.throttled(n.List, cur.Node()) {
				return place{}
			}
		case *ast.CommClause:
			if leaves(n.Body) {
				return place{}
			}
			if clause == nil {
				clause = n
			}
		case *ast.ForStmt:
			if kind != edge.ForStmt_Init && !f.hot.Small(n) {
				return f.loop(n, n.Body, clause)
			}
		case *ast.RangeStmt:
			if kind == edge.RangeStmt_Body && (f.channel(n.X) != nil || !f.hot.Small(n)) {
				return f.loop(n, n.Body, clause)
			}
		case *ast.FuncLit:
			if sig, ok := f.pass.TypesInfo.TypeOf(n).(*types.Signature); ok && f.hot.Serves(sig, nil) {
				return place{kind: request, cause: n, at: parent}
			}
			if parent.ParentEdgeKind() != edge.CallExpr_Fun {
				return place{}
			}
		case *ast.FuncDecl:
			fn, ok := f.pass.TypesInfo.Defs[n.Name].(*types.Func)
			if !ok {
				return place{}
			}
			if f.hot.Serves(fn.Signature(), fn) {
				return place{kind: request, cause: n, at: parent}
			}
			return f.called(fn, hops, s)
		}
	}
	return place{}
}

// isCount reports whether a condition holds every nth time: i%n == 0.
func isCount(cond ast.Expr) bool {
	cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || cmp.Op != token.EQL {
		return false
	}
	rem, ok := ast.Unparen(cmp.X).(*ast.BinaryExpr)
	return ok && rem.Op == token.REM
}

// throttled reports whether a statement before s in the list leaves unless enough time has
// passed, enough has been done or the heap has grown.
func (f *finder) throttled(list []ast.Stmt, s ast.Node) bool {
	for _, before := range list {
		if before == s {
			break
		}
		cond, ok := before.(*ast.IfStmt)
		if !ok || !leavesEarly(cond.Body) {
			continue
		}
		found := false
		ast.Inspect(cond.Cond, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				found = found || n.Op == token.REM
			case *ast.CallExpr:
				fn := typeutil.Callee(f.pass.TypesInfo, n)
				found = found || fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "time"
			case *ast.SelectorExpr:
				t := f.pass.TypesInfo.TypeOf(n.X)
				found = found || t != nil && lint.IsNamed(lint.Deref(t), "runtime", "MemStats")
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

func leavesEarly(body *ast.BlockStmt) bool {
	if leaves(body.List) {
		return true
	}
	last, ok := lastOf(body.List).(*ast.BranchStmt)
	return ok && last.Tok == token.CONTINUE
}

func lastOf(list []ast.Stmt) ast.Stmt {
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

// called returns what repeats a function of the package.
func (f *finder) called(fn *types.Func, hops int, s search) (best place) {
	if hops == 0 {
		return place{}
	}
	for _, caller := range f.callers[fn] {
		if lint.IsTest(f.pass, caller.Node().Pos()) {
			continue
		}
		// What happens may be seldom, if a function deals with it.
		if p := f.placeOf(caller, hops-1, s); !p.event && (best.kind == once || p.kind == request) {
			best = p
		}
	}
	return best
}

// leaves reports whether a list of statements ends by leaving the loops around it.
func leaves(list []ast.Stmt) bool {
	switch s := lastOf(list).(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.GOTO || s.Tok == token.BREAK
	}
	return false
}

func isBody(c inspector.Cursor) bool {
	switch c.ParentEdgeKind() {
	case edge.FuncDecl_Body, edge.FuncLit_Body:
		return true
	}
	return false
}

// loop tells a loop that goes by the clock from others. The clause is that of a select
// statement in the loop that leads to the place, or nil.
func (f *finder) loop(n ast.Node, body *ast.BlockStmt, clause *ast.CommClause) place {
	p := place{kind: item, cause: n}
	sources := []ast.Node{body}
	if clause != nil {
		sources = []ast.Node{clause.Comm}
	}
	if r, ok := n.(*ast.RangeStmt); ok {
		sources = append(sources, &ast.UnaryExpr{Op: token.ARROW, X: r.X})
	}
	seldom := false
	for _, source := range sources {
		visit(source, func(n ast.Node) {
			switch n := n.(type) {
			case *ast.UnaryExpr:
				switch {
				case n.Op != token.ARROW:
				case f.isClock(n.X):
					p.kind, p.period = tick, max(p.period, f.period(n.X))
				case source != body && f.isSignal(n.X):
					seldom = true
				}
			case *ast.CallExpr:
				if lint.IsFunc(typeutil.Callee(f.pass.TypesInfo, n), "time", "Sleep") {
					p.kind, p.period = tick, max(p.period, f.duration(n.Args[0]))
				}
			}
		})
	}
	if seldom || clause == nil && f.waitsForSignal(body) {
		return place{}
	}
	p.event = clause != nil && p.kind == item
	return p
}

// waitsForSignal reports whether each iteration of a loop waits for a signal of the system, or for the
// one that ends a loop in it.
func (f *finder) waitsForSignal(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.SelectStmt, *ast.IfStmt, *ast.CaseClause:
			return false
		case *ast.UnaryExpr:
			ch := f.channel(n.X)
			found = found || n.Op == token.ARROW && ch != nil && lint.IsNamed(ch.Elem(), "os", "Signal")
		}
		return !found
	})
	return found
}

// visit visits a node and what runs whenever it does.
func visit(n ast.Node, do func(ast.Node)) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n.(type) {
		case nil:
			return false
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		}
		do(n)
		return true
	})
}

// channel returns the type of a channel that e is, or nil.
func (f *finder) channel(e ast.Expr) *types.Chan {
	t := f.pass.TypesInfo.TypeOf(e)
	if t == nil {
		return nil
	}
	ch, _ := t.Underlying().(*types.Chan)
	return ch
}

// isSignal reports whether e is a channel of events that are seldom: signals of the system, and
// those without content.
func (f *finder) isSignal(e ast.Expr) bool {
	ch := f.channel(e)
	if ch == nil {
		return false
	}
	s, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && s.NumFields() == 0 || lint.IsNamed(ch.Elem(), "os", "Signal")
}

// isClock reports whether e is a channel that time passes on.
func (f *finder) isClock(e ast.Expr) bool {
	ch := f.channel(e)
	return ch != nil && lint.IsNamed(ch.Elem(), "time", "Time")
}

// period returns how often a clock ticks, or 0 if that is not known.
func (f *finder) period(e ast.Expr) time.Duration {
	return f.longest(e, maxSteps, func(e ast.Expr) time.Duration {
		switch x := e.(type) {
		case *ast.SelectorExpr: // t.C
			if f.isClock(x) {
				return f.period(x.X)
			}
		case *ast.CallExpr:
			if lint.IsFunc(typeutil.Callee(f.pass.TypesInfo, x), "time", "NewTicker", "NewTimer", "Tick", "After") {
				return f.duration(x.Args[0])
			}
		}
		return 0
	})
}

// duration returns the value of a duration, or 0 if it is not known.
func (f *finder) duration(e ast.Expr) time.Duration {
	return f.longest(e, maxSteps, func(e ast.Expr) (longest time.Duration) {
		if d, ok := f.constant(e); ok {
			return time.Duration(d)
		}
		id, ok := e.(*ast.Ident)
		if !ok {
			return 0
		}
		fn, i := f.parameter(f.pass.TypesInfo.Uses[id])
		if fn == nil {
			return 0
		}
		for _, caller := range f.callers[fn] {
			call := caller.Node().(*ast.CallExpr)
			if i >= len(call.Args) {
				return 0
			}
			d, ok := f.constant(call.Args[i])
			if !ok {
				return 0
			}
			longest = max(longest, time.Duration(d))
		}
		return longest
	})
}

// maxSteps is how many variables and fields may lie between a value and where it comes from.
const maxSteps = 4

// longest returns what of says of e, or the longest time that it says of what the package sets the
// variable or field e to: who can choose another has been told how often the author means.
func (f *finder) longest(e ast.Expr, steps int, of func(e ast.Expr) time.Duration) (longest time.Duration) {
	e = ast.Unparen(e)
	if longest = of(e); longest > 0 || steps == 0 {
		return longest
	}
	var v types.Object
	switch x := e.(type) {
	case *ast.Ident:
		v = f.pass.TypesInfo.Uses[x]
	case *ast.SelectorExpr:
		v = f.pass.TypesInfo.Uses[x.Sel]
	}
	if v, ok := v.(*types.Var); ok && v.Pkg() == f.pass.Pkg {
		for _, set := range f.settings(v.Origin()) {
			longest = max(longest, f.longest(set, steps-1, of))
		}
	}
	return longest
}

// settings returns what the package sets a variable or field to.
func (f *finder) settings(v *types.Var) (values []ast.Expr) {
	is := func(e ast.Expr) bool {
		if sel, ok := e.(*ast.SelectorExpr); ok {
			e = sel.Sel
		}
		id, ok := e.(*ast.Ident)
		if !ok {
			return false
		}
		obj, ok := f.pass.TypesInfo.ObjectOf(id).(*types.Var)
		return ok && obj.Origin() == v
	}
	for c := range f.root.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.KeyValueExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) && is(lhs) {
					values = append(values, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if len(n.Names) == len(n.Values) && is(name) {
					values = append(values, n.Values[i])
				}
			}
		case *ast.KeyValueExpr:
			if is(n.Key) {
				values = append(values, n.Value)
			}
		}
	}
	return values
}

// parameter returns the declared function that obj is a parameter of, and which one.
func (f *finder) parameter(obj types.Object) (*types.Func, int) {
	for fn := range f.callers {
		params := fn.Signature().Params()
		for i := range params.Len() {
			if params.At(i) == obj {
				return fn, i
			}
		}
	}
	return nil, 0
}
