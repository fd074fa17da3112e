package nodeadline

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// hangs is what a request without a deadline costs.
const hangs = "a server that never answers keeps this goroutine and its connection for ever"

// requests reports whether the package sends requests, or makes clients.
func (f *finder) requests() bool {
	for _, obj := range f.pass.TypesInfo.Uses {
		if sends(obj) != "" || lint.IsFunc(obj, "net/http", "Get", "Post", "PostForm", "Head") {
			return true
		}
		if tn, ok := obj.(*types.TypeName); ok && tn.Pkg() != nil && tn.Pkg().Path() == "net/http" && tn.Name() == "Client" {
			return true
		}
	}
	return false
}

// sends returns the name of a method of http.Client that sends a request, or "".
func sends(obj types.Object) string {
	if lint.IsMethod(obj, "net/http", "Client", "Do", "Get", "Post", "PostForm", "Head") {
		return obj.Name()
	}
	return ""
}

// A clients is what is known of the clients of a package.
type clients struct {
	*finder
	stores map[types.Object][]ssa.Value // of package variables and fields
	places map[ssa.Value]token.Pos      // where values are stored there
	tuned  map[types.Object]bool        // those whose Timeout or Transport is set through them
	calls  map[*ssa.Function][]ssa.CallInstruction
}

// clients reports requests that nothing limits.
func (f *finder) clients() {
	c := &clients{f, make(map[types.Object][]ssa.Value), make(map[ssa.Value]token.Pos), make(map[types.Object]bool), make(map[*ssa.Function][]ssa.CallInstruction)}
	fns := f.ssa.Funcs
	if init := f.ssa.Pkg.Func("init"); init != nil {
		fns = append(slices.Clone(fns), init)
	}
	for _, fn := range fns {
		c.index(fn)
	}
	for _, fn := range f.ssa.Funcs {
		c.export(fn)
		file := lint.FileOf(f.pass, fn.Pos())
		if file == nil || f.skipped(file) || aside(f.pass.Pkg.Path()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					c.request(call)
				}
			}
		}
	}
}

// index notes what is stored in package variables and fields of client types.
func (c *clients) index(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil && callee.Pkg == c.ssa.Pkg {
					c.calls[callee] = append(c.calls[callee], call)
				}
			}
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			switch addr := st.Addr.(type) {
			case *ssa.Global:
				c.stores[addr.Object()] = append(c.stores[addr.Object()], st.Val)
			case *ssa.FieldAddr:
				v := lazyssa.Field(addr)
				c.stores[v.Origin()] = append(c.stores[v.Origin()], st.Val)
				c.places[st.Val] = st.Pos()
				if isClient(addr.X.Type()) && (v.Name() == "Timeout" || v.Name() == "Transport") {
					if owner := origin(addr.X); owner != nil {
						c.tuned[owner] = true
					}
				}
			}
		}
	}
}

func isClient(t types.Type) bool { return lint.IsNamed(lint.Deref(t), "net/http", "Client") }

// origin returns the package variable or field that a client is in.
func origin(v ssa.Value) types.Object {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	switch x := v.(type) {
	case *ssa.Global:
		return x.Object()
	case *ssa.FieldAddr:
		return lazyssa.Field(x).Origin()
	}
	return nil
}

// request judges one call.
func (c *clients) request(call *ssa.Call) {
	callee := call.Call.StaticCallee()
	if callee == nil || callee.Object() == nil {
		return
	}
	args := call.Call.Args
	if lint.IsFunc(callee.Object(), "net/http", "Get", "Post", "PostForm", "Head") {
		if c.defaultClient() && !localURL(args[0]) {
			c.reportCall(call, defaultClient, fmt.Sprintf("http.%s has no deadline: %s; use an http.Client with Timeout, or a request with a context that has one", callee.Name(), hangs))
		}
		return
	}
	method := sends(callee.Object())
	if method == "" || len(args) < 2 {
		return
	}
	if method == "Do" {
		if !unlimited(c, args[1], 3) {
			return
		}
	} else if localURL(args[1]) {
		return
	}
	from := args[0]
	switch {
	case isDefaultClient(from):
		if c.defaultClient() {
			c.reportCall(call, defaultClient, fmt.Sprintf("http.DefaultClient has no timeout, and the request no deadline: %s; use a client with Timeout, or a context with a deadline", hangs))
		}
	default:
		if made, all := c.made(from, 3); all || len(made) > 0 {
			c.unlimited(call, made, all)
		}
	}
}

func isDefaultClient(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && isDefault(g.Object())
}

// defaultClient reports whether the package leaves the default client as it is.
func (c *clients) defaultClient() bool {
	for obj := range c.stores {
		if isVar(obj, "DefaultClient", "DefaultTransport") {
			return false
		}
	}
	for obj := range c.tuned {
		if isDefault(obj) {
			return false
		}
	}
	return true
}

