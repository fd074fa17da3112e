package dirtypool

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	o := new(options)
	a := lint.New(&analysis.Analyzer{
		Name:     "dirtypool",
		Doc:      lint.Doc(doc, "dirtypool"),
		URL:      lint.URL("dirtypool"),
		Requires: []*analysis.Analyzer{poolflow.Analyzer},
		Run:      o.run,
	})
	a.Flags.BoolVar(&o.all, lint.FlagAll, false, "also report retained strings, elements that hold little")
	return a
}

// Check is what drivers and documentation need beyond the analyzer.
var Check = lint.Check{
	New:      New,
	Group:    lint.Pools,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: noReset, Title: "a pooled object is handed on with its last user's data"},
		{Name: partialReset, Title: "a reset leaves a field that the next user reads"},
		{Name: retained, Title: "a slice cut to [:0] keeps the last user's values alive in the pool"},
	},
}

const (
	noReset      = "no-reset"
	partialReset = "partial-reset"
	retained     = "retained"
)

// options are the flags of one instance.
type options struct{ all bool }

func (o *options) run(pass *analysis.Pass) (any, error) {
	c := &checker{pass: pass, flow: poolflow.Of(pass), all: o.all}
	for _, pool := range c.flow.Pools {
		c.pool(pool)
		c.forgotten(pool)
	}
	for _, r := range c.flow.Retained {
		c.retained(r)
	}
	slices.SortFunc(c.found, func(a, b analysis.Diagnostic) int { return int(a.Pos - b.Pos) })
	last := token.NoPos
	for _, d := range c.found {
		if d.Pos != last {
			pass.Report(d)
		}
		last = d.Pos
	}
	return nil, nil
}

type checker struct {
	pass  *analysis.Pass
	flow  *poolflow.Flow
	all   bool
	found []analysis.Diagnostic
}

// pool looks for what one user leaves in an object and another one reads.
func (c *checker) pool(p *poolflow.Pool) {
	st := poolflow.Fields(p.Elem)
	switch {
	case poolflow.IsStream(p.Elem):
		if p.New.Bound {
			return // New gives it the source or target of all its users
		}
	case st == nil && !poolflow.IsBuffer(p.Elem) && !p.New.Empty:
		return // the length that New gives it is its users' to manage
	case onlyOnce(p):
		return // there is no next user
	}
	shared := make(map[int]bool)
	for _, get := range p.Gets {
		for i := range get.Reads {
			for _, put := range p.Puts {
				if _, ok := put.Dirty[i]; ok && (st == nil || c.known(p, st[i])) {
					shared[i] = true
				}
			}
		}
	}
	slots := slices.Sorted(maps.Keys(shared))
	if len(slots) == 0 {
		return
	}
	if st != nil && c.partial(p, st, slots) {
		return
	}
	for _, get := range p.Gets {
		var stale []int
		for _, i := range slots {
			if _, ok := get.Reads[i]; ok {
				stale = append(stale, i)
			}
		}
		if len(stale) > 0 && !c.partialAfter(p, st, get, stale) {
			c.noReset(p, st, get, stale)
		}
	}
}

// known reports whether the package can tell that a field is to be reset: its
// comment does not say that it is kept. If the type is another package's, and that
// one resets something of it, then what it leaves within is for that one to say.
func (c *checker) known(p *poolflow.Pool, f poolflow.Field) bool {
	if named, ok := types.Unalias(lint.Deref(p.Elem)).(*types.Named); ok && named.Obj().Pkg() != c.pass.Pkg {
		resets := slices.ContainsFunc(p.Puts, func(put *poolflow.Put) bool { return put.Cleans != 0 })
		if len(f.Path) > 1 || resets && !f.Var().Exported() {
			return false
		}
	}
	return !slices.ContainsFunc(f.Path, func(v *types.Var) bool { return poolflow.KeptByIntent(c.pass, v) })
}

