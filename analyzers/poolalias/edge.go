package poolalias

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

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
