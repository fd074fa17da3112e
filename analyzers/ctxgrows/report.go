package ctxgrows

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"

	"golang.org/x/tools/go/analysis/passes/inspect"
)

// reportLoop reports c, one of the group of steps that make the same context longer.
func (r *run) reportLoop(c *cycle, group []*cycle) {
	cur, ok := r.source(c)
	if !ok {
		return
	}
	links := 0 // in every iteration
	for _, other := range group {
		if other.always() {
			links++
		}
	}
	assign, _ := cur.Node().(*ast.AssignStmt)
	name := r.name(assign, c)
	d := analysis.Diagnostic{Pos: cur.Node().Pos(), End: cur.Node().End(), Category: inLoop}
	d.Message = fmt.Sprintf("%s is rebuilt from itself in a loop: %s; derive it from the context outside the loop",
		name, consequence(c.step, links, "in every iteration"))
	if c.loop.stmt != nil {
		d.Related = []analysis.RelatedInformation{{
			Pos: c.loop.stmt.Pos(), End: c.loop.stmt.Pos() + token.Pos(len("for")), Message: "the loop",
		}}
		if fix, ok := r.fix(cur, c); ok && len(group) == 1 {
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
	}
	r.reported[d.Pos] = true
	r.Report(d)
}

// consequence says what a link costs that is added each time.
func consequence(s *step, links int, when string) string {
	n := "one more link"
	if links > 1 {
		n = fmt.Sprintf("%d more links", links)
	}
	if s.rel.Kind == cancel {
		what := "cancelled"
		if s.rel.Ends {
			what = "cancelled or past its deadline"
		}
		return fmt.Sprintf("%s %s, and all of them end once one is %s", n, when, what)
	}
	return fmt.Sprintf("%s %s, kept in memory and walked by every lookup", n, when)
}

// name returns how the source calls the context that grows.
func (r *run) name(assign *ast.AssignStmt, c *cycle) string {
	for v := range c.nodes {
		if p, ok := v.(*ssa.Phi); ok && p.Block() == c.loop.header && p.Comment != "" {
			return p.Comment
		}
	}
	if assign != nil {
		for _, lhs := range assign.Lhs {
			if carries(r.TypesInfo.TypeOf(lhs)) {
				return lint.Text(lhs)
			}
		}
	}
	return "a context"
}

// source returns the statement that assigns what a cycle makes, or the expression that makes it.
func (r *run) source(c *cycle) (inspector.Cursor, bool) {
	if c.step.call != nil {
		return r.statement(c.step.call.Pos())
	}
	return r.statement(c.value.Pos())
}

// statement returns the assignment whose value is computed at pos, or the innermost
// expression there.
func (r *run) statement(pos token.Pos) (inspector.Cursor, bool) {
	cur, ok := r.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root().FindByPos(pos, pos)
	if !ok {
		return cur, false
	}
	for c := range cur.Enclosing((*ast.CallExpr)(nil), (*ast.CompositeLit)(nil), (*ast.AssignStmt)(nil), (*ast.BlockStmt)(nil), (*ast.FuncLit)(nil)) {
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			return c, true
		case *ast.BlockStmt, *ast.FuncLit:
			return cur, cur.Node() != nil
		default:
			if n.Pos() <= pos && pos < n.End() {
				cur = c
			}
		}
	}
	return cur, true
}

func (e *effect) pos() token.Pos {
	if e.call != nil {
		return e.call.Pos()
	}
	return e.store.Pos()
}

