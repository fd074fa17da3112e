package wastedpool

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// copies reports Put(&v) where v is a copy of what was taken from the pool: the
// copy is a new object on the heap, on every call, as all that is given to a pool is.
func (c *checker) copies() {
	seen := make(map[*ssa.Alloc]bool)
	for _, p := range c.pools {
		for _, put := range p.puts {
			mi, ok := put.object().(*ssa.MakeInterface)
			if !ok {
				continue
			}
			from := lazyssa.Strip(mi.X)
			if fv, isFree := from.(*ssa.FreeVar); isFree {
				from = lazyssa.Binding(fv)
			}
			cell, ok := from.(*ssa.Alloc)
			if !ok || seen[cell] || !token.IsIdentifier(cell.Comment) {
				continue
			}
			seen[cell] = true
			if c.copyOf(p, cell) {
				c.reportCopy(p, put, cell)
			}
		}
	}
}

// copyOf reports whether a variable is ever set to something that came out of a pool,
// or from the caller, rather than to what is created here.
func (c *checker) copyOf(p *pool, cell *ssa.Alloc) bool {
	for _, ref := range *cell.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == cell && c.pooled(p, st.Val, cell, 0) {
			return true
		}
	}
	return false
}

// pooled reports whether v is, or shares the memory of, an object of the pool or of
// the caller's that cell is to hold.
func (c *checker) pooled(p *pool, v ssa.Value, cell *ssa.Alloc, depth int) bool {
	if depth > 12 {
		return false
	}
	again := func(v ssa.Value) bool { return c.pooled(p, v, cell, depth+1) }
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Parent() == cell.Parent()
	case *ssa.ChangeType:
		return again(v.X)
	case *ssa.Slice:
		return again(v.X)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, again)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return c.yields(p, call, v.Index, cell, depth)
		}
	case *ssa.Call:
		if isBuiltin(&v.Call, "append") || appends(v) {
			return again(v.Call.Args[0])
		}
		return c.yields(p, v, 0, cell, depth)
	case *ssa.UnOp:
		if v.Op != token.MUL || v.X == cell {
			return false
		}
		if other, ok := v.X.(*ssa.Alloc); ok {
			return c.copyOfDepth(p, other, depth+1)
		}
		if fa, ok := v.X.(*ssa.FieldAddr); ok && depth < 4 {
			return c.fieldHolds(p, lazyssa.Var(fa.X.Type(), fa.Field))
		}
		return c.taken(p, v.X, 0)
	}
	return false
}

// fieldHolds reports whether the package stores the content of an object of the pool in
// a field.
func (c *checker) fieldHolds(p *pool, f *types.Var) bool {
	for _, fn := range c.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				fa, ok := st.Addr.(*ssa.FieldAddr)
				if !ok || lazyssa.Var(fa.X.Type(), fa.Field) != f {
					continue
				}
				if load, ok := st.Val.(*ssa.UnOp); ok && load.Op == token.MUL && c.taken(p, load.X, 0) {
					return true
				}
			}
		}
	}
	return false
}

func (c *checker) copyOfDepth(p *pool, cell *ssa.Alloc, depth int) bool {
	for _, ref := range *cell.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == cell && c.pooled(p, st.Val, cell, depth+1) {
			return true
		}
	}
	return false
}

// yields reports whether result i of a call is the content of a pooled object: the
// function takes it from this pool, or was handed the pool to do so.
func (c *checker) yields(p *pool, call *ssa.Call, i int, cell *ssa.Alloc, depth int) bool {
	if depth > 4 {
		return false
	}
	for _, arg := range call.Call.Args {
		for _, q := range c.known(lazyssa.Strip(arg)) {
			if q == p {
				return true
			}
		}
	}
	callee := c.local(call.Call.StaticCallee())
	if callee == nil {
		return false
	}
	return slices.ContainsFunc(returned(callee, i), func(r ssa.Value) bool {
		if given := grown(r, 6); given != nil && given != r {
			k := slices.Index(callee.Params, given)
			return k >= 0 && k < len(call.Call.Args) && c.pooled(p, call.Call.Args[k], cell, depth+4)
		}
		if _, ok := r.(*ssa.Parameter); ok {
			return false
		}
		return c.pooled(p, r, cell, depth+4)
	})
}

// grown returns the parameter that a function returns, perhaps cut, or after having appended to it.
func grown(v ssa.Value, depth int) *ssa.Parameter {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return v
	case *ssa.Slice:
		return grown(v.X, depth-1)
	case *ssa.ChangeType:
		return grown(v.X, depth-1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if p := grown(e, depth-1); p != nil {
				return p
			}
		}
	case *ssa.Call:
		if isBuiltin(&v.Call, "append") || appends(v) {
			return grown(v.Call.Args[0], depth-1)
		}
	}
	return nil
}

// appends reports whether a call is of a function that by name and type is like append, as
// strconv.AppendInt.
func appends(call *ssa.Call) bool {
	fn := call.Call.StaticCallee()
	return fn != nil && fn.Signature.Recv() == nil && strings.HasPrefix(fn.Name(), "Append") &&
		len(call.Call.Args) > 0 && types.Identical(call.Call.Args[0].Type(), call.Type())
}

