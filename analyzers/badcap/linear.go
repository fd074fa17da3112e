package badcap

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// An atom is a number that is not looked into: a value, or the length or
// capacity of one. Two loads of one field are the same atom; that something
// may be stored between them only ever proves too much.
type atom struct {
	kind atomKind
	base ssa.Value
	path string // fields and indirections on the way from base
}

type atomKind byte

const (
	valueOf atomKind = iota
	lenOf
	capOf
)

// A form is a sum: k plus each atom times its coefficient.
type form struct {
	k int64
	c map[atom]int64
}

func constForm(k int64) form { return form{k: k} }

func (f form) add(g form, m int64) form {
	sum := form{k: f.k + m*g.k, c: make(map[atom]int64, len(f.c)+len(g.c))}
	maps.Copy(sum.c, f.c)
	for a, c := range g.c {
		if sum.c[a] += m * c; sum.c[a] == 0 {
			delete(sum.c, a)
		}
	}
	return sum
}

func (f form) times(m int64) form { return constForm(0).add(f, m) }

// plus returns f + k.
func (f form) plus(k int64) form { return f.add(constForm(k), 1) }

// replace returns f with one atom replaced by a form.
func (f form) replace(a atom, g form) form {
	c, ok := f.c[a]
	if !ok {
		return f
	}
	return f.add(form{c: map[atom]int64{a: 1}}, -c).add(g, c)
}

const maxDepth = 24 // of expressions that are looked into

// formOf returns the integer v as a sum.
func formOf(v ssa.Value) form { return formAt(v, maxDepth) }

func formAt(v ssa.Value, depth int) form {
	if depth > 0 {
		switch v := v.(type) {
		case *ssa.Const:
			if v.Value != nil && v.Value.Kind() == constant.Int {
				if n, ok := constant.Int64Val(v.Value); ok {
					return constForm(n)
				}
			}
		case *ssa.Convert:
			if isInteger(v.X.Type()) && isInteger(v.Type()) && width(v.Type()) >= width(v.X.Type()) {
				return formAt(v.X, depth-1)
			}
		case *ssa.ChangeType:
			return formAt(v.X, depth-1)
		case *ssa.BinOp:
			switch v.Op {
			case token.ADD, token.SUB:
				sign := int64(1)
				if v.Op == token.SUB {
					sign = -1
				}
				return formAt(v.X, depth-1).add(formAt(v.Y, depth-1), sign)
			case token.MUL:
				x, y := formAt(v.X, depth-1), formAt(v.Y, depth-1)
				if len(x.c) == 0 && abs(x.k) < 1<<20 {
					return y.times(x.k)
				}
				if len(y.c) == 0 && abs(y.k) < 1<<20 {
					return x.times(y.k)
				}
			}
		case *ssa.UnOp:
			if v.Op == token.SUB {
				return formAt(v.X, depth-1).times(-1)
			}
			if w := onlyStore(v); w != nil {
				return formAt(w, depth-1)
			}
		case *ssa.FreeVar:
			if w := lazyssa.Binding(v); w != nil {
				return formAt(w, depth-1)
			}
		case *ssa.Call:
			if b, ok := v.Call.Value.(*ssa.Builtin); ok {
				switch b.Name() {
				case "len":
					return lenAt(v.Call.Args[0], depth-1)
				case "cap":
					base, path := canon(v.Call.Args[0])
					return atomForm(atom{capOf, base, path})
				}
			} else if f, ok := inlined(v, depth-1); ok {
				return f
			}
		}
	}
	base, path := canon(v)
	return atomForm(atom{valueOf, base, path})
}

// inlined returns what a call yields as a sum, if all that the function of the package does is to compute
// it of its parameters.
func inlined(call *ssa.Call, depth int) (form, bool) {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Pkg == nil || fn.Pkg != call.Parent().Pkg || len(fn.Blocks) != 1 || fn.Signature.Results().Len() != 1 || !isInteger(call.Type()) {
		return form{}, false
	}
	instrs := fn.Blocks[0].Instrs
	ret, ok := instrs[len(instrs)-1].(*ssa.Return)
	if !ok {
		return form{}, false
	}
	for _, instr := range instrs {
		switch instr := instr.(type) {
		case ssa.CallInstruction:
			if instr.Common().StaticCallee() != nil {
				return form{}, false
			}
		case *ssa.BinOp:
			if staysSmall(instr) {
				return form{}, false
			}
		}
	}
	f := formAt(ret.Results[0], depth)
	for a := range f.c {
		if p, ok := a.base.(*ssa.Parameter); !ok || p.Parent() != fn || a.path != "" {
			return form{}, false
		}
	}
	return translate(f, fn, &call.Call)
}

func atomForm(a atom) form { return form{c: map[atom]int64{a: 1}} }

// lenForm returns the length of x as a sum.
func lenForm(x ssa.Value) form { return lenAt(x, maxDepth) }

