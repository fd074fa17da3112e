package poolalias

import (
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// explorer runs one function, path by path, with an eye on one pooled object.
type explorer struct {
	*checker
	fn      *ssa.Function
	root    origin
	numbers map[any]string
	fields  map[string]*types.Var        // the field that a variable is
	foreign map[string]bool              // values whose variables others know
	lits    map[string]literal           // closures, by their name
	values  map[string]ssa.Value         // registers, by their name
	askers  map[string][]*ssa.BasicBlock // who asks for a condition
	fuel    int
	top     *frame
	exits   []exit
	found   []finding
	aliases map[int]ref // results that point into the object; see facts
}

// literal is a closure and where its captured variables are.
type literal struct {
	fn    *ssa.Function
	binds []name
}

// exit is one way in which a function ends.
type exit struct {
	st      *state
	results []name
}

const (
	maxSteps = 6_000  // instructions and facts looked at for one object
	maxTotal = 60_000 // and for all of a package
	maxDepth = 5      // calls within calls
)

// explore follows the object from its origin on through all paths of fn. What it
// finds counts only if it could look at all of them.
func (c *checker) explore(fn *ssa.Function, o origin) *explorer {
	x := &explorer{
		checker: c, fn: fn, root: o, fuel: min(maxSteps, c.fuel),
		numbers: make(map[any]string), fields: make(map[string]*types.Var), foreign: make(map[string]bool),
		lits: make(map[string]literal), values: make(map[string]ssa.Value), aliases: make(map[int]ref), askers: make(map[string][]*ssa.BasicBlock),
	}
	if x.fuel <= 0 {
		return x
	}
	top := &frame{fn: fn, id: x.number(fn)}
	x.top = top
	for _, p := range fn.Params {
		x.foreign[x.key(top, p)] = true
	}
	for _, fv := range fn.FreeVars {
		x.foreign[x.key(top, fv)] = true
	}
	st := newState()
	block, next := fn.Blocks[0], 0
	if at, ok := o.after.(ssa.Instruction); ok {
		block = at.Block()
		next = slices.Index(block.Instrs, at) + 1
	}
	if o.lend == nil {
		x.seed(top, st)
	}
	x.exits = x.run(top, block, next, st)
	for _, e := range x.exits {
		x.atExit(top, e)
	}
	c.fuel -= min(maxSteps, c.fuel) - max(x.fuel, 0)
	if x.fuel <= 0 {
		x.found, x.aliases = nil, nil
	}
	return x
}

// seed makes the state know the object.
func (x *explorer) seed(fr *frame, st *state) {
	if x.root.addr != nil {
		st.held[x.loc(fr, st, x.root.addr)+x.root.path] = ref{}
		return
	}
	k := x.key(fr, x.root.value)
	st.held[k+x.root.path] = ref{}
	if x.root.done != "" {
		st.consts[k+x.root.done] = putsBack
	}
}

// putsBack is what is known of a function that puts the object back.
const putsBack = "^"

type place struct {
	block *ssa.BasicBlock
	next  int
	st    *state
}

// run executes a function from one of its instructions on and returns its ends.
func (x *explorer) run(fr *frame, block *ssa.BasicBlock, next int, st *state) (exits []exit) {
	type at struct {
		block *ssa.BasicBlock
		state uint64
	}
	type ending struct {
		state uint64
		keys  string
	}
	seen := make(map[at]bool)
	ended := make(map[ending]bool)
	work := []place{{block, next, st}}
	for len(work) > 0 && x.fuel > 0 {
		p := work[len(work)-1]
		work = work[:len(work)-1]
		if p.next == 0 {
			k := at{p.block, p.st.key()}
			if seen[k] {
				continue
			}
			seen[k] = true
		}
		x.block(fr, p, &work, func(e exit) {
			k := ending{state: e.st.key()}
			for _, r := range e.results {
				k.keys += "," + r.key
			}
			if !ended[k] {
				ended[k] = true
				exits = append(exits, e)
			}
		})
	}
	return exits
}

// block executes the instructions of a block. A call may end in several ways,
// each of which goes on by itself.
func (x *explorer) block(fr *frame, p place, work *[]place, end func(exit)) {
	for i := p.next; i < len(p.block.Instrs); i++ {
		if x.fuel--; x.fuel <= 0 {
			return
		}
		instr := p.block.Instrs[i]
		switch in := instr.(type) {
		case *ssa.If:
			x.branch(fr, p, in, work)
			return
		case *ssa.Jump:
			*work = append(*work, place{p.block.Succs[0], 0, x.edge(fr, p.block, p.block.Succs[0], p.st)})
			return
		case *ssa.Panic:
			return
		case *ssa.Return:
			e := exit{st: p.st}
			for _, r := range in.Results {
				e.results = append(e.results, name{x.key(fr, r), x.mem(fr, p.st, r)})
			}
			if fr.outer == nil {
				x.returns(fr, p.st, in)
			}
			end(e)
			return
		case *ssa.Call:
			states := x.call(fr, p.st, in, in, &in.Call)
			if len(states) != 1 {
				for _, st := range states {
					*work = append(*work, place{p.block, i + 1, st})
				}
				return
			}
			p.st = states[0]
		case *ssa.RunDefers:
			states := x.runDefers(fr, p.st)
			if len(states) != 1 {
				for _, st := range states {
					*work = append(*work, place{p.block, i + 1, st})
				}
				return
			}
			p.st = states[0]
		default:
			if !x.step(fr, p.st, instr) {
				return
			}
		}
	}
}

// runDefers runs the calls that the function has deferred, last one first.
func (x *explorer) runDefers(fr *frame, st *state) []*state {
	states := []*state{st}
	var mine []deferred
	st.defers = slices.DeleteFunc(slices.Clone(st.defers), func(d deferred) bool {
		if d.fr == fr {
			mine = append(mine, d)
		}
		return d.fr == fr
	})
	for _, d := range slices.Backward(mine) {
		var next []*state
		for _, st := range states {
			next = append(next, x.call(fr, st, d.instr, nil, &d.instr.Call)...)
		}
		states = next
	}
	return states
}

// branch goes both ways, or one if the path knows which.
func (x *explorer) branch(fr *frame, p place, in *ssa.If, work *[]place) {
	cond, want := in.Cond, true
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, want = not.X, !want
	}
	val, known := x.decide(fr, p.st, cond)
	k, positive := x.condKey(fr, p.st, cond, 0)
	for i, succ := range p.block.Succs {
		holds := (i == 0) == want
		if known && holds != val {
			continue
		}
		st := p.st
		if i == 0 && !known {
			st = st.clone() // the other way needs it as well
		}
		if known || k == "" {
			// nothing to learn
		} else if x.asksAgain(fr.fn, in) {
			st.conds[k] = holds == positive
			x.askers[k] = x.asked[fr.fn][in]
		} else if x.asksElsewhere(cond) {
			st.conds[k] = holds == positive
		}
		if holds {
			x.selected(fr, st, cond)
		}
		*work = append(*work, place{succ, 0, x.edge(fr, p.block, succ, st)})
	}
}

