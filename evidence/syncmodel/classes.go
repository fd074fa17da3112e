package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// maxInstrs bounds the packages that are modelled; the largest of the standard
// library has a third of it.
const maxInstrs = 3_000_000

// A Model is what is known of the synchronisation objects of a package.
type Model struct {
	pass   *analysis.Pass
	ssa    *lazyssa.SSA
	closed bool // nothing outside can name what this package exports
	nodes  map[any]*Class
	order  []*Class // of creation, for determinism
	done   map[*ssa.Function]bool
	funcs  []*ssa.Function
	calls  []*dynCall
	sites  map[*ssa.Function][]ssa.CallInstruction // static calls
	taken  map[*ssa.Function]bool                  // functions used as values
	carry  typeutil.Map
	loops  map[*ssa.Function]map[*ssa.BasicBlock]*loop
	change bool

	received map[ssa.Value]bool // conditions that depend on something received
}

// A Class is a set of values that may be the same object.
type Class struct {
	up      *Class
	content *Class // what values of the class point to, contain or carry
	funcs   []*ssa.Function
	types   []types.Type
	spread  int // how much of funcs and types the outside has already been given

	makes   []*ssa.MakeChan
	ops     []*Op
	outside Who
}

// Makes returns where channels of the class are made.
func (c *Class) Makes() []*ssa.MakeChan { return c.makes }

// Ops returns the operations on objects of the class in the order of the source.
func (c *Class) Ops() []*Op { return c.ops }

// Outside returns what code that is not part of the package may do.
func (c *Class) Outside() Who { return c.outside }

// Has reports whether there is an operation of one of the kinds.
func (c *Class) Has(kinds ...Kind) bool {
	return slices.ContainsFunc(c.ops, func(op *Op) bool { return slices.Contains(kinds, op.Kind) })
}

// Classes returns all classes that have operations, in a fixed order.
func (m *Model) Classes() []*Class {
	var cs []*Class
	for _, c := range m.order {
		if c.up == nil && len(c.ops) > 0 {
			cs = append(cs, c)
		}
	}
	return cs
}

// Made returns all classes of channels that the package makes, in a fixed order.
func (m *Model) Made() []*Class {
	var cs []*Class
	for _, c := range m.order {
		if c.up == nil && len(c.makes) > 0 {
			cs = append(cs, c)
		}
	}
	return cs
}

// Funcs returns the functions of the package, those made by the compiler excluded.
func (m *Model) Funcs() []*ssa.Function { return m.ssa.Funcs }

type dynCall struct {
	call  ssa.CallInstruction
	bound map[*ssa.Function]bool
	lost  bool // its arguments are known to unknown code
}

type (
	resultKey struct {
		fn *ssa.Function
		i  int
	}
	tupleKey struct {
		v ssa.Value
		i int
	}
)

func newModel(pass *analysis.Pass, s *lazyssa.SSA) *Model {
	m := &Model{
		pass:     pass,
		ssa:      s,
		closed:   pass.Pkg.Name() == "main" || strings.HasSuffix(pass.Pkg.Name(), "_test"),
		nodes:    make(map[any]*Class),
		done:     make(map[*ssa.Function]bool),
		sites:    make(map[*ssa.Function][]ssa.CallInstruction),
		taken:    make(map[*ssa.Function]bool),
		loops:    make(map[*ssa.Function]map[*ssa.BasicBlock]*loop),
		received: make(map[ssa.Value]bool),
	}
	n := 0
	for _, f := range s.Funcs {
		for _, b := range f.Blocks {
			n += len(b.Instrs)
		}
	}
	if n > maxInstrs {
		return nil
	}
	for _, f := range s.Funcs {
		m.visit(f)
	}
	if init := s.Pkg.Func("init"); init != nil {
		m.visit(init)
	}
	// Binding a call through a function value can bring new functions into its
	// own class, so that calls are bound until nothing changes.
	for m.change = true; m.change; {
		m.change = false
		for i := 0; i < len(m.calls); i++ {
			m.bindDynamic(m.calls[i])
		}
		for i := 0; i < len(m.order); i++ {
			if c := m.order[i]; c.up == nil {
				m.spread(c)
			}
		}
	}
	m.collectOps()
	return m
}

