package poolalias

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
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
	maxSteps = 4_000  // instructions and facts looked at for one object
	maxTotal = 40_000 // and for all of a package
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
		x.foreign[x.key(top, fv)] = !scratch(fv) && !dies(fv)
	}
	st := newState()
	block, next := fn.Blocks[0], 0
	if at, ok := o.after.(ssa.Instruction); ok {
		block = at.Block()
		next = slices.Index(block.Instrs, at) + 1
	}
	if o.lend == nil {
		x.seed(top, st)
		x.flags(top, st, block)
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

// scratch reports whether the function sets a captured variable each time before it looks
// at it, and nobody else looks: what is in it afterwards is of no use.
func scratch(fv *ssa.FreeVar) bool {
	var stores, loads []ssa.Instruction
	for _, ref := range *fv.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != fv {
				return false
			}
			stores = append(stores, ref)
		case *ssa.UnOp:
			loads = append(loads, ref)
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	for _, load := range loads {
		if !slices.ContainsFunc(stores, func(store ssa.Instruction) bool { return lazyssa.Before(store, load) }) {
			return false
		}
	}
	cell, ok := lazyssa.Binding(fv).(*ssa.Alloc)
	return ok && lazyssa.OnlyUsed(cell, nil, func(mc *ssa.MakeClosure) bool { return mc.Fn == fv.Parent() })
}

// dies reports whether a captured variable is one that no code sees after the literal, which
// the function around it has deferred: neither a result nor shared with other literals.
func dies(fv *ssa.FreeVar) bool {
	cell, ok := lazyssa.Binding(fv).(*ssa.Alloc)
	return ok && lazyssa.OnlyUsed(cell, func(load *ssa.UnOp) bool {
		return !slices.ContainsFunc(*load.Referrers(), func(use ssa.Instruction) bool { _, ok := use.(*ssa.Return); return ok })
	}, func(mc *ssa.MakeClosure) bool {
		return mc.Fn == fv.Parent() && !slices.ContainsFunc(*mc.Referrers(), func(use ssa.Instruction) bool {
			d, ok := use.(*ssa.Defer)
			return !ok || d.Call.Value != mc
		})
	})
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
		if lazyssa.Ends(instr) {
			return
		}
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
		if len(st.shared) > 0 && x.gathers(p.block, succ) {
			st.shared = nil
		}
		*work = append(*work, place{succ, 0, x.edge(fr, p.block, succ, st)})
	}
}
