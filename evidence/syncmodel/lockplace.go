package syncmodel

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A Place is a variable as a function names it: a value, and the fields and pointers
// that lead from there. Equal places are the same variable for as long as the value
// is not computed anew; different places may be the same variable all the same.
type Place struct {
	root  ssa.Value
	path  []*types.Var // nil: what the pointer points to
	id    int
	owner types.Type // the struct of the last field
}

// maxPath bounds the fields of a place.
const maxPath = 8

// Root returns the value that the place is reached from.
func (p *Place) Root() ssa.Value { return p.root }

// Class returns what the lock is called in all functions alike: its field, or its
// variable; nil if it has no such name.
func (p *Place) Class() any {
	for _, f := range slices.Backward(p.path) {
		if f != nil {
			return f.Origin()
		}
	}
	switch p.root.(type) {
	case *ssa.Global, *ssa.Alloc:
		return p.root
	}
	return nil
}

// Owner returns the type of the struct that the lock is a field of, or nil.
func (p *Place) Owner() types.Type { return p.owner }

// pointed reports whether the lock is reached through a pointer of its own, so that
// it may be any lock.
func (p *Place) pointed() bool {
	if len(p.path) > 0 {
		return p.path[len(p.path)-1] == nil
	}
	switch p.root.(type) {
	case *ssa.Global, *ssa.Alloc:
		return false
	}
	return true
}

// intern returns the place at a path. A pointer that was put into a new object and never
// replaced leads to where it was put from.
func (l *Locks) intern(root ssa.Value, path []*types.Var, owner types.Type) *Place {
	if len(path) > 2 && path[0] != nil && path[1] == nil && !l.moved[path[0]] {
		if p := l.initial(root, path[0]); p != nil && len(p.path)+len(path)-2 <= maxPath {
			return l.intern(p.root, slices.Concat(p.path, path[2:]), owner)
		}
	}
	p := l.step(placeKey{root: root}, nil)
	for i, f := range path {
		p = l.step(placeKey{up: p, f: f}, path[:i+1])
	}
	if p.owner == nil {
		p.owner = owner
	}
	return p
}

// placeKey is a place as a step from another one, or as a value that others are reached from.
type placeKey struct {
	up   *Place
	f    *types.Var
	root ssa.Value
}

func (l *Locks) step(k placeKey, path []*types.Var) *Place {
	p := l.places[k]
	if p == nil {
		p = &Place{root: k.root, path: slices.Clone(path), id: len(l.places)}
		if k.up != nil {
			p.root = k.up.root
		}
		l.places[k] = p
	}
	return p
}

// initial returns the place that a field of a new object points to from the beginning.
func (l *Locks) initial(root ssa.Value, f *types.Var) *Place {
	switch v := root.(type) {
	case *ssa.Alloc:
		var val ssa.Value
		for _, ref := range *v.Referrers() {
			fa, ok := ref.(*ssa.FieldAddr)
			if !ok || fieldVar(fa) != f {
				continue
			}
			for _, ref := range *fa.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == fa {
					if val != nil {
						return nil
					}
					val = st.Val
				}
			}
		}
		if val == nil || val == v {
			return nil
		}
		if _, isConst := val.(*ssa.Const); isConst {
			return nil
		}
		return l.place(val)
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		if fn == nil {
			return nil
		}
		if fn = origin(fn); len(fn.Blocks) != 1 || !l.m.inside(fn) {
			return nil
		}
		ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) != 1 {
			return nil
		}
		made := l.place(ret.Results[0])
		if _, ok := made.root.(*ssa.Alloc); !ok || len(made.path) > 0 {
			return nil
		}
		if p := l.initial(made.root, f); p != nil {
			return l.translate(p, fn, v)
		}
	}
	return nil
}

// fieldVar returns the field that an address is of.
func fieldVar(fa *ssa.FieldAddr) *types.Var {
	st, ok := pointee(fa.X.Type()).Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(fa.Field).Origin()
}