// partial reports the slots that a reset leaves, if the objects are reset at all.
func (c *checker) partial(p *poolflow.Pool, st []poolflow.Field, slots []int) bool {
	var put *poolflow.Put // a Put after a reset that leaves some of the slots
	for _, q := range p.Puts {
		if q.Cleans != 0 && slices.ContainsFunc(slots, func(i int) bool { _, ok := q.Dirty[i]; return ok && !q.Cleans.Has(i) }) {
			put = q
			break
		}
	}
	if put == nil {
		return false
	}
	get := p.Gets[slices.IndexFunc(p.Gets, func(g *poolflow.Get) bool {
		return slices.ContainsFunc(slots, func(i int) bool { _, ok := g.Reads[i]; return ok })
	})]
	resets := c.flow.Resets(p.Elem)
	slices.SortStableFunc(resets, func(a, b poolflow.Reset) int { return (b.Cleans & put.Cleans).Len() - (a.Cleans & put.Cleans).Len() })
	for _, reset := range resets {
		if reset.Cleans&put.Cleans == 0 {
			continue
		}
		var left []int
		for _, i := range slots {
			if _, ok := put.Dirty[i]; ok && reset.Leaves.Has(i) {
				left = append(left, i)
			}
		}
		decl, ok := reset.Fn.Syntax().(*ast.FuncDecl)
		if !ok || len(left) == 0 {
			continue
		}
		left = slices.DeleteFunc(left, func(i int) bool { return c.mentioned(decl, st[i].Name) })
		if len(left) == 0 {
			return true
		}
		c.reportPartial(p, st, decl, left, get, put)
		return true
	}
	var left []int
	for _, i := range slots {
		if _, ok := put.Dirty[i]; ok {
			left = append(left, i)
		}
	}
	call := c.callAt(put.Call.Common().Pos())
	if call == nil {
		return true
	}
	c.report(analysis.Diagnostic{
		Pos: call.Pos(), End: call.End(), Category: partialReset,
		Message: fmt.Sprintf("%s goes back to %s with %s still set, which its next user reads",
			c.typeName(p.Elem), p.Name, fieldNames(st, left)),
		Related: c.related(get, put, left[0], st),
	})
	return true
}

// partialAfter reports a method that resets the objects after a Get, and leaves what is stale.
func (c *checker) partialAfter(p *poolflow.Pool, st []poolflow.Field, get *poolflow.Get, stale []int) bool {
	if st == nil || get.Cleans == 0 {
		return false
	}
	for _, reset := range c.flow.Resets(p.Elem) {
		decl, ok := reset.Fn.Syntax().(*ast.FuncDecl)
		if !ok || reset.Cleans&get.Cleans == 0 || slices.ContainsFunc(stale, func(i int) bool { return !reset.Leaves.Has(i) }) {
			continue
		}
		i := slices.IndexFunc(p.Puts, func(q *poolflow.Put) bool { _, ok := q.Dirty[stale[0]]; return ok })
		left := slices.DeleteFunc(slices.Clone(stale), func(i int) bool { return c.mentioned(decl, st[i].Name) })
		if len(left) > 0 {
			c.reportPartial(p, st, decl, left, get, p.Puts[i])
		}
		return true
	}
	return false
}

// reportPartial reports that the method resets all but the fields left.
func (c *checker) reportPartial(p *poolflow.Pool, st []poolflow.Field, decl *ast.FuncDecl, left []int, get *poolflow.Get, put *poolflow.Put) {
	c.report(analysis.Diagnostic{
		Pos: decl.Name.Pos(), End: decl.Name.End(), Category: partialReset,
		Message: fmt.Sprintf("%s leaves %s set: %s from %s carries %s to its next user",
			c.resetName(p, decl), fieldNames(st, left), c.elemName(p.Elem), p.Name, itOrThem(left)),
		Related: c.related(get, put, left[0], st),
	})
}

