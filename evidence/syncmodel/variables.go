package syncmodel

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// variable names what an address is of, such that functions which mean the same variable
// have one name for it: a field of a type, a global, or a local that closures share.
func (m *Model) variable(addr ssa.Value) any {
	for depth := 0; depth < 8; depth++ {
		switch v := addr.(type) {
		case *ssa.FieldAddr:
			if a, ok := v.X.(*ssa.Alloc); ok && private(a) {
				return nil
			}
			if f := m.fieldOf(v.X.Type(), v.Field); f != nil {
				return f
			}
			return nil
		case *ssa.IndexAddr:
			addr = v.X
		case *ssa.UnOp:
			if v.Op != token.MUL {
				return nil
			}
			addr = v.X
		case *ssa.FreeVar:
			b := lazyssa.Binding(v)
			if b == nil {
				return nil
			}
			addr = b
		case *ssa.Global, *ssa.Alloc:
			return v
		default:
			return nil
		}
	}
	return nil
}

// private reports whether a variable is a struct that only its function uses.
func private(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != a {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// reads returns the variables that a condition depends on.
func (m *Model) reads(cond ssa.Value) []any {
	if vs, ok := m.read[cond]; ok {
		return vs
	}
	var vs []any
	seen := make(map[ssa.Value]bool)
	var walk func(v ssa.Value, depth int)
	walk = func(v ssa.Value, depth int) {
		if depth == 0 || seen[v] {
			return
		}
		seen[v] = true
		note := func(addr ssa.Value) {
			if x := m.variable(addr); x != nil {
				vs = append(vs, x)
			}
		}
		switch v := v.(type) {
		case *ssa.UnOp:
			if v.Op == token.MUL {
				note(v.X)
			}
		case *ssa.Call:
			fn := v.Call.StaticCallee()
			if fn == nil {
				break
			}
			if fn.Pkg != nil && fn.Pkg.Pkg.Path() == "sync/atomic" && len(v.Call.Args) > 0 {
				note(v.Call.Args[0])
			}
			if m.inside(fn) {
				for _, b := range origin(fn).Blocks {
					for _, instr := range b.Instrs {
						switch instr := instr.(type) {
						case *ssa.UnOp:
							walk(instr, 1)
						case *ssa.Call:
							walk(instr, depth-1)
						}
					}
				}
			}
		}
		if instr, ok := v.(ssa.Instruction); ok {
			for _, op := range instr.Operands(nil) {
				if *op != nil {
					walk(*op, depth-1)
				}
			}
		}
	}
	walk(cond, 10)
	m.read[cond] = vs
	return vs
}

// writesOf returns the variables that a function sets, by itself, by the literals in it
// and by what it calls in the package.
func (m *Model) writesOf(fn *ssa.Function) map[any]bool {
	if vs, ok := m.written[fn]; ok {
		return vs
	}
	vs := make(map[any]bool)
	m.written[fn] = vs
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if fn = origin(fn); seen[fn] || !m.inside(fn) {
			return
		}
		seen[fn] = true
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Store:
					if x := m.variable(v.Addr); x != nil && !initial(v) {
						vs[x] = true
					}
				case *ssa.MapUpdate:
					if x := m.variable(v.Map); x != nil {
						vs[x] = true
					}
				case ssa.CallInstruction:
					callee := v.Common().StaticCallee()
					if callee == nil {
						continue
					}
					if callee.Pkg != nil && callee.Pkg.Pkg.Path() == "sync/atomic" && callee.Name()[0] != 'L' { // not a load
						if x := m.variable(v.Common().Args[0]); x != nil {
							vs[x] = true
						}
					}
					if _, isGo := v.(*ssa.Go); !isGo {
						visit(callee)
					}
				}
			}
		}
		for _, lit := range fn.AnonFuncs {
			if !m.started(lit) {
				visit(lit)
			}
		}
	}
	visit(fn)
	return vs
}

// initial reports whether a store is the only one that a function makes to its own variable,
// as that of a parameter which a closure captures is, or one to a field of a struct that it has
// just made and has done nothing else with.
func initial(st *ssa.Store) bool {
	if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
		made, ok := fa.X.(*ssa.Alloc)
		return ok && made.Block() == st.Block() && !slices.ContainsFunc(*made.Referrers(), func(ref ssa.Instruction) bool {
			_, field := ref.(*ssa.FieldAddr)
			return !field && ref.Block() == st.Block() && indexIn(ref) < indexIn(st)
		})
	}
	a, ok := st.Addr.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, other := range stores(a) {
		if other != st && other.Parent() == a.Parent() {
			return false
		}
	}
	return true
}

// started reports whether a function literal is the function of a go statement, or of
// the Go method of a group.
func (m *Model) started(lit *ssa.Function) bool {
	for _, b := range lit.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if act := m.startedBy(call, nil); act != nil && act.fn == lit {
				return true
			}
		}
	}
	return false
}
