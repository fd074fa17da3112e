package syncmodel

import (
	"go/types"
	"iter"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// maxInstrs bounds the packages that are modelled; the largest of the standard
// library has a third of it.
const maxInstrs = 3_000_000

// A Model is what is known of the synchronisation objects of a package. Checks may
// ask it concurrently.
type Model struct {
	mu     sync.Mutex // guards the memos below, which questions fill
	pass   *analysis.Pass
	ssa    *lazyssa.SSA
	tests  lint.Tests
	closed bool            // nothing outside can name what this package exports
	linked map[string]bool // unexported names that directives give to the outside
	nodes  map[any]*Class
	order  []*Class // of creation, for determinism
	done   map[*ssa.Function]bool
	funcs  []*ssa.Function
	calls  []*dynCall

	fact   func(*types.Func, analysis.Fact) bool   // imports one of a function of another package
	sites  map[*ssa.Function][]ssa.CallInstruction // static calls
	starts map[*ssa.Function]*usage                // of goroutines, found when first asked for
	taken  map[*ssa.Function]bool                  // functions used as values
	carry  typeutil.Map
	loops  map[*ssa.Function]map[*ssa.BasicBlock]*loop
	change bool

	methods  typeutil.Map // of types that have become interfaces
	mentions map[*ssa.Function][]mention
	unnamed  typeutil.Map // struct types without a name, by identity
	sent     []sent

	received   map[ssa.Value]bool // conditions that depend on something received
	locks      *Locks             // built when first asked for
	effort     effort             // of all explorations but those of tests
	testEffort effort
	limited    []*ssa.Function // that have more paths than are followed
	conds      map[ssa.Value]condName
	elemConds  map[*ssa.Function]map[*ssa.If]*elemCond
	numbers    map[string]int // of the names of conditions
	scratch    key
	gates      []*Gate
	gatesDone  bool

	makers *makers // of objects, found when first asked for

	running    *reach                 // what runs, gates or not
	everything map[*ssa.Function]bool // all functions
	exact      int                    // gates for which it has been found out what runs without them

	fieldStores map[*types.Var][]*ssa.Store
	fieldLoads  map[*types.Var][]ssa.Value
	fieldShared map[*types.Var]bool // their address is given away
	givens      map[givenKey]bool   // see given

	users map[*ssa.Function][]*ssa.Function // of a function: those that call it or use its value

	talking  map[*ssa.Function]bool // functions that may tell another goroutine something
	stirring map[*Class]bool        // channels of which it is being asked whom they let go on

	written map[*ssa.Function]map[any]bool // variables that a function sets
	read    map[ssa.Value][]any            // variables that a condition depends on
	turns   map[ssa.Value]bool             // conditions that one of several goroutines may find true
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

// UsesOf yields the uses of the addresses that the package takes of a field, each with its address.
func (m *Model) UsesOf(f *types.Var) iter.Seq2[*ssa.FieldAddr, ssa.Instruction] {
	return m.ssa.UsesOf(f)
}

type dynCall struct {
	call  ssa.CallInstruction
	bound map[*ssa.Function]bool
	lost  bool // its arguments are known to unknown code
}

// sent is a type of which values are sent over a channel.
type sent struct {
	ch *Class
	t  types.Type
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

func newModel(pass *analysis.Pass, s *lazyssa.SSA, fact func(*types.Func, analysis.Fact) bool) *Model {
	tests := lint.TestsOf(pass)
	m := &Model{
		pass:      pass,
		fact:      fact,
		ssa:       s,
		tests:     tests,
		closed:    tests.Alone || pass.Pkg.Name() == "main" || strings.HasSuffix(pass.Pkg.Name(), "_test"),
		linked:    linkedNames(pass.Files),
		nodes:     make(map[any]*Class),
		done:      make(map[*ssa.Function]bool),
		sites:     make(map[*ssa.Function][]ssa.CallInstruction),
		taken:     make(map[*ssa.Function]bool),
		loops:     make(map[*ssa.Function]map[*ssa.BasicBlock]*loop),
		givens:    make(map[givenKey]bool),
		mentions:  make(map[*ssa.Function][]mention),
		received:  make(map[ssa.Value]bool),
		turns:     make(map[ssa.Value]bool),
		conds:     make(map[ssa.Value]condName),
		elemConds: make(map[*ssa.Function]map[*ssa.If]*elemCond),
		numbers:   make(map[string]int),
		written:   make(map[*ssa.Function]map[any]bool),
		read:      make(map[ssa.Value][]any),
		stirring:  make(map[*Class]bool),
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
		for _, s := range m.sent {
			if m.find(s.ch).outside != 0 {
				m.expose(s.t, make(map[*types.Var]bool))
			}
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
		if v.Pkg != m.ssa.Pkg || m.named(v.Object()) {
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
