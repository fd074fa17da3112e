package syncmodel

import (
	"cmp"
	"encoding/binary"
	"go/types"
	"math/bits"
	"reflect"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A key is built from what distinguishes paths, events or states. Its bytes mean
// nothing outside the run.
type key []byte

// A digest stands for a key where very many are remembered.
type digest [2]uint64

// digest returns a digest of the key: two sums of 64 bits that have nothing in common.
func (k key) digest() digest {
	a, b := uint64(14695981039346656037), uint64(0x9e3779b97f4a7c15)
	for len(k) >= 8 {
		x := binary.LittleEndian.Uint64(k)
		a = (a ^ x) * 1099511628211
		a ^= a >> 29
		b = bits.RotateLeft64(b+x, 27) * 0xff51afd7ed558ccd
		b ^= b >> 33
		k = k[8:]
	}
	for _, c := range k {
		a = (a ^ uint64(c)) * 1099511628211
		b = bits.RotateLeft64(b+uint64(c), 27) * 0xff51afd7ed558ccd
	}
	return digest{a, b}
}

// pointer adds the identity of what v, a pointer or nil, points to.
func (k *key) pointer(v any) {
	var at uintptr
	if v != nil {
		at = reflect.ValueOf(v).Pointer()
	}
	*k = binary.LittleEndian.AppendUint64(*k, uint64(at))
}

// field adds the identity of a field, or of none.
func (k *key) field(f *types.Var) {
	if f == nil {
		k.pointer(nil)
	} else {
		k.pointer(f)
	}
}

func (k *key) number(n int)  { *k = binary.AppendVarint(*k, int64(n)) }
func (k *key) text(s string) { k.number(len(s)); *k = append(*k, s...) }

func (k *key) flag(b bool) {
	if b {
		*k = append(*k, 1)
	} else {
		*k = append(*k, 0)
	}
}

// value adds a value with all that it leads to, variables by what they hold.
func (k *key) value(p *path, v value, depth int) {
	switch v := v.(type) {
	case nil:
		k.number(0)
	case *Object:
		k.number(1)
		k.pointer(v)
	case *closure:
		k.number(2)
		if depth == 0 {
			k.pointer(v)
			return
		}
		k.pointer(v.fn)
		for _, x := range v.binds {
			k.value(p, x, depth-1)
		}
	case cell:
		k.number(3)
		if depth == 0 {
			k.number(int(v))
		} else {
			k.value(p, p.vars.at(v), depth-1)
		}
	case part:
		k.value(p, v.addr, depth)
	case structure:
		k.number(4)
		if depth == 0 {
			k.number(v.base)
		} else {
			k.value(p, p.vars.row(v), depth-1)
		}
	case record:
		k.number(5)
		k.value(p, tuple(v), depth)
	case tuple:
		k.number(6)
		k.number(len(v))
		for _, x := range v {
			k.value(p, x, depth)
		}
	case number:
		k.number(7)
		k.number(int(v))
	case truth:
		k.number(8)
		k.flag(bool(v))
	case text:
		k.number(9)
		k.text(string(v))
	case nilValue:
		k.number(10)
	case gone:
		k.number(11)
	case ctxValue:
		k.number(12)
		k.pointer(v.done)
	case cancelValue:
		k.number(13)
		k.pointer(v.done)
	}
}

// event adds an event, the loops around it excepted.
func (k *key) event(ev *Event) {
	k.number(int(ev.Kind))
	k.pointer(ev.Obj)
	k.pointer(ev.Instr)
	k.number(int(ev.Pos))
	k.number(int(ev.Want))
	k.number(ev.N)
	k.pointer(ev.Child)
	k.number(len(ev.Cases))
	for _, c := range ev.Cases {
		k.event(c)
	}
	if k.flag(ev.Chosen != nil); ev.Chosen != nil {
		k.event(ev.Chosen)
	}
}

// key identifies what of a path decides how it goes on.
func (p *path) key() digest {
	k := p.m.scratch[:0]
	for _, f := range p.frames {
		k.pointer(f.fn)
		k.number(f.block.Index)
		k.number(f.idx)
		if f.idx == 0 && f.prev != nil { // the values that its phis are about to get
			i := slices.Index(f.block.Preds, f.prev)
			for _, instr := range f.block.Instrs {
				phi, ok := instr.(*ssa.Phi)
				if !ok {
					break
				}
				k.value(p, f.eval(phi.Edges[i]), 2)
			}
		}
		for l := p.m.loopsOf(f.fn)[f.block]; l != nil; l = l.outer {
			k.number(f.trips[l])
		}
		for _, phi := range constants(f) {
			k.pointer(phi)
			k.value(p, f.env[phi], 0)
		}
		k.number(len(f.defers))
	}
	for _, ev := range p.trace {
		k.pointer(ev)
	}
	var names []int
	for name, val := range p.decided {
		n := 2 * p.m.numberOf(name)
		if val {
			n++
		}
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		k.number(n)
	}
	k.flag(p.turns)
	k.flag(p.dataDep)
	k.number(len(p.guessed))
	p.m.scratch = k
	return k.digest()
}

// numberOf numbers the names of conditions.
func (m *Model) numberOf(name string) int {
	n, ok := m.numbers[name]
	if !ok {
		n = len(m.numbers)
		m.numbers[name] = n
	}
	return n
}

// constants lists the phis of a frame that are known to be constant, in order.
func constants(f *frame) (phis []*ssa.Phi) {
	for v, x := range f.env {
		if phi, ok := v.(*ssa.Phi); ok && constantValue(x) {
			phis = append(phis, phi)
		}
	}
	slices.SortFunc(phis, func(a, b *ssa.Phi) int { return cmp.Compare(a.Name(), b.Name()) })
	return phis
}

// key identifies a state. Goroutines that are alike may stand in for each other, so
// that their order is of no account.
func (s *state) key() digest {
	at := make([]key, len(s.procs))
	for i := range s.procs {
		at[i].pointer(s.procs[i].t)
		at[i].number(s.procs[i].i)
	}
	slices.SortFunc(at[1:], func(a, b key) int { return slices.Compare(a, b) })
	k := make(key, 0, 12*len(at)+4*len(s.objs))
	for _, p := range at {
		k = append(k, p...)
	}
	objs := s.objs
	for len(objs) > 0 && objs[len(objs)-1] == (objState{}) {
		objs = objs[:len(objs)-1]
	}
	for _, o := range objs {
		k.number(o.n)
		k.number(o.recvd)
		k.flag(o.closed)
	}
	return k.digest()
}
