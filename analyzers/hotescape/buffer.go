package hotescape

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// poolSize is the size from which a buffer made for every request is worth a pool.
const poolSize = 4 << 10

// buffer looks for a byte buffer that is only lent to readers and writers, yet
// is on the heap, since the compiler cannot know that they give it back.
func (r *pass) buffer(c inspector.Cursor) {
	for _, decl := range r.declared(c) {
		b, ok := r.newBuffer(decl.id, decl.value)
		if !ok {
			continue
		}
		place := r.hot.At(decl.id)
		if !place.Worth() {
			continue
		}
		lent := r.lent(b.v, scopeOf(c, place))
		if lent == nil {
			continue
		}
		r.reportBuffer(b, place, c, lent)
	}
}

type declaration struct {
	id    *ast.Ident
	value ast.Expr // nil for the zero value
}

// declared returns the single variables that a statement declares.
func (r *pass) declared(c inspector.Cursor) []declaration {
	var list []declaration
	switch n := c.Node().(type) {
	case *ast.ValueSpec:
		if c.Parent().Node().(*ast.GenDecl).Tok != token.VAR || len(n.Values) != 0 && len(n.Values) != len(n.Names) {
			return nil
		}
		for i, name := range n.Names {
			d := declaration{id: name}
			if len(n.Values) > 0 {
				d.value = n.Values[i]
			}
			list = append(list, d)
		}
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE || len(n.Lhs) != len(n.Rhs) {
			return nil
		}
		for i, lhs := range n.Lhs {
			if id, ok := lhs.(*ast.Ident); ok {
				list = append(list, declaration{id, n.Rhs[i]})
			}
		}
	}
	return list
}

type buf struct {
	id    *ast.Ident
	v     *types.Var
	alloc ast.Expr // what the compiler speaks of: the variable, or the make
	size  int64    // -1 if not constant
	make  *ast.CallExpr
}

// newBuffer recognizes var b [N]byte, b := [N]byte{} and b := make([]byte, n).
func (r *pass) newBuffer(id *ast.Ident, value ast.Expr) (buf, bool) {
	v := r.local(id)
	if v == nil {
		return buf{}, false
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Array:
		if !isByte(t.Elem()) || t.Len() == 0 {
			return buf{}, false
		}
		if lit, ok := value.(*ast.CompositeLit); value != nil && (!ok || len(lit.Elts) > 0) {
			return buf{}, false
		}
		return buf{id: id, v: v, alloc: id, size: t.Len()}, true
	case *types.Slice:
		call, ok := value.(*ast.CallExpr)
		if !ok || !isByte(t.Elem()) {
			return buf{}, false
		}
		if b, ok := typeutil.Callee(r.TypesInfo, call).(*types.Builtin); !ok || b.Name() != "make" || len(call.Args) != 2 {
			return buf{}, false
		}
		b := buf{id: id, v: v, alloc: call, size: -1, make: call}
		if c := r.TypesInfo.Types[call.Args[1]].Value; c != nil {
			if n, ok := constant.Int64Val(constant.ToInt(c)); ok && n > 0 {
				b.size = n
			}
		}
		return b, true
	}
	return buf{}, false
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}

// scopeOf returns the node whose variables a slice of the buffer may be kept in: the
// body that runs anew each time.
func scopeOf(c inspector.Cursor, place hot.Place) ast.Node {
	if place.InLoop() {
		return place.Cause
	}
	for f := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return f.Node()
	}
	return nil
}