// made returns the client values, new ones without any timeout, that v may be, and
// whether these are all that it may be. An empty list of all is the zero value of a
// variable or field.
func (c *clients) made(v ssa.Value, depth int) (list []ssa.Value, all bool) {
	if depth == 0 {
		return nil, false
	}
	switch x := v.(type) {
	case *ssa.Alloc:
		if c.bare(x) {
			return []ssa.Value{x}, true
		}
	case *ssa.Phi:
		return c.each(x.Edges, depth)
	case *ssa.UnOp:
		if x.Op != token.MUL {
			return nil, false
		}
		if isDefaultClient(x) {
			if c.defaultClient() {
				return []ssa.Value{x}, true
			}
			return nil, false
		}
		if local, ok := x.X.(*ssa.Alloc); ok {
			return c.each(localStores(local), depth)
		}
		if obj := origin(x); obj != nil && c.private(obj) && !c.tuned[obj] && len(c.stores[obj]) > 0 {
			return c.each(c.stores[obj], depth)
		}
	case *ssa.Parameter:
		return c.passed(x, depth)
	case *ssa.FieldAddr: // a client that is a field, not a pointer in one
		if obj := lazyssa.Field(x).Origin(); c.private(obj) && !c.tuned[obj] && isClient(x.Type()) && c.zeros(obj) {
			return nil, true
		}
	case *ssa.Global:
		if obj := x.Object(); c.private(obj) && !c.tuned[obj] && c.zeros(obj) {
			return nil, true
		}
	case *ssa.Call:
		callee := x.Call.StaticCallee()
		if callee == nil {
			return nil, false
		}
		if callee.Pkg == c.ssa.Pkg && len(callee.Blocks) > 0 {
			var vals []ssa.Value
			for _, ret := range lazyssa.Returns(callee) {
				vals = append(vals, ret.Results[0])
			}
			return c.each(vals, depth)
		}
		if fn, ok := callee.Object().(*types.Func); ok {
			if l := new(limits); c.pass.ImportObjectFact(fn.Origin(), l) && l.Unlimited {
				return []ssa.Value{x}, true
			}
		}
	}
	return nil, false
}

// passed returns the clients made by the callers of an unexported function that get
// there as a parameter.
func (c *clients) passed(p *ssa.Parameter, depth int) (list []ssa.Value, all bool) {
	fn := p.Parent()
	obj, isFunc := fn.Object().(*types.Func)
	i := slices.Index(fn.Params, p)
	if !isFunc || obj.Exported() && c.pass.Pkg.Name() != "main" || i < 0 {
		return nil, false
	}
	var vals []ssa.Value
	for _, call := range c.calls[fn] {
		vals = append(vals, call.Common().Args[i])
	}
	list, _ = c.each(vals, depth)
	return list, false // others may call it in another way
}

// zeros reports whether nothing but clients without anything set are stored in a place.
func (c *clients) zeros(obj types.Object) bool {
	return !slices.ContainsFunc(c.stores[obj], func(v ssa.Value) bool { return !isZero(v) && !c.copied(v) })
}

func (c *clients) each(vals []ssa.Value, depth int) (list []ssa.Value, all bool) {
	all = true
	for _, v := range vals {
		if k, isConst := v.(*ssa.Const); isConst && k.IsNil() {
			continue
		}
		more, ok := c.made(v, depth-1)
		list = append(list, more...)
		all = all && ok
	}
	return list, all && len(list) > 0
}

// private reports whether only this package can set a variable or field.
func (c *clients) private(obj types.Object) bool {
	return obj != nil && obj.Pkg() == c.pass.Pkg && (!obj.Exported() || obj.Pkg().Name() == "main")
}

func localStores(a *ssa.Alloc) (vals []ssa.Value) {
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			vals = append(vals, st.Val)
		}
	}
	return vals
}

// bare reports whether a new client gets neither a Timeout nor a Transport that may have
// limits of its own, and goes nowhere where it might.
func (c *clients) bare(a *ssa.Alloc) bool {
	if !isClient(a.Type()) {
		return false
	}
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			name := lazyssa.Field(ref).Name()
			for _, use := range *ref.Referrers() {
				st, ok := use.(*ssa.Store)
				if !ok {
					continue
				}
				if name == "Timeout" && !isZero(st.Val) || name == "Transport" && !c.plainTransport(st.Val, 3) {
					return false
				}
			}
		case *ssa.Store:
			if ref.Val == a {
				if _, local := ref.Addr.(*ssa.Alloc); !local && origin(ref.Addr) == nil {
					return false
				}
			} else if !isZero(ref.Val) && !c.copied(ref.Val) {
				return false
			}
		case *ssa.Call:
			if callee := ref.Call.StaticCallee(); callee != nil && callee.Pkg == a.Parent().Pkg {
				continue // its requests are looked at there
			}
			if callee := ref.Call.StaticCallee(); callee == nil || !lint.IsMethod(callee.Object(), "net/http", "Client", "Do", "Get", "Post", "PostForm", "Head", "CloseIdleConnections") {
				return false
			}
		case *ssa.Return, *ssa.DebugRef, *ssa.UnOp, *ssa.Phi, *ssa.Defer:
		default:
			return false
		}
	}
	return true
}

