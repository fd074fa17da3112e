package lostgoroutine

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// Starts is the fact of a function after which a goroutine runs that ends only when a
// method of an object is called, or a function that it returns.
type Starts struct {
	Object  int      // the result that is the object, -1 for the receiver
	Context int      // parameter whose end ends the goroutine, too; -1 if there is none
	Ends    string   // the method that ends it, "" if the object is the function that does
	Keeps   []string // methods that neither end it nor give the object away
	Open    bool     // a field that others can name ends it, too
}

// AFact marks Starts as a fact.
func (*Starts) AFact() {}

func (s *Starts) String() string {
	if s.Ends == "" {
		return fmt.Sprintf("starts a goroutine that result %d ends", s.Object)
	}
	return fmt.Sprintf("starts a goroutine that %s of %d ends", s.Ends, s.Object)
}

// Makes is the fact of a function that returns a new object of which nobody else knows.
type Makes struct{}

// AFact marks Makes as a fact.
func (*Makes) AFact() {}

func (*Makes) String() string { return "makes an object for its caller" }

// maxKeeps bounds the fact: a type with more methods has it without the rest of them.
const maxKeeps = 24

// contracts exports what the functions of the package ask of their callers, and reports
// callers that return without it.
func (f *finder) contracts() {
	os := f.newObligations()
	for obj, o := range os.own {
		if !f.tests.Has(obj.Pos()) {
			f.pass.ExportObjectFact(obj, o.fact)
		}
	}
	f.makers(os)
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) || f.tests.Has(fn.Pos()) && !f.all {
			continue // a test that leaves a goroutine behind ends soon
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				if o := os.of(call); o != nil {
					k := &keeping{f: f, call: call, fact: o.fact, own: o.own}
					k.check(fn)
				}
			}
		}
	}
}

func (f *finder) fact(c *syncmodel.Contract) *Starts {
	s := &Starts{Object: c.Object, Context: c.Context, Keeps: c.Keeps[:min(len(c.Keeps), maxKeeps)], Open: c.Open()}
	if len(c.Ends) > 0 {
		s.Ends = c.Ends[0]
	}
	return s
}

// keeping looks for a path on which a caller forgets the object of a contract.
type keeping struct {
	f    *finder
	call *ssa.Call
	fact *Starts
	own  *syncmodel.Contract // if the package is that of the contract
}

func (k *keeping) check(fn *ssa.Function) {
	if k.f.onlyOnce()[fn] || k.fact.Context >= 0 && !k.endless(k.fact.Context) {
		return
	}
	object, failed := k.object()
	res := k.call.Call.Signature().Results()
	if k.fact.Object < 0 && (object == nil || k.given(object)) {
		return
	}
	if res.Len() > 0 && types.Identical(res.At(res.Len()-1).Type(), types.Universe.Lookup("error").Type()) && !tested(failed) {
		return // whether there is an object is not to be seen
	}
	ret := k.forgets(object, failed)
	if ret == nil {
		return
	}
	what := k.fact.Ends
	if what == "" {
		if !uses(k.call, k.fact.Object) && !k.f.all && !k.doneWith() {
			return // it may be meant to go on
		}
		what = "a call of the function that it returns"
	}
	var rel []analysis.RelatedInformation
	if ret.Pos().IsValid() {
		rel = append(rel, analysis.RelatedInformation{Pos: ret.Pos(), Message: "this return leaves the goroutine behind"})
	}
	if k.own != nil && k.own.Gate != nil {
		rel = append(rel, analysis.RelatedInformation{Pos: k.own.Gate.Go.Pos(), Message: "the goroutine is started here"})
	}
	k.f.report(k.call, contract, fmt.Sprintf("%s starts a goroutine that ends only after %s: %s returns%s without calling it, and nobody else can", lazyssa.Callee(k.call).Name(), what, funcName(fn), k.f.atLine(ret.Pos())), rel...)
}

// doneWith reports whether the function that throws away what ends a goroutine uses what else
// it gets, and for itself alone: it has no use for the goroutine after its return.
func (k *keeping) doneWith() bool {
	used := false
	for _, ref := range *k.call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index != k.fact.Object && !lint.IsError(x.Type()) {
			if _, ok := x.Type().Underlying().(*types.Chan); !ok || !syncmodel.ReceivedOnly(x) {
				return false
			}
			used = used || len(*x.Referrers()) > 0
		}
	}
	return used
}

