package noalloc

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

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
