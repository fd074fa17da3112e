package syncmodel

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A Feed is a function that returns a channel to which a goroutine that it starts sends. Whoever calls
// it must receive, if the channel has no buffer.
type Feed struct {
	Fn     *ssa.Function
	Result int
	Send   ssa.Instruction // waits for a receiver, and for nothing else; nil if none does
	Many   bool            // it may send more than once
	Fails  bool            // it sends only when something has failed
	Open   *ssa.Return     // by which the goroutine leaves without the close that other ways lead to, or nil
	Deaf   []*Deaf
}

// Feeds returns the declared functions of the package that are feeds.
func (m *Model) Feeds() (fs []*Feed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fn := range m.ssa.Funcs {
		if fn.Parent() != nil || fn.Object() == nil || !returnsChan(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				mk, ok := instr.(*ssa.MakeChan)
				if !ok {
					continue
				}
				room, known := m.Capacity(mk)
				if !known {
					continue
				}
				f := &feed{m: m, fn: fn, room: room, result: -1, seen: make(map[ssa.Value]bool)}
				if !f.follow(mk) || f.result < 0 {
					continue
				}
				feed := &Feed{Fn: fn, Result: f.result, Deaf: f.deaf()}
				if room == 0 {
					feed.Send, feed.Open = f.send, m.staysOpen(m.node(mk))
					feed.Many = f.send != nil && (f.sends > 1 || inCycle(f.send.Block()))
					feed.Fails = f.send != nil && !f.regular
				}
				if feed.Send != nil || feed.Open != nil || len(feed.Deaf) > 0 {
					fs = append(fs, feed)
				}
			}
		}
	}
	return fs
}

// staysOpen returns the return by which the only goroutine that closes a channel may leave
// without closing it, and without telling anybody anything else.
func (m *Model) staysOpen(c *Class) *ssa.Return {
	var closes []*Op
	for _, op := range c.ops {
		if op.Kind == Close {
			closes = append(closes, op)
		}
	}
	fns := functions(closes)
	if len(fns) != 1 || !m.onlyGoes(fns[0]) || slices.ContainsFunc(closes, func(op *Op) bool { return decided(op.Instr) }) || !m.silently(c, fns[0], closes) {
		return nil
	}
	return m.wayOut(c, closes, m.above(closes)).find(fns[0].Blocks[0], 0)
}

func returnsChan(fn *ssa.Function) bool {
	for r := range fn.Signature.Results().Variables() {
		if isChan(r.Type()) {
			return true
		}
	}
	return false
}

// feed follows a channel that a function makes.
type feed struct {
	m      *Model
	fn     *ssa.Function
	room   int64
	result int
	send   ssa.Instruction
	bare   []*ssa.Send
	sends  int
	seen   map[ssa.Value]bool

	regular bool // a send does not depend on an error
}

// follow reports whether nothing is done with the channel but to return it, and to send to
// it and close it in goroutines of the function.
func (f *feed) follow(v ssa.Value) bool {
	if f.seen[v] {
		return true
	}
	f.seen[v] = true
	for _, ref := range *v.Referrers() {
		ok := false
		switch ref := ref.(type) {
		case *ssa.DebugRef:
			ok = true
		case *ssa.Return:
			f.result, ok = slices.Index(ref.Results, v), ref.Parent() == f.fn
		case *ssa.Send:
			if ref.Parent() == f.fn { // puts the first ones into the buffer
				ok = ref.Chan == v && f.room > 0
				break
			}
			if ok = ref.Chan == v; ok {
				f.sends++
				f.regular = f.regular || !underError(ref.Block())
				f.bare = append(f.bare, ref)
				if f.send == nil {
					f.send = ref
				}
			}
		case *ssa.Select: // it may give up
			f.sends++
			ok = ref.Parent() != f.fn && !slices.ContainsFunc(ref.States, func(st *ssa.SelectState) bool {
				return st.Chan == v && st.Dir == types.RecvOnly || st.Send == v
			})
		case *ssa.ChangeType:
			ok = f.follow(ref)
		case *ssa.UnOp: // a load of the variable that holds it
			ok = ref.Op == token.MUL && f.follow(ref)
		case *ssa.Store:
			a, local := ref.Addr.(*ssa.Alloc)
			ok = ref.Addr == v || local && len(stores(a)) == 1 && f.follow(a)
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			ok = f.m.goes(fn) && len(f.m.sites[fn]) == 1
			for i, b := range ref.Bindings {
				if b == v && ok {
					ok = f.follow(fn.FreeVars[i])
				}
			}
		case ssa.CallInstruction:
			ok = f.passed(ref, v)
		}
		if !ok {
			return false
		}
	}
	return true
}

// passed follows the channel into a call.
func (f *feed) passed(call ssa.CallInstruction, v ssa.Value) bool {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return b.Name() == "close"
	}
	fn := c.StaticCallee()
	_, isGo := call.(*ssa.Go)
	if fn == nil || !f.m.inside(fn) || !isGo && call.Parent() == f.fn {
		return false
	}
	fn = origin(fn)
	for i, a := range c.Args {
		if a == v && (i >= len(fn.Params) || !f.follow(fn.Params[i])) {
			return false
		}
	}
	return true
}

// Unheard returns a return that is come to after a call without a receive from the channel
// that the call has returned, or, if many values are sent to it, from within the one loop
// that receives them; nil if there is none, or if others may receive.
func (m *Model) Unheard(ch ssa.Value, call ssa.Instruction, many bool) *ssa.Return {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.leftWith(ch, call, many)
}

