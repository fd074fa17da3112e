package syncmodel

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

func (e *explorer) receive(p *path, v *ssa.UnOp) []*path {
	f := p.top()
	f.set(v, nil)
	switch obj := p.eval(v.X).(type) {
	case *Object:
		if !v.CommaOk {
			p.emit(&Event{Kind: EvRecv, Obj: obj, Instr: v})
			return nil
		}
		q := p.clone()
		p.emit(&Event{Kind: EvRecv, Obj: obj, Instr: v, Want: GotValue})
		f.set(v, tuple{nil, truth(true)})
		q.emit(&Event{Kind: EvRecv, Obj: obj, Instr: v, Want: GotClosed})
		q.top().set(v, tuple{nil, truth(false)})
		return []*path{p, q}
	case nilValue:
		return []*path{} // a rule of its own
	default:
		if !external(v.X) {
			p.emit(&Event{Kind: EvBarrier, Instr: v})
		}
	}
	return nil
}

// external reports whether a channel comes from a call of another package, such as
// a timer or the end of a context, which knows nothing of what this package waits for.
func external(ch ssa.Value) bool {
	switch v := ch.(type) {
	case *ssa.Call:
		c := v.Common()
		if c.IsInvoke() {
			return c.Method.Name() == "Done"
		}
		fn := c.StaticCallee()
		return fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "time"
	case *ssa.UnOp:
		if fa, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			t := lint.Deref(fa.X.Type())
			return lint.IsNamed(t, "time", "Timer", "Ticker")
		}
	}
	return false
}

func (e *explorer) selects(p *path, v *ssa.Select) (next []*path) {
	if len(v.States) == 0 {
		p.emit(&Event{Kind: EvHang, Instr: v, Pos: v.Pos()})
		return []*path{p}
	}
	other := !v.Blocking
	cases := make([]*Event, len(v.States))
	var known []*Event
	for i, s := range v.States {
		if s.Send != nil {
			e.escape(p, p.eval(s.Send))
		}
		switch obj := p.eval(s.Chan).(type) {
		case *Object:
			kind := EvRecv
			if s.Dir == types.SendOnly {
				kind = EvSend
			}
			cases[i] = &Event{Kind: kind, Obj: obj, Instr: v, Pos: s.Pos}
			known = append(known, cases[i])
		case nilValue:
			cases[i] = nil
		default:
			other = true
		}
	}
	recvs := 0
	for _, s := range v.States {
		if s.Dir == types.RecvOnly {
			recvs++
		}
	}
	take := func(i int, chosen *Event, ok bool, pos token.Pos) {
		q := p.clone()
		res := make(tuple, 2+recvs)
		res[0], res[1] = number(i), nil
		if chosen != nil && chosen.Kind == EvRecv {
			res[1] = truth(ok)
		}
		q.emit(&Event{Kind: EvSelect, Instr: v, Pos: pos, Cases: known, Chosen: chosen, Other: other})
		q.top().set(v, res)
		next = append(next, q)
	}
	for i, s := range v.States {
		if _, isNil := p.eval(s.Chan).(nilValue); isNil {
			continue
		}
		c := cases[i]
		if c == nil || c.Kind == EvSend {
			take(i, c, false, s.Pos)
			continue
		}
		if okUsed(v) {
			got, closed := *c, *c
			got.Want, closed.Want = GotValue, GotClosed
			take(i, &got, true, s.Pos)
			take(i, &closed, false, s.Pos)
		} else {
			take(i, c, true, s.Pos)
			next[len(next)-1].top().env[v].(tuple)[1] = nil
		}
	}
	if !v.Blocking {
		take(-1, nil, false, v.Pos())
	}
	return next
}

// okUsed reports whether the second value of a receive in a select is looked at.
func okUsed(v *ssa.Select) bool {
	for _, ref := range *v.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 1 && len(*x.Referrers()) > 0 {
			return true
		}
	}
	return false
}