// edge goes from one block to the next: the phis of it take their values.
func (x *explorer) edge(fr *frame, from, to *ssa.BasicBlock, st *state) *state {
	if to.Dominates(from) {
		// Another turn: what the path knew of the values of the last one is over.
		clear(st.conds)
		if st.put != nil && !st.put.turned {
			p := *st.put
			p.turned = true
			st.put = &p
		}
	}
	x.fuel -= (len(st.held) + len(st.consts) + len(st.conds)) / 8
	i := slices.Index(to.Preds, from)
	type value struct {
		direct, behind known
		mem            string
		ref            ref
		isRef          bool
	}
	own := make(map[string]bool) // whose memory goes by the name of a phi
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		own[x.key(fr, phi)] = true
	}
	var values []value // all phis take their values at once
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		e := phi.Edges[i]
		v := value{direct: st.of(x.key(fr, e)), mem: x.mem(fr, st, e)}
		if own[root(v.mem)] {
			v.behind = st.of(v.mem)
		}
		v.ref, v.isRef = x.refOf(fr, st, e)
		values = append(values, v)
	}
	for j, v := range values {
		phi := to.Instrs[j].(*ssa.Phi)
		k := x.key(fr, phi)
		st.forget(k)
		st.learn(k, v.direct)
		if own[root(v.mem)] {
			delete(st.alias, k)
			st.learn(k+"*", v.behind)
		} else if pointing(phi.Type()) {
			st.points(k, v.mem)
		}
		if v.isRef {
			st.held[k] = v.ref
		}
		if c, ok := constOf(phi.Edges[i]); ok && c[0] != '\'' {
			st.consts[k] = c
		}
	}
	if len(to.Preds) > 1 {
		x.prune(fr, to, st)
	}
	return st
}

