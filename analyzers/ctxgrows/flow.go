package ctxgrows

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"golang.org/x/tools/go/ssa"
)

// A step is one place in the source that makes a context longer.
type step struct {
	call ssa.CallInstruction // nil for a value of a context type of the program
	fn   *types.Func         // what is called, nil for a function literal
	rel  relation
	key  ssa.Value // the key of the value, nil if there is none or it is always the same
}

// A pred leads from a context to what it was made of, in one function.
type pred struct {
	to    ssa.Value // nil for what a place held when the function was called
	entry place
	step  *step // nil if both are the same context
	again bool  // the value is that of the previous iteration of the loop in question
}

// A place is a variable in memory, named by a pointer and the way from there: ".N" is
// pointee returns the place that a pointer points to.
// onlyStored returns the one value that a local variable ever has, or nil.
// storesTo returns the stores to a local variable, those in function literals
// included; ok is false if its address is used in other ways.
// owner returns the field or package variable that a pointer points to, or nil.
// preds returns what the context v was made of; known is false if there may be
// more. With a loop, only what was made in it counts.
func (r *run) preds(v ssa.Value, in *loop) (edges []pred, known bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return nil, true
	case *ssa.Phi:
		for i, e := range v.Edges {
			from := v.Block().Preds[i]
			edges = append(edges, pred{to: e, again: in != nil && v.Block() == in.header && in.body[from]})
		}
		return edges, true
	case *ssa.ChangeInterface:
		return []pred{{to: v.X}}, true
	case *ssa.ChangeType:
		return []pred{{to: v.X}}, true
	case *ssa.MakeInterface:
		return []pred{{to: v.X}}, true
	case *ssa.TypeAssert:
		return []pred{{to: v.X}}, true
	case *ssa.Field:
		if i, ok := slot(v.X.Type()); ok && i == v.Field {
			return []pred{{to: v.X}}, true
		}
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.TypeAssert:
			if v.Index == 0 {
				return []pred{{to: t.X}}, true
			}
		case *ssa.Call:
			return r.callPreds(t, v.Index, in)
		}
	case *ssa.Call:
		return r.callPreds(v, 0, in)
	case *ssa.Alloc:
		return r.allocPreds(v), true
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		p, obj := r.pointee(v.X), owner(v.X)
		if isContext(v.Type()) {
			return r.reaching(p, obj, v, in, false)
		}
		if _, isPointer := v.Type().Underlying().(*types.Pointer); isPointer {
			return r.reaching(p, obj, v, in, false)
		}
		if i, ok := slot(v.Type()); ok {
			return r.reaching(p.field(i), obj, v, in, isOwn(v.Type()))
		}
	}
	return nil, false
}

// allocPreds returns what is stored in the context field of a new struct.
func (r *run) allocPreds(alloc *ssa.Alloc) (edges []pred) {
	i, ok := slot(alloc.Type())
	if !ok {
		return nil
	}
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == alloc {
				edges = append(edges, pred{to: ref.Val})
			}
		case *ssa.FieldAddr:
			if ref.Field != i {
				continue
			}
			for _, use := range *ref.Referrers() {
				if s, ok := use.(*ssa.Store); ok && s.Addr == ref {
					e := pred{to: s.Val}
					if isOwn(alloc.Type()) {
						e.step = ownStep
					}
					edges = append(edges, e)
				}
			}
		}
	}
	return edges
}

// ownStep is the step to a value of a context type of the program.
var ownStep = &step{rel: relation{Link: true, Kind: other, Key: -1}}

