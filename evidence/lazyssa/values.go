package lazyssa

import (
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// Callee returns the function that a call names; nil if the call is dynamic or the
// function is synthetic.
func Callee(call ssa.CallInstruction) types.Object {
	if fn := call.Common().StaticCallee(); fn != nil {
		return fn.Object()
	}
	return nil
}

// Result returns the value of a result of a call, nil if it is not used. A call that has one result
// is its value.
func Result(call *ssa.Call, i int) ssa.Value {
	if call.Call.Signature().Results().Len() == 1 {
		return call
	}
	return Extracted(call, i)
}

// Extracted returns value i of a tuple, as of a call, a select or a receive with two results; nil if it is
// not used.
func Extracted(tuple ssa.Value, i int) ssa.Value {
	for _, ref := range *tuple.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
			return x
		}
	}
	return nil
}

// Field returns the field whose address is taken. The pointer may be of a type that has a name.
func Field(fa *ssa.FieldAddr) *types.Var {
	t := fa.X.Type()
	if named, ok := types.Unalias(t).(*types.Named); ok {
		t = named.Underlying()
	}
	return lint.Deref(t).Underlying().(*types.Struct).Field(fa.Field)
}

// FieldLoaded returns the address of the field that a value is loaded from, or nil.
func FieldLoaded(v ssa.Value) *ssa.FieldAddr {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return nil
	}
	fa, _ := load.X.(*ssa.FieldAddr)
	return fa
}

// UsesOf yields the uses of the addresses that functions of the package take of a field, each with its
// address.
func (s *SSA) UsesOf(f *types.Var) iter.Seq2[*ssa.FieldAddr, ssa.Instruction] {
	return func(yield func(*ssa.FieldAddr, ssa.Instruction) bool) {
		for _, fa := range s.fields()[f] {
			for _, ref := range *fa.Referrers() {
				if !yield(fa, ref) {
					return
				}
			}
		}
	}
}

// findFields returns the instructions that take the address of each field.
func (s *SSA) findFields() map[*types.Var][]*ssa.FieldAddr {
	addrs := make(map[*types.Var][]*ssa.FieldAddr)
	fns := s.Funcs
	if init := s.Pkg.Func("init"); init != nil {
		fns = append(slices.Clip(fns), init)
	}
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if fa, ok := instr.(*ssa.FieldAddr); ok {
					f := Field(fa).Origin()
					addrs[f] = append(addrs[f], fa)
				}
			}
		}
	}
	return addrs
}

// Var returns field i of the struct that a pointer type points to, as it is declared.
func Var(t types.Type, i int) *types.Var {
	st, ok := lint.Deref(t).Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(i).Origin()
}

// Strip removes conversions that keep the identity of a value.
func Strip(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
}

// Reaches reports whether there is a way, of at least one step, from one block to
// another, or back to the same.
func Reaches(from, to *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := slices.Clone(from.Succs)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// StoresTo returns the stores to a local variable, those in function literals
// included; ok is false if its address is used in other ways.
func StoresTo(addr ssa.Value) (stores []*ssa.Store, ok bool) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == addr {
				return nil, false
			}
			stores = append(stores, ref)
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			inner, ok := StoresTo(ref.Fn.(*ssa.Function).FreeVars[slices.Index(ref.Bindings, addr)])
			if !ok {
				return nil, false
			}
			stores = append(stores, inner...)
		default:
			return nil, false
		}
	}
	return stores, true
}

// LastStored returns what a load of a local variable yields, if it is stored before that in the same
// block and no function literal stores anything there; or nil. The results of a function that defers
// calls are loaded from such variables.
func LastStored(load *ssa.UnOp) (last ssa.Value) {
	cell, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	stores, ok := StoresTo(cell)
	if !ok || slices.ContainsFunc(stores, func(st *ssa.Store) bool { return st.Parent() != load.Parent() }) {
		return nil
	}
	for _, instr := range load.Block().Instrs {
		if instr == load {
			break
		}
		if st, ok := instr.(*ssa.Store); ok && st.Addr == cell {
			last = st.Val
		}
	}
	return last
}

// Returns returns the places where a function returns.
func Returns(fn *ssa.Function) (list []*ssa.Return) {
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			list = append(list, ret)
		}
	}
	return list
}

// OnlyUsed reports whether a local variable is only assigned, and loaded and captured where these
// are accepted; nil accepts none.
func OnlyUsed(cell *ssa.Alloc, loaded func(*ssa.UnOp) bool, captured func(*ssa.MakeClosure) bool) bool {
	return !slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Store:
			return ref.Addr != cell
		case *ssa.UnOp:
			return loaded == nil || !loaded(ref)
		case *ssa.MakeClosure:
			return captured == nil || !captured(ref)
		case *ssa.DebugRef:
			return false
		}
		return true
	})
}

