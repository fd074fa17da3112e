package ctxgrows

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// repeats finds out what calls fn many times for the same root: a parameter, a
// captured variable or a package variable.
func (r *run) repeats(fn *ssa.Function, root ssa.Value, obj types.Object, depth int) *repetition {
	if depth == 0 {
		return nil
	}
	if fn.Parent() != nil {
		return r.literalRepeats(fn, root, obj, depth)
	}
	k := -1 // of a package variable
	if p, ok := root.(*ssa.Parameter); ok {
		k = slices.Index(fn.Params, p)
	}
	if r.serves(fn) && (k < 0 || k == 0 && fn.Signature.Recv() != nil) && !r.madePerCall(fn) {
		return r.handler(fn)
	}
	for _, call := range r.callers[fn] {
		if call.Parent() == fn || r.inTest(call.Pos()) {
			continue
		}
		var arg ssa.Value
		if k >= 0 {
			arg = call.Common().Args[k]
		}
		if rep := r.siteRepeats(call, arg, obj, depth); rep != nil {
			return rep
		}
	}
	return nil
}

func (r *run) serves(fn *ssa.Function) bool {
	obj, _ := fn.Object().(*types.Func)
	return r.hot.Serves(fn.Signature, obj)
}

func (r *run) handler(fn *ssa.Function) *repetition {
	rep := &repetition{why: "every request", forever: true}
	switch n := fn.Syntax().(type) {
	case *ast.FuncDecl:
		rep.pos, rep.end = n.Pos(), n.Type.End()
	case *ast.FuncLit:
		rep.pos, rep.end = n.Pos(), n.Type.End()
	}
	return rep
}

// madePerCall reports whether the package calls the method on things made for the call.
func (r *run) madePerCall(fn *ssa.Function) bool {
	return slices.ContainsFunc(r.callers[fn], func(call ssa.CallInstruction) bool {
		return len(call.Common().Args) > 0 && isAlloc(call.Common().Args[0])
	})
}

// siteRepeats finds out what repeats a call for the same arg; nil stands for
// a package variable.
func (r *run) siteRepeats(call ssa.CallInstruction, arg ssa.Value, obj types.Object, depth int) *repetition {
	if _, ok := call.(*ssa.Defer); ok {
		return nil
	}
	var root ssa.Value
	var p place
	if arg != nil {
		p = r.pointee(arg)
		root = p.root
	}
	for _, l := range r.inside(call.Block()) {
		if r.small(l.stmt) {
			continue
		}
		if root != nil && (l.has(root) || r.changes(l, p)) {
			return nil // another thing in each iteration
		}
		if r.resets(l, call, obj) {
			return nil
		}
		rep := &repetition{why: "every iteration", call: call, forever: !l.bounded(r.TypesInfo)}
		if l.stmt != nil {
			rep.pos = l.stmt.Pos()
			rep.end = rep.pos + token.Pos(len("for"))
		}
		return rep
	}
	switch root.(type) {
	case nil, *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
	default:
		return nil // made in the function, or unknown
	}
	return r.repeats(call.Parent(), root, obj, depth-1)
}

// changes reports whether the loop assigns a pointer on the way to the place.
func (r *run) changes(l *loop, p place) bool {
	for b := range l.body {
		for _, instr := range b.Instrs {
			if s, ok := instr.(*ssa.Store); ok {
				q := r.pointee(s.Addr)
				if q.root == p.root && strings.HasPrefix(p.path, q.path) && q.path != p.path {
					return true
				}
			}
		}
	}
	return false
}

// resets reports whether the loop gives the variable another context, besides the call.
func (r *run) resets(l *loop, call ssa.CallInstruction, obj types.Object) bool {
	if obj == nil {
		return false
	}
	for b := range l.body {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if owner(instr.Addr) == obj {
					return true
				}
			case ssa.CallInstruction:
				if instr != call && instr.Common().StaticCallee() != call.Common().StaticCallee() && r.mayWrite(instr.Common(), obj) {
					return true
				}
			}
		}
	}
	return false
}