// known returns the pools that v holds the address of, if it is such an address.
func (c *checker) known(v ssa.Value) []*pool {
	if !holdsPool(v.Type()) {
		return nil
	}
	return c.poolsOf(v)
}

// taken reports whether v is an object that a Get of the pool yields.
func (c *checker) taken(p *pool, v ssa.Value, depth int) bool {
	if depth > 6 {
		return false
	}
	switch v := v.(type) {
	case *ssa.TypeAssert:
		return c.taken(p, v.X, depth+1)
	case *ssa.Extract:
		if ta, ok := v.Tuple.(*ssa.TypeAssert); ok {
			return c.taken(p, ta.X, depth+1)
		}
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return c.taken(p, e, depth+1) })
	case *ssa.ChangeType:
		return c.taken(p, v.X, depth+1)
	case *ssa.Call:
		if poolMethod(&v.Call, "Get") {
			return slices.ContainsFunc(p.gets, func(s *site) bool { return s.call == v })
		}
		if callee := c.local(v.Call.StaticCallee()); callee != nil {
			return slices.ContainsFunc(returned(callee, 0), func(r ssa.Value) bool { return c.taken(p, r, depth+1) })
		}
	}
	return false
}

func (c *checker) reportCopy(p *pool, put *site, cell *ssa.Alloc) {
	id := nodeAt(c, cell.Pos(), func(id *ast.Ident) bool { return id.Pos() == cell.Pos() && id.Name == cell.Comment })
	if id == nil {
		return
	}
	from, to := c.span(put.call)
	t := cell.Type().Underlying().(*types.Pointer).Elem()
	if lint.SizeVaries(t) {
		return
	}
	what := fmt.Sprintf("%d bytes", c.TypesSizes.Sizeof(t))
	switch t.Underlying().(type) {
	case *types.Slice:
		what = "a new slice header"
	case *types.Struct:
		what = fmt.Sprintf("a copy of %s, %s,", c.typeName(t), what)
	}
	d := analysis.Diagnostic{
		Pos: from, End: to, Category: addrOfCopy,
		Message: fmt.Sprintf("Put(&%s) allocates %s on each call; put back the pointer obtained from Get", id.Name, what),
		Related: []analysis.RelatedInformation{{Pos: id.Pos(), End: id.End(), Message: id.Name + " is moved to the heap here, whether it is put back or not"}},
	}
	if fix, ok := c.fixCopy(p, id); ok {
		d.SuggestedFixes = []analysis.SuggestedFix{fix}
	}
	c.report(d)
}

// fixCopy keeps the pointer that Get returned: it has the form
//
//	b := *pool.Get().(*T)  →  bp := pool.Get().(*T); b := *bp
//	pool.Put(&b)           →  *bp = b; pool.Put(bp)
//
// where the variable has no other use by address and bp is a name that nobody has.
func (c *checker) fixCopy(p *pool, id *ast.Ident) (none analysis.SuggestedFix, ok bool) {
	decl := nodeAt(c, id.Pos(), func(s *ast.AssignStmt) bool { return s.Tok == token.DEFINE })
	body := nodeAt(c, id.Pos(), func(*ast.FuncDecl) bool { return true })
	if decl == nil || body == nil || len(decl.Lhs) != 1 || len(decl.Rhs) != 1 || decl.Lhs[0] != id {
		return none, false
	}
	star, ok := ast.Unparen(decl.Rhs[0]).(*ast.StarExpr)
	if !ok || !c.inBlock(decl) {
		return none, false
	}
	obj := c.TypesInfo.Defs[id]
	var edits []analysis.TextEdit
	var name string
	switch from := ast.Unparen(star.X).(type) {
	case *ast.Ident:
		if !c.assignedOnce(body, c.TypesInfo.Uses[from]) {
			return none, false
		}
		name = from.Name
	case *ast.TypeAssertExpr:
		name = id.Name + "p"
		if c.nameTaken(body, name) {
			return none, false
		}
		get, ok := c.text(from)
		if !ok {
			return none, false
		}
		edits = append(edits, analysis.TextEdit{Pos: decl.Pos(), End: decl.End(),
			NewText: []byte(name + " := " + get + "\n" + c.indent(decl) + id.Name + " := *" + name)})
	default:
		return none, false
	}
	puts, safe := c.putsOf(body, obj)
	if !safe || len(puts) == 0 {
		return none, false
	}
	if from, ok := ast.Unparen(star.X).(*ast.Ident); ok {
		for _, put := range puts {
			if c.shadowed(put, from) {
				return none, false
			}
		}
	}
	for _, put := range puts {
		call := put.(interface{ End() token.Pos })
		switch put := put.(type) {
		case *ast.ExprStmt:
			pool, ok := c.text(put.X.(*ast.CallExpr).Fun)
			if !ok {
				return none, false
			}
			edits = append(edits, analysis.TextEdit{Pos: put.Pos(), End: call.End(),
				NewText: []byte("*" + name + " = " + id.Name + "\n" + c.indent(put) + pool + "(" + name + ")")})
		case *ast.DeferStmt:
			pool, ok := c.text(put.Call.Fun)
			if !ok {
				return none, false
			}
			in := c.indent(put)
			edits = append(edits, analysis.TextEdit{Pos: put.Pos(), End: call.End(),
				NewText: []byte("defer func() {\n" + in + "\t*" + name + " = " + id.Name + "\n" + in + "\t" + pool + "(" + name + ")\n" + in + "}()")})
		}
	}
	return analysis.SuggestedFix{Message: "Put back the pointer from Get", TextEdits: edits}, true
}

