package ctxgrows

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// worthLoop reports whether a cycle is worth a word, and whether that is sure.
//
// A loop that only builds a context, for use after it, composes: each link is
// meant to stay. A value that hides the one of the iteration before is not.
func (r *run) worthLoop(c *cycle) (worth, sure bool) {
	sure = true
	conditional := false
	block := c.value.(ssa.Instruction).Block()
	for _, ctl := range controls(block, c.loop.body, c.loop.latch) {
		conditional = true
		switch r.judge(ctl, c.loop, func(v ssa.Value) bool { return c.nodes[v] }) {
		case guard:
			return false, false
		case dispatch:
			sure = false
		}
	}
	if conditional && c.step.rel.Kind == detach {
		return false, false // once it is detached, the condition no longer holds
	}
	if r.inTest(c.value.Pos()) {
		sure = false
	}
	if c.step.rel.Link && c.step.fn == nil && c.step.call == nil {
		// A context type of the program.
		return r.used(c, conditional), sure
	}
	rel := c.step.rel
	if !r.keyFixed(c) {
		return !c.loop.bounded(r.TypesInfo) && r.used(c, conditional), sure
	}
	if rel.Kind == value && !conditional && !r.composes(c) {
		return true, sure
	}
	return r.used(c, conditional), sure
}

// keyFixed reports whether the step stores under the same key in every iteration.
func (r *run) keyFixed(c *cycle) bool {
	if c.step.rel.Key == varies {
		return false
	}
	if c.step.key == nil {
		return true
	}
	key := lazyssa.Strip(c.step.key)
	return isFixed(key) || !c.loop.has(key)
}

// composes reports whether the step is made by a thing of the iteration, such
// as a hook or an option, which knows what it adds.
func (r *run) composes(c *cycle) bool {
	call := c.step.call.Common()
	if call.Signature().Recv() == nil {
		return false
	}
	hook := arguments(call)[0]
	return c.loop.has(hook) && !c.nodes[hook]
}

// used reports whether the loop makes use of the longer context, other than by
// making it longer still.
//
// A step that depends on a condition may be the one hit of a search, whose result is
// for use after the loop: then only what lies outside the condition counts.
func (r *run) used(c *cycle, conditional bool) bool {
	u := r.usage(c)
	if !conditional {
		return u.branch || u.body
	}
	return u.body || u.branch && (!u.after || !c.loop.bounded(r.TypesInfo))
}

// A usage says where the context of a cycle is used.
type usage struct {
	branch bool // where it was just made longer
	body   bool // elsewhere in the loop
	after  bool // behind the loop
}

func (r *run) usage(c *cycle) (u usage) {
	block := c.value.(ssa.Instruction).Block()
	hook := c.step.call != nil && r.composes(c)
	count := func(instr ssa.Instruction) {
		switch {
		case !c.loop.body[instr.Block()]:
			u.after = u.after || c.loop.header.Dominates(instr.Block())
		case block.Dominates(instr.Block()):
			u.branch = true
		default:
			u.body = true
		}
	}
	stored := make(map[place]bool)
	var follow func(v ssa.Value, depth int)
	follow = func(v ssa.Value, depth int) {
		for _, ref := range *v.Referrers() {
			if x, ok := ref.(ssa.Value); ok && c.nodes[x] {
				continue
			}
			switch ref := ref.(type) {
			case *ssa.DebugRef:
				continue
			case *ssa.Phi, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.FieldAddr:
				if depth > 0 {
					follow(ref.(ssa.Value), depth-1)
				}
				continue
			case *ssa.Store:
				if ref.Val == v {
					stored[r.pointee(ref.Addr)] = true
					continue
				}
			case *ssa.Call:
				if r.feeds(c, ref) {
					continue
				}
			}
			count(ref)
		}
	}
	for v := range c.nodes {
		if p, ok := v.(*ssa.Phi); ok && hook && p.Block() == c.loop.header {
			continue
		}
		follow(v, 3)
	}
	if len(stored) > 0 {
		for _, b := range block.Parent().Blocks {
			for _, instr := range b.Instrs {
				if r.usesPlace(instr, c, stored) {
					count(instr)
				}
			}
		}
	}
	return u
}

// feeds reports whether the result of the call is part of the cycle.
func (r *run) feeds(c *cycle, call *ssa.Call) bool {
	if c.nodes[call] {
		return true
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && c.nodes[x] {
			return true
		}
		// The context of a request, on its way into the cycle.
		if next, ok := ref.(*ssa.Call); ok && c.nodes[next] {
			return true
		}
	}
	return false
}

// usesPlace reports whether the instruction reads a place where the cycle leaves its
// context, or hands it to others.
func (r *run) usesPlace(instr ssa.Instruction, c *cycle, stored map[place]bool) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.MUL && !c.nodes[instr] && stored[r.pointee(instr.X)] && len(*instr.Referrers()) > 0 &&
			!slices.ContainsFunc(*instr.Referrers(), func(ref ssa.Instruction) bool {
				call, ok := ref.(*ssa.Call)
				return ok && r.feeds(c, call)
			})
	case *ssa.MakeClosure:
		for _, bound := range instr.Bindings {
			for p := range stored {
				if p.root == bound {
					return true
				}
			}
		}
	case ssa.CallInstruction:
		if call, ok := instr.(*ssa.Call); ok && r.feeds(c, call) {
			return false
		}
		for _, arg := range arguments(instr.Common()) {
			for p := range stored {
				if _, isPointer := arg.Type().Underlying().(*types.Pointer); isPointer && r.pointee(arg).root == p.root {
					return true
				}
			}
		}
	}
	return false
}

