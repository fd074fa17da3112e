package ctxvalue

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// checkUnchecked reports assertions on looked up values that panic where the
// context has none, if nothing says that it always has one.
func (r *run) checkUnchecked() {
	for i := range r.gets {
		o := &r.gets[i]
		k, ok := o.keys.only()
		if !ok || r.told[o.call] || !r.panicsIfAbsent(o) || r.vouched(o, k) {
			continue
		}
		why, related := r.absent(o, k)
		if why == "" {
			if !r.all {
				continue
			}
			why = "panics where the context has no value under " + r.keyText(o)
		}
		call := r.callExpr(o.call)
		if call == nil {
			continue
		}
		a := assertions(o)[0]
		var at ast.Node = call
		if expr := r.assertExpr(a); expr != nil && r.Fset.Position(expr.Pos()).Line != r.Fset.Position(call.Pos()).Line {
			at = expr
		}
		r.report(at, unchecked, fmt.Sprintf("assertion to %s %s; use the form that reports it: v, ok := …", r.typeName(a.typ), why), related...)
	}
}

// assertExpr returns the source of an assertion, or nil.
func (r *run) assertExpr(a assertion) (found *ast.TypeAssertExpr) {
	if a.instr == nil || lint.FileOf(r.Pass, a.instr.Pos()) == nil {
		return nil
	}
	ast.Inspect(lint.FileOf(r.Pass, a.instr.Pos()), func(n ast.Node) bool {
		if e, ok := n.(*ast.TypeAssertExpr); ok && e.Lparen == a.instr.Pos() {
			found = e
		}
		return found == nil && n != nil && n.Pos() <= a.instr.Pos() && a.instr.Pos() < n.End()
	})
	return found
}

func (r *run) keyText(o *op) string {
	if expr := r.keyExpr(o); expr != nil {
		return lint.Text(expr)
	}
	return "the key"
}

// panicsIfAbsent reports whether every use of the value asserts its type in the
// form that panics.
func (r *run) panicsIfAbsent(o *op) bool {
	list := assertions(o)
	if len(list) == 0 || slices.ContainsFunc(list, func(a assertion) bool { return a.checked }) {
		return false
	}
	return !examined(o)
}

// examined reports whether the looked up value is compared with something, as with nil.
func examined(o *op) bool {
	v := o.call.Value()
	return v != nil && slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.BinOp:
			return true
		case *ssa.TypeAssert:
			return ref.CommaOk
		case *ssa.Extract:
			return true
		}
		return false
	})
}

// vouched reports whether the code around a lookup says that the value is there,
// or that its absence is meant to panic.
func (r *run) vouched(o *op, k key) bool {
	if pkg := typePackage(k.typ); pkg != nil && pkg != r.Pkg && std(pkg) {
		return true // the servers of the standard library set their own keys
	}
	top := lazyssa.Outermost(o.call.Parent())
	if name := strings.ToLower(top.Name()); strings.HasPrefix(name, "must") || strings.HasSuffix(name, "orpanic") {
		return true
	}
	if decl, ok := top.Syntax().(*ast.FuncDecl); ok && decl.Doc != nil && strings.Contains(strings.ToLower(decl.Doc.Text()), "panic") {
		return true
	}
	if recovers(top) {
		return true
	}
	same := func(other *op) bool {
		return lazyssa.Outermost(other.call.Parent()) == top && slices.ContainsFunc(other.keys.list, func(k2 key) bool { return mayEqual(k2, k) })
	}
	for i := range r.sets {
		if same(&r.sets[i]) {
			return true
		}
	}
	for i := range r.gets {
		if other := &r.gets[i]; other.call != o.call && same(other) && (examined(other) || !r.panicsIfAbsent(other)) {
			return true
		}
	}
	return false
}

func typePackage(t types.Type) *types.Package {
	if named, ok := types.Unalias(lint.Deref(t)).(*types.Named); ok {
		return named.Obj().Pkg()
	}
	return nil
}

