package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// A SelfWait is a goroutine that waits for its own end.
type SelfWait struct {
	Wait  *Op
	End   *Op                   // what nobody but the goroutine does, when it ends
	Fn    *ssa.Function         // of the goroutine
	Chain []ssa.CallInstruction // calls that lead from Fn to Wait
	Sure  bool                  // it is the same object, and the calls are to nothing else
	Full  bool                  // of a send: a buffer has to be full first
}

// SelfWaits returns the operations that wait for the end of the goroutine that they may
// run in: for its Done, or for a channel that only it closes.
func (m *Model) SelfWaits() (found []*SelfWait) {
	l := m.Locks()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside&(MaySend|MayClose) != 0 {
			continue
		}
		waits := make(map[ssa.Instruction]*Op)
		var ends []*Op
		for _, op := range c.ops {
			switch op.Kind {
			case Recv, Range, Wait:
				if op.Bare() {
					waits[op.Instr] = op
				}
			case Close, Send, Done:
				ends = append(ends, op)
			}
		}
		if len(waits) == 0 || len(ends) == 0 {
			continue
		}
		for _, end := range ends {
			fn, at := l.atEnd(end)
			if fn == nil || end.Kind != Done && len(ends) > 1 {
				continue
			}
			s := &selfWait{l: l, end: end, fn: fn, at: at, waits: waits, seen: make(map[*ssa.Function]bool)}
			s.visit(fn, nil, true)
			found = append(found, s.found...)
		}
	}
	return found
}

// atEnd returns the function of the goroutine that an operation stands for the end of, and
// the instruction of the function that brings it about; nil for wg.Go.
func (l *Locks) atEnd(op *Op) (*ssa.Function, ssa.Instruction) {
	if op.Kind == Done && op.Instr.(ssa.CallInstruction).Common().StaticCallee().Name() != "Done" {
		fns := l.m.funcsOf(op.Instr.(ssa.CallInstruction).Common().Args[1])
		if len(fns) != 1 {
			return nil, nil
		}
		return fns[0], nil
	}
	fn, at := op.Fn, op.Instr
	if sites := l.m.sites[fn]; fn.Parent() != nil && len(sites) == 1 && sites[0].Parent() == fn.Parent() {
		if d, ok := sites[0].(*ssa.Defer); ok { // defer func() { close(done) }()
			fn, at = fn.Parent(), d
		}
	}
	if !l.m.goes(fn) {
		return nil, nil
	}
	return fn, at
}

// selfWait looks for waits in what a goroutine calls.
type selfWait struct {
	l     *Locks
	end   *Op
	fn    *ssa.Function
	at    ssa.Instruction
	waits map[ssa.Instruction]*Op
	in    *loop // of Fn, that alone counts; or nil
	seen  map[*ssa.Function]bool
	found []*SelfWait
}

// SelfSends returns the sends of a loop to the channel that nobody but it receives from: End is the
// receive. Where the channel has a buffer, others send to it as well, and may fill it.
func (m *Model) SelfSends() (found []*SelfWait) {
	l := m.Locks()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside&MayRecv != 0 || len(c.makes) == 0 || c.Has(Measure) {
			continue
		}
		var recv *Op
		alone := true
		sends := make(map[ssa.Instruction]*Op)
		for _, op := range c.ops {
			switch {
			case op.Kind == Recv || op.Kind == Range:
				alone = alone && recv == nil // another one may make room before
				recv = op
			case op.Kind == Send && op.Bare():
				sends[op.Instr] = op
			}
		}
		if recv == nil || !alone || len(sends) == 0 || !m.goesOn(recv) || !m.onlyGoes(m.homeOf(recv.Fn)) || m.restarted(m.homeOf(recv.Fn)) {
			continue
		}
		s := &selfWait{l: l, end: recv, fn: recv.Fn, waits: sends, in: m.loopsOf(recv.Fn)[recv.Instr.Block()].outermost(), seen: make(map[*ssa.Function]bool)}
		s.visit(recv.Fn, nil, true)
		room := slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool {
			n, known := m.Capacity(mk)
			return !known || n > 0
		})
		if room && !m.filledBesides(c, s.seen) {
			continue // what it takes out makes room for what it sends
		}
		for _, x := range s.found {
			x.Full = room
			found = append(found, x)
		}
	}
	return found
}