// Binding returns what a free variable stands for in the enclosing function, if there is one place that
// binds it; or nil.
func Binding(fv *ssa.FreeVar) ssa.Value {
	fn := fv.Parent()
	if fn.Parent() == nil {
		return nil
	}
	i := slices.Index(fn.FreeVars, fv)
	var found ssa.Value
	for mc := range Closures(fn) {
		if found != nil {
			return nil
		}
		found = mc.Bindings[i]
	}
	return found
}

// Closures yields where the function around a literal makes a closure of it. There is none for
// literals that capture nothing, and for functions that are not literals.
func Closures(lit *ssa.Function) iter.Seq[*ssa.MakeClosure] {
	return func(yield func(*ssa.MakeClosure) bool) {
		if lit.Parent() == nil {
			return
		}
		for _, b := range lit.Parent().Blocks {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == lit && !yield(mc) {
					return
				}
			}
		}
	}
}

// Before reports whether a is executed before b, both of one function, whenever b is.
func Before(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
	}
	return a.Block().Dominates(b.Block())
}

// IsNil reports whether v is the constant nil.
func IsNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// IsZero reports whether v is nil, or a constant of a type that has no constants in Go: the
// zero value of a struct, an array or a type parameter.
func IsZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil
}

// Outermost returns the declared function that a function literal is in, or the function.
func Outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// Mentions reports whether v, or one of the values that it is computed from in so many
// steps, is accepted.
func Mentions(v ssa.Value, steps int, accept func(ssa.Value) bool) bool {
	if v == nil || steps == 0 {
		return false
	}
	if accept(v) {
		return true
	}
	instr, ok := v.(ssa.Instruction)
	return ok && slices.ContainsFunc(instr.Operands(nil), func(op *ssa.Value) bool { return Mentions(*op, steps-1, accept) })
}

// IsFailure reports whether an error is one wherever it is made: a new one, or a
// package variable.
func IsFailure(err ssa.Value) bool {
	switch v := err.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.Call:
		return lint.IsFunc(Callee(v), "fmt", "Errorf") || lint.IsFunc(Callee(v), "errors", "New")
	case *ssa.UnOp:
		_, ok := v.X.(*ssa.Global)
		return ok && v.Op == token.MUL
	}
	return false
}

// Fails reports whether a return certainly tells of an error, its last result: it is a new
// one, or a condition before has found that it is not nil.
func Fails(ret *ssa.Return) bool {
	if len(ret.Results) == 0 {
		return false
	}
	err := ret.Results[len(ret.Results)-1]
	if !lint.IsError(err.Type()) {
		return false
	}
	return IsFailure(err) || Failed(err, ret.Block())
}

// Failed reports whether a condition before a block has found that an error is not nil.
func Failed(err ssa.Value, b *ssa.BasicBlock) bool {
	for cond, is := range Conditions(b) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok || !(cmp.X == err && IsNil(cmp.Y) || cmp.Y == err && IsNil(cmp.X)) {
			continue
		}
		return cmp.Op == token.NEQ && is || cmp.Op == token.EQL && !is
	}
	return false
}

// Conditions yields the conditions that are decided on every way to a block, the last one first, and
// what they are then.
func Conditions(b *ssa.BasicBlock) iter.Seq2[ssa.Value, bool] {
	return func(yield func(ssa.Value, bool) bool) {
		for ; b.Idom() != nil; b = b.Idom() {
			p := b.Idom()
			br, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
			if ok && len(b.Preds) == 1 && !yield(br.Cond, p.Succs[0] == b) {
				return
			}
		}
	}
}

// Exhausted reports whether the branch for a false condition is that of a switch which has a case
// for every constant of its type: nobody goes there.
func Exhausted(br *ssa.If) bool {
	x, c := comparedWith(br.Cond)
	if x == nil {
		return false
	}
	named, ok := types.Unalias(x.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	seen := map[string]bool{c: true}
	for cond, is := range Conditions(br.Block()) {
		if y, c := comparedWith(cond); y == x && !is {
			seen[c] = true
		}
	}
	if len(seen) < 2 {
		return false
	}
	scope, n := named.Obj().Pkg().Scope(), 0
	for _, name := range scope.Names() {
		if k, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(k.Type(), named) {
			if n++; !seen[k.Val().ExactString()] {
				return false
			}
		}
	}
	return n > 0
}

// comparedWith returns what a condition compares with a constant, and that.
func comparedWith(cond ssa.Value) (x ssa.Value, c string) {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL {
		return nil, ""
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value == nil {
		return nil, ""
	}
	return cmp.X, k.Value.ExactString()
}

// Variable returns the variable that an address is of, through function literals that
// capture it; nil if it is of none.
func Variable(v ssa.Value) *ssa.Alloc {
	for {
		switch x := v.(type) {
		case *ssa.Alloc:
			return x
		case *ssa.FreeVar:
			if v = Binding(x); v == nil {
				return nil
			}
		default:
			return nil
		}
	}
}