// carries reports whether values of the type can lead to a synchronisation
// object other than through a struct field, which is a node of its own.
func (m *Model) carries(t types.Type) bool {
	if v := m.carry.At(t); v != nil {
		return v.(bool)
	}
	m.carry.Set(t, false) // breaks cycles
	v := false
	switch u := types.Unalias(t).(type) {
	case *types.TypeParam:
		v = true
	case *types.Named:
		v = isSync(u) || u.Obj().Pkg() != nil && m.carries(u.Underlying()) // all but error
	case *types.Chan, *types.Signature, *types.Interface:
		v = true
	case *types.Pointer:
		v = m.carries(u.Elem())
	case *types.Slice:
		v = m.carries(u.Elem())
	case *types.Array:
		v = m.carries(u.Elem())
	case *types.Map:
		v = m.carries(u.Elem()) || m.carries(u.Key())
	case *types.Basic:
		v = u.Kind() == types.UnsafePointer
	}
	m.carry.Set(t, v)
	return v
}

// isSync reports whether t is a struct whose identity matters as a whole.
func isSync(t types.Type) bool {
	return lint.IsNamed(t, "sync", "WaitGroup", "Cond") || lint.IsNamed(t, "golang.org/x/sync/errgroup", "Group")
}

func (m *Model) find(c *Class) *Class {
	for c.up != nil {
		if c.up.up != nil {
			c.up = c.up.up
		}
		c = c.up
	}
	return c
}

func (m *Model) node(key any) *Class {
	if v, ok := key.(ssa.Value); ok {
		switch v := v.(type) {
		case *ssa.Const:
			return m.fresh() // nil: the same as nothing
		case *ssa.Function:
			m.taken[origin(v)] = true
		}
	}
	if c := m.nodes[key]; c != nil {
		return m.find(c)
	}
	c := m.fresh()
	m.nodes[key] = c
	switch v := key.(type) {
	case *ssa.Function:
		c.funcs = []*ssa.Function{v}
		m.visit(v)
	case *ssa.Global:
		if v.Pkg != m.ssa.Pkg || v.Object() != nil && v.Object().Exported() && !m.closed {
			m.escape(c, v.Type())
		}
	case *types.Var: // a field
		if v.Pkg() != m.pass.Pkg || v.Exported() && !m.closed {
			m.escape(c, v.Type())
			m.escape(m.content(c), v.Type())
		}
	}
	return m.find(c)
}

func (m *Model) fresh() *Class {
	c := new(Class)
	m.order = append(m.order, c)
	return c
}

func (m *Model) content(c *Class) *Class {
	c = m.find(c)
	if c.content == nil {
		c.content = m.fresh()
		if c.outside != 0 {
			c.content.outside = Anything
		}
	}
	return m.find(c.content)
}

func (m *Model) union(a, b *Class) {
	for {
		a, b = m.find(a), m.find(b)
		if a == b {
			return
		}
		m.change = true
		b.up = a
		for _, f := range b.funcs {
			if !slices.Contains(a.funcs, f) {
				a.funcs = append(a.funcs, f)
			}
		}
		for _, t := range b.types {
			a.addType(t)
		}
		a.spread = 0
		a.makes = append(a.makes, b.makes...)
		a.outside |= b.outside
		b.funcs, b.types, b.makes = nil, nil, nil
		if b.content == nil {
			return
		}
		if a.content == nil {
			a.content = b.content
			return
		}
		a, b = a.content, b.content
	}
}