// object returns the object of the contract, and the error that tells whether there is one;
// nil if it is not one that the function has got for itself.
func (k *keeping) object() (object ssa.Value, failed *ssa.Extract) {
	res := k.call.Call.Signature().Results()
	if k.fact.Object < 0 {
		object = k.call.Call.Args[0]
		if a, ok := object.(*ssa.UnOp); ok && a.Op == token.MUL {
			object = a.X // a copy, as for a value receiver
		}
		if _, ok := object.(*ssa.Alloc); !ok && !k.f.owns(object) {
			object = nil
		}
	} else if res.Len() == 1 {
		object = k.call
	}
	for _, ref := range *k.call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && res.Len() > 1 {
			if x.Index == k.fact.Object {
				object = x
			} else if types.Identical(res.At(x.Index).Type(), types.Universe.Lookup("error").Type()) {
				failed = x
			}
		}
	}
	return object, failed
}

// owns reports whether a value is an object that a constructor has made for its caller alone.
func (f *finder) owns(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok || call.Call.StaticCallee() == nil {
		return false
	}
	fn := call.Call.StaticCallee()
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	if obj, ok := fn.Object().(*types.Func); ok && obj.Pkg() != f.pass.Pkg {
		return f.pass.ImportObjectFact(obj, new(Makes))
	}
	return makes(fn)
}

// makes reports whether a function returns a new object that nobody else knows.
func makes(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if len(ret.Results) != 1 || !unshared(ret.Results[0]) {
			return false
		}
	}
	return len(fn.Blocks) > 0
}

// makers exports which functions make the objects that have a method with a contract.
func (f *finder) makers(os *obligations) {
	owners := make(map[*types.TypeName]bool)
	for obj, o := range os.own {
		if recv := obj.Signature().Recv(); recv != nil && o.fact.Object < 0 {
			if named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named); ok {
				owners[named.Origin().Obj()] = true
			}
		}
	}
	if len(owners) == 0 {
		return
	}
	for _, fn := range f.model.Funcs() {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Parent() != nil || fn.Origin() != nil || f.tests.Has(obj.Pos()) || fn.Signature.Results().Len() != 1 {
			continue
		}
		named, ok := types.Unalias(lint.Deref(fn.Signature.Results().At(0).Type())).(*types.Named)
		if ok && owners[named.Origin().Obj()] && makes(fn) {
			f.pass.ExportObjectFact(obj, new(Makes))
		}
	}
}