// reportEffect reports a place that grows with each call; rep is nil if nothing shows
// that there are many.
func (r *run) reportEffect(e *effect, rep *repetition) {
	cur, ok := r.statement(e.pos())
	if !ok || r.reported[cur.Node().Pos()] {
		return // a loop around it has been reported
	}
	d := analysis.Diagnostic{Pos: cur.Node().Pos(), End: cur.Node().End(), Category: inField}
	name := e.name
	if e.call == nil {
		name = "the captured context"
		if assign, ok := cur.Node().(*ast.AssignStmt); ok {
			for _, lhs := range assign.Lhs {
				if carries(r.TypesInfo.TypeOf(lhs)) {
					name = lint.Text(lhs)
				}
			}
		}
	}
	s := e.step
	if s == nil {
		s = &step{rel: relation{Kind: e.kind}}
	}
	grown, caller := consequence(s, 1, "each time"), "the function literal"
	if e.fn.Parent() == nil {
		caller = e.fn.Name()
	}
	switch {
	case e.call != nil:
		d.Message = fmt.Sprintf("every call of %s rebuilds the context in field %s from itself: %s; the field should keep the context that it began with",
			calleeName(e.call), name, grown)
	case e.obj == nil && e.fn.Parent() == nil:
		d.Category = captured
		d.Message = fmt.Sprintf("%s belongs to the caller of %s and is rebuilt from itself by every call: %s; use a variable of the function", name, caller, grown)
	case e.obj == nil:
		d.Category = captured
		d.Message = fmt.Sprintf("%s is declared outside the function literal and rebuilt from itself by every call of it: %s; use a variable of the literal",
			name, grown)
	case isGlobal(e.place.root):
		d.Category = inPackage
		d.Message = fmt.Sprintf("package variable %s is rebuilt from itself by every call of %s: %s; use a local variable", name, caller, grown)
	default:
		d.Message = fmt.Sprintf("%s is rebuilt from itself by every call of %s: %s; use a local variable", name, caller, grown)
	}
	if rep != nil {
		if rep.call != nil && rep.call != e.call {
			if call, ok := r.statement(rep.call.Pos()); ok {
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: call.Node().Pos(), End: call.Node().End(), Message: "the call that is repeated"})
			}
		}
		if rep.pos.IsValid() {
			what := "the loop"
			if rep.why == "every request" {
				what = "the handler"
			}
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: rep.pos, End: rep.end, Message: what})
		}
	}
	r.Report(d)
}

func isGlobal(v ssa.Value) bool {
	_, ok := v.(*ssa.Global)
	return ok
}

func calleeName(call ssa.CallInstruction) string {
	if fn := call.Common().StaticCallee(); fn != nil {
		return fn.Name()
	}
	return "the call"
}

func (r *run) reportRecursion(fn *ssa.Function, self *selfCall, s *step) {
	cur, ok := r.statement(s.call.Pos())
	if !ok {
		return
	}
	d := analysis.Diagnostic{Pos: cur.Node().Pos(), End: cur.Node().End(), Category: inRecursion}
	d.Message = fmt.Sprintf("each call of %s makes the context of the next from its own: %s; use a loop and derive from the context outside it",
		fn.Name(), consequence(s, 1, "each time"))
	what, site := "the call of itself", self.call
	if self.back != nil {
		what, site = "the call by which it calls itself", self.back
	}
	if call, ok := r.statement(site.Pos()); ok {
		d.Related = []analysis.RelatedInformation{{Pos: call.Node().Pos(), End: call.Node().End(), Message: what}}
	}
	r.Report(d)
}

// export tells importers what the functions of the package do with contexts.
func (r *run) export() {
	grows := make(map[*ssa.Function][]growth)
	for _, e := range r.effects {
		p, ok := e.place.root.(*ssa.Parameter)
		if !ok || e.obj == nil || r.builds(e) {
			continue
		}
		for i, param := range e.fn.Params {
			if param == p {
				grows[e.fn] = append(grows[e.fn], growth{Param: i, Field: e.obj.Name(), Kind: e.kind, Fixed: e.fixed})
			}
		}
	}
	for _, fn := range r.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() {
			continue
		}
		s := &summary{Relations: r.summarize(fn), Sets: r.sets(fn), Grows: grows[fn]}
		if len(s.Relations) > 0 || len(s.Sets) > 0 || len(s.Grows) > 0 {
			r.ExportObjectFact(obj, s)
		}
	}
	r.exportOffers()
}
