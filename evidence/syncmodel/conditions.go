package syncmodel

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// decide evaluates a condition, if what it depends on is known.
func (e *explorer) decide(p *path, v ssa.Value) (result, known bool) {
	switch x := p.eval(v).(type) {
	case truth:
		return bool(x), true
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			r, ok := e.decide(p, v.X)
			return !r, ok
		}
	case *ssa.BinOp:
		if result, known = e.positive(v); known {
			return result, known
		}
		if v.Op != token.EQL && v.Op != token.NEQ {
			return false, false
		}
		x, y := p.eval(v.X), p.eval(v.Y)
		if x == nil || y == nil {
			return false, false
		}
		_, xnil := x.(nilValue)
		_, ynil := y.(nilValue)
		var eq bool
		switch {
		case xnil || ynil:
			eq = xnil && ynil
		default:
			if !constantValue(x) || !constantValue(y) {
				return false, false
			}
			eq = x == y
		}
		return eq == (v.Op == token.EQL), true
	}
	return false, false
}

// positive decides whether a number is zero that a loop before has run as often as: loops
// are run more than once.
func (e *explorer) positive(cmp *ssa.BinOp) (result, known bool) {
	if !isInt(cmp.Y, 0) {
		return false, false
	}
	x := cmp.X
	if phi, ok := x.(*ssa.Phi); ok && len(phi.Edges) == 1 {
		x = phi.Edges[0]
	}
	sym := e.m.stableName(x, 8)
	if sym == "" || !e.m.ran(sym, cmp.Block()) {
		return false, false
	}
	switch cmp.Op {
	case token.EQL, token.LEQ, token.LSS:
		return false, true
	case token.NEQ, token.GTR, token.GEQ:
		return true, true
	}
	return false, false
}

func constantValue(v value) bool {
	switch v.(type) {
	case truth, number, text:
		return true
	}
	return false
}

// fromReceive reports whether a condition depends on something received.
func (m *Model) fromReceive(cond ssa.Value) bool {
	return dependsOn(cond, m.received, func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.UnOp:
			return v.Op == token.ARROW
		case *ssa.Select:
			return true
		}
		return false
	})
}

// takesTurns reports whether a condition depends on something that the function
// itself changes for others: an atomic counter, or a captured variable, field or
// map that it also writes to. One of several goroutines may find it true.
func (m *Model) takesTurns(cond ssa.Value) bool {
	return dependsOn(cond, m.turns, func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.Call:
			fn := v.Call.StaticCallee()
			return fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "sync/atomic" || fn != nil && (fn.Name() == "TryLock" || fn.Name() == "LoadOrStore")
		case *ssa.UnOp:
			return v.Op == token.MUL && writes(v.Parent(), v.X)
		case *ssa.Lookup:
			return writes(v.Parent(), v.X)
		}
		return false
	})
}

// writes reports whether fn stores to a place that is not its own, or to the map that
// is there, or deletes from it.
func writes(fn *ssa.Function, place ssa.Value) bool {
	if load, ok := place.(*ssa.UnOp); ok {
		place = load.X
	}
	same := func(x ssa.Value) bool {
		if load, ok := x.(*ssa.UnOp); ok {
			x = load.X
		}
		if f, ok := place.(*ssa.FieldAddr); ok {
			if a, ok := f.X.(*ssa.Alloc); ok && !a.Heap {
				return false
			}
			g, ok := x.(*ssa.FieldAddr)
			return ok && f.Field == g.Field && types.Identical(f.X.Type(), g.X.Type())
		}
		_, local := place.(*ssa.Alloc)
		return !local && x == place
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Store:
				if same(v.Addr) {
					return true
				}
			case *ssa.MapUpdate:
				if same(v.Map) {
					return true
				}
			case *ssa.Call:
				if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "delete" && same(v.Call.Args[0]) {
					return true
				}
			}
		}
	}
	return false
}