// A LeftFeed is a goroutine of a function of another package that sends to a channel of the function which starts
// it, for as long as it has something to send, while that may return from its loop over the channel.
type LeftFeed struct {
	Go  *ssa.Go
	Ret *ssa.Return
}

// LeftFeeds returns the goroutines of that kind which nobody else receives from.
func (m *Model) LeftFeeds() (left []LeftFeed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fn := range m.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				start, ok := instr.(*ssa.Go)
				if !ok || start.Call.StaticCallee() == nil {
					continue
				}
				effect := m.chanEffect(start.Call.StaticCallee())
				if effect == nil {
					continue
				}
				for _, i := range effect.Many {
					arg := start.Call.Args[i]
					if conv, ok := arg.(*ssa.ChangeType); ok {
						arg = conv.X
					}
					made, ok := arg.(*ssa.MakeChan)
					if !ok {
						continue
					}
					if n, known := m.Capacity(made); !known || n != 0 {
						continue
					}
					if ret := m.leftWith(made, start, true); ret != nil {
						left = append(left, LeftFeed{start, ret})
					}
				}
			}
		}
	}
	return left
}

// leftWith is Unheard; the goroutine that a go statement starts with the channel does not receive.
func (m *Model) leftWith(ch ssa.Value, call ssa.Instruction, many bool) *ssa.Return {
	h := &hearing{over: make(map[ssa.Instruction]bool), chosen: make(map[*ssa.BasicBlock]bool)}
	h.by, _ = call.(*ssa.Go)
	if !h.uses(ch, 4) {
		return nil
	}
	if !many {
		return h.find(call.Block(), indexIn(call)+1)
	}
	if len(h.over) != 1 || len(h.chosen) > 0 {
		return nil
	}
	for recv := range h.over {
		b := recv.Block()
		if l := m.loopsOf(call.Parent())[b]; l != nil && l.header == b && l.kind == rangeLoop {
			h.loop = l
			for _, to := range b.Succs {
				if l.body[to] {
					return h.find(to, 0)
				}
			}
		}
	}
	return nil
}

// untilClosed reports whether a loop begins with a receive and is left when that has got nothing, as a
// range loop that is written out: v, ok := <-ch.
func (l *loop) untilClosed(recv ssa.Instruction) bool {
	br, ok := recv.Block().Instrs[len(recv.Block().Instrs)-1].(*ssa.If)
	if !ok || l.body[recv.Block().Succs[1]] {
		return false
	}
	x, ok := br.Cond.(*ssa.Extract)
	return ok && x.Index == 1 && x.Tuple.(ssa.Instruction) == recv && isReceive(x.Tuple)
}

// hearing is who receives from a channel of its own.
type hearing struct {
	over   map[ssa.Instruction]bool // receives
	chosen map[*ssa.BasicBlock]bool // end in the test for a case that receives
	loop   *loop                    // that receives many values; what they say may end it
	by     *ssa.Go                  // starts who sends, or nil
}

// uses reports whether nothing is done with a channel but to receive from it.
func (h *hearing) uses(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, ref := range *v.Referrers() {
		ok := false
		switch ref := ref.(type) {
		case *ssa.DebugRef:
			ok = true
		case *ssa.UnOp:
			if ok = isReceive(ref); ok {
				h.over[ref] = true
			} else if ref.Op == token.MUL {
				ok = h.uses(ref, depth-1)
			}
		case *ssa.Select:
			ok = true
			for i, st := range ref.States {
				if st.Chan != v {
					continue
				}
				from := caseOf(ref, i)
				if from == nil || st.Dir != types.RecvOnly {
					return false
				}
				h.chosen[from] = true
			}
		case *ssa.ChangeType:
			ok = h.uses(ref, depth-1)
		case *ssa.Store:
			a, local := ref.Addr.(*ssa.Alloc)
			ok = ref.Addr == v || local && len(stores(a)) == 1 && h.uses(a, depth-1)
		case *ssa.Go:
			ok = ref == h.by
		}
		if !ok {
			return false
		}
	}
	return true
}

// find returns the first return that is come to without a receive.
func (h *hearing) find(b *ssa.BasicBlock, i int) (found *ssa.Return) {
	ways(b, i, func(instr ssa.Instruction) bool {
		if ret, ok := instr.(*ssa.Return); ok {
			found = cmp.Or(found, ret)
		}
		return found == nil && !h.over[instr]
	}, h.next)
	return found
}

// next returns the blocks that may follow one, other than the cases that receive.
func (h *hearing) next(b *ssa.BasicBlock) []*ssa.BasicBlock {
	next := b.Succs
	if h.chosen[b] {
		next = next[1:]
	}
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || h.loop == nil || !h.loop.body[b] || !byMessage(br.Cond, 6) && !(h.by != nil && asksMessage(br.Cond)) {
		return next
	}
	// Who has sent a message knows what follows when it ends the loop.
	return slices.DeleteFunc(slices.Clone(next), func(to *ssa.BasicBlock) bool { return !h.loop.body[to] })
}

// asksMessage reports whether a condition is about what a function says of what has been received,
// other than that it failed with it.
func asksMessage(cond ssa.Value) bool {
	switch v := cond.(type) {
	case *ssa.UnOp:
		return v.Op == token.NOT && asksMessage(v.X)
	case *ssa.BinOp:
		return asksMessage(v.X) || asksMessage(v.Y)
	case *ssa.Call:
		return !lint.IsError(v.Type()) && slices.ContainsFunc(v.Call.Args, func(arg ssa.Value) bool { return byMessage(arg, 6) })
	}
	return false
}
