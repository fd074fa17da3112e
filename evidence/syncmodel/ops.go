package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

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
						if !isChan(c.Args[0].Type()) {
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
		if !isChan(c.Args[0].Type()) {
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
func (m *Model) ClassOf(ch ssa.Value) *Class {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.node(ch)
}

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
		if obj := f.Object(); depth == 0 || m.taken[f] || obj == nil || m.named(obj) || len(m.sites[f]) == 0 {
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
