package prealloc

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// trusts reports whether the number e cannot have come from input, as far as
// the function shows. Who reserves room for a number that was read reserves
// what somebody else has asked for: there, growing step by step is right.
func (l *loop) trusts(e ast.Expr) bool {
	return (&truster{loop: l, seen: make(map[*types.Var]bool)}).expr(e)
}

type truster struct {
	*loop
	seen map[*types.Var]bool
}

func (t *truster) expr(e ast.Expr) bool {
	e = ast.Unparen(e)
	if e == nil || t.info.Types[e].Value != nil {
		return true
	}
	switch e := e.(type) {
	case *ast.Ident:
		v, ok := t.info.Uses[e].(*types.Var)
		return !ok || t.variable(v)
	case *ast.SelectorExpr:
		if sel := t.info.Selections[e]; sel != nil {
			return sel.Kind() == types.FieldVal && !tagged(sel) && !fromInput(sel.Recv()) && t.expr(e.X)
		}
		return true // of another package
	case *ast.BinaryExpr:
		return t.expr(e.X) && t.expr(e.Y)
	case *ast.UnaryExpr:
		return t.expr(e.X)
	case *ast.StarExpr:
		return t.expr(e.X)
	case *ast.IndexExpr:
		return !isText(t.info.TypeOf(e.X)) && t.expr(e.X) && t.expr(e.Index)
	case *ast.SliceExpr:
		return t.expr(e.X)
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		return t.call(e)
	}
	return false
}

func (t *truster) call(call *ast.CallExpr) bool {
	if isBuiltin(t.info, call.Fun, "len", "cap", "new", "make") {
		return true
	}
	if !t.info.Types[call.Fun].IsType() && !isBuiltin(t.info, call.Fun, "min", "max", "append") {
		fn, ok := typeutil.Callee(t.info, call).(*types.Func)
		if !ok || reads(fn) {
			return false
		}
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil {
			if fromInput(t.info.TypeOf(sel.X)) || !t.expr(sel.X) {
				return false
			}
		}
	}
	for _, arg := range call.Args {
		if fromInput(t.info.TypeOf(arg)) || isText(t.info.TypeOf(arg)) || !t.expr(arg) {
			return false
		}
	}
	return true
}

// variable reports whether the values that a variable is set to are trusted,
// and nothing that reads input is handed it.
func (t *truster) variable(v *types.Var) bool {
	if t.seen[v] || v.IsField() || v.Parent() == v.Pkg().Scope() {
		return true
	}
	t.seen[v] = true
	if fromInput(v.Type()) {
		return false
	}
	if t.parameter(v) {
		return !t.readsInput() && !t.filled(v)
	}
	values, ok := t.definitions(v)
	if !ok && !isStruct(v.Type()) || t.filled(v) {
		return false
	}
	for _, value := range values {
		if !t.expr(value) {
			return false
		}
	}
	return true
}

// filled reports whether the variable, or its address, is handed to a call that
// decodes into it.
func (t *truster) filled(v *types.Var) bool {
	found := false
	ast.Inspect(t.outermost().Node(), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return !found
		}
		for _, arg := range call.Args {
			if u, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok {
				arg = u.X
			} else if _, isPointer := t.info.TypeOf(arg).Underlying().(*types.Pointer); !isPointer {
				continue
			}
			if u, _ := resolve(t.info, arg); u == v {
				fn, ok := typeutil.Callee(t.info, call).(*types.Func)
				found = found || !ok || reads(fn)
			}
		}
		return !found
	})
	return found
}

// readsInput reports whether a function around the loop decodes something:
// what it is given then counts what is in the input.
func (l *loop) readsInput() bool {
	for fn := range l.cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var sig *types.Signature
		switch n := fn.Node().(type) {
		case *ast.FuncDecl:
			obj, ok := l.info.Defs[n.Name].(*types.Func)
			if !ok || reads(obj) {
				return true
			}
			sig = obj.Signature()
		case *ast.FuncLit:
			sig, _ = l.info.TypeOf(n).(*types.Signature)
		}
		if sig == nil || sig.Recv() != nil && fromInput(sig.Recv().Type()) {
			return true
		}
		for p := range sig.Params().Variables() {
			if fromInput(p.Type()) || lint.IsBytes(p.Type()) && l.looksInto(p, fn.Node()) {
				return true
			}
		}
	}
	return false
}

// looksInto reports whether the function does more with the bytes than to copy
// them and to ask how many they are.
func (l *loop) looksInto(bytes *types.Var, fn ast.Node) bool {
	copied := make(map[ast.Node]bool)
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if isBuiltin(l.info, n.Fun, "len", "cap", "append", "copy") {
				for _, arg := range n.Args {
					copied[arg] = true
				}
			}
		case *ast.Ident:
			found = found || l.info.Uses[n] == bytes && !copied[n]
		}
		return !found
	})
	return found
}

// parameter reports whether v is a parameter or receiver of a function around the loop.
func (l *loop) parameter(v *types.Var) bool {
	for fn := range l.cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var scope *types.Scope
		switch n := fn.Node().(type) {
		case *ast.FuncDecl:
			scope = l.info.Scopes[n.Type]
		case *ast.FuncLit:
			scope = l.info.Scopes[n.Type]
		}
		if v.Parent() != scope {
			continue
		}
		switch n := fn.Node().(type) {
		case *ast.FuncDecl:
			return v.Pos() < n.Type.End()
		case *ast.FuncLit:
			return v.Pos() < n.Type.End()
		}
	}
	return false
}

// tagged reports whether the selected field is filled by a decoder: it has a tag.
func tagged(sel *types.Selection) bool {
	t := sel.Recv()
	for _, i := range sel.Index() {
		s, ok := lint.Deref(t).Underlying().(*types.Struct)
		if !ok {
			return false
		}
		if s.Tag(i) != "" {
			return true
		}
		t = s.Field(i).Type()
	}
	return false
}

func isText(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0 || lint.IsBytes(t)
}

// reads reports whether a function, by its package or name, takes its results
// from input.
func reads(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	path := fn.Pkg().Path()
	switch path {
	case "strconv", "io", "bufio", "os", "net", "net/http", "net/url", "flag", "database/sql", "syscall", "bytes", "strings":
		return true
	}
	if strings.HasPrefix(path, "encoding/") || strings.HasPrefix(path, "archive/") || strings.HasPrefix(path, "compress/") {
		return true
	}
	name := strings.ToLower(fn.Name())
	for _, word := range []string{
		"read", "decode", "parse", "unmarshal", "scan", "varint", "uint", "int16", "int32", "int64", "next", "atoi",
		"recv", "receive", "load", "formvalue", "header", "query", "input", "consume", "deserialize", "unpack", "peek",
	} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// fromInput reports whether values of the type hold or deliver what came from
// outside: readers, decoders, requests, headers.
func fromInput(t types.Type) bool {
	if t == nil {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Read")
	if fn, ok := obj.(*types.Func); ok {
		if sig := fn.Signature(); sig.Params().Len() == 1 && lint.IsBytes(sig.Params().At(0).Type()) {
			return true
		}
	}
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok {
		return false
	}
	name := strings.ToLower(named.Obj().Name())
	for _, word := range []string{
		"reader", "decoder", "parser", "scanner", "lexer", "cursor", "request", "req", "message", "msg", "header",
		"packet", "frame", "query", "response", "resp", "payload", "stream", "unmarshaler", "conn",
	} {
		if strings.HasSuffix(name, word) {
			return true
		}
	}
	return false
}
