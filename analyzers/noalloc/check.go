package noalloc

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/evidence/escape"
)

// check reports what the compiled function of a contract may allocate.
func (r *pass) check(k contract) {
	if !r.alloc.Known() {
		r.report(k, k.at, unresolved, fmt.Sprintf("%s is marked noalloc, but that is not verified: %s", k.name, r.alloc.Why()))
		return
	}
	if k.symbol == "" || !r.alloc.Has(k.symbol) {
		r.report(k, k.at, unresolved, k.subject()+" that is not verified: the compiler made no code of it (it is generic and has no instance in this package, or nothing uses it)")
		return
	}
	paths := r.alloc.Walk(k.symbol, alloc.Policy{
		Exempt:  func(stack []alloc.Frame) bool { return r.exempt(stack, k.strict) },
		Dynamic: func(stack []alloc.Frame) bool { return r.answered(stack, k) },
		Trusted: r.trusted,
		Strict:  k.strict,
	})
	shortest := make(map[int]alloc.Path) // one word for each line
	var lines []int
	for _, path := range paths {
		line := 0
		for _, f := range path.Steps {
			if r.own(f.File) && r.in(k.decl, f.Line) {
				line = f.Line
				break
			}
		}
		known, ok := shortest[line]
		if !ok {
			lines = append(lines, line)
		}
		if !ok || length(path) < length(known) {
			shortest[line] = path
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		r.tell(k, shortest[line], line)
	}
}

// length returns how many calls a path has.
func length(p alloc.Path) int {
	if p.Callee != "" {
		return len(p.Steps) + 1
	}
	return len(p.Steps)
}

func (k contract) subject() string {
	if k.why != "" {
		return fmt.Sprintf("%s must not allocate (%s), but", k.name, k.why)
	}
	return k.name + " is marked noalloc, but"
}

// tell reports one path.
func (r *pass) tell(k contract, path alloc.Path, line int) {
	category := allocates
	if path.Kind == 0 && (path.Callee == "" || path.Reason != "") {
		category = unresolved
	}
	at := r.nodeAt(k.decl, line)
	if at == nil {
		at = k.at
	}
	r.report(k, at, category, k.subject()+" "+r.describe(path))
}

func (r *pass) report(k contract, at ast.Node, category, message string) {
	d := analysis.Diagnostic{Pos: at.Pos(), End: r.lineEnd(at), Category: category, Message: message}
	if at != k.at {
		d.Related = []analysis.RelatedInformation{{Pos: k.at.Pos(), End: k.at.End(), Message: "the function that must not allocate"}}
	}
	r.Report(d)
}

// lineEnd returns the end of a node, or of its first line.
func (r *pass) lineEnd(n ast.Node) token.Pos {
	file := r.Fset.File(n.Pos())
	if line := file.Line(n.Pos()); line < file.Line(n.End()) {
		return file.LineStart(line+1) - 1
	}
	return n.End()
}

// describe says in words what happens on a path: "calls f, which calls g (a.go:7),
// which allocates a slice (b.go:9)".
func (r *pass) describe(path alloc.Path) string {
	var b strings.Builder
	where := func(i int) {
		if i > 0 {
			f := path.Steps[i]
			fmt.Fprintf(&b, " (%s:%d)", filepath.Base(f.File), f.Line)
		}
	}
	for i := range path.Steps[1:] {
		next := path.Steps[i+1]
		fmt.Fprintf(&b, "calls %s", r.frameName(next))
		where(i)
		b.WriteString(", which ")
	}
	last := len(path.Steps) - 1
	switch {
	case path.Kind == alloc.Go:
		b.WriteString("starts a goroutine")
		where(last)
	case path.Kind != 0:
		fmt.Fprintf(&b, "allocates %s", path.Kind)
		where(last)
		if why := r.why(path.Steps[last]); why != "" {
			b.WriteString(": " + why)
		}
	case path.Callee == "":
		b.WriteString("calls a function value or an interface method")
		where(last)
		b.WriteString(", of which is not known whether it allocates")
	default:
		fmt.Fprintf(&b, "calls %s", r.pretty(path.Callee))
		where(last)
		if path.Reason != "" {
			b.WriteString(", of which is not known whether it allocates: " + path.Reason)
		} else {
			b.WriteString(", which may allocate")
		}
	}
	return b.String()
}

// frameName names the function of a step. What is inlined from other packages has no
// name in the machine code.
func (r *pass) frameName(f alloc.Frame) string {
	if f.Func != "" {
		return r.pretty(f.Func)
	}
	if src := r.alloc.Source(f.File); src != nil && src.Func(f.Line) != "" {
		return src.Func(f.Line)
	}
	return "a function of " + filepath.Base(f.File)
}

// pretty writes a symbol as the source would.
func (r *pass) pretty(symbol string) string {
	name := alloc.Bare(symbol)
	name = name[strings.LastIndex(name, "/")+1:]
	if own := alloc.Prefix(r.Pkg) + "."; strings.HasPrefix(symbol, own) {
		name = alloc.Bare(symbol)[len(own):]
	}
	for i, part := range strings.Split(name, ".") {
		if i > 0 && strings.HasPrefix(part, "func") && strings.Trim(part[4:], "0123456789-") == "" && part != "func" {
			return "a function literal of " + strings.Join(strings.Split(name, ".")[:i], ".")
		}
	}
	return name
}

// why says why a value of the package's own is on the heap, in words; "" if that is
// not known.
func (r *pass) why(f alloc.Frame) (text string) {
	if !r.own(f.File) {
		return ""
	}
	for _, file := range r.Files {
		if r.base(file.Package) != filepath.Base(f.File) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || text != "" || r.line(n.Pos()) > f.Line || r.line(n.End()) < f.Line {
				return false
			}
			switch n.(type) {
			case ast.Expr, *ast.RangeStmt:
				if r.line(escape.Pos(n)) == f.Line {
					for _, s := range r.escape.Sites(n) {
						if s.Verdict == escape.Heap && len(s.Flow) > 0 && !s.Inlined {
							text = s.Explain()
						}
					}
				}
			}
			return true
		})
	}
	return text
}