func lenAt(x ssa.Value, depth int) form {
	if p, ok := x.Type().Underlying().(*types.Pointer); ok {
		if a, ok := p.Elem().Underlying().(*types.Array); ok {
			return constForm(a.Len())
		}
	}
	if a, ok := x.Type().Underlying().(*types.Array); ok {
		return constForm(a.Len())
	}
	if depth > 0 {
		switch v := x.(type) {
		case *ssa.Const:
			if v.Value == nil {
				return constForm(0)
			}
			if v.Value.Kind() == constant.String {
				return constForm(int64(len(constant.StringVal(v.Value))))
			}
		case *ssa.MakeSlice:
			return formAt(v.Len, depth-1)
		case *ssa.Slice:
			f := form{}
			if v.High != nil {
				f = formAt(v.High, depth-1)
			} else {
				f = lenAt(v.X, depth-1)
			}
			if v.Low != nil {
				f = f.add(formAt(v.Low, depth-1), -1)
			}
			return f
		case *ssa.Convert:
			if lint.IsString(v.X.Type()) != lint.IsString(v.Type()) && lint.IsBytes(v.X.Type()) != lint.IsBytes(v.Type()) {
				return lenAt(v.X, depth-1)
			}
		case *ssa.ChangeType:
			return lenAt(v.X, depth-1)
		case *ssa.BinOp:
			if v.Op == token.ADD {
				return lenAt(v.X, depth-1).add(lenAt(v.Y, depth-1), 1)
			}
		case *ssa.UnOp:
			if w := onlyStore(v); w != nil {
				return lenAt(w, depth-1)
			}
		case *ssa.FreeVar:
			if w := lazyssa.Binding(v); w != nil {
				return lenAt(w, depth-1)
			}
		case *ssa.Call:
			if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" && len(v.Call.Args) == 2 {
				return lenAt(v.Call.Args[0], depth-1).add(lenAt(v.Call.Args[1], depth-1), 1)
			}
		}
	}
	base, path := canon(x)
	return atomForm(atom{lenOf, base, path})
}

// canon returns where a value comes from: two loads of the same place have the
// same base and path.
func canon(v ssa.Value) (ssa.Value, string) {
	path := ""
	for range maxDepth {
		switch w := v.(type) {
		case *ssa.UnOp:
			if w.Op != token.MUL {
				return v, path
			}
			if s := onlyStore(w); s != nil {
				v = s
				continue
			}
			v, path = w.X, "*"+path
		case *ssa.FieldAddr:
			if s := wholeStore(w.X); s != nil {
				v, path = s, fmt.Sprintf(".%d", w.Field)+strings.TrimPrefix(path, "*")
				continue
			}
			v, path = w.X, fmt.Sprintf(".%d", w.Field)+path
		case *ssa.Field:
			// As a load of the field would be written.
			v, path = w.X, fmt.Sprintf(".%d", w.Field)+strings.TrimPrefix(path, "*")
			if u, ok := v.(*ssa.UnOp); ok && u.Op == token.MUL && onlyStore(u) == nil {
				v, path = u.X, path+"*"
			}
		case *ssa.IndexAddr:
			c, ok := w.Index.(*ssa.Const)
			if !ok {
				return v, path
			}
			v, path = w.X, "["+c.Value.ExactString()+"]"+path
		case *ssa.FreeVar:
			b := lazyssa.Binding(w)
			if b == nil {
				return v, path
			}
			v = b
		case *ssa.ChangeType:
			v = w.X
		case *ssa.Convert:
			if !isInteger(w.X.Type()) || !isInteger(w.Type()) || width(w.Type()) < width(w.X.Type()) {
				return v, path
			}
			v = w.X
		case *ssa.Slice:
			if w.Low != nil || w.High != nil || w.Max != nil || path != "" {
				return v, path
			}
			v = w.X
		default:
			return v, path
		}
	}
	return v, path
}

// onlyStore returns the value that a load of a local variable yields, if the
// variable is set once only and its address goes nowhere but into closures that
// load it.
func onlyStore(load *ssa.UnOp) ssa.Value {
	if load.Op != token.MUL {
		return nil
	}
	cell := load.X
	if fv, ok := cell.(*ssa.FreeVar); ok {
		cell = lazyssa.Binding(fv)
	}
	alloc, ok := cell.(*ssa.Alloc)
	if !ok {
		return nil
	}
	stores, ok := cellStores(alloc)
	if !ok || len(stores) != 1 {
		return nil
	}
	return stores[0].Val
}

// wholeStore returns the struct that a local variable holds, such as a parameter,
// if nothing but its fields are read.
func wholeStore(v ssa.Value) (whole ssa.Value) {
	cell, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			if ref.Addr != cell || whole != nil {
				return nil
			}
			whole = ref.Val
		case *ssa.FieldAddr:
			for _, ref := range *ref.Referrers() {
				if load, ok := ref.(*ssa.UnOp); !ok || load.Op != token.MUL {
					return nil
				}
			}
		default:
			return nil
		}
	}
	return whole
}

// cellStores returns the stores to a local variable, and whether these are all.
func cellStores(cell ssa.Value) (stores []*ssa.Store, ok bool) {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != cell {
				return nil, false
			}
			stores = append(stores, ref)
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == cell {
					more, ok := cellStores(fn.FreeVars[i])
					if !ok {
						return nil, false
					}
					stores = append(stores, more...)
				}
			}
		default:
			return nil, false
		}
	}
	return stores, true
}

// closureOf returns the one place where a function literal is made.
func closureOf(fn *ssa.Function) *ssa.MakeClosure {
	if fn.Parent() == nil {
		return nil
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
				return mc
			}
		}
	}
	return nil
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

func isInteger(t types.Type) bool {
	b, ok := coreOf(t).(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isUnsigned(t types.Type) bool {
	b, ok := coreOf(t).(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

// width returns the bits of an integer type on the machines that servers run on.
func width(t types.Type) int {
	b, ok := coreOf(t).(*types.Basic)
	if !ok {
		return 64
	}
	switch b.Kind() {
	case types.Int8, types.Uint8:
		return 8
	case types.Int16, types.Uint16:
		return 16
	case types.Int32, types.Uint32:
		return 32
	}
	return 64
}

// isFunc is lint.IsFunc for a function that may be nil.
func isFunc(fn *types.Func, path string, names ...string) bool {
	return fn != nil && lint.IsFunc(fn, path, names...)
}

// isMethod is lint.IsMethod for a function that may be nil.
func isMethod(fn *types.Func, path, typeName string, names ...string) bool {
	return fn != nil && lint.IsMethod(fn, path, typeName, names...)
}
