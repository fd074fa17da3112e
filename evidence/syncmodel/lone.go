package syncmodel

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// makers tells for each struct type of the package where objects of it are made.
type makers struct {
	parts typeutil.Map // []*types.TypeName by type: see [Model.parts]
	at    map[*types.TypeName][]ssa.Instruction
	kept  map[*types.TypeName]bool // in package variables
	many  map[*types.TypeName]bool // in arrays, slices, maps or channels
	lone  map[*types.TypeName]bool // what is known of [Model.lone]

	dynamic map[*ssa.Function]bool // that are called through values and interfaces
}

// lone reports whether a run of the program, or of one of its tests, has no more than one object of
// a struct type: what is said of the lock of one is then said of the lock of all.
func (m *Model) lone(t types.Type) bool {
	if t == nil {
		return false
	}
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok || named.Obj().Pkg() != m.pass.Pkg || named.TypeParams() != nil || m.named(named.Obj()) {
		return false
	}
	if m.makers == nil {
		m.findMakers()
	}
	is, known := m.makers.lone[named.Obj()]
	if !known {
		is = !m.makers.many[named.Obj()] && m.madeOnce(named.Obj())
		m.makers.lone[named.Obj()] = is
	}
	return is
}

// Lone reports whether a lock is that of the only object of its type.
func (l *Locks) Lone(p *Place) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	return l.m.lone(p.owner)
}

// madeOnce reports whether each beginning of a program leads to one place at most that makes an
// object of a type, and once. What nothing is seen to make comes from elsewhere.
func (m *Model) madeOnce(t *types.TypeName) bool {
	begins := make(map[*ssa.Function]int)
	for _, at := range m.makers.at[t] {
		if !m.begin(at, begins, maxCallers) {
			return false
		}
	}
	shared := 0 // by all tests
	if m.makers.kept[t] {
		shared++
	}
	for fn, n := range begins {
		if isInit(fn) {
			shared += n
		}
	}
	for fn, n := range begins {
		if !isInit(fn) && n+shared > 1 {
			return false
		}
	}
	return shared <= 1 && shared+len(begins) > 0
}

// maxCallers bounds the calls that are followed back to the beginning of a program.
const maxCallers = 8

// begin counts what leads to an instruction, by the functions that the program or a test begins
// with. It returns false if the instruction may be executed more than once, or from elsewhere.
func (m *Model) begin(instr ssa.Instruction, begins map[*ssa.Function]int, depth int) bool {
	fn := instr.Parent()
	if depth == 0 || inCycle(instr.Block()) {
		return false
	}
	if m.begins(fn) {
		begins[fn]++
		return true
	}
	if m.named(fn.Object()) || m.taken[fn] || m.makers.dynamic[fn] || fn.Synthetic != "" {
		return false
	}
	for _, site := range m.sites[fn] {
		if !m.begin(site, begins, depth-1) {
			return false
		}
	}
	return len(m.sites[fn]) > 0
}

// begins reports whether the program, or a test, begins with a function.
func (m *Model) begins(fn *ssa.Function) bool {
	if isInit(fn) {
		return true
	}
	if fn.Parent() != nil || fn.Signature.Recv() != nil {
		return false
	}
	if fn.Name() == "main" {
		return m.pass.Pkg.Name() == "main"
	}
	return lint.IsTest(m.pass, fn.Pos()) && strings.HasPrefix(fn.Name(), "Test") && fn.Signature.Params().Len() == 1 &&
		lint.IsNamed(lint.Deref(fn.Signature.Params().At(0).Type()), "testing", "T")
}

// isInit reports whether a function initializes its package.
func isInit(fn *ssa.Function) bool {
	return fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#"))
}

// findMakers notes where the package makes objects of its struct types.
func (m *Model) findMakers() {
	m.makers = &makers{
		at:   make(map[*types.TypeName][]ssa.Instruction),
		kept: make(map[*types.TypeName]bool),
		many: make(map[*types.TypeName]bool),
		lone: make(map[*types.TypeName]bool),

		dynamic: make(map[*ssa.Function]bool),
	}
	for _, member := range m.ssa.Pkg.Members {
		if g, ok := member.(*ssa.Global); ok {
			for _, t := range m.parts(lint.Deref(g.Type())) {
				m.makers.many[t] = m.makers.many[t] || m.makers.kept[t]
				m.makers.kept[t] = true
			}
		}
	}
	for _, fn := range m.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				m.findGeneric(instr)
				switch v := instr.(type) {
				case *ssa.Alloc:
					for _, t := range m.parts(lint.Deref(v.Type())) {
						m.makers.at[t] = append(m.makers.at[t], v)
					}
				case ssa.Value:
					m.parts(v.Type()) // for the elements of containers
				}
			}
		}
	}
	for _, d := range m.calls {
		for fn := range d.bound {
			m.makers.dynamic[fn] = true
		}
	}
}

// findGeneric notes that what generic code is used for may be made there, any number of times. An
// atomic pointer makes nothing.
func (m *Model) findGeneric(instr ssa.Instruction) {
	for _, operand := range instr.Operands(nil) {
		fn, ok := (*operand).(*ssa.Function)
		if !ok || fn.Object() == nil || fn.Object().Pkg() != nil && fn.Object().Pkg().Path() == "sync/atomic" {
			continue
		}
		for _, arg := range fn.TypeArgs() {
			for _, part := range m.parts(arg) {
				m.makers.many[part] = true
			}
		}
	}
}

// parts returns the struct types of the package of which a value of a type has an object, and notes
// those of which it may have any number.
func (m *Model) parts(t types.Type) (all []*types.TypeName) {
	if known, ok := m.makers.parts.At(t).([]*types.TypeName); ok {
		return known
	}
	m.makers.parts.Set(t, all) // breaks cycles
	var elem types.Type
	switch u := t.Underlying().(type) {
	case *types.Struct:
		if named, ok := types.Unalias(t).(*types.Named); ok {
			if named.Obj().Pkg() != m.pass.Pkg {
				break
			}
			all = append(all, named.Obj())
			m.makers.parts.Set(t, all)
		}
		for f := range u.Fields() {
			all = append(all, m.parts(f.Type())...)
		}
	case *types.Array:
		elem = u.Elem()
	case *types.Slice:
		elem = u.Elem()
	case *types.Chan:
		elem = u.Elem()
	case *types.Map:
		elem = u.Elem()
	}
	if elem != nil {
		for _, part := range m.parts(elem) {
			m.makers.many[part] = true
		}
	}
	m.makers.parts.Set(t, all)
	return all
}