// callPreds returns what a result of a call was made of.
func (r *run) callPreds(call *ssa.Call, result int, in *loop) (edges []pred, known bool) {
	rels, fn := r.relations(&call.Call)
	args := arguments(&call.Call)
	for _, rel := range rels {
		if rel.Result != result || rel.Param >= len(args) {
			continue
		}
		var s *step
		if rel.Link {
			s = &step{call: call, fn: fn, rel: rel}
			if rel.Key >= 0 && rel.Key < len(args) {
				s.key = args[rel.Key]
			}
		}
		arg := args[rel.Param]
		from := []pred{{to: arg}}
		if _, isPointer := arg.Type().Underlying().(*types.Pointer); isPointer {
			i, ok := slot(arg.Type())
			if !ok {
				continue
			}
			from, _ = r.reaching(r.pointee(arg).field(i), lazyssa.Var(arg.Type(), i), call, in, false)
		}
		for _, e := range from {
			e.step = s
			edges = append(edges, e)
		}
		known = true
	}
	return edges, known
}

// arguments returns the arguments of a call, the receiver first.
func arguments(call *ssa.CallCommon) []ssa.Value {
	if call.IsInvoke() {
		return append([]ssa.Value{call.Value}, call.Args...)
	}
	return call.Args
}

// reaching returns the values that a place may hold just before an instruction.
// Only the values stored to the place itself are links if link is set.
func (r *run) reaching(p place, obj types.Object, at ssa.Instruction, in *loop, link bool) (edges []pred, known bool) {
	known = true
	rootDef, _ := p.root.(ssa.Instruction)
	if rootDef != nil && rootDef.Parent() != at.Parent() {
		return nil, false
	}
	if alloc, ok := p.root.(*ssa.Alloc); ok && storedByLiteral(alloc) {
		return nil, false
	}
	type state struct {
		block *ssa.BasicBlock
		again bool
	}
	seen := make(map[state]bool)
	var walk func(s state, end int)
	walk = func(s state, end int) {
		for i := end - 1; i >= 0; i-- {
			instr := s.block.Instrs[i]
			if instr == rootDef {
				switch {
				case p.path == "":
				case isSlotPath(p):
					edges = append(edges, pred{to: p.root, again: s.again})
				default:
					known = known && isAlloc(p.root)
				}
				return
			}
			switch instr := instr.(type) {
			case *ssa.Store:
				rest, ok := r.covers(instr.Addr, p)
				if !ok {
					continue
				}
				e := pred{to: instr.Val, again: s.again}
				switch {
				case rest == "":
					if link {
						e.step = ownStep
					}
				case !isRest(rest, instr.Val.Type()):
					known = false
					return
				}
				edges = append(edges, e)
				return
			case *ssa.Call:
				if v := r.setBy(&instr.Call, p); v != nil {
					edges = append(edges, pred{to: v, again: s.again})
					return
				}
				if r.mayWrite(&instr.Call, obj) {
					known = false
					return
				}
			}
		}
		if len(s.block.Preds) == 0 {
			if rootDef == nil {
				edges = append(edges, pred{entry: p, again: s.again})
			}
			return
		}
		for _, pred := range s.block.Preds {
			next := state{pred, s.again}
			if in != nil {
				if !in.body[pred] {
					continue
				}
				next.again = next.again || s.block == in.header
			}
			if !seen[next] {
				seen[next] = true
				walk(next, len(pred.Instrs))
			}
		}
	}
	walk(state{at.Block(), false}, slices.Index(at.Block().Instrs, at))
	return edges, known
}

// setBy returns the context that a call stores in the place, if it does.
func (r *run) setBy(call *ssa.CallCommon, p place) ssa.Value {
	for _, s := range r.setters(call) {
		if s.To >= len(call.Args) || s.From >= len(call.Args) {
			continue
		}
		thing := call.Args[s.To]
		if i, ok := slot(thing.Type()); ok && r.pointee(thing).field(i) == p {
			return call.Args[s.From]
		}
	}
	return nil
}

// covers reports whether a store to addr overwrites the place, and returns the way
// from the place stored to, to p.
// isSlotPath reports whether p is the context that its root stands for.
// isRest reports whether rest leads from a value of type t to the context that it stands for.
// storedByLiteral reports whether a function literal assigns the local variable.
// mayWrite reports whether the call may assign the field or variable, by way of
// functions of the package.
// writes returns the fields and package variables that fn, or what it calls, assigns.
// rootOf returns the pointer that a chain of fields begins with.