func (r *pass) reportBuffer(b buf, place hot.Place, c inspector.Cursor, lent *ast.CallExpr) {
	heap := func() bool {
		if r.tooLarge(b.alloc) {
			return false // that is what there is to say
		}
		if b.make != nil {
			return r.escape.Expr(b.make) == escape.Heap
		}
		return r.escape.Var(b.id) == escape.Heap
	}
	f := finding{node: b.id, alloc: b.alloc, place: place}
	f.related = append(f.related, related(lent, "it is lent to "+calleeName(lent)+" here"))
	what := b.v.Name()
	if b.size > 0 {
		what += " (" + bytes(b.size) + ")"
	}
	clears := ""
	if !fills(lent) {
		clears = ", and clear it where its zeros matter"
	}
	switch {
	case place.InLoop():
		if !r.all && !place.Marked && !always(c, place.Cause) {
			return // it may be rare
		}
		if b.make != nil && b.size < 0 && !r.invariant(b.make.Args[1], place.Cause) {
			if !r.all && !place.Marked || !heap() {
				return
			}
			f.category = interfaceBuffer
			r.report(f, "%s is allocated on every iteration, because the compiler must assume that %s keeps it; reuse one slice, grown where it is too small", what, calleeName(lent))
			return
		}
		if !heap() {
			return
		}
		f.category = interfaceBuffer
		r.report(f, "%s is allocated on every iteration, because the compiler must assume that %s keeps it; declare it before the loop%s", what, calleeName(lent), clears)

	case b.size < 0:
		return

	default:
		f.category = interfaceBuffer
		remedy := "let the caller lend a buffer"
		if owner := r.scratchOwner(c, place, lent); owner != "" {
			remedy = "keep it in a field of " + owner + clears
		} else if b.size >= poolSize {
			f.category = perCallBuffer
			remedy = "take it from a sync.Pool" + clears
		} else if !r.all && !place.Marked {
			return
		}
		if heap() {
			r.report(f, "%s is allocated %s, because the compiler must assume that %s keeps it; %s", what, place.When(), calleeName(lent), remedy)
		}
	}
}

// invariant reports whether the expression has the same value on every iteration: it
// uses nothing but constants and local variables that the loop does not change.
func (r *pass) invariant(e ast.Expr, loop ast.Node) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if b, isBuiltin := typeutil.Callee(r.TypesInfo, n).(*types.Builtin); !isBuiltin || b.Name() != "len" {
				ok = false
			}
		case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
			if v := r.TypesInfo.Types[n.(ast.Expr)].Value; v == nil {
				ok = false
			}
			return false
		case *ast.Ident:
			if v, isVar := r.TypesInfo.Uses[n].(*types.Var); isVar {
				ok = ok && !encloses(loop, v) && v.Parent() != r.Pkg.Scope() && !r.assignedIn(v, loop)
			}
		}
		return ok
	})
	return ok
}

// assignedIn reports whether the variable may change inside n.
func (r *pass) assignedIn(v *types.Var, n ast.Node) bool {
	for _, use := range r.usesOf(v) {
		if use.Node().Pos() < n.Pos() || n.End() <= use.Node().Pos() {
			continue
		}
		switch use.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X, edge.RangeStmt_Key, edge.RangeStmt_Value:
			return true
		case edge.UnaryExpr_X:
			if use.Parent().Node().(*ast.UnaryExpr).Op == token.AND {
				return true
			}
		}
	}
	return false
}

// scratchOwner returns the name of the receiver's type if the buffer can become one
// of its fields: the reader or writer that it is lent to is the receiver's own, so
// that no two calls can be under way at a time, and the receiver outlives the loop
// that calls the method.
func (r *pass) scratchOwner(c inspector.Cursor, place hot.Place, lent *ast.CallExpr) string {
	if place.Call == nil || place.Kind != hot.Loop {
		return ""
	}
	var decl *ast.FuncDecl
	for f := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		decl, _ = f.Node().(*ast.FuncDecl)
		break
	}
	if decl == nil || decl.Recv == nil || len(decl.Recv.List[0].Names) != 1 {
		return ""
	}
	fn, _ := r.TypesInfo.Defs[decl.Name].(*types.Func)
	if fn == nil || typeutil.StaticCallee(r.TypesInfo, place.Call) != fn {
		return ""
	}
	recv := r.TypesInfo.Defs[decl.Recv.List[0].Names[0]]
	ptr, ok := fn.Signature().Recv().Type().Underlying().(*types.Pointer)
	if !ok || recv == nil {
		return ""
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	if !ok {
		return ""
	}
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return ""
	}
	stream := streamOf(r.TypesInfo, lent)
	if stream == nil {
		return ""
	}
	sel, ok := ast.Unparen(stream).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if x, ok := ast.Unparen(sel.X).(*ast.Ident); !ok || r.TypesInfo.Uses[x] != recv {
		return ""
	}
	// The receiver of the call must not be made anew in each round.
	callee, ok := ast.Unparen(place.Call.Fun).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	root := lint.RootIdent(callee.X)
	if root == nil {
		return ""
	}
	if obj := r.TypesInfo.Uses[root]; obj == nil || encloses(place.Cause, obj) {
		return ""
	}
	return named.Obj().Name()
}