// recovers reports whether fn, or a literal within it, recovers from panics.
func recovers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if builtin, ok := call.Common().Value.(*ssa.Builtin); ok && builtin.Name() == "recover" {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, recovers)
}

// absent says why the value may well be absent, or "".
func (r *run) absent(o *op, k key) (why string, related []analysis.RelatedInformation) {
	var setters []*op
	for i := range r.sets {
		if slices.ContainsFunc(r.sets[i].keys.list, func(other key) bool { return mayEqual(other, k) }) {
			setters = append(setters, &r.sets[i])
		}
	}
	name := r.keyText(o)
	private := r.privateKey(k)
	switch {
	case !private && (len(setters) == 0 || !r.ownType(k.typ)):
		return "", nil // somebody else may store it
	case len(setters) == 0:
		return "always panics: nothing stores a value under " + name, nil
	}
	if call := r.bareCaller(o, k); call != nil && private {
		if expr := r.callExpr(call); expr != nil {
			return fmt.Sprintf("panics: the context of %s has no value under %s", lint.Text(expr), name),
				[]analysis.RelatedInformation{{Pos: expr.Pos(), End: expr.End(), Message: "the context is made anew for this call"}}
		}
	}
	if switched(o, setters) {
		return "", nil
	}
	behind := r.ofService(o) && r.intercepted(setters)
	if fn := r.entry(o); fn != "" && !behind && !slices.ContainsFunc(setters, func(s *op) bool { return !r.offered(s) }) {
		return fmt.Sprintf("panics where a caller of %s has not stored a value under %s", fn, name), nil
	}
	if s := r.conditional(setters); s != nil && private && !r.everExamined(k) {
		if expr := r.callExpr(s.call); expr != nil {
			return fmt.Sprintf("panics where the condition for storing a value under %s does not hold", name),
				[]analysis.RelatedInformation{{Pos: expr.Pos(), End: expr.End(), Message: "the value is stored on some paths only"}}
		}
	}
	if private && !behind && !r.mostlyThere(k) {
		if call := r.checkedAt(k, handles(o.call.Parent())); call != nil {
			return fmt.Sprintf("panics where the context has no value under %s, which the package allows for elsewhere", name),
				[]analysis.RelatedInformation{{Pos: call.Pos(), End: call.End(), Message: "here it may be absent"}}
		}
	}
	return "", nil
}

// ofService reports whether a lookup is in a method of a gRPC service.
func (r *run) ofService(o *op) bool {
	fn, ok := lazyssa.Outermost(o.call.Parent()).Object().(*types.Func)
	return ok && fn.Signature().Recv() != nil && hot.Of(r.Pass).Serves(fn.Signature(), fn)
}

// intercepted reports whether an interceptor of gRPC stores a value, or a function that it calls: the methods
// of the service that are called without are those that do not look for it.
func (r *run) intercepted(setters []*op) bool {
	seen := make(map[*ssa.Function]bool)
	var stores func(fn *ssa.Function) bool
	stores = func(fn *ssa.Function) bool {
		if fn == nil || seen[fn] {
			return false
		}
		seen[fn] = true
		if slices.ContainsFunc(setters, func(s *op) bool { return s.call.Parent() == fn }) {
			return true
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && stores(call.Common().StaticCallee()) {
					return true
				}
			}
		}
		return false
	}
	return slices.ContainsFunc(r.funcs, func(fn *ssa.Function) bool {
		return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool {
			return lint.IsNamed(p.Type(), "google.golang.org/grpc", "UnaryHandler", "StreamHandler")
		}) && stores(fn)
	})
}

// handles reports whether a function serves requests: what a middleware stores is there for those behind
// it, though others look for it elsewhere.
func handles(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return lint.IsNamed(p.Type(), "net/http", "ResponseWriter") })
}

