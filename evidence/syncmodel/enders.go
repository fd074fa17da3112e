package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// An Ender is a method by which an object tells all who listen that it has ended.
type Ender struct {
	Method *ssa.Function
	Field  *types.Var // the channel that it closes, or the function that cancels a context
}

// EnderOf returns the first exported method of a type that closes a channel in a field of the
// object which somebody of the package waits for, or cancels a context by one, and puts nothing
// new there; nil if there is none.
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
		if f := m.endedBy(fn, named.Origin()); f != nil {
			return &Ender{fn, f}
		}
	}
	return nil
}

// endedBy returns the field of an object that a method ends, in a literal of it perhaps.
func (m *Model) endedBy(fn *ssa.Function, named *types.Named) (ended *types.Var) {
	var set []*types.Var
	var look func(fn *ssa.Function)
	look = func(fn *ssa.Function) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Store:
					if f := fieldIn(named, v.Addr); f != nil {
						set = append(set, f)
					}
				case ssa.CallInstruction:
					c := v.Common()
					kind, ok := callKind(c)
					switch {
					case ok && kind == Close:
						if f := loadedFrom(named, c.Args[0]); f != nil && m.find(m.node(c.Args[0])).Has(Recv) {
							ended = f
						}
					case !c.IsInvoke() && c.StaticCallee() == nil && lint.IsNamed(c.Value.Type(), "context", "CancelFunc", "CancelCauseFunc"):
						if f := loadedFrom(named, c.Value); f != nil {
							ended = f
						}
					}
				}
			}
		}
		for _, lit := range fn.AnonFuncs {
			look(lit)
		}
	}
	look(fn)
	if slices.Contains(set, ended) {
		return nil
	}
	return ended
}

func loadedFrom(named *types.Named, v ssa.Value) *types.Var {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return nil
	}
	return fieldIn(named, load.X)
}

// fieldIn returns the field of a struct type that an address is of, or nil.
func fieldIn(named *types.Named, addr ssa.Value) *types.Var {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	of, ok := pointee(fa.X.Type()).(*types.Named)
	if !ok || of.Origin() != named {
		return nil
	}
	return fieldVar(fa)
}

// EnderFor returns the end of an object for which a go statement starts its goroutine, if the
// function that it stands in has made the object; or nil.
func (m *Model) EnderFor(g *ssa.Go) *Ender {
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
		if _, made := v.(*ssa.Alloc); !made {
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
	fn := g.Go.Parent()
	var object ssa.Value
	var fields []*types.Var
	m.mu.Lock()
	for _, s := range g.Waits {
		u, ok := s.At.(*ssa.UnOp)
		if !ok || !IsRange(u) || s.Chan == nil {
			m.mu.Unlock()
			return nil
		}
		c := m.node(s.Chan)
		o, f, _ := m.owner(s, fn)
		if c.outside&MayClose != 0 || c.Has(Close) || len(c.makes) == 0 || o == nil || object != nil && o != object {
			m.mu.Unlock()
			return nil
		}
		object = o
		fields = append(fields, f)
	}
	m.mu.Unlock()
	if _, made := object.(*ssa.Alloc); !made {
		return nil // one that is there may be there for good
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