// putsOf returns the statements of a function that are Put(&v), and whether v is
// otherwise only used as it stands, in the function itself.
func (c *checker) putsOf(body *ast.FuncDecl, v types.Object) (puts []ast.Stmt, safe bool) {
	safe = true
	addressed := make(map[*ast.UnaryExpr]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		var call *ast.CallExpr
		switch n := n.(type) {
		case *ast.ExprStmt:
			call, _ = n.X.(*ast.CallExpr)
		case *ast.DeferStmt:
			call = n.Call
		case *ast.UnaryExpr:
			if n.Op == token.AND && c.isVar(n.X, v) && !addressed[n] {
				safe = false
			}
		case *ast.FuncLit:
			ast.Inspect(n, func(m ast.Node) bool {
				if id, ok := m.(*ast.Ident); ok && c.TypesInfo.Uses[id] == v {
					safe = false
				}
				return safe
			})
			return false
		case *ast.GoStmt:
			return true
		}
		if call == nil || len(call.Args) != 1 {
			return true
		}
		amp, ok := ast.Unparen(call.Args[0]).(*ast.UnaryExpr)
		if !ok || amp.Op != token.AND || !c.isVar(amp.X, v) {
			return true
		}
		fun, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !isPoolPut(c.TypesInfo.Uses[fun.Sel]) {
			return true
		}
		stmt := n.(ast.Stmt)
		addressed[amp] = true
		if !c.inBlock(stmt) {
			safe = false
		}
		puts = append(puts, stmt)
		return true
	})
	return puts, safe
}

func isPoolPut(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	return ok && fn.FullName() == "(*sync.Pool).Put"
}

func (c *checker) isVar(e ast.Expr, v types.Object) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && c.TypesInfo.Uses[id] == v
}

// inBlock reports whether a statement stands in a block, on lines of its own.
func (c *checker) inBlock(s ast.Stmt) bool {
	alone := func(list []ast.Stmt) bool {
		i := slices.Index(list, s)
		line := func(p token.Pos) int { return c.Fset.Position(p).Line }
		return i >= 0 && (i == 0 || line(list[i-1].End()) < line(s.Pos())) && (i+1 == len(list) || line(s.End()) < line(list[i+1].Pos()))
	}
	return nodeAt(c, s.Pos(), func(b *ast.BlockStmt) bool { return alone(b.List) }) != nil ||
		nodeAt(c, s.Pos(), func(b *ast.CaseClause) bool { return alone(b.Body) }) != nil ||
		nodeAt(c, s.Pos(), func(b *ast.CommClause) bool { return alone(b.Body) }) != nil
}

// assignedOnce reports whether a local variable keeps the value it is declared with.
func (c *checker) assignedOnce(body *ast.FuncDecl, v types.Object) bool {
	local, ok := v.(*types.Var)
	if !ok || local.IsField() || local.Parent() == c.Pkg.Scope() {
		return false
	}
	once := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			once = once && !slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return c.isVar(e, v) })
		case *ast.UnaryExpr:
			once = once && !(n.Op == token.AND && c.isVar(n.X, v))
		case *ast.RangeStmt:
			once = once && !(n.Key != nil && c.isVar(n.Key, v)) && !(n.Value != nil && c.isVar(n.Value, v))
		}
		return once
	})
	return once
}

// shadowed reports whether the name of a variable means another one at statement s.
func (c *checker) shadowed(s ast.Stmt, id *ast.Ident) bool {
	scope := c.Pkg.Scope().Innermost(s.Pos())
	if scope == nil {
		return true
	}
	_, obj := scope.LookupParent(id.Name, s.Pos())
	return obj != c.TypesInfo.Uses[id]
}

// nameTaken reports whether the function uses a name, whatever it means.
func (c *checker) nameTaken(body *ast.FuncDecl, name string) (taken bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		taken = taken || ok && id.Name == name
		return !taken
	})
	return taken
}

func (c *checker) indent(s ast.Stmt) string {
	return string(bytes.Repeat([]byte("\t"), c.Fset.Position(s.Pos()).Column-1))
}

// text returns the source of an expression without comments, if that is one line.
func (c *checker) text(e ast.Expr) (string, bool) {
	var buf bytes.Buffer
	if err := printer.Fprint(&buf, token.NewFileSet(), e); err != nil || bytes.ContainsRune(buf.Bytes(), '\n') {
		return "", false
	}
	return buf.String(), true
}