// streamOf returns the reader or writer of a call that borrows a buffer, if it is a
// stream, which is used by one goroutine at a time.
func streamOf(info *types.Info, call *ast.CallExpr) ast.Expr {
	name := typeutil.Callee(info, call).Name()
	switch name {
	case "ReadFull", "ReadAtLeast":
		return call.Args[0]
	case "Read", "Write":
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
	}
	return nil
}

// fills reports whether the call overwrites the buffer.
func fills(call *ast.CallExpr) bool {
	name := calleeName(call)
	name = name[strings.LastIndexByte(name, '.')+1:]
	return strings.HasPrefix(name, "Read")
}

// lent returns the first call that the buffer v is lent to and that the compiler
// cannot look into, provided that all else that is done with v is harmless: no
// slice of it is kept in anything but variables inside scope.
func (r *pass) lent(v *types.Var, scope ast.Node) *ast.CallExpr {
	var lent *ast.CallExpr
	seen := map[*types.Var]bool{v: true}
	queue := []*types.Var{v}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, use := range r.usesOf(v) {
			if inLiteral(use, scope) {
				return nil
			}
			u := r.use(use)
			switch {
			case !u.harmless:
				return nil
			case u.alias != nil && !seen[u.alias]:
				if !encloses(scope, u.alias) {
					return nil
				}
				seen[u.alias] = true
				queue = append(queue, u.alias)
			}
			if lent == nil {
				lent = u.lent
			}
		}
	}
	return lent
}

// A use is what becomes of a slice of the buffer.
type use struct {
	harmless bool
	alias    *types.Var    // a variable that then holds such a slice
	lent     *ast.CallExpr // a call that borrows it
}

func (r *pass) use(c inspector.Cursor) use {
	ok := use{harmless: true}
	for cur := c; ; {
		parent := cur.Parent()
		switch cur.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.SliceExpr_X:
			cur = parent
			continue
		case edge.IndexExpr_X, edge.RangeStmt_X, edge.AssignStmt_Lhs, edge.BinaryExpr_X, edge.BinaryExpr_Y:
			return ok
		case edge.ExprStmt_X:
			return ok
		case edge.AssignStmt_Rhs:
			s := parent.Node().(*ast.AssignStmt)
			if len(s.Lhs) != len(s.Rhs) {
				return use{}
			}
			return r.held(s.Lhs[cur.ParentEdgeIndex()])
		case edge.ValueSpec_Values:
			s := parent.Node().(*ast.ValueSpec)
			if len(s.Names) != len(s.Values) {
				return use{}
			}
			return r.held(s.Names[cur.ParentEdgeIndex()])
		case edge.CallExpr_Args:
			call := parent.Node().(*ast.CallExpr)
			if runs := parent.ParentEdgeKind(); runs == edge.GoStmt_Call || runs == edge.DeferStmt_Call {
				return use{} // the next round would write to what it still reads
			}
			i := cur.ParentEdgeIndex()
			if tv := r.TypesInfo.Types[call.Fun]; tv.IsType() {
				if b, isBasic := tv.Type.Underlying().(*types.Basic); isBasic && b.Info()&types.IsString != 0 {
					return ok
				}
				return use{}
			}
			switch fn := typeutil.Callee(r.TypesInfo, call).(type) {
			case *types.Builtin:
				if fn.Name() == "append" && i == 0 {
					cur = parent
					continue
				}
				if fn.Name() == "append" && !call.Ellipsis.IsValid() {
					return use{}
				}
				return ok
			case *types.Func:
				switch {
				case borrows(fn, i):
					return use{harmless: true, lent: call}
				case looksOnly(fn):
					return ok
				case appends(fn, i):
					cur = parent
					continue
				case r.borrows(fn, i):
					return ok
				case r.lends(fn, i):
					return use{harmless: true, lent: call}
				}
			}
		}
		return use{}
	}
}

// held returns the use of a slice that is assigned to lhs.
func (r *pass) held(lhs ast.Expr) use {
	id, ok := lhs.(*ast.Ident)
	if !ok {
		return use{}
	}
	if id.Name == "_" {
		return use{harmless: true}
	}
	v, ok := r.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok {
		return use{}
	}
	if _, isArray := v.Type().Underlying().(*types.Array); isArray {
		return use{harmless: true} // a copy
	}
	return use{harmless: true, alias: v}
}