// extend returns a field of a place, or what it points to if f is nil.
func (l *Locks) extend(p *Place, f *types.Var, owner types.Type, whole ssa.Value) *Place {
	if len(p.path) >= maxPath {
		return l.intern(whole, nil, nil)
	}
	if f != nil && owner != nil {
		l.owners[f] = owner
	}
	if owner == nil {
		owner = p.owner
	}
	return l.intern(p.root, append(slices.Clone(p.path), f), owner)
}

// place returns the place that a pointer points to.
func (l *Locks) place(v ssa.Value) *Place {
	if p := l.ofValue[v]; p != nil {
		return p
	}
	p := l.intern(v, nil, nil)
	l.ofValue[v] = p // breaks cycles
	p = l.resolve(v)
	l.ofValue[v] = p
	return p
}

// spilled returns the parameter, a struct, that a variable is the copy of: what its pointers lead to is
// the same for both.
func spilled(v *ssa.Alloc) *ssa.Parameter {
	if _, ok := pointee(v.Type()).Underlying().(*types.Struct); !ok {
		return nil
	}
	sts := stores(v)
	if len(sts) != 1 {
		return nil
	}
	for _, ref := range *v.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if ok && slices.ContainsFunc(*fa.Referrers(), func(ref ssa.Instruction) bool {
			st, ok := ref.(*ssa.Store)
			return ok && st.Addr == fa
		}) {
			return nil
		}
	}
	p, _ := sts[0].Val.(*ssa.Parameter)
	return p
}

func (l *Locks) resolve(v ssa.Value) *Place {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		t := pointee(v.X.Type())
		if st, ok := t.Underlying().(*types.Struct); ok {
			return l.extend(l.place(v.X), st.Field(v.Field).Origin(), t, v)
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		switch x := v.X.(type) {
		case *ssa.Alloc, *ssa.FreeVar:
			a := lazyssa.Variable(x)
			if a == nil {
				break
			}
			if sts := stores(a); len(sts) == 1 {
				return l.place(sts[0].Val)
			}
		case *ssa.FieldAddr:
			if p := l.place(x); len(p.path) > 0 && !l.moved[p.path[len(p.path)-1]] {
				return l.extend(p, nil, nil, v)
			}
		case *ssa.Global:
			if !l.moved[x] {
				return l.extend(l.place(x), nil, nil, v)
			}
		}
	case *ssa.Alloc:
		if p := spilled(v); p != nil {
			return l.place(p)
		}
	case *ssa.ChangeType:
		return l.place(v.X)
	case *ssa.ChangeInterface:
		return l.place(v.X)
	case *ssa.MakeInterface:
		return l.place(v.X)
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return l.place(v.X)
		}
	case *ssa.Extract:
		if t, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
			return l.place(t.X)
		}
	case *ssa.FreeVar:
		if b := lazyssa.Binding(v); b != nil {
			return l.place(b)
		}
	case *ssa.Phi:
		var one *Place
		for _, e := range v.Edges {
			if e == v {
				continue
			}
			p := l.place(e)
			if one != nil && p != one {
				one = nil
				break
			}
			one = p
		}
		if one != nil {
			return one
		}
	case *ssa.Call:
		if p := l.getter(v); p != nil {
			return p
		}
	}
	return l.intern(v, nil, nil)
}

// getter returns the place that a call returns a pointer to, if the function does
// nothing but name a place that its parameters lead to.
func (l *Locks) getter(call *ssa.Call) *Place {
	fn := call.Call.StaticCallee()
	if fn == nil {
		return nil
	}
	if lint.IsMethod(fn.Object(), "sync", "RWMutex", "RLocker") {
		return nil
	}
	if fn = origin(fn); len(fn.Blocks) != 1 || !l.m.inside(fn) {
		return nil
	}
	ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
	if !ok || len(ret.Results) != 1 {
		return nil
	}
	return l.translate(l.place(ret.Results[0]), fn, call)
}