// mostlyThere reports whether four of five functions or more that look for the value take it to be
// there: then it is the others that are called without.
func (r *run) mostlyThere(k key) bool {
	sure, all := 0, 0
	for i := range r.gets {
		o := &r.gets[i]
		if len(assertions(o)) == 0 && !examined(o) || r.inTest(o.call.Pos()) || !slices.ContainsFunc(o.keys.list, func(other key) bool { return mayEqual(other, k) }) {
			continue
		}
		all++
		if r.panicsIfAbsent(o) {
			sure++
		}
	}
	return sure >= 4*(all-sure)
}

// switched reports whether the same package variable decides whether a lookup and all that stores the
// value are reached: who has set it has stored the value.
func switched(o *op, setters []*op) bool {
	on := switches(o.call)
	return len(setters) > 0 && slices.ContainsFunc(on, func(g *ssa.Global) bool {
		return !slices.ContainsFunc(setters, func(s *op) bool { return !slices.Contains(switches(s.call), g) })
	})
}

// switches returns the package variables whose truth decides whether a call is reached.
func switches(call ssa.CallInstruction) (list []*ssa.Global) {
	for cond := range lazyssa.Conditions(call.Block()) {
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		if load, ok := cond.(*ssa.UnOp); ok && load.Op == token.MUL {
			if g, ok := load.X.(*ssa.Global); ok {
				list = append(list, g)
			}
		}
	}
	return list
}

// checkedAt returns a lookup of the package that allows for the absence of a value under k, or nil. For one
// in a handler, only those in handlers count.
func (r *run) checkedAt(k key, handler bool) *ast.CallExpr {
	for i := range r.gets {
		o := &r.gets[i]
		if !slices.ContainsFunc(o.keys.list, func(other key) bool { return mayEqual(other, k) }) || r.inTest(o.call.Pos()) || gate(o.call.Parent()) || handler && !handles(o.call.Parent()) {
			continue
		}
		if !r.panicsIfAbsent(o) && (examined(o) || slices.ContainsFunc(assertions(o), func(a assertion) bool { return a.checked })) {
			return r.callExpr(o.call)
		}
	}
	return nil
}

// entry returns the name of the exported function whose callers give the context of a lookup: that
// around it, or one that hands its own context to that; "" if there is none.
func (r *run) entry(o *op) string {
	fn := o.call.Parent()
	obj, ok := fn.Object().(*types.Func)
	if !ok || r.Pkg.Name() == "main" || !givenTo(contextOf(o)) {
		return ""
	}
	if obj.Exported() {
		return obj.Name()
	}
	p, ok := contextOf(o).(*ssa.Parameter)
	if !ok {
		return ""
	}
	i := slices.Index(fn.Params, p)
	calls, _ := r.callsOf(fn)
	for _, call := range calls {
		outer, ok := call.Parent().Object().(*types.Func)
		if _, own := call.Common().Args[i].(*ssa.Parameter); !ok || !own || !outer.Exported() || r.inTest(call.Pos()) {
			continue
		}
		if k, _ := o.keys.only(); !r.vouched(&op{call: call, keys: o.keys}, k) {
			return outer.Name()
		}
	}
	return ""
}

// offered reports whether a value is stored by an exported function that does
// nothing else, or does it for a function that it is given: whether it is called at
// all, callers decide.
func (r *run) offered(s *op) bool {
	fn := s.call.Parent()
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() {
		return false
	}
	if lends(s.call.Value()) {
		return true
	}
	f := r.facts[obj]
	return f != nil && f.Derives && isContext(fn.Signature.Results().At(0).Type())
}

// lends reports whether all that is done with a context is to call a parameter with it.
func lends(ctx *ssa.Call) bool {
	if ctx == nil {
		return false
	}
	lent := false
	for _, ref := range *ctx.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok || call.Call.IsInvoke() || len(call.Call.Args) == 0 || call.Call.Args[0] != ssa.Value(ctx) {
			return false
		}
		if _, ok := call.Call.Value.(*ssa.Parameter); !ok {
			return false
		}
		lent = true
	}
	return lent
}