// prune drops what is known of values that nobody asks for from a block on, so
// that paths meet again.
func (x *explorer) prune(fr *frame, to *ssa.BasicBlock, st *state) {
	wanted := func(k string) bool {
		r := root(k)
		if !strings.HasPrefix(r, fr.id+"%") {
			return true
		}
		v := x.values[r]
		return v == nil || x.wanted(v, to) || st.keeps(r)
	}
	var pointed []string
	for more := true; more; {
		more = false
		for k, target := range st.alias {
			if r := root(target); (wanted(k) || slices.Contains(pointed, root(k))) && !slices.Contains(pointed, r) {
				pointed, more = append(pointed, r), true
			}
		}
	}
	live := func(k string) bool { return wanted(k) || slices.Contains(pointed, root(k)) }
	maps.DeleteFunc(st.alias, func(k, _ string) bool { return !live(k) })
	maps.DeleteFunc(st.consts, func(k, _ string) bool { return !live(k) })
	maps.DeleteFunc(st.held, func(k string, _ ref) bool { return !live(k) })
	maps.DeleteFunc(st.conds, func(k string, _ bool) bool {
		return x.askers[k] != nil && !slices.ContainsFunc(x.askers[k], func(b *ssa.BasicBlock) bool { return b.Parent() != to.Parent() || x.reaches(to, b) })
	})
}

// wanted reports whether a value is asked for from a block on.
func (c *checker) wanted(v ssa.Value, to *ssa.BasicBlock) bool {
	k := valueAt{v, to}
	if w, ok := c.want[k]; ok {
		return w
	}
	_, isVar := v.(*ssa.Alloc)
	w := isVar || v.Referrers() == nil || slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref.(type) {
		case *ssa.Defer, *ssa.MakeClosure:
			return true
		}
		return c.reaches(to, ref.Block()) || c.later(ref, to)
	})
	c.want[k] = w
	return w
}

type valueAt struct {
	v  ssa.Value
	to *ssa.BasicBlock
}

// later reports whether an instruction only names a place, which is asked for
// where control goes on to.
func (c *checker) later(instr ssa.Instruction, to *ssa.BasicBlock) bool {
	switch v := instr.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.UnOp, *ssa.ChangeType, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.Convert, *ssa.Select, *ssa.Extract:
		refs := v.(ssa.Value).Referrers()
		return refs != nil && slices.ContainsFunc(*refs, func(ref ssa.Instruction) bool {
			_, isDefer := ref.(*ssa.Defer)
			return isDefer || c.reaches(to, ref.Block()) || c.later(ref, to)
		})
	}
	return false
}

// reaches reports whether control can go from one block to another.
func (c *checker) reaches(from, to *ssa.BasicBlock) bool {
	set := c.reachable[from]
	if set == nil {
		set = make(map[*ssa.BasicBlock]bool)
		work := []*ssa.BasicBlock{from}
		for len(work) > 0 {
			b := work[len(work)-1]
			work = work[:len(work)-1]
			if !set[b] {
				set[b] = true
				work = append(work, b.Succs...)
			}
		}
		c.reachable[from] = set
	}
	return set[to]
}