// copied reports whether v is a literal of a client that is bare.
func (c *clients) copied(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	a, ok := load.X.(*ssa.Alloc)
	return ok && a.Comment == "complit" && c.bare(a)
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && (c.Value == nil || c.Value.Kind() == constant.Int && c.Int64() == 0)
}

// unlimited reports the clients that a request without a deadline is sent by; the request,
// if these are all there are and the source does not show where they are made.
func (c *clients) unlimited(call *ssa.Call, made []ssa.Value, all bool) {
	at := c.callExpr(call)
	if at == nil || c.once(at) {
		return
	}
	for _, v := range made {
		if a, ok := v.(*ssa.Alloc); ok {
			if n := c.literal(a); n != nil {
				c.report(n, client, "this http.Client has no Timeout, and sends requests without a deadline: a server that never answers keeps a goroutine and a connection for ever; set Timeout")
				at = nil
			}
		} else if n := c.defaultIn(c.places[v]); n != nil && isDefaultClient(v) {
			c.report(n, defaultClient, "http.DefaultClient has no timeout, and requests are sent by it without a deadline: a server that never answers keeps a goroutine and a connection for ever; use a client with Timeout")
			at = nil
		}
	}
	if at == nil || !all {
		return
	}
	c.reportCall(call, client, fmt.Sprintf("neither the client has a Timeout nor the request a deadline: %s; set Timeout, or send a request with a context that has a deadline", hangs))
}

// literal returns where a client is made.
func (c *clients) literal(a *ssa.Alloc) ast.Node {
	file := lint.FileOf(c.pass, a.Pos())
	if file == nil || c.skipped(file) {
		return nil
	}
	for _, n := range lint.Enclosing(c.pass, a.Pos()) {
		switch n := n.(type) {
		case *ast.UnaryExpr, *ast.CompositeLit, *ast.ValueSpec:
			return n
		case *ast.CallExpr:
			return n
		case *ast.AssignStmt:
			i := slices.IndexFunc(n.Lhs, func(e ast.Expr) bool { return e.Pos() == a.Pos() })
			if i < 0 || len(n.Rhs) != len(n.Lhs) {
				return nil
			}
			return n.Rhs[i]
		case ast.Stmt:
			return nil
		}
	}
	return nil
}

// defaultIn returns the mention of http.DefaultClient in the assignment or the element of a
// literal at a place, or nil.
func (c *clients) defaultIn(pos token.Pos) ast.Node {
	file := lint.FileOf(c.pass, pos)
	if file == nil || c.skipped(file) {
		return nil
	}
	for _, n := range lint.Enclosing(c.pass, pos) {
		var values []ast.Expr
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			values = []ast.Expr{n.Value}
		case *ast.AssignStmt:
			values = n.Rhs
		case ast.Stmt:
			return nil
		}
		for _, e := range values {
			if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && isDefault(c.pass.TypesInfo.Uses[sel.Sel]) {
				return sel
			}
		}
	}
	return nil
}

func isDefault(obj types.Object) bool { return isVar(obj, "DefaultClient") }

// isVar reports whether obj is one of the named variables of net/http.
func isVar(obj types.Object, names ...string) bool {
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "net/http" && slices.Contains(names, obj.Name())
}

// reportCall reports at a call, unless it is made once by a command.
func (c *clients) reportCall(call *ssa.Call, category, message string) {
	if n := c.callExpr(call); n != nil && !c.once(n) {
		c.report(n, category, message)
	}
}

// once reports whether a command makes the call: who started it can end it.
func (c *clients) once(call *ast.CallExpr) bool {
	h := hot.Of(c.pass)
	return !c.all && (h.Once(call) || h.Command())
}

// callExpr returns a call in the source.
func (c *clients) callExpr(call *ssa.Call) *ast.CallExpr {
	return lint.CallAt(c.pass, call.Pos())
}

// export tells other packages which functions return clients without any timeout.
func (c *clients) export(fn *ssa.Function) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || fn.Signature.Results().Len() == 0 || !isClient(fn.Signature.Results().At(0).Type()) || obj.Pkg() != c.pass.Pkg {
		return
	}
	rets := lazyssa.Returns(fn)
	for _, ret := range rets {
		if _, ok := c.made(ret.Results[0], 2); !ok {
			return
		}
	}
	if len(rets) > 0 {
		c.pass.ExportObjectFact(obj, &limits{Unlimited: true})
	}
}