// forgotten reports the one field that a reset leaves of what other packages set, and give back.
func (c *checker) forgotten(p *poolflow.Pool) {
	f := c.flow.Forgotten(p)
	if f == nil || poolflow.KeptByIntent(c.pass, f.Field.Var()) {
		return
	}
	decl, ok := f.Reset.Fn.Syntax().(*ast.FuncDecl)
	if !ok || c.mentioned(decl, f.Field.Name) {
		return
	}
	c.report(analysis.Diagnostic{
		Pos: decl.Name.Pos(), End: decl.Name.End(), Category: partialReset,
		Message: fmt.Sprintf("%s clears all but field %s: whoever sets that on %s from %s leaves it to its next user",
			c.resetName(p, decl), f.Field.Name, c.elemName(p.Elem), p.Name),
		Related: []analysis.RelatedInformation{
			{Pos: f.Put.Call.Common().Pos(), Message: "put back here"},
			{Pos: f.Read, Message: f.Field.Name + " is used here"},
		},
	})
}

// resetName returns what the function that resets the objects of a pool is called.
func (c *checker) resetName(p *poolflow.Pool, decl *ast.FuncDecl) string {
	if decl.Recv != nil {
		return fmt.Sprintf("(%s).%s", c.typeName(p.Elem), decl.Name.Name)
	}
	return decl.Name.Name
}

func (c *checker) noReset(p *poolflow.Pool, st []poolflow.Field, get *poolflow.Get, stale []int) {
	call := c.callAt(get.Call.Common().Pos())
	if call == nil {
		return
	}
	i := slices.IndexFunc(p.Puts, func(q *poolflow.Put) bool { _, ok := q.Dirty[stale[0]]; return ok })
	put := p.Puts[i]
	what := "its previous user's data"
	if st != nil {
		what = "its previous user's " + fieldNames(st, stale)
	}
	nor := "before its Put"
	if slices.ContainsFunc(p.Puts, func(q *poolflow.Put) bool { return q.Fn == put.Fn && q.Cleans.Has(stale[0]) && len(q.Dirty) == 0 }) {
		nor = "on every way to its Put"
	}
	d := analysis.Diagnostic{
		Pos: call.Pos(), End: call.End(), Category: noReset,
		Message: fmt.Sprintf("the %s from %s may still hold %s: it is reset neither after this Get nor %s",
			c.typeName(p.Elem), p.Name, what, nor),
		Related: c.related(get, put, stale[0], st),
	}
	if fix, ok := c.fix(p, call); ok {
		d.SuggestedFixes = []analysis.SuggestedFix{fix}
	}
	c.report(d)
}

func (c *checker) report(d analysis.Diagnostic) { c.found = append(c.found, d) }

// related points to where the data comes from, and where it comes to light.
func (c *checker) related(get *poolflow.Get, put *poolflow.Put, i int, st []poolflow.Field) []analysis.RelatedInformation {
	what := "the object"
	if st != nil {
		what = st[i].Name
	}
	return []analysis.RelatedInformation{
		{Pos: put.Dirty[i], Message: what + " is filled here"},
		{Pos: put.Call.Common().Pos(), Message: "put back here"},
		{Pos: get.Reads[i], Message: what + " is used here as its last user left it"},
	}
}

// fix inserts a call of Reset after the statement that gets the object.
func (c *checker) fix(p *poolflow.Pool, call *ast.CallExpr) (analysis.SuggestedFix, bool) {
	if !p.New.Empty || !hasReset(p.Elem) {
		return analysis.SuggestedFix{}, false
	}
	stmt := c.assignOf(call)
	if stmt == nil || len(stmt.Lhs) != 1 {
		return analysis.SuggestedFix{}, false
	}
	name, ok := stmt.Lhs[0].(*ast.Ident)
	if !ok || name.Name == "_" || !types.Identical(c.pass.TypesInfo.TypeOf(name), p.Elem) {
		return analysis.SuggestedFix{}, false
	}
	file := c.pass.Fset.File(stmt.Pos())
	first, last := file.Line(stmt.Pos()), file.Line(stmt.End())
	if last >= file.LineCount() {
		return analysis.SuggestedFix{}, false
	}
	indent := strings.Repeat("\t", int(stmt.Pos()-file.LineStart(first)))
	at := file.LineStart(last + 1)
	return analysis.SuggestedFix{
		Message:   "Reset it after Get",
		TextEdits: []analysis.TextEdit{{Pos: at, End: at, NewText: []byte(indent + name.Name + ".Reset()\n")}},
	}, true
}

