package ctxgrows

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A loop is a natural loop of a function.
type loop struct {
	header *ssa.BasicBlock
	body   map[*ssa.BasicBlock]bool
	latch  []*ssa.BasicBlock
	stmt   ast.Node // *ast.ForStmt or *ast.RangeStmt, nil for a loop made by goto
}

// bounded reports whether the loop goes over data that is there when it begins.
func (l *loop) bounded(info *types.Info) bool {
	switch s := l.stmt.(type) {
	case *ast.ForStmt:
		return s.Cond != nil && s.Post != nil
	case *ast.RangeStmt:
		switch info.TypeOf(s.X).Underlying().(type) {
		case *types.Chan, *types.Signature:
			return false
		}
		return true
	}
	return false
}

// inside returns the loops around a block, the innermost first.
func (r *run) inside(b *ssa.BasicBlock) (around []*loop) {
	for _, l := range r.loopsOf(b.Parent()) {
		if l.body[b] {
			around = append(around, l)
		}
	}
	return around
}

// loopsOf returns the loops of fn, inner ones before those around them.
func (r *run) loopsOf(fn *ssa.Function) []*loop {
	if list, ok := r.loops[fn]; ok {
		return list
	}
	byHeader := make(map[*ssa.BasicBlock]*loop)
	var list []*loop
	for _, b := range fn.Blocks {
		for _, head := range b.Succs {
			if !head.Dominates(b) {
				continue
			}
			l := byHeader[head]
			if l == nil {
				l = &loop{header: head, body: map[*ssa.BasicBlock]bool{head: true}}
				byHeader[head] = l
				list = append(list, l)
			}
			l.latch = append(l.latch, b)
			work := []*ssa.BasicBlock{b}
			for len(work) > 0 {
				b := work[len(work)-1]
				work = work[:len(work)-1]
				if !l.body[b] {
					l.body[b] = true
					work = append(work, b.Preds...)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *loop) int { return len(a.body) - len(b.body) })
	stmts := loopStmts(fn)
	for _, l := range list {
		l.stmt = l.find(stmts)
	}
	r.loops[fn] = list
	return list
}

// loopStmts returns the loops in the source of fn, inner ones first.
func loopStmts(fn *ssa.Function) (stmts []ast.Stmt) {
	root := fn.Syntax()
	if root == nil {
		return nil
	}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == root
		case *ast.ForStmt:
			stmts = append(stmts, n)
		case *ast.RangeStmt:
			if n != root {
				stmts = append(stmts, n)
			}
		}
		return true
	})
	slices.Reverse(stmts)
	return stmts
}

// find returns the smallest statement that has all of the loop in it.
func (l *loop) find(stmts []ast.Stmt) ast.Node {
	var from, to token.Pos
	for b := range l.body {
		for _, instr := range b.Instrs {
			if pos := instr.Pos(); pos.IsValid() {
				if _, isPhi := instr.(*ssa.Phi); isPhi {
					continue // stands where its variable is declared
				}
				if from == 0 || pos < from {
					from = pos
				}
				to = max(to, pos)
			}
		}
	}
	for _, s := range stmts {
		if s.Pos() <= from && to < s.End() {
			return s
		}
	}
	return nil
}

// small reports whether the loop runs a few times, a number that is written down.
func (r *run) small(stmt ast.Node) bool {
	if stmt == nil {
		return false
	}
	if s, ok := stmt.(*ast.RangeStmt); ok {
		switch r.TypesInfo.TypeOf(s.X).Underlying().(type) {
		case *types.Chan, *types.Signature:
			return false
		}
	}
	return r.hot.Small(stmt)
}

// A cycle is a context that an iteration of a loop derives from that of the
// iteration before.
type cycle struct {
	loop  *loop
	step  *step
	value ssa.Value          // what the step makes
	nodes map[ssa.Value]bool // all values on the way round
}