// literalRepeats is repeats for a function literal.
func (r *run) literalRepeats(fn *ssa.Function, root ssa.Value, obj types.Object, depth int) *repetition {
	var outer ssa.Value // what the root is outside the literal
	if free, ok := root.(*ssa.FreeVar); ok {
		outer = r.captured(fn, free)
		if outer == nil {
			return nil
		}
	} else if _, ok := root.(*ssa.Global); !ok && root != nil {
		return nil
	}
	if r.serves(fn) {
		return r.handler(fn)
	}
	for _, use := range literalUses(fn) {
		call, ok := use.(ssa.CallInstruction)
		if !ok {
			if ret, ok := use.(*ssa.Return); ok && takesMore(fn) && r.ownUse(fn, root) {
				return &repetition{why: "every call of the function literal", pos: ret.Pos(), end: ret.Pos() + token.Pos(len("return"))}
			}
			continue
		}
		common := call.Common()
		callee := common.StaticCallee()
		if callee == fn {
			if rep := r.siteRepeats(call, outer, obj, depth); rep != nil {
				return rep
			}
			continue
		}
		var called *types.Func
		if common.IsInvoke() {
			called = common.Method
		} else if callee != nil {
			called, _ = callee.Object().(*types.Func)
		}
		if s, ok := fn.Syntax().(*ast.RangeStmt); ok {
			return &repetition{why: "every iteration", pos: s.Pos(), end: s.Pos() + token.Pos(len("for")), forever: true}
		}
		switch {
		case called == nil:
		case hot.CallsPerElement(called) || walks(called):
			return &repetition{why: "every call of the function literal", pos: call.Pos(), end: call.Pos() + 1}
		case starts(called):
			if rep := r.siteRepeats(call, outer, obj, depth); rep != nil {
				return rep
			}
		case (common.IsInvoke() || called.Pkg() != r.Pkg) && calledAgain(called) && takesMore(fn) && (outer == nil || r.ownUse(fn, root)):
			return &repetition{why: "every call of the function literal", pos: call.Pos(), end: call.Pos() + 1}
		case called.Pkg() == r.Pkg:
			if r.callsInLoop(callee, slices.IndexFunc(common.Args, func(a ssa.Value) bool { return isLiteral(a, fn) })) {
				return &repetition{why: "every call of the function literal", pos: call.Pos(), end: call.Pos() + 1}
			}
		}
	}
	return nil
}

// captured returns what a function literal captures as free: a variable of the function
// around it.
func (r *run) captured(fn *ssa.Function, free *ssa.FreeVar) ssa.Value {
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
				return mc.Bindings[slices.Index(fn.FreeVars, free)]
			}
		}
	}
	return nil
}

// literalUses returns the instructions that use the function literal, seen through
// the one variable that holds it.
func literalUses(fn *ssa.Function) (uses []ssa.Instruction) {
	var add func(v ssa.Value)
	add = func(v ssa.Value) {
		for _, ref := range *v.Referrers() {
			if conv, ok := ref.(*ssa.ChangeType); ok {
				add(conv)
				continue
			}
			if s, ok := ref.(*ssa.Store); ok && s.Val == v && onlyStored(s.Addr) == v {
				for _, load := range *s.Addr.Referrers() {
					if load, ok := load.(*ssa.UnOp); ok {
						uses = append(uses, *load.Referrers()...)
					}
				}
				continue
			}
			uses = append(uses, ref)
		}
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
				add(mc)
				continue
			}
			for _, op := range instr.Operands(nil) {
				if *op == ssa.Value(fn) {
					uses = append(uses, instr)
				}
			}
		}
	}
	return uses
}

func isLiteral(v ssa.Value, fn *ssa.Function) bool {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		return v.Fn == fn
	case *ssa.ChangeType:
		return isLiteral(v.X, fn)
	}
	return v == ssa.Value(fn)
}

// callsInLoop reports whether fn calls its parameter i in a loop.
func (r *run) callsInLoop(fn *ssa.Function, i int) bool {
	if i < 0 || fn == nil || i >= len(fn.Params) {
		return false
	}
	for _, ref := range *fn.Params[i].Referrers() {
		if call, ok := ref.(*ssa.Call); ok && call.Call.Value == fn.Params[i] {
			for _, l := range r.inside(call.Block()) {
				if !r.small(l.stmt) {
					return true
				}
			}
		}
	}
	return false
}

// starts reports whether fn runs its argument once, perhaps in a goroutine.
func starts(fn *types.Func) bool {
	return lint.IsMethod(fn, "golang.org/x/sync/errgroup", "Group", "Go", "TryGo") ||
		lint.IsMethod(fn, "sync", "WaitGroup", "Go")
}

// walks reports whether fn calls its argument for each file or node of a tree.
func walks(fn *types.Func) bool {
	return lint.IsFunc(fn, "path/filepath", "Walk", "WalkDir") || lint.IsFunc(fn, "io/fs", "WalkDir")
}
