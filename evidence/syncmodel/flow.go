package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

func (m *Model) visit(f *ssa.Function) {
	f = origin(f)
	if m.done[f] {
		return
	}
	m.done[f] = true
	if !m.inside(f) {
		return
	}
	m.funcs = append(m.funcs, f)
	if m.named(f.Object()) {
		m.open(f)
	}
	for _, b := range f.Blocks {
		for _, instr := range b.Instrs {
			m.constrain(f, instr)
		}
	}
}

// same unifies two values if they can lead to a synchronisation object.
func (m *Model) same(a any, b ssa.Value) {
	if m.carries(b.Type()) {
		m.union(m.node(a), m.node(b))
	}
}

func isPtrToArray(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Array)
	return ok
}

// elems returns the class of the elements of a slice, map, array or pointer to an array.
func (m *Model) elems(v ssa.Value) *Class {
	c := m.content(m.node(v))
	if isPtrToArray(v.Type()) {
		c = m.content(c)
	}
	return c
}

// fieldOf returns field i of a struct or of what a pointer points to. Fields of
// identical struct types without a name are the same.
func (m *Model) fieldOf(t types.Type, i int) *types.Var {
	t = pointee(t)
	if st, ok := t.(*types.Struct); ok {
		if first := m.unnamed.At(st); first != nil {
			return first.(*types.Struct).Field(i).Origin()
		}
		m.unnamed.Set(st, st)
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(i).Origin()
}

// pointee returns what values of a pointer type, named or not, point to; other types
// are returned as they are.
func pointee(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return types.Unalias(t)
}

// converted unifies the fields of two struct types that values are converted between.
func (m *Model) converted(a, b types.Type) {
	a, b = pointee(a), pointee(b)
	sa, ok1 := a.Underlying().(*types.Struct)
	_, ok2 := b.Underlying().(*types.Struct)
	if !ok1 || !ok2 || types.Identical(a, b) {
		return
	}
	for i := range sa.NumFields() {
		fa, fb := m.fieldOf(a, i), m.fieldOf(b, i)
		if fa != fb && m.carries(fa.Type()) {
			m.union(m.node(fa), m.node(fb))
		}
	}
}

func (m *Model) constrain(f *ssa.Function, instr ssa.Instruction) {
	switch v := instr.(type) {
	case *ssa.MakeChan:
		c := m.node(v)
		c.makes = append(c.makes, v)
	case *ssa.Phi:
		for _, e := range v.Edges {
			m.same(v, e)
		}
	case *ssa.ChangeType:
		m.same(v, v.X)
		m.converted(v.Type(), v.X.Type())
	case *ssa.ChangeInterface:
		m.same(v, v.X)
	case *ssa.Convert:
		if m.carries(v.Type()) || m.carries(v.X.Type()) {
			m.escape(m.node(v.X), v.X.Type()) // unsafe
			m.escape(m.node(v), v.Type())
		}
	case *ssa.MultiConvert:
		m.same(v, v.X)
	case *ssa.SliceToArrayPointer:
		if m.carries(v.Type()) {
			m.union(m.elems(v), m.elems(v.X))
		}
	case *ssa.MakeInterface:
		c := m.node(v)
		c.addType(v.X.Type())
		m.same(v, v.X)
	case *ssa.TypeAssert:
		if m.carries(v.AssertedType) && m.carries(v.X.Type()) {
			if v.CommaOk {
				m.union(m.node(tupleKey{v, 0}), m.node(v.X))
			} else {
				m.union(m.node(v), m.node(v.X))
			}
		}
	case *ssa.UnOp:
		switch {
		case v.Op == token.MUL && m.carries(v.Type()):
			m.union(m.node(v), m.content(m.node(v.X)))
		case v.Op == token.ARROW:
			to := m.node(v)
			if v.CommaOk {
				to = m.node(tupleKey{v, 0})
			}
			if m.carries(lint.Chan(v.X.Type()).Elem()) {
				m.union(to, m.content(m.node(v.X)))
			}
		}
	case *ssa.Store:
		if m.carries(v.Val.Type()) {
			m.union(m.content(m.node(v.Addr)), m.node(v.Val))
		}
	case *ssa.FieldAddr:
		if fv := m.fieldOf(v.X.Type(), v.Field); fv != nil && m.carries(fv.Type()) {
			m.union(m.content(m.node(v)), m.node(fv))
		}
	case *ssa.Field:
		if fv := m.fieldOf(v.X.Type(), v.Field); fv != nil && m.carries(fv.Type()) {
			m.union(m.node(v), m.node(fv))
		}
	case *ssa.IndexAddr:
		if m.carries(v.Type()) {
			m.union(m.content(m.node(v)), m.elems(v.X))
		}
	case *ssa.Index:
		if m.carries(v.Type()) {
			m.union(m.node(v), m.elems(v.X))
		}
	case *ssa.Lookup:
		if m.carries(v.X.Type()) {
			if v.CommaOk {
				m.union(m.node(tupleKey{v, 0}), m.elems(v.X))
			} else {
				m.union(m.node(v), m.elems(v.X))
			}
		}
	case *ssa.MapUpdate:
		if m.carries(v.Map.Type()) {
			for _, x := range []ssa.Value{v.Key, v.Value} {
				if m.carries(x.Type()) {
					m.union(m.elems(v.Map), m.node(x))
				}
			}
		}
	case *ssa.Range:
		m.same(v, v.X)
	case *ssa.Next:
		if r, ok := v.Iter.(*ssa.Range); ok && m.carries(r.X.Type()) {
			m.union(m.node(tupleKey{v, 1}), m.elems(r.X))
			m.union(m.node(tupleKey{v, 2}), m.elems(r.X))
		}
	case *ssa.Slice:
		if m.carries(v.Type()) {
			m.union(m.content(m.node(v)), m.elems(v.X))
		}
	case *ssa.Send:
		m.payload(v.Chan, v.X)
	case *ssa.Select:
		i := 2
		for _, s := range v.States {
			if s.Dir == types.SendOnly {
				m.payload(s.Chan, s.Send)
				continue
			}
			if m.carries(lint.Chan(s.Chan.Type()).Elem()) {
				m.union(m.node(tupleKey{v, i}), m.content(m.node(s.Chan)))
			}
			i++
		}
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		c := m.node(v)
		c.funcs = append(c.funcs, fn)
		m.visit(fn)
		if !m.inside(fn) { // a method value such as wg.Done
			for _, b := range v.Bindings {
				if m.carries(b.Type()) {
					m.escape(m.node(b), b.Type())
				}
			}
			return
		}
		for i, b := range v.Bindings {
			m.same(fn.FreeVars[i], b)
		}
	case *ssa.Extract:
		if m.carries(v.Type()) {
			m.union(m.node(v), m.node(tupleKey{v.Tuple, v.Index}))
		}
	case *ssa.Return:
		for i, r := range v.Results {
			m.same(resultKey{f, i}, r)
		}
	case ssa.CallInstruction:
		m.call(v)
	}
}

func (m *Model) payload(ch, x ssa.Value) {
	m.sent = append(m.sent, sent{m.node(ch), x.Type()})
	if m.carries(x.Type()) {
		m.union(m.content(m.node(ch)), m.node(x))
	}
}

// result returns the class of result i of a call.
func (m *Model) result(call ssa.CallInstruction, i int) *Class {
	v := call.Value()
	if v == nil {
		return m.fresh()
	}
	if call.Common().Signature().Results().Len() > 1 {
		return m.node(tupleKey{v, i})
	}
	return m.node(v)
}

func (m *Model) call(call ssa.CallInstruction) {
	c := call.Common()
	switch fn := c.Value.(type) {
	case *ssa.Builtin:
		m.builtin(call, fn.Name())
		return
	case *ssa.Function:
		if fn := origin(fn); !c.IsInvoke() {
			m.visit(fn)
			if m.inside(fn) {
				m.sites[fn] = append(m.sites[fn], call)
				m.bind(call, fn, c.Args)
			} else {
				m.external(call, fn)
			}
			return
		}
	case *ssa.MakeClosure:
		if fn := fn.Fn.(*ssa.Function); m.inside(fn) {
			m.sites[fn] = append(m.sites[fn], call)
			m.bind(call, fn, c.Args)
			return
		}
	}
	m.node(c.Value)
	m.calls = append(m.calls, &dynCall{call: call, bound: make(map[*ssa.Function]bool)})
}

func (m *Model) builtin(call ssa.CallInstruction, name string) {
	args := call.Common().Args
	switch name {
	case "append":
		if v := call.Value(); v != nil && m.carries(v.Type()) {
			m.union(m.node(v), m.node(args[0]))
			m.union(m.elems(v), m.elems(args[1]))
		}
	case "copy":
		if m.carries(args[0].Type()) {
			m.union(m.elems(args[0]), m.elems(args[1]))
		}
	}
}

// bind passes arguments to parameters and results back.
func (m *Model) bind(call ssa.CallInstruction, fn *ssa.Function, args []ssa.Value) {
	fn = origin(fn)
	for i, a := range args {
		if i < len(fn.Params) {
			m.same(fn.Params[i], a)
		}
	}
	res := fn.Signature.Results()
	for i := range res.Len() {
		if m.carries(res.At(i).Type()) {
			m.union(m.result(call, i), m.node(resultKey{fn, i}))
		}
	}
}

// external gives the arguments of a call to unknown code.
func (m *Model) external(call ssa.CallInstruction, fn *ssa.Function) {
	args := call.Common().Args
	if fn != nil && isSyncMethod(fn) {
		args = args[1:]
	} else if fn != nil && fn.Object() != nil && lint.IsFunc(fn.Object(), "sync", "NewCond") {
		return // its lock is of no interest
	}
	for i, a := range args {
		if m.carries(a.Type()) {
			m.allow(m.node(a), m.mayPass(fn, i, a.Type()))
		}
	}
	res := call.Common().Signature().Results()
	for i := range res.Len() {
		if m.carries(res.At(i).Type()) {
			m.escape(m.result(call, i), res.At(i).Type())
			if isChan(res.At(i).Type()) {
				m.find(m.result(call, i)).outside = Anything // made elsewhere
			}
		}
	}
}

func isSyncMethod(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	return recv != nil && isSync(lint.Deref(recv.Type()))
}

func (m *Model) bindDynamic(d *dynCall) {
	c := d.call.Common()
	recv := m.node(c.Value)
	lose := func() {
		if !d.lost {
			d.lost = true
			m.external(d.call, nil)
		}
	}
	if !c.IsInvoke() {
		for _, fn := range slices.Clone(recv.funcs) {
			if fn = origin(fn); d.bound[fn] {
				continue
			}
			d.bound[fn] = true
			if m.inside(fn) && types.Identical(dropRecv(fn), dropRecv2(c.Signature())) {
				m.bind(d.call, fn, c.Args)
			} else if !m.inside(fn) {
				lose()
			}
		}
		if recv = m.find(recv); recv.outside != 0 || len(recv.funcs) == 0 {
			lose()
		}
		return
	}
	for _, t := range slices.Clone(recv.types) {
		fn := m.method(t, c.Method)
		if fn == nil {
			if !types.IsInterface(t) && !m.carries(t) && hasMethod(t, c.Method) {
				lose()
			}
			continue
		}
		if fn = origin(fn); d.bound[fn] {
			continue
		}
		d.bound[fn] = true
		m.visit(fn)
		args := append([]ssa.Value{c.Value}, c.Args...)
		m.bind(d.call, fn, args)
	}
	if recv = m.find(recv); recv.outside != 0 || len(recv.types) == 0 { // binding may have joined classes
		lose()
	}
}

func hasMethod(t types.Type, m *types.Func) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, m.Pkg(), m.Name())
	return obj != nil
}

func dropRecv(fn *ssa.Function) types.Type { return dropRecv2(fn.Signature) }

func dropRecv2(s *types.Signature) types.Type {
	return types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), s.Variadic())
}