func (c *Class) addType(t types.Type) {
	if !slices.ContainsFunc(c.types, func(u types.Type) bool { return types.Identical(t, u) }) {
		c.types = append(c.types, t)
	}
}

// escape notes that unknown code may use objects of the class as its static type allows.
func (m *Model) escape(c *Class, t types.Type) {
	who := Anything
	if ch, ok := t.Underlying().(*types.Chan); ok {
		switch ch.Dir() {
		case types.RecvOnly:
			who = MayRecv
		case types.SendOnly:
			who = MaySend | MayClose
		}
	}
	if c = m.find(c); c.outside|who != c.outside {
		c.outside |= who
		c.spread = 0
		m.change = true
	}
}

// spread gives the outside what hangs on a class that it has: contents, and
// parameters and results of functions and methods that it may call.
func (m *Model) spread(c *Class) {
	if c.outside == 0 {
		return
	}
	if c.content != nil {
		if in := m.find(c.content); in.outside != Anything {
			in.outside = Anything
			in.spread = 0
			m.change = true
		}
	}
	if c.spread == len(c.funcs)+len(c.types) {
		return
	}
	c.spread = len(c.funcs) + len(c.types)
	for _, f := range slices.Clone(c.funcs) {
		m.open(f)
	}
	for _, t := range slices.Clone(c.types) {
		set := m.ssa.Pkg.Prog.MethodSets.MethodSet(t)
		for i := range set.Len() {
			if f := m.method(t, set.At(i).Obj()); f != nil && f.Object() != nil && f.Object().Exported() {
				m.open(f)
			}
		}
	}
}

// open says that unknown code may call f.
func (m *Model) open(f *ssa.Function) {
	f = origin(f)
	for _, p := range f.Params {
		if m.carries(p.Type()) {
			m.escape(m.node(p), p.Type())
		}
	}
	res := f.Signature.Results()
	for i := range res.Len() {
		if m.carries(res.At(i).Type()) {
			m.escape(m.node(resultKey{f, i}), res.At(i).Type())
		}
	}
}

// method returns the function behind a method of a type, if the package has it.
func (m *Model) method(t types.Type, obj types.Object) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	sel := m.ssa.Pkg.Prog.MethodSets.MethodSet(t).Lookup(obj.Pkg(), obj.Name())
	if sel == nil {
		return nil
	}
	f := m.ssa.Pkg.Prog.MethodValue(sel)
	if f == nil || !m.inside(f) {
		return nil
	}
	return f
}

func origin(f *ssa.Function) *ssa.Function {
	if o := f.Origin(); o != nil {
		return o
	}
	return f
}