// dependsOn reports whether a value is computed from one that is as described.
func dependsOn(cond ssa.Value, memo map[ssa.Value]bool, is func(ssa.Value) bool) bool {
	if v, ok := memo[cond]; ok {
		return v
	}
	seen := make(map[ssa.Value]bool)
	var walk func(v ssa.Value, depth int) bool
	walk = func(v ssa.Value, depth int) bool {
		if depth == 0 || seen[v] {
			return false
		}
		seen[v] = true
		if is(v) {
			return true
		}
		if a, ok := v.(*ssa.Alloc); ok {
			return slices.ContainsFunc(stores(a), func(st *ssa.Store) bool { return walk(st.Val, depth-1) })
		}
		if instr, ok := v.(ssa.Instruction); ok {
			for _, op := range instr.Operands(nil) {
				if *op != nil && walk(*op, depth-1) {
					return true
				}
			}
		}
		return false
	}
	v := walk(cond, 10)
	memo[cond] = v
	return v
}

type condName struct {
	key  string
	flip bool
}

// condKey names a condition such that two tests of the same unchanging thing have
// one name; flip says that the test is the opposite of the name. Conditions that
// may change have no name.
func (m *Model) condKey(v ssa.Value) (key string, flip bool) {
	if c, ok := m.conds[v]; ok {
		return c.key, c.flip
	}
	key, flip = m.nameCond(v)
	m.conds[v] = condName{key, flip}
	return key, flip
}

func (m *Model) nameCond(v ssa.Value) (key string, flip bool) { return nameCond(v, m.stableName) }

// nameCond names a condition by what names the values in it.
func nameCond(v ssa.Value, name func(v ssa.Value, depth int) string) (key string, flip bool) {
	for {
		if u, ok := v.(*ssa.UnOp); ok && u.Op == token.NOT {
			v, flip = u.X, !flip
			continue
		}
		break
	}
	if b, ok := v.(*ssa.BinOp); ok && b.Op == token.NEQ {
		x, y := name(b.X, 8), name(b.Y, 8)
		if x == "" || y == "" {
			return "", false
		}
		return "==(" + x + "," + y + ")", !flip
	}
	return name(v, 8), flip
}

// stableName names a value that is the same wherever it is looked at.
func (m *Model) stableName(v ssa.Value, depth int) string {
	if depth == 0 {
		return ""
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.String()
	case *ssa.Parameter, *ssa.Global:
		return fmt.Sprintf("%p", v)
	case *ssa.FreeVar:
		if b := lazyssa.Binding(v); b != nil {
			return m.stableName(b, depth-1)
		}
		return ""
	case *ssa.Alloc:
		if len(stores(v)) > 1 || m.loopsOf(v.Parent())[v.Block()] != nil {
			return ""
		}
		return fmt.Sprintf("%p", v)
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return ""
		}
		if s := m.stableName(v.X, depth-1); s != "" {
			return v.Op.String() + s
		}
		return ""
	case *ssa.FieldAddr:
		if s := m.stableName(v.X, depth-1); s != "" {
			return fmt.Sprintf("%s.%d", s, v.Field)
		}
		return ""
	case *ssa.Field:
		if s := m.stableName(v.X, depth-1); s != "" {
			return fmt.Sprintf("%s.%d", s, v.Field)
		}
		return ""
	case *ssa.BinOp:
		x, y := m.stableName(v.X, depth-1), m.stableName(v.Y, depth-1)
		if x != "" && y != "" {
			return v.Op.String() + "(" + x + "," + y + ")"
		}
		return ""
	case *ssa.ChangeType:
		return m.stableName(v.X, depth-1)
	case *ssa.Convert:
		return m.stableName(v.X, depth-1)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			if s := m.stableName(v.Call.Args[0], depth-1); s != "" {
				return "len(" + s + ")"
			}
			return ""
		}
	case *ssa.Phi, *ssa.Function:
		return ""
	}
	if instr, ok := v.(ssa.Instruction); ok && m.loopsOf(v.Parent())[instr.Block()] == nil {
		return fmt.Sprintf("%p", v)
	}
	return ""
}

// NeverAssigned reports whether a local variable, or a variable captured by a function
// literal, has its zero value all the time: it is loaded and captured, nothing else.
func NeverAssigned(addr ssa.Value) bool {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		if addr = lazyssa.Binding(fv); addr == nil {
			return false
		}
	}
	a, ok := addr.(*ssa.Alloc)
	return ok && onlyLoaded(a)
}

func onlyLoaded(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && !onlyLoaded(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// stores returns the stores to a variable, in closures too.
func stores(v ssa.Value) (sts []*ssa.Store) {
	refs := v.Referrers()
	if refs == nil {
		return nil
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v {
				sts = append(sts, ref)
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v {
					sts = append(sts, stores(ref.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return sts
}