// asksAgain reports whether a function asks for a condition more than once.
func (x *explorer) asksAgain(fn *ssa.Function, in *ssa.If) bool {
	again, ok := x.asked[fn]
	if !ok {
		again = make(map[*ssa.If][]*ssa.BasicBlock)
		same := make(map[string][]*ssa.If)
		fr, st := &frame{fn: fn, id: x.number(fn)}, newState()
		for _, b := range fn.Blocks {
			if test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
				k, _ := x.condKey(fr, st, unnegated(test.Cond), 0)
				same[k] = append(same[k], test)
			}
		}
		for _, tests := range same {
			for _, test := range tests {
				for _, other := range tests {
					if len(tests) > 1 {
						again[test] = append(again[test], other.Block())
					}
				}
			}
		}
		x.asked[fn] = again
	}
	return len(again[in]) > 0
}

// asksElsewhere reports whether a condition is about a field that other functions
// of the package ask for as well.
func (c *checker) asksElsewhere(cond ssa.Value) bool {
	f := fieldAsked(cond)
	if f == nil {
		return false
	}
	if c.tests == nil {
		c.tests = make(map[*types.Var]*ssa.Function)
		for _, fn := range c.prog.Funcs {
			for _, b := range fn.Blocks {
				test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
				if !ok {
					continue
				}
				f := fieldAsked(unnegated(test.Cond))
				if first, ok := c.tests[f]; !ok {
					c.tests[f] = fn
				} else if first != fn {
					c.tests[f] = nil
				}
			}
		}
	}
	fn, ok := c.tests[f]
	return ok && fn == nil
}

// fieldAsked returns the field that a condition compares with a constant.
func fieldAsked(cond ssa.Value) *types.Var {
	if op, ok := cond.(*ssa.BinOp); ok {
		if _, ok := op.Y.(*ssa.Const); ok {
			cond = op.X
		}
	}
	if load, ok := cond.(*ssa.UnOp); ok && load.Op == token.MUL {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			return fieldOf(fa)
		}
	}
	return nil
}

func unnegated(cond ssa.Value) ssa.Value {
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			return cond
		}
		cond = not.X
	}
}

// decide evaluates a condition as far as the path knows it.
func (x *explorer) decide(fr *frame, st *state, cond ssa.Value) (val, known bool) {
	if c, ok := x.constant(fr, st, cond); ok {
		return c == "true", true
	}
	switch cond := cond.(type) {
	case *ssa.BinOp:
		if cond.Op != token.EQL && cond.Op != token.NEQ {
			break
		}
		a, b := cond.X, cond.Y
		if _, ok := a.(*ssa.Const); ok {
			a, b = b, a
		}
		want, ok := constOf(b)
		if !ok {
			break
		}
		if c, ok := x.constant(fr, st, a); ok {
			return (c == want) == (cond.Op == token.EQL), true
		}
		if want == "nil" && x.notNil(fr, st, a) {
			return cond.Op == token.NEQ, true
		}
	case *ssa.Extract:
		if ta, ok := cond.Tuple.(*ssa.TypeAssert); ok && cond.Index == 1 && x.root.value != nil && ta.X == x.root.value {
			return true, true // the object is of that type: otherwise there is nothing to follow
		}
	}
	if k, positive := x.condKey(fr, st, cond, 0); k != "" {
		if v, ok := st.conds[k]; ok {
			return v == positive, true
		}
	}
	return false, false
}

// constant returns the constant that a value is on this path.
func (x *explorer) constant(fr *frame, st *state, v ssa.Value) (string, bool) {
	if c, ok := constOf(v); ok {
		return c, true
	}
	if call, ok := v.(*ssa.Call); ok {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
			return "nil", true // panics are another story
		}
	}
	k := x.key(fr, v)
	if k[0] == '=' {
		return k[1:], true
	}
	c, ok := st.consts[k]
	if ok && (c[0] == '&' || c == putsBack) {
		return "", false // a closure
	}
	return c, ok
}