// inside reports whether the source of f, or of what f wraps, is in the package.
func (m *Model) inside(f *ssa.Function) bool {
	f = origin(f)
	if f.Blocks == nil {
		return false
	}
	return f.Pkg == m.ssa.Pkg || f.Pkg == nil && f.Object() != nil && f.Object().Pkg() == m.pass.Pkg
}

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
	if obj := f.Object(); obj != nil && obj.Exported() && !m.closed {
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

func fieldOf(t types.Type, i int) *types.Var {
	st, ok := lint.Deref(t.Underlying()).Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(i).Origin()
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
			if m.carries(v.X.Type().Underlying().(*types.Chan).Elem()) {
				m.union(to, m.content(m.node(v.X)))
			}
		}
	case *ssa.Store:
		if m.carries(v.Val.Type()) {
			m.union(m.content(m.node(v.Addr)), m.node(v.Val))
		}
	case *ssa.FieldAddr:
		if fv := fieldOf(v.X.Type(), v.Field); fv != nil && m.carries(fv.Type()) {
			m.union(m.content(m.node(v)), m.node(fv))
		}
	case *ssa.Field:
		if fv := fieldOf(v.X.Type(), v.Field); fv != nil && m.carries(fv.Type()) {
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
			if m.carries(s.Chan.Type().Underlying().(*types.Chan).Elem()) {
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
	for _, a := range args {
		if m.carries(a.Type()) {
			m.escape(m.node(a), a.Type())
		}
	}
	res := call.Common().Signature().Results()
	for i := range res.Len() {
		if m.carries(res.At(i).Type()) {
			m.escape(m.result(call, i), res.At(i).Type())
			if _, ok := res.At(i).Type().Underlying().(*types.Chan); ok {
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

// collectOps files every operation under the class of its object.
func (m *Model) collectOps() {
	file := func(op *Op, c *Class) {
		c = m.find(c)
		c.ops = append(c.ops, op)
	}
	for _, f := range m.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Send:
					file(&Op{Send, v, f, v.Chan, nil}, m.node(v.Chan))
				case *ssa.UnOp:
					if v.Op == token.ARROW {
						kind := Recv
						if IsRange(v) {
							kind = Range
						}
						file(&Op{kind, v, f, v.X, nil}, m.node(v.X))
					}
				case *ssa.Select:
					for _, s := range v.States {
						kind := Recv
						if s.Dir == types.SendOnly {
							kind = Send
						}
						file(&Op{kind, v, f, s.Chan, v}, m.node(s.Chan))
					}
				case ssa.CallInstruction:
					c := v.Common()
					if kind, ok := callKind(c); ok {
						class := m.node(c.Args[0])
						if _, ok := c.Args[0].Type().Underlying().(*types.Chan); !ok {
							class = m.content(class)
						}
						file(&Op{kind, v, f, c.Args[0], nil}, class)
					}
				}
			}
		}
	}
}

// IsRange reports whether a receive is the head of a range loop.
func IsRange(v *ssa.UnOp) bool { return v.CommaOk && v.Block().Comment == "rangechan.loop" }

// callKind tells what a call does to its first argument.
func callKind(c *ssa.CallCommon) (Kind, bool) {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if len(c.Args) == 0 {
			return 0, false
		}
		if _, ok := c.Args[0].Type().Underlying().(*types.Chan); !ok {
			return 0, false
		}
		switch b.Name() {
		case "close":
			return Close, true
		case "len", "cap":
			return Measure, true
		}
		return 0, false
	}
	fn := c.StaticCallee()
	if fn == nil || !isSyncMethod(fn) {
		return 0, false
	}
	group := !lint.IsNamed(lint.Deref(fn.Signature.Recv().Type()), "sync", "Cond")
	switch fn.Name() {
	case "Add":
		return Add, true
	case "Done", "Go", "TryGo":
		return Done, true
	case "Wait":
		if group {
			return Wait, true
		}
		return CondWait, true
	case "Signal", "Broadcast":
		return Signal, true
	}
	return 0, false
}

// ClassOf returns the class of a channel.
func (m *Model) ClassOf(ch ssa.Value) *Class { return m.node(ch) }

// Capacity returns the capacity that a channel is made with, if it is always
// the same constant, through parameters that every caller passes alike.
func (m *Model) Capacity(mk *ssa.MakeChan) (int64, bool) { return m.constInt(mk.Size, 4) }

func (m *Model) constInt(v ssa.Value, depth int) (int64, bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil || v.Value.Kind() != constant.Int {
			return 0, false
		}
		return constant.Int64Val(v.Value)
	case *ssa.Convert:
		return m.constInt(v.X, depth)
	case *ssa.Parameter:
		f := v.Parent()
		if obj := f.Object(); depth == 0 || m.taken[f] || obj == nil || obj.Exported() && !m.closed || len(m.sites[f]) == 0 {
			return 0, false
		}
		i := slices.Index(f.Params, v)
		n, ok := m.constInt(m.sites[f][0].Common().Args[i], depth-1)
		for _, site := range m.sites[f][1:] {
			k, ok2 := m.constInt(site.Common().Args[i], depth-1)
			ok = ok && ok2 && k == n
		}
		return n, ok
	}
	return 0, false
}
