package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// An Ender is a method by which an object tells all who listen that it has ended.
type Ender struct {
	Method *ssa.Function
	Field  *types.Var // the channel that it closes, or the function that cancels a context
}

// EnderOf returns the first exported method of a type that closes a channel in a field of the
// object which somebody of the package takes for its end, or cancels a context by one; nil if there
// is none. What the object does not have from the beginning ends something else.
func (m *Model) EnderOf(named *types.Named) *Ender {
	m.mu.Lock()
	defer m.mu.Unlock()
	if named.Obj().Pkg() != m.pass.Pkg {
		return nil
	}
	for method := range named.Origin().Methods() {
		fn := m.ssa.Pkg.Prog.FuncValue(method)
		if fn == nil || !method.Exported() || m.tests.Has(method.Pos()) {
			continue
		}
		if f := m.endedBy(fn, named.Origin(), ends(method)); f != nil {
			return &Ender{fn, f}
		}
	}
	return nil
}

// ends reports whether a method says by its name that nothing of its object is to go on.
func ends(method *types.Func) bool {
	return method.Signature().Params().Len() == 0 && slices.Contains([]string{"Close", "Stop", "Shutdown"}, method.Name())
}

// endedBy returns the field of an object that a method ends, in a literal of it perhaps. If the method
// says that it ends the object, nobody need be seen to listen.
func (m *Model) endedBy(fn *ssa.Function, named *types.Named, says bool) *types.Var {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			c := call.Common()
			var end ssa.Value
			if kind, ok := callKind(c); ok && kind == Close && (says || m.isEnd(m.find(m.node(c.Args[0])))) {
				end = c.Args[0]
			} else if !c.IsInvoke() && c.StaticCallee() == nil && lint.IsCancelFunc(c.Value.Type()) {
				end = c.Value
			}
			if f := loadedFrom(named, end); f != nil && m.fromStart(f) {
				return f
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		if f := m.endedBy(lit, named, says); f != nil {
			return f
		}
	}
	return nil
}

// isEnd reports whether somebody takes the close of a channel for the end: a goroutine that leaves
// its loop, or who gives up what is to be sent. Others may wait until something has begun.
func (m *Model) isEnd(c *Class) bool {
	return slices.ContainsFunc(c.ops, func(op *Op) bool {
		if op.Kind != Recv || op.Select == nil {
			return false
		}
		sends := slices.ContainsFunc(op.Select.States, func(st *ssa.SelectState) bool { return st.Dir == types.SendOnly })
		return sends || m.goes(op.Fn) && m.loopsOf(op.Fn)[op.Instr.Block()] != nil && !m.goesOn(op)
	})
}

// fromStart reports whether a field is set in new objects only.
func (m *Model) fromStart(f *types.Var) bool {
	m.indexFields()
	return !m.fieldShared[f] && !slices.ContainsFunc(m.fieldStores[f], func(st *ssa.Store) bool { return !m.setsUp(st) })
}

// loadedFrom returns the field of a struct type that a value is loaded from, or nil.
func loadedFrom(named *types.Named, v ssa.Value) *types.Var {
	fa := lazyssa.FieldLoaded(v)
	if fa == nil {
		return nil
	}
	of, ok := pointee(fa.X.Type()).(*types.Named)
	if !ok || of.Origin() != named {
		return nil
	}
	return fieldVar(fa)
}

// EnderFor returns the end of an object for which a go statement starts its goroutine, if the
// function that it stands in has made the object, or is an exported method of it; or nil.
func (m *Model) EnderFor(g *ssa.Go) *Ender {
	fn := g.Parent()
	starts := fn.Signature.Recv() != nil && fn.Object() != nil && fn.Object().Exported()
	given := slices.Clone(g.Call.Args)
	if mc, ok := g.Call.Value.(*ssa.MakeClosure); ok {
		given = append(given, mc.Bindings...)
	}
	for _, v := range given {
		if a, ok := v.(*ssa.Alloc); ok && pointee(pointee(a.Type())) != pointee(a.Type()) { // a captured pointer
			sts := stores(a)
			if len(sts) != 1 {
				continue
			}
			v = sts[0].Val
		}
		if _, made := v.(*ssa.Alloc); !made && !(starts && v == fn.Params[0]) {
			continue
		}
		if named, ok := pointee(v.Type()).(*types.Named); ok {
			if e := m.EnderOf(named); e != nil {
				return e
			}
		}
	}
	return nil
}

// Unended returns the method that says it ends the object of a goroutine, if the goroutine does
// not listen to it: it goes round for as long as a channel of the object is open, which nobody
// closes.
func (m *Model) Unended(g *Gate) *Ender {
	object, fields := m.rangedOver(g)
	if object == nil {
		return nil
	}
	named, ok := pointee(object.Type()).(*types.Named)
	if !ok {
		return nil
	}
	e := m.EnderOf(named)
	if e == nil || slices.Contains(fields, e.Field) {
		return nil
	}
	return e
}

// rangedOver returns the object, and its channels, that a goroutine goes round by, if the function
// that starts it has made the object and nobody closes them; or nil. An object that is there may be
// there for good.
func (m *Model) rangedOver(g *Gate) (object *ssa.Alloc, fields []*types.Var) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range g.Waits {
		u, ok := s.At.(*ssa.UnOp)
		if !ok || !IsRange(u) || s.Chan == nil {
			return nil, nil
		}
		c := m.node(s.Chan)
		owner, f, _ := m.owner(s, g.Go.Parent())
		o, made := owner.(*ssa.Alloc)
		if c.outside&MayClose != 0 || c.Has(Close) || len(c.makes) == 0 || !made || object != nil && o != object {
			return nil, nil
		}
		object = o
		fields = append(fields, f)
	}
	return object, fields
}