// A control is a branch on which it depends whether a block runs.
type control struct {
	cond ssa.Value
	side bool            // the outcome that leads to the block
	then *ssa.BasicBlock // where that outcome goes
}

// controls returns the branches within a region that may lead to one of the ends
// without passing b.
func controls(b *ssa.BasicBlock, region map[*ssa.BasicBlock]bool, ends []*ssa.BasicBlock) (list []control) {
	in := func(x *ssa.BasicBlock) bool { return region == nil || region[x] }
	avoids := func(from *ssa.BasicBlock) bool {
		seen := map[*ssa.BasicBlock]bool{b: true}
		work := []*ssa.BasicBlock{from}
		for len(work) > 0 {
			x := work[len(work)-1]
			work = work[:len(work)-1]
			if seen[x] || !in(x) {
				continue
			}
			if slices.Contains(ends, x) {
				return true
			}
			seen[x] = true
			work = append(work, x.Succs...)
		}
		return false
	}
	add := func(d *ssa.BasicBlock) {
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || !in(d) {
			return
		}
		for i, succ := range d.Succs {
			if (succ == b || succ.Dominates(b)) && d.Succs[1-i] != succ && avoids(d.Succs[1-i]) {
				list = append(list, control{branch.Cond, i == 0, succ})
			}
		}
	}
	for d := b.Idom(); d != nil; d = d.Idom() {
		add(d)
	}
	for _, p := range b.Preds {
		if p != b.Idom() && b != p {
			add(p)
		}
	}
	return list
}

// A verdict says what a condition means for how often a block runs.
type verdict int

const (
	plain    verdict = iota // it depends on data
	guard                   // once, or only if the context has no such value yet
	dispatch                // one of several kinds of message or state
)

// judge says what a condition means. With a loop, the block is part of it.
func (r *run) judge(ctl control, l *loop, member func(ssa.Value) bool) verdict {
	cond, side := ctl.cond, ctl.side
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, side = not.X, !side
	}
	if asks(cond, member, mayLook) {
		return guard
	}
	x := cond
	equal := side
	var against *ssa.Const
	if b, ok := cond.(*ssa.BinOp); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		x, equal = b.X, (b.Op == token.EQL) == side
		against, _ = b.Y.(*ssa.Const)
		if c, ok := b.X.(*ssa.Const); ok {
			x, against = b.Y, c
		}
		if equal && l != nil && isCounter(x, l) {
			return guard
		}
	}
	switch v := x.(type) {
	case *ssa.Phi:
		if l != nil && v.Block() == l.header && (x == cond || against != nil) && !isNumber(v.Type()) {
			return guard // a flag, or what the first iteration sets
		}
	case *ssa.UnOp:
		if v.Op == token.MUL && (x == cond || against != nil) && r.assigned(v.X, ctl.then) {
			return guard
		}
	case *ssa.Call:
		if fn := v.Call.StaticCallee(); fn != nil {
			if obj := fn.Object(); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic" {
				return guard
			}
		}
	case *ssa.Extract:
		if _, ok := v.Tuple.(*ssa.TypeAssert); ok && x == cond {
			return dispatch
		}
		if _, ok := v.Tuple.(*ssa.Select); ok {
			return plain
		}
	}
	if against != nil && equal && !isZero(against) {
		return dispatch
	}
	return plain
}

// isCounter reports whether x counts the iterations of the loop.
func isCounter(x ssa.Value, l *loop) bool {
	if b, ok := x.(*ssa.BinOp); ok && b.Op == token.ADD {
		x = b.X
	}
	p, ok := x.(*ssa.Phi)
	return ok && p.Block() == l.header && isNumber(p.Type())
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

func isZero(c *ssa.Const) bool {
	if c.Value == nil {
		return true
	}
	switch c.Value.Kind() {
	case constant.String:
		return constant.StringVal(c.Value) == ""
	case constant.Bool:
		return !constant.BoolVal(c.Value)
	}
	return constant.Sign(c.Value) == 0
}

// assigned reports whether the place that addr points to is assigned in the blocks
// that then dominates.
func (r *run) assigned(addr ssa.Value, then *ssa.BasicBlock) bool {
	p, obj := r.pointee(addr), owner(addr)
	for _, b := range then.Parent().Blocks {
		if !then.Dominates(b) {
			continue
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if r.pointee(instr.Addr) == p {
					return true
				}
			case *ssa.Call:
				if r.mayWrite(&instr.Call, obj) {
					return true
				}
			}
		}
	}
	return false
}

// inTest reports whether pos lies in a test, or in a file that helps tests: nobody waits for those.
func (r *run) inTest(pos token.Pos) bool {
	if lint.IsTest(r.Pass, pos) {
		return true
	}
	file := lint.FileOf(r.Pass, pos)
	return file != nil && lint.FileImports(file, "testing")
}