func constOf(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok {
		if mi, ok := v.(*ssa.MakeInterface); ok {
			if _, ok := mi.X.(*ssa.Const); ok {
				return "", false
			}
		}
		return "", false
	}
	if c.Value == nil {
		return "nil", true
	}
	if c.Value.Kind() == constant.Bool {
		return c.Value.String(), true
	}
	return "'" + c.Value.ExactString(), true
}

// notNil reports whether a value cannot be nil.
func (x *explorer) notNil(fr *frame, st *state, v ssa.Value) bool {
	if _, ok := st.held[x.key(fr, v)]; ok {
		return true
	}
	switch v.(type) {
	case *ssa.Alloc, *ssa.MakeInterface, *ssa.MakeClosure, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.Function:
		return true
	}
	return false
}

// condKey names a condition by what it is computed from, so that asking the same
// thing twice gives the same answer. It returns "" for what cannot be named.
func (x *explorer) condKey(fr *frame, st *state, v ssa.Value, depth int) (key string, positive bool) {
	if depth > 6 {
		return "", true
	}
	sub := func(v ssa.Value) string {
		k, positive := x.condKey(fr, st, v, depth+1)
		if !positive {
			k = "!" + k
		}
		return k
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		op, positive := v.Op, true
		switch op {
		case token.NEQ:
			op, positive = token.EQL, false
		case token.GEQ:
			op, positive = token.LSS, false
		case token.LEQ:
			op, positive = token.GTR, false
		}
		return "(" + sub(v.X) + op.String() + sub(v.Y) + ")", positive
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			return "*" + x.loc(fr, st, v.X), true
		case token.NOT:
			k, positive := x.condKey(fr, st, v.X, depth+1)
			return k, !positive
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
			return b.Name() + "(" + sub(v.Call.Args[0]) + ")", true
		}
		if fn := v.Call.StaticCallee(); fn != nil && fn.Signature.Recv() != nil && len(v.Call.Args) == 1 {
			return fn.Name() + "(" + sub(v.Call.Args[0]) + ")", true
		}
	}
	return x.key(fr, v), true
}

// selected notes that the case of a select with which a condition is about was chosen.
func (x *explorer) selected(fr *frame, st *state, cond ssa.Value) {
	op, ok := cond.(*ssa.BinOp)
	if !ok || op.Op != token.EQL {
		return
	}
	ext, ok := op.X.(*ssa.Extract)
	if !ok || ext.Index != 0 {
		return
	}
	sel, ok := ext.Tuple.(*ssa.Select)
	if !ok {
		return
	}
	c, ok := op.Y.(*ssa.Const)
	if !ok {
		return
	}
	if i := int(c.Int64()); i >= 0 && i < len(sel.States) {
		if s := sel.States[i]; s.Dir == types.RecvOnly {
			x.receives(st, s.Chan)
		} else {
			x.sends(fr, st, sel, s.Send)
		}
	}
}

// receives notes that something came from a channel: whoever works on the object
// may be done with it, unless the channel only tells the time.
func (x *explorer) receives(st *state, ch ssa.Value) {
	if !clock(ch) {
		st.shared = nil
	}
}

// clock reports whether a channel tells of time or cancellation, not of work done.
func clock(ch ssa.Value) bool {
	switch ch := ch.(type) {
	case *ssa.ChangeType:
		return clock(ch.X)
	case *ssa.Phi:
		return !slices.ContainsFunc(ch.Edges, func(e ssa.Value) bool { _, isConst := e.(*ssa.Const); return !isConst && !clock(e) })
	case *ssa.UnOp:
		if fa, ok := ch.X.(*ssa.FieldAddr); ok {
			return lint.IsNamed(lint.Deref(fa.X.Type()), "time", "Timer", "Ticker")
		}
	case *ssa.Call:
		if m := ch.Call.Method; m != nil {
			return lint.IsMethod(m, "context", "Context", "Done")
		}
		if fn := ch.Call.StaticCallee(); fn != nil {
			return lint.IsFunc(fn.Object(), "time", "After", "Tick")
		}
	}
	return false
}