// checkLoops reports contexts that a loop of fn makes longer in each iteration.
func (r *run) checkLoops(fn *ssa.Function) {
	found := make(map[*loop][]*cycle)
	var order []*loop
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			for _, v := range r.stepped(instr) {
				if c := r.findCycle(v); c != nil {
					if found[c.loop] == nil {
						order = append(order, c.loop)
					}
					found[c.loop] = append(found[c.loop], c)
				}
			}
		}
	}
	for _, l := range order {
		for rest := found[l]; len(rest) > 0; {
			// Several links of one context are one finding.
			first := rest[0]
			var group, others []*cycle
			for _, c := range rest {
				if first.nodes[c.value] {
					group = append(group, c)
				} else {
					others = append(others, c)
				}
			}
			rest = others
			for _, c := range group {
				if ok, sure := r.worthLoop(c); ok && (sure || r.all) {
					r.reportLoop(c, group)
					break
				}
			}
		}
	}
}

// always reports whether every iteration that is followed by another makes the step.
func (c *cycle) always() bool {
	block := c.value.(ssa.Instruction).Block()
	return !slices.ContainsFunc(c.loop.latch, func(b *ssa.BasicBlock) bool { return !block.Dominates(b) })
}

// stepped returns the values that an instruction makes one link longer than
// something else.
func (r *run) stepped(instr ssa.Instruction) (values []ssa.Value) {
	switch instr := instr.(type) {
	case *ssa.Call:
		rels, _ := r.relations(&instr.Call)
		for _, rel := range rels {
			if !rel.Link {
				continue
			}
			if instr.Call.Signature().Results().Len() == 1 {
				values = append(values, instr)
				continue
			}
			for _, ref := range *instr.Referrers() {
				if x, ok := ref.(*ssa.Extract); ok && x.Index == rel.Result {
					values = append(values, x)
				}
			}
		}
	case *ssa.Alloc:
		if isOwn(instr.Type()) {
			return []ssa.Value{instr}
		}
	case *ssa.UnOp:
		if instr.Op == token.MUL && isOwn(instr.Type()) && !isContext(instr.Type()) {
			if _, isStruct := instr.Type().Underlying().(*types.Struct); isStruct {
				return []ssa.Value{instr}
			}
		}
	}
	return values
}

// findCycle returns the smallest loop worth a word in which v is derived from the
// v of the iteration before.
func (r *run) findCycle(v ssa.Value) *cycle {
	for _, l := range r.inside(v.(ssa.Instruction).Block()) {
		if r.small(l.stmt) {
			continue
		}
		if c := r.around(v, l); c != nil {
			return c
		}
	}
	return nil
}

// around follows v backwards through one iteration of the loop, to v itself.
func (r *run) around(v ssa.Value, l *loop) *cycle {
	type state struct {
		v     ssa.Value
		again bool
	}
	from := make(map[ssa.Value][]ssa.Value) // backwards: value → what was made of it
	seen := make(map[state]bool)
	closed := false
	var first *step
	var visit func(s state)
	visit = func(s state) {
		edges, _ := r.preds(s.v, l)
		for _, e := range edges {
			if s.v == v && e.step == nil {
				continue // only the derivation itself
			}
			if e.to == nil || !l.has(e.to) {
				continue
			}
			if s.v == v && first == nil {
				first = e.step
			}
			from[e.to] = append(from[e.to], s.v)
			next := state{e.to, s.again || e.again}
			if e.to == v {
				closed = closed || next.again
				continue
			}
			if !seen[next] {
				seen[next] = true
				visit(next)
			}
		}
	}
	visit(state{v: v})
	if !closed || first == nil {
		return nil
	}
	// Of all that was visited, the cycle is what leads back to v.
	c := &cycle{loop: l, step: first, value: v, nodes: make(map[ssa.Value]bool)}
	onWay := make(map[ssa.Value]bool)
	var mark func(x ssa.Value)
	mark = func(x ssa.Value) {
		if !onWay[x] {
			onWay[x] = true
			for _, next := range from[x] {
				mark(next)
			}
		}
	}
	// from leads towards v along the derivation; every visited value does.
	mark(v)
	for x := range onWay {
		c.nodes[x] = true
	}
	return c
}

// has reports whether v is computed in the loop.
func (l *loop) has(v ssa.Value) bool {
	instr, ok := v.(ssa.Instruction)
	return ok && l.body[instr.Block()]
}