// unshared reports whether a value is a new object of which nothing is done but to set its
// fields and to return it.
func unshared(v ssa.Value) bool {
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != a {
				return false
			}
		case *ssa.FieldAddr:
			for _, use := range *ref.Referrers() {
				if st, ok := use.(*ssa.Store); !ok || st.Addr != ref {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// tested reports whether an error is looked at directly.
func tested(err *ssa.Extract) bool {
	if err == nil {
		return false
	}
	for _, ref := range *err.Referrers() {
		if cmp, ok := ref.(*ssa.BinOp); ok && isTest(cmp) {
			return true
		}
	}
	return false
}

func isTest(cmp *ssa.BinOp) bool {
	if c, ok := cmp.Y.(*ssa.Const); !ok || c.Value != nil || cmp.Op != token.NEQ && cmp.Op != token.EQL {
		return false
	}
	return slices.ContainsFunc(*cmp.Referrers(), func(ref ssa.Instruction) bool { _, ok := ref.(*ssa.If); return ok })
}

// given reports whether an object is given away anywhere in its function.
func (k *keeping) given(object ssa.Value) bool {
	return slices.ContainsFunc(k.names(object), func(v ssa.Value) bool {
		return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool { return k.gives(ref, v) })
	})
}

// gives reports whether an instruction other than the call gives the object to others.
func (k *keeping) gives(instr ssa.Instruction, object ssa.Value) bool {
	return instr != k.call && !k.harmless(instr, object) && !k.ending(instr, object)
}

// names returns the object, and what the call returns if that may be it: a method that starts
// something may return its receiver.
func (k *keeping) names(object ssa.Value) []ssa.Value {
	names := []ssa.Value{object}
	if k.fact.Object >= 0 {
		return names
	}
	for i := range k.call.Call.Signature().Results().Len() {
		if v := lazyssa.Result(k.call, i); v != nil && types.Identical(v.Type(), object.Type()) {
			names = append(names, v)
		}
	}
	return names
}

// ending reports whether an instruction is a call or defer of a method of the object.
func (k *keeping) ending(instr ssa.Instruction, object ssa.Value) bool {
	call, ok := instr.(ssa.CallInstruction)
	if !ok || call.Common().IsInvoke() {
		return false
	}
	c := call.Common()
	return c.StaticCallee() != nil && c.Signature().Recv() != nil && len(c.Args) > 0 && c.Args[0] == object &&
		!slices.Contains(c.Args[1:], object)
}

// harmless reports whether what an instruction does with the object neither ends the
// goroutine nor lets anybody else do it.
func (k *keeping) harmless(instr ssa.Instruction, object ssa.Value) bool {
	switch v := instr.(type) {
	case *ssa.DebugRef, *ssa.BinOp:
		return true
	case *ssa.Store:
		fa, ok := v.Addr.(*ssa.FieldAddr)
		return v.Addr == object || ok && v.Val == object && k.own != nil && k.f.model.KeptIn(k.own, fa)
	case *ssa.UnOp: // a copy for a method with a value receiver
		return v.Op == token.MUL && !slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool { return !k.harmless(ref, v) })
	case *ssa.FieldAddr:
		if !k.endedBy(v) {
			return true
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				if _, fresh := ref.Val.(*ssa.MakeChan); ref.Addr != v || !fresh && mayEnd(ref.Val.Type()) {
					return false
				}
			case *ssa.UnOp:
				if mayEnd(ref.Type()) {
					return false
				}
			case *ssa.DebugRef:
			default:
				return false
			}
		}
		return true
	case ssa.CallInstruction:
		c := v.Common()
		fn := c.StaticCallee()
		if fn == nil || c.IsInvoke() {
			return false
		}
		if v == k.call {
			return true
		}
		for i, a := range c.Args {
			if a != object {
				continue
			}
			if i == 0 && fn.Signature.Recv() != nil && slices.Contains(k.fact.Keeps, fn.Name()) {
				continue
			}
			if k.own == nil || !k.f.model.Kept(k.own, fn, i) {
				return false
			}
		}
		return true
	}
	return false
}

// endedBy reports whether a field of the object may be what ends the goroutine.
func (k *keeping) endedBy(addr *ssa.FieldAddr) bool {
	if k.own == nil {
		return k.fact.Open
	}
	st, ok := lint.Deref(addr.X.Type()).Underlying().(*types.Struct)
	return !ok || k.own.EndedBy(st.Field(addr.Field).Origin())
}

// mayEnd reports whether a value of the type could be what ends a goroutine.
func mayEnd(t types.Type) bool {
	_, basic := t.Underlying().(*types.Basic)
	return !basic
}

// forgets returns a return that is reached after the call though nothing but harmless
// things have been done with the object.
func (k *keeping) forgets(object ssa.Value, failed *ssa.Extract) *ssa.Return {
	alias := make(map[ssa.Value]bool)
	if object != nil {
		for _, v := range k.names(object) {
			alias[v] = true
		}
		for changed := true; changed; {
			changed = false
			for v := range alias {
				for _, ref := range *v.Referrers() {
					if phi, ok := ref.(*ssa.Phi); ok && !alias[phi] {
						alias[phi], changed = true, true
					}
				}
			}
		}
	}
	over := func(instr ssa.Instruction) bool {
		for _, op := range instr.Operands(nil) {
			if *op != nil && alias[*op] {
				if _, phi := instr.(*ssa.Phi); !phi && !k.harmless(instr, *op) {
					return true
				}
			}
		}
		return false
	}
	type point struct {
		b *ssa.BasicBlock
		i int
	}
	start := k.call.Block()
	work := []point{{start, slices.Index(start.Instrs, ssa.Instruction(k.call)) + 1}}
	seen := make(map[*ssa.BasicBlock]bool)
blocks:
	for len(work) > 0 {
		p := work[0]
		work = work[1:]
		for _, instr := range p.b.Instrs[p.i:] {
			if x, ok := instr.(*ssa.Extract); ok && x.Tuple == k.call {
				continue
			}
			if over(instr) {
				continue blocks
			}
			if ret, ok := instr.(*ssa.Return); ok {
				return ret
			}
		}
		next := p.b.Succs
		if br, ok := p.b.Instrs[len(p.b.Instrs)-1].(*ssa.If); ok {
			if cmp, ok := br.Cond.(*ssa.BinOp); ok && isTest(cmp) && (failed != nil && cmp.X == failed || alias[cmp.X]) {
				// There is an object where there is no error.
				isNil := 0
				if cmp.Op == token.NEQ {
					isNil = 1
				}
				if alias[cmp.X] {
					isNil = 1 - isNil
				}
				next = next[isNil : isNil+1]
			}
		}
		for _, b := range next {
			if !seen[b] {
				seen[b] = true
				work = append(work, point{b, 0})
			}
		}
	}
	return nil
}