// contextOf returns the context that a lookup asks.
func contextOf(o *op) ssa.Value {
	common := o.call.Common()
	if common.IsInvoke() {
		return common.Value
	}
	if i := slices.IndexFunc(common.Args, func(v ssa.Value) bool { return isCarrier(v.Type()) }); i >= 0 {
		return common.Args[i]
	}
	return nil
}

// givenTo reports whether a function got the context ctx, or the request that has it, as a parameter.
func givenTo(ctx ssa.Value) bool {
	if call, ok := ctx.(*ssa.Call); ok {
		callee := call.Call.StaticCallee()
		return callee != nil && lint.IsMethod(callee.Object(), "net/http", "Request", "Context") && fromParam(call.Call.Args[0])
	}
	return fromParam(ctx)
}

// bareCaller returns a lookup, or a call of the function around it, whose context was made
// from an empty one in the same function and never got the key; nil if none is known.
func (r *run) bareCaller(o *op, k key) ssa.CallInstruction {
	ctx := contextOf(o)
	if ctx == nil {
		return nil
	}
	if r.bare(ctx, k) {
		return o.call
	}
	p, ok := ctx.(*ssa.Parameter)
	if !ok {
		return nil
	}
	fn := p.Parent()
	i := slices.Index(fn.Params, p)
	for _, caller := range r.funcs {
		for _, b := range caller.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if ok && call.Common().StaticCallee() == fn && !r.inTest(call.Pos()) && r.bare(call.Common().Args[i], k) {
					return call
				}
			}
		}
	}
	return nil
}

// bare reports whether a context certainly has no value under k.
func (r *run) bare(v ssa.Value, k key) bool {
	for range 32 {
		switch x := v.(type) {
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.UnOp:
			stored := lastStored(x)
			if x.Op != token.MUL || stored == nil {
				return false
			}
			v = stored
		case *ssa.Call:
			callee := x.Call.StaticCallee()
			if callee == nil {
				return false
			}
			fn, ok := callee.Object().(*types.Func)
			switch {
			case !ok:
				return false
			case lint.IsRootContext(fn):
				return true
			case isWithValue(fn):
				if ks := r.resolve(x.Call.Args[1]); ks.unknown || len(ks.params) > 0 ||
					slices.ContainsFunc(ks.list, func(other key) bool { return mayEqual(other, k) }) {
					return false
				}
				v = x.Call.Args[0]
			case lint.IsCancelable(fn):
				v = x.Call.Args[0]
			default:
				return false
			}
		default:
			return false
		}
	}
	return false
}

// conditional returns a setter after which the context may be one without the
// value, if that is so for all of them; else nil.
func (r *run) conditional(setters []*op) *op {
	for _, s := range setters {
		child := s.call.Value()
		if s.wrapper != "" || child == nil {
			return nil
		}
		parent := s.call.Common().Args[0]
		if !slices.ContainsFunc(*child.Referrers(), func(ref ssa.Instruction) bool {
			phi, ok := ref.(*ssa.Phi)
			return ok && slices.Contains(phi.Edges, parent)
		}) {
			return nil
		}
	}
	return setters[0]
}

// everExamined reports whether the package checks anywhere that there is a value under k.
func (r *run) everExamined(k key) bool {
	return slices.ContainsFunc(r.gets, func(o op) bool {
		return slices.ContainsFunc(o.keys.list, func(other key) bool { return mayEqual(other, k) }) && !r.panicsIfAbsent(&o)
	})
}

// gate reports whether a function turns requests away, as a middleware does: what it checks for is there
// for those behind it.
func gate(fn *ssa.Function) bool {
	next, fails := false, false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				common := instr.Common()
				callee := common.StaticCallee()
				switch {
				case common.IsInvoke():
					if common.Method.Name() == "WriteHeader" {
						return true
					}
				case callee == nil:
					next = true
				case lint.IsFunc(callee.Object(), "net/http", "Error", "Redirect", "NotFound"):
					return true
				}
			case *ssa.Return:
				fails = fails || slices.ContainsFunc(instr.Results, func(v ssa.Value) bool { return lint.IsError(v.Type()) })
			}
		}
	}
	return next && fails
}