// hasReset reports whether values of type t have a method Reset without
// arguments and results.
func hasReset(t types.Type) bool {
	sel := types.NewMethodSet(t).Lookup(nil, "Reset")
	if sel == nil {
		return false
	}
	sig := sel.Obj().(*types.Func).Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 0
}

// assignOf returns the assignment in a block, alone on its lines, whose value
// is the call or a type assertion of it.
func (c *checker) assignOf(call *ast.CallExpr) (found *ast.AssignStmt) {
	file := lint.FileOf(c.pass, call.Pos())
	ast.Inspect(file, func(n ast.Node) bool {
		if found != nil || n == nil || n.Pos() > call.Pos() || n.End() < call.End() {
			return false
		}
		list := lint.Statements(n)
		for i, s := range list {
			assign, ok := s.(*ast.AssignStmt)
			if !ok || len(assign.Rhs) != 1 {
				continue
			}
			rhs := ast.Unparen(assign.Rhs[0])
			if ta, ok := rhs.(*ast.TypeAssertExpr); ok {
				rhs = ast.Unparen(ta.X)
			}
			line := func(p token.Pos) int { return c.pass.Fset.Position(p).Line }
			if rhs == call && line(n.End()) > line(assign.End()) && (i+1 == len(list) || line(list[i+1].Pos()) > line(assign.End())) &&
				(i == 0 || line(list[i-1].End()) < line(assign.Pos())) && line(n.Pos()) < line(assign.Pos()) {
				found = assign
			}
		}
		return true
	})
	return found
}

// indent returns the indentation of the line of pos, on which pos is what comes first.
func (c *checker) indent(pos token.Pos) string {
	return strings.Repeat("\t", c.pass.Fset.Position(pos).Column-1)
}

// callAt returns the call whose opening parenthesis is at pos.
func (c *checker) callAt(pos token.Pos) (found *ast.CallExpr) {
	file := lint.FileOf(c.pass, pos)
	if file == nil {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && call.Lparen == pos {
			found = call
		}
		return found == nil && n != nil && n.Pos() <= pos && pos <= n.End()
	})
	return found
}

// mentioned reports whether a comment in or on a function speaks of the name:
// whoever wrote it has thought of that field.
func (c *checker) mentioned(decl *ast.FuncDecl, name string) bool {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
	if word.MatchString(decl.Doc.Text()) {
		return true
	}
	header := c.pass.Fset.Position(decl.Body.Lbrace).Line
	for _, g := range lint.FileOf(c.pass, decl.Pos()).Comments {
		if decl.Pos() <= g.Pos() && g.End() <= decl.End() && c.pass.Fset.Position(g.Pos()).Line > header && word.MatchString(g.Text()) {
			return true
		}
	}
	return false
}

func (c *checker) typeName(t types.Type) string {
	return types.TypeString(t, func(pkg *types.Package) string {
		if pkg == c.pass.Pkg {
			return ""
		}
		return pkg.Name()
	})
}

// elemName returns the name of the type that is pooled, without the pointer, with its article.
func (c *checker) elemName(t types.Type) string {
	name := strings.TrimPrefix(c.typeName(t), "*")
	if strings.ContainsAny(name[:1], "aeioAEIO") {
		return "an " + name
	}
	return "a " + name
}

func fieldNames(st []poolflow.Field, slots []int) string {
	names := make([]string, 0, len(slots))
	for _, i := range slots {
		names = append(names, st[i].Name)
	}
	if len(names) == 1 {
		return "field " + names[0]
	}
	return "fields " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func itOrThem(slots []int) string {
	if len(slots) == 1 {
		return "it"
	}
	return "them"
}