func (r *pass) line(pos token.Pos) int { return r.Fset.PositionFor(pos, true).Line }

func (r *pass) base(pos token.Pos) string {
	return filepath.Base(r.Fset.PositionFor(pos, true).Filename)
}

// own reports whether a file is one of the package's.
func (r *pass) own(file string) bool {
	for _, f := range r.Files {
		name := r.Fset.PositionFor(f.Package, true).Filename
		if name == file || filepath.Base(name) == filepath.Base(file) && !filepath.IsAbs(file) {
			return true
		}
	}
	return false
}

// in reports whether a line is one of the node's.
func (r *pass) in(n ast.Node, line int) bool {
	return r.line(n.Pos()) <= line && line <= r.line(n.End())
}

// nodeAt returns the outermost node in decl that begins on a line, or nil.
func (r *pass) nodeAt(decl ast.Node, line int) (found ast.Node) {
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.CommentGroup, *ast.FieldList:
			return false
		case *ast.FuncDecl, *ast.FuncLit, *ast.BlockStmt:
			return found == nil
		}
		if found == nil && r.line(n.Pos()) == line {
			found = n
		}
		return found == nil
	})
	return found
}

// exempt reports whether what happens at a place is of no concern: its author
// assumes that nothing is allocated there, or it happens only if something went wrong.
func (r *pass) exempt(stack []alloc.Frame, strict bool) bool {
	for _, f := range stack {
		if r.own(f.File) {
			name := filepath.Base(f.File)
			if r.assumed[name][f.Line] || !strict && r.isRare(name, f.Line) {
				return true
			}
			continue
		}
		src := r.alloc.Source(f.File)
		if src == nil {
			continue
		}
		if !strict && src.Rare[f.Line] || reason("//heapvet:"+src.Notes[f.Line]) != "" || reason("//heapvet:"+src.Notes[f.Line-1]) != "" {
			return true
		}
	}
	return false
}

// isRare reports whether a line of the package's own is reached only if something
// went wrong.
func (r *pass) isRare(base string, line int) bool {
	if r.rare == nil {
		r.rare = make(map[string]map[int]bool)
	}
	lines, ok := r.rare[base]
	if !ok {
		lines = make(map[int]bool)
		r.rare[base] = lines
		for _, f := range r.Files {
			if r.base(f.Package) == base {
				r.markRare(f, lines)
			}
		}
	}
	return lines[line]
}

func (r *pass) markRare(f *ast.File, lines map[int]bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause, *ast.LabeledStmt:
			return true
		case ast.Stmt:
			if r.hot.Rare(n) {
				for line := r.line(n.Pos()); line <= r.line(n.End()); line++ {
					lines[line] = true
				}
				return false
			}
		}
		return true
	})
}

// trusted reports whether the function declared at a place has a mark of its own:
// that is checked, or assumed, elsewhere.
func (r *pass) trusted(decl alloc.Frame) bool {
	if r.own(decl.File) {
		for d := range r.funcs {
			if r.base(d.Pos()) == filepath.Base(decl.File) && r.line(d.Type.Func) == decl.Line {
				return true
			}
		}
		return false
	}
	src := r.alloc.Source(decl.File)
	if src == nil {
		return false
	}
	for line := src.Funcs[decl.Line]; line > 0 && line < decl.Line; line++ {
		note := "//heapvet:" + src.Notes[line]
		if fields := strings.Fields(note); fields[0] == noalloc || reason(note) != "" {
			return true
		}
	}
	return false
}