// filledBesides reports whether others than some functions, and than those who make a channel, send to it for
// callers of other packages: how often is up to these.
func (m *Model) filledBesides(c *Class, own map[*ssa.Function]bool) bool {
	return slices.ContainsFunc(c.ops, func(op *Op) bool {
		if op.Kind != Send || own[op.Fn] || slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool { return mk.Parent() == op.Fn }) {
			return false
		}
		return m.public(op.Fn) || slices.ContainsFunc(m.sites[op.Fn], func(site ssa.CallInstruction) bool { return !own[site.Parent()] && m.public(site.Parent()) })
	})
}

func (s *selfWait) visit(fn *ssa.Function, chain []ssa.CallInstruction, sure bool) {
	if s.seen[fn] || len(chain) > maxChain || len(s.seen) > maxNeedSteps {
		return
	}
	s.seen[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if len(chain) == 0 && (s.over(instr) || s.in != nil && !s.in.body[b]) {
				continue
			}
			if op := s.waits[instr]; op != nil {
				if same, exact := s.same(op, chain); same && s.reached(instr, chain) != never {
					s.found = append(s.found, &SelfWait{Wait: op, End: s.end, Fn: s.fn, Chain: slices.Clone(chain),
						Sure: sure && exact && s.reached(instr, chain) == always && !s.l.m.stateGuarded(instr, nil)})
				}
			}
			call, ok := instr.(ssa.CallInstruction)
			if _, isGo := instr.(*ssa.Go); !ok || isGo || formats(call.Common()) {
				continue
			}
			fns := s.l.callees(call)
			r := s.reached(instr, chain)
			if len(fns) == 0 || r == never {
				continue
			}
			for _, callee := range fns {
				s.visit(callee, append(slices.Clone(chain), call), sure && r == always && len(fns) == 1 && s.l.m.known(call))
			}
		}
	}
}

// over reports whether the goroutine has said that it ends when it comes to an instruction
// of its function.
func (s *selfWait) over(instr ssa.Instruction) bool {
	if s.at == nil || s.at == instr {
		return s.at == instr
	}
	if _, isDefer := s.at.(*ssa.Defer); isDefer {
		// Not counted yet; or deferred before, to run after it.
		after := s.at.Block() == instr.Block() && indexIn(s.at) < indexIn(instr)
		return !after && !lazyssa.Reaches(s.at.Block(), instr.Block())
	}
	return reaches(s.at, instr)
}

// same reports whether an operation is on the object that stands for the end of the
// goroutine, for all that is known, and whether that is sure.
func (s *selfWait) same(op *Op, chain []ssa.CallInstruction) (same, exact bool) {
	p := s.l.place(op.Object)
	plain := true
	for _, call := range slices.Backward(chain) {
		fns := s.l.callees(call)
		plain = plain && call.Common().StaticCallee() != nil
		if p == nil || len(fns) != 1 {
			p = nil
			continue
		}
		p = s.l.translate(p, fns[0], call)
	}
	if end := s.l.place(s.end.Object); p == end {
		return true, true
	}
	return !plain, false // the other object may lead back to this one
}

type reachedWhen int

const (
	never reachedWhen = iota
	maybe
	always
)

// reached tells whether the parameters allow that an instruction is come to, as the last
// call of a chain sets them.
func (s *selfWait) reached(instr ssa.Instruction, chain []ssa.CallInstruction) reachedWhen {
	gs := guards(instr)
	if len(gs) == 0 {
		return always
	}
	if len(chain) == 0 {
		return maybe
	}
	r := always
	for _, g := range gs {
		v := argument(g.param, instr.Parent(), chain[len(chain)-1])
		c, ok := v.(*ssa.Const)
		switch {
		case !ok:
			r = maybe
		case g.kind == 'n' && c.IsNil() != g.want, g.kind == 'b' && c.Value != nil && (c.Value.String() == "true") != g.want:
			return never
		}
	}
	return r
}