// translate names a place of a callee in terms of the caller; nil if it has no name there.
func (l *Locks) translate(p *Place, callee *ssa.Function, call ssa.CallInstruction) *Place {
	var base *Place
	switch r := p.root.(type) {
	case *ssa.Global:
		return p
	case *ssa.Parameter:
		if r.Parent() != callee {
			return p // of a function around the callee
		}
		i := slices.Index(callee.Params, r)
		args := arguments(call, callee)
		if i < 0 || len(args) != len(callee.Params) {
			return nil
		}
		base = l.place(args[i])
	case *ssa.FreeVar:
		if base = l.boundTo(call.Common().Value, callee); base == nil {
			return nil
		}
	default:
		if r.Parent() != callee {
			return p
		}
		if h := l.home(p); h != nil {
			return l.translate(h, callee, call)
		}
		return nil
	}
	if len(base.path)+len(p.path) > maxPath {
		return nil
	}
	owner := p.owner
	if owner == nil {
		owner = base.owner
	}
	return l.intern(base.root, slices.Concat(base.path, p.path), owner)
}

// handedOut names a lock of what a callee returns as its caller does, by the result of the call;
// nil if it is of something else, or nobody looks at the result.
func (l *Locks) handedOut(p *Place, callee *ssa.Function, call ssa.CallInstruction) *Place {
	c, ok := call.(*ssa.Call)
	if !ok {
		return nil
	}
	for _, b := range callee.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for i, r := range ret.Results {
			out := l.place(r)
			if out.root != p.root || len(out.path) >= len(p.path) || !slices.Equal(out.path, p.path[:len(out.path)]) {
				continue
			}
			if v := lazyssa.Result(c, i); v != nil {
				here := l.place(v)
				return l.intern(here.root, slices.Concat(here.path, p.path[len(out.path):]), p.owner)
			}
			return nil
		}
	}
	return nil
}

// private reports whether the lock is in a variable that no other function sees.
func (p *Place) private() bool {
	a, ok := p.root.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef:
		case ssa.CallInstruction:
			if lockOpOf(ref.Common()) == noLockOp {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// open reports whether code outside the package can name the lock.
func (l *Locks) open(p *Place) bool {
	if l.m.closed {
		return false
	}
	for _, f := range slices.Backward(p.path) {
		if f == nil {
			continue
		}
		if f.Pkg() != l.m.pass.Pkg {
			return true
		}
		if f.Exported() {
			named, ok := types.Unalias(lint.Deref(p.owner)).(*types.Named)
			return !ok || named.Obj().Exported() || f.Embedded()
		}
		return false
	}
	switch r := p.root.(type) {
	case *ssa.Global:
		return r.Pkg != l.m.ssa.Pkg || l.m.named(r.Object())
	case *ssa.Alloc:
		return false
	}
	return true
}

// rootName returns what the source calls a value.
func rootName(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Alloc:
		if v.Comment != "" && !strings.ContainsAny(v.Comment, " .()") && v.Comment != "complit" && v.Comment != "new" {
			return v.Comment
		}
		for _, ref := range *v.Referrers() { // a composite literal that is assigned to a variable
			if st, ok := ref.(*ssa.Store); ok && st.Val == v {
				if a, ok := st.Addr.(*ssa.Alloc); ok && a.Comment != "" {
					return a.Comment
				}
			}
		}
		return ""
	case *ssa.Parameter, *ssa.Global, *ssa.FreeVar:
		return v.Name()
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok {
			return rootName(a)
		}
		if fa, ok := v.X.(*ssa.FieldAddr); ok {
			name := rootName(fa.X)
			if st, ok := pointee(fa.X.Type()).Underlying().(*types.Struct); ok {
				if name != "" {
					name += "."
				}
				return name + st.Field(fa.Field).Name()
			}
		}
	case *ssa.FieldAddr:
		return ""
	}
	return ""
}

// SameFields reports whether two locks are reached by the same fields, from objects of
// one type.
func (p *Place) SameFields(q *Place) bool {
	return types.Identical(p.root.Type(), q.root.Type()) && slices.Equal(p.path, q.path)
}
