package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// quietly returns a return by which the goroutine of a loop leaves for an error, and does no
// more about it than to log it, or to keep it in a field that those who send do not look at:
// they do not get to know.
func (m *Model) quietly(fn *ssa.Function, recvs, sends []*Op) *ssa.Return {
	if !m.onlyGoes(fn) {
		return nil
	}
	loops := m.loopsOf(fn)
	l := loops[recvs[0].Instr.Block()]
	if l == nil || slices.ContainsFunc(recvs, func(op *Op) bool { return loops[op.Instr.Block()] != l }) {
		return nil
	}
	l = l.outermost()
	for _, b := range fn.Blocks {
		if slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { _, ok := instr.(*ssa.Defer); return ok }) {
			return nil
		}
	}
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.body[b] || !aboutError(br.Cond) {
			continue
		}
		for _, to := range b.Succs {
			if ret := m.silent(to, sends); !l.body[to] && ret != nil {
				return ret
			}
		}
	}
	return nil
}

// ClosesItself reports whether the function that receives from a channel, or what it calls or
// starts, closes it.
func (m *Model) ClosesItself(recv ssa.Instruction) bool {
	return m.Closers(recv.(*ssa.UnOp).X)[recv.Parent()]
}

// Closers returns the functions that close a channel, and all that call or start them.
func (m *Model) Closers(ch ssa.Value) map[*ssa.Function]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	var closes []*Op
	for _, op := range m.node(ch).ops {
		if op.Kind == Close {
			closes = append(closes, op)
		}
	}
	return m.above(closes)
}

// silent returns the return that a block leads to by way of nothing but log messages, and fields
// that those who send do not look at.
func (m *Model) silent(b *ssa.BasicBlock, sends []*Op) *ssa.Return {
	for range 4 {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Return:
				return v
			case *ssa.Store:
				if isMemory(v.Addr) && m.looksAt(v.Addr, sends) {
					return nil
				}
			case *ssa.Send, *ssa.Select, *ssa.MapUpdate, *ssa.Go:
				return nil
			case *ssa.Call:
				fn := lazyssa.Callee(v)
				if lockOpOf(v.Common()) == noLockOp && (fn == nil || fn.Pkg() == nil || !slices.Contains([]string{"fmt", "log", "log/slog", "errors"}, fn.Pkg().Path())) {
					return nil
				}
			}
		}
		if len(b.Succs) != 1 {
			return nil
		}
		b = b.Succs[0]
	}
	return nil
}

// looksAt reports whether those who send may look at a variable: they themselves, those who call
// them, or what these call.
func (m *Model) looksAt(addr ssa.Value, sends []*Op) bool {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return true
	}
	m.indexFields()
	field := m.fieldOf(fa.X.Type(), fa.Field)
	if m.named(field) || m.fieldShared[field] {
		return true
	}
	senders := m.above(sends)
	return slices.ContainsFunc(m.fieldLoads[field], func(load ssa.Value) bool {
		fn := load.Parent()
		return senders[fn] || slices.ContainsFunc(m.sites[fn], func(site ssa.CallInstruction) bool { return senders[site.Parent()] })
	})
}