// neverEnded reports goroutines that wait for what nothing in the program ever does.
func (f *finder) neverEnded() {
	for _, g := range f.model.Gates() {
		fn := g.Go.Parent()
		if f.ends(fn) || f.onlyOnce()[fn] || f.tests.Has(g.Go.Pos()) && !f.all || f.reportedGate(g) {
			continue
		}
		if !f.model.Never(g) {
			if e := f.model.Unended(g); e != nil {
				f.reportUnended(g, e)
			}
			continue
		}
		if !f.all && f.saysForever(g) && f.again(g.Go, 3) == nil {
			continue
		}
		var what []string
		var rel []analysis.RelatedInformation
		for _, s := range g.Waits {
			text := "the end of a context at " + f.line(s.At.Pos()) + " that nothing cancels"
			pos := s.Pos()
			if s.Chan != nil {
				text = f.operand(s.At, pos) + " at " + f.line(pos) + ", which nothing closes or sends to"
			}
			if !slices.Contains(what, text) {
				what = append(what, text)
				rel = append(rel, analysis.RelatedInformation{Pos: pos, Message: "it waits here"})
			}
		}
		f.report(g.Go, noExit, "this goroutine never ends: it waits for "+strings.Join(what, " and "), rel...)
	}
}

// reportUnended reports a goroutine that does not listen to the end of its object.
func (f *finder) reportUnended(g *syncmodel.Gate, e *syncmodel.Ender) {
	at := g.Waits[0].At
	f.report(g.Go, noExit, fmt.Sprintf("this goroutine never ends: it ranges over %s at %s, which nothing closes, and %s, which %s, does not end it",
		f.operand(at, at.Pos()), f.line(at.Pos()), e.Method.Name(), closes(e)),
		analysis.RelatedInformation{Pos: at.Pos(), Message: "it waits here"},
		analysis.RelatedInformation{Pos: e.Method.Pos(), Message: "this does not end it"})
}

// closes says what the end of an object does.
func closes(e *syncmodel.Ender) string {
	if _, ok := e.Field.Type().Underlying().(*types.Chan); ok {
		return "closes " + e.Field.Name()
	}
	return "calls " + e.Field.Name()
}

// saysForever reports whether all that a goroutine waits for is a context without an end that its
// go statement gives to it, or every call of the function around that does: it is to go on for as long as
// the program does.
func (f *finder) saysForever(g *syncmodel.Gate) bool {
	if slices.ContainsFunc(g.Waits, func(s *syncmodel.Await) bool { return s.Chan != nil }) {
		return false
	}
	endless := func(arg ssa.Value) bool {
		call, ok := arg.(*ssa.Call)
		return ok && lint.IsEndlessContext(lazyssa.Callee(call))
	}
	start, isGo := g.Go.(*ssa.Go)
	fn := g.Go.Parent()
	sites := f.model.Sites(fn)
	return slices.ContainsFunc(g.Go.Common().Args, endless) || isGo && len(sites) > 0 && slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool {
		i := slices.Index(fn.Params, p)
		return lint.IsNamed(p.Type(), "context", "Context") && gets(start, p) && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
			args := site.Common().Args
			return i >= len(args) || !endless(args[i])
		})
	})
}

// reportedGate reports whether one of the waits of a goroutine, or its start, has been
// reported already.
func (f *finder) reportedGate(g *syncmodel.Gate) bool {
	return f.reported(g.Go) || slices.ContainsFunc(g.Waits, func(s *syncmodel.Await) bool { return f.reported(s.At) })
}

// reported reports whether something has been said of an instruction.
func (f *finder) reported(instr ssa.Instruction) bool {
	pos, _ := lint.Operation(f.pass, instr.Pos())
	return f.said[pos]
}