// answered reports whether somebody else answers for the dynamic calls at a place.
func (r *pass) answered(stack []alloc.Frame, k contract) bool {
	f := stack[0]
	if !r.own(f.File) {
		// Who passes a function answers for it.
		src := r.alloc.Source(f.File)
		return src != nil && src.Params[f.Line]
	}
	found := false
	all := true
	for _, file := range r.Files {
		if r.base(file.Package) != filepath.Base(f.File) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || r.line(n.Pos()) > f.Line || r.line(n.End()) < f.Line {
				return false
			}
			if call, ok := n.(*ast.CallExpr); ok && r.line(call.Lparen) == f.Line && r.dynamic(call) {
				found = true
				all = all && r.callAnswered(call, k)
			}
			return true
		})
	}
	return all && (found || r.deferred(f))
}

// deferred reports whether the dynamic calls at a place without any in the source are
// those of deferred functions that are known.
func (r *pass) deferred(f alloc.Frame) bool {
	known, found := true, false
	for _, file := range r.Files {
		if r.base(file.Package) != filepath.Base(f.File) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				return false
			}
			if decl, ok := n.(*ast.FuncDecl); ok && !r.in(decl, f.Line) {
				return false
			}
			if d, ok := n.(*ast.DeferStmt); ok {
				found = true
				_, literal := ast.Unparen(d.Call.Fun).(*ast.FuncLit)
				known = known && (literal || !r.dynamic(d.Call))
			}
			return true
		})
	}
	return found && known
}

// dynamic reports whether it is known only at run time what is called.
func (r *pass) dynamic(call *ast.CallExpr) bool {
	tv := r.TypesInfo.Types[call.Fun]
	if tv.IsType() || tv.IsBuiltin() {
		return false
	}
	return typeutil.StaticCallee(r.TypesInfo, call) == nil
}

// callAnswered reports whether the callee has a mark, is a function literal in a local
// variable, or is a parameter of a function that is not bound by the contract itself.
func (r *pass) callAnswered(call *ast.CallExpr, k contract) bool {
	if fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func); ok {
		_, ok := r.marked(fn.Origin())
		return ok
	}
	if _, ok := r.typeMark(r.TypesInfo.TypeOf(call.Fun)); ok {
		return true
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() == nil || v.Parent() == r.Pkg.Scope() {
		return false
	}
	if v.Kind() == types.ParamVar {
		return !(k.decl.Pos() <= v.Pos() && v.Pos() < k.decl.End()) || r.ofLiteral(k.decl, v)
	}
	return r.onlyFunctions(v)
}

// ofLiteral reports whether v is a parameter of a function literal in decl, which those
// who call the literal answer for.
func (r *pass) ofLiteral(decl ast.Node, v *types.Var) bool {
	d, ok := decl.(*ast.FuncDecl)
	return ok && d.Body.Pos() <= v.Pos()
}

// onlyFunctions reports whether all that a local variable is ever assigned are function
// literals and declared functions, whose code is looked at where they are named.
func (r *pass) onlyFunctions(v *types.Var) bool {
	only := true
	is := func(e ast.Expr) bool {
		switch e := ast.Unparen(e).(type) {
		case *ast.FuncLit:
			return true
		case *ast.Ident:
			_, ok := r.TypesInfo.Uses[e].(*types.Func)
			return ok
		case *ast.SelectorExpr:
			fn, ok := r.TypesInfo.Uses[e.Sel].(*types.Func)
			return ok && fn.Signature().Recv() == nil
		}
		return false
	}
	for _, f := range r.Files {
		if !(f.FileStart <= v.Pos() && v.Pos() < f.FileEnd) {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					if id, ok := ast.Unparen(lhs).(*ast.Ident); ok && r.TypesInfo.ObjectOf(id) == v {
						only = only && len(n.Lhs) == len(n.Rhs) && is(n.Rhs[i])
					}
				}
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if r.TypesInfo.Defs[id] == v && len(n.Values) > 0 {
						only = only && len(n.Names) == len(n.Values) && is(n.Values[i])
					}
				}
			case *ast.UnaryExpr:
				if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND && r.TypesInfo.Uses[id] == v {
					only = false
				}
			case *ast.RangeStmt:
				for _, e := range []ast.Expr{n.Key, n.Value} {
					if id, ok := e.(*ast.Ident); ok && r.TypesInfo.ObjectOf(id) == v {
						only = false
					}
				}
			}
			return only
		})
	}
	return only
}