// borrows reports whether a function of the package keeps nothing of its argument i.
func (r *pass) borrows(fn *types.Func, i int) bool {
	sig := fn.Signature()
	if fn.Pkg() != r.Pkg || i >= sig.Params().Len() || sig.Variadic() && i == sig.Params().Len()-1 {
		return false
	}
	id, ok := r.declares(sig.Params().At(i))
	return ok && r.escape.Borrows(id)
}

// lends reports whether all that a function of the package does with its argument i is to lend it to others.
func (r *pass) lends(fn *types.Func, i int) bool {
	sig := fn.Signature()
	if fn.Pkg() != r.Pkg || i >= sig.Params().Len() || sig.Variadic() && i == sig.Params().Len()-1 {
		return false
	}
	p := sig.Params().At(i)
	if is, ok := r.lending[p]; ok {
		return is
	}
	if r.lending == nil {
		r.lending = make(map[*types.Var]bool)
	}
	r.lending[p] = false // functions that call each other
	if id, ok := r.declares(p); ok && lint.IsBytes(p.Type()) {
		c, _ := lint.Find(r.root, id)
		for f := range c.Enclosing((*ast.FuncDecl)(nil)) {
			r.lending[p] = r.lent(p, f.Node()) != nil
		}
	}
	return r.lending[p]
}

// declares returns the identifier that declares a variable.
func (r *pass) declares(v *types.Var) (*ast.Ident, bool) {
	c, ok := r.root.FindByPos(v.Pos(), v.Pos())
	if !ok {
		return nil, false
	}
	id, ok := c.Node().(*ast.Ident)
	return id, ok
}

// borrows reports whether argument i of fn is a buffer that fn, by the contract of
// package io and its kin, does not keep.
func borrows(fn *types.Func, i int) bool {
	sig := fn.Signature()
	if i >= sig.Params().Len() {
		return false
	}
	if s, ok := sig.Params().At(i).Type().Underlying().(*types.Slice); !ok || !isByte(s.Elem()) {
		return false
	}
	if sig.Recv() == nil {
		return lint.IsFunc(fn, "io", "ReadFull", "ReadAtLeast", "CopyBuffer")
	}
	switch fn.Name() {
	case "Read", "Write", "ReadAt", "WriteAt", "ReadFrom", "WriteTo":
		// Count and error, as package io and package net have them.
		n := sig.Results().Len()
		return i == 0 && n >= 2 && isInt(sig.Results().At(0).Type()) &&
			types.Identical(sig.Results().At(n-1).Type(), types.Universe.Lookup("error").Type())
	case "ReadFromUDP", "ReadFromUDPAddrPort", "WriteToUDP", "WriteToUDPAddrPort", "ReadMsgUDP", "ReadMsgUDPAddrPort":
		return fn.Pkg() != nil && fn.Pkg().Path() == "net"
	case "Encrypt", "Decrypt", "XORKeyStream", "CryptBlocks":
		return fn.Pkg() != nil && fn.Pkg().Path() == "crypto/cipher"
	}
	return false
}

func isInt(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.Int
}

// looksOnly reports whether fn keeps no slice that it is given and returns none.
func looksOnly(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	for res := range fn.Signature().Results().Variables() {
		switch res.Type().Underlying().(type) {
		case *types.Basic, *types.Array:
		case *types.Interface:
			if res.Type().String() != "error" {
				return false
			}
		default:
			return false
		}
	}
	switch fn.Pkg().Path() {
	case "encoding/binary":
		return fn.Name() != "Read" && fn.Name() != "Write"
	case "bytes", "unicode/utf8", "hash/crc32", "hash/crc64", "hash/adler32", "encoding/hex", "encoding/base64",
		"crypto/subtle", "crypto/sha1", "crypto/sha256", "crypto/sha512", "crypto/md5":
		return fn.Signature().Recv() == nil || fn.Pkg().Path() == "encoding/base64"
	}
	return false
}

// appends reports whether fn returns its argument i, longer.
func appends(fn *types.Func, i int) bool {
	if fn.Pkg() == nil || fn.Signature().Results().Len() != 1 {
		return false
	}
	switch fn.Pkg().Path() {
	case "strconv", "unicode/utf8", "encoding/binary", "encoding/hex", "fmt":
		return i == 0 && strings.HasPrefix(fn.Name(), "Append")
	case "time":
		return i == 0 && fn.Name() == "AppendFormat"
	}
	return false
}
