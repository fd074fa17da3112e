package syncmodel

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A ChanEffect is the fact of a function that gets channels or wait groups and keeps none of them:
// what it may do with each, and what it does for certain.
type ChanEffect struct {
	May  []ChanMay
	Does []ChanStep // on every way through it, in this order, in its own goroutine
	Sure bool       // Does is all that it does
	Many []int      // parameters to which it sends in a loop, and waits for a receiver each time; it receives nothing from them
}

// A ChanMay says what is done with a channel at most.
type ChanMay struct {
	Param int // the receiver being the first
	May   Who
}

// A ChanStep is an operation on a parameter.
type ChanStep struct {
	Param int
	Kind  EventKind // EvSend, EvRecv, EvClose, EvAdd or EvWait
	N     int       // of an EvAdd
}

// AFact marks ChanEffect as a fact.
func (*ChanEffect) AFact() {}

func (e *ChanEffect) String() string {
	var says []string
	for _, p := range e.May {
		var may []string
		for i, verb := range []string{"send to", "receive from", "close"} {
			if p.May&(1<<i) != 0 {
				may = append(may, verb)
			}
		}
		if may == nil {
			may = []string{"do nothing with"}
		}
		says = append(says, fmt.Sprintf("may %s %d", strings.Join(may, ", "), p.Param))
	}
	if e.Sure {
		does := []string{"does"}
		for _, s := range e.Does {
			verb := map[EventKind]string{EvSend: "send", EvRecv: "recv", EvClose: "close", EvAdd: "add", EvWait: "wait"}[s.Kind]
			does = append(does, fmt.Sprintf("%s %d", verb, s.Param))
		}
		says = append(says, strings.Join(does, " "))
	}
	for _, i := range e.Many {
		says = append(says, fmt.Sprintf("sends many to %d", i))
	}
	return strings.Join(says, "; ")
}

// chanEffects returns what the exported functions of the package do with the channels and wait
// groups that they are given.
func (m *Model) chanEffects() map[*types.Func]*ChanEffect {
	m.mu.Lock()
	defer m.mu.Unlock()
	effects := make(map[*types.Func]*ChanEffect)
	for _, fn := range m.funcs {
		obj := m.exported(fn)
		if obj == nil {
			continue
		}
		e := new(ChanEffect)
		given := false
		for i, p := range fn.Params {
			if isChan(p.Type()) {
				given = true
				may := m.mayDo(p, make(map[ssa.Value]bool))
				if may != mayByType(p.Type()) {
					e.May = append(e.May, ChanMay{i, may})
				}
				if may&MaySend != 0 && may&MayRecv == 0 && m.sendsMany(p, make(map[ssa.Value]bool)) {
					e.Many = append(e.Many, i)
				}
			}
			given = given || isSync(lint.Deref(p.Type()))
		}
		if !given {
			continue
		}
		e.Does, e.Sure = m.steps(fn)
		if len(e.May)+len(e.Many) > 0 || e.Sure {
			effects[obj] = e
		}
	}
	return effects
}

func isChan(t types.Type) bool { return lint.Chan(t) != nil }

// mayByType tells what somebody may do with a channel of a type.
func mayByType(t types.Type) Who {
	if ch := lint.Chan(t); ch != nil {
		switch ch.Dir() {
		case types.RecvOnly:
			return MayRecv
		case types.SendOnly:
			return MaySend | MayClose
		}
	}
	return Anything
}

// mayDo tells what may be done with a channel that a value is, by what the package does with it;
// all that its type allows if it is kept anywhere.
func (m *Model) mayDo(v ssa.Value, seen map[ssa.Value]bool) (may Who) {
	if seen[v] || v.Referrers() == nil {
		return 0
	}
	seen[v] = true
	anything := mayByType(lint.Deref(v.Type()))
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Send:
			if ref.X == v {
				return anything
			}
			may |= MaySend
		case *ssa.UnOp: // a receive, or a load of the variable that holds it
			if isChan(v.Type()) {
				may |= MayRecv
			} else {
				may |= m.mayDo(ref, seen)
			}
		case *ssa.Select:
			for _, st := range ref.States {
				switch {
				case st.Send == v:
					return anything
				case st.Chan == v && st.Dir == types.SendOnly:
					may |= MaySend
				case st.Chan == v:
					may |= MayRecv
				}
			}
		case *ssa.ChangeType:
			may |= m.mayDo(ref, seen)
		case *ssa.Phi:
			may |= m.mayDo(ref, seen)
		case *ssa.Store:
			cell, ok := ref.Addr.(*ssa.Alloc)
			switch {
			case ref.Val != v:
			case !ok:
				return anything
			default:
				may |= m.mayDo(cell, seen)
			}
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			if !m.inside(fn) {
				return anything
			}
			for i, b := range ref.Bindings {
				if b == v {
					may |= m.mayDo(fn.FreeVars[i], seen)
				}
			}
		case ssa.CallInstruction:
			may |= m.passed(v, ref, seen)
		default:
			return anything
		}
	}
	return may
}

// sendsMany reports whether a function sends to a channel in a loop, itself or in one that it calls or
// starts, where nothing but a receiver lets it go on.
func (m *Model) sendsMany(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Send:
			return ref.Chan == v && inCycle(ref.Block())
		case *ssa.ChangeType:
			return m.sendsMany(ref, seen)
		case ssa.CallInstruction:
			fn := ref.Common().StaticCallee()
			if fn == nil || !m.inside(fn) {
				return false
			}
			for i, p := range origin(fn).Params {
				if i < len(ref.Common().Args) && ref.Common().Args[i] == v && m.sendsMany(p, seen) {
					return true
				}
			}
		}
		return false
	})
}

// passed tells what may be done with a channel by a call that it is passed to.
func (m *Model) passed(v ssa.Value, call ssa.CallInstruction, seen map[ssa.Value]bool) (may Who) {
	c := call.Common()
	if kind, ok := callKind(c); ok {
		if kind == Close {
			return MayClose
		}
		return 0
	}
	fn := c.StaticCallee()
	if fn == nil || c.IsInvoke() || c.Value == v {
		return mayByType(v.Type())
	}
	for i, arg := range c.Args {
		switch {
		case arg != v:
		case m.inside(fn):
			may |= m.mayDo(origin(fn).Params[i], seen)
		default:
			may |= m.mayPass(fn, i, v.Type())
		}
	}
	return may
}

// mayPass tells what a function of another package, not known if it is nil, may do with a value of a
// type that is passed for a parameter.
func (m *Model) mayPass(fn *ssa.Function, param int, t types.Type) Who {
	if fn != nil && isChan(t) {
		if e := m.chanEffect(fn); e != nil {
			for _, p := range e.May {
				if p.Param == param {
					return p.May
				}
			}
		}
	}
	return mayByType(t)
}

// chanEffect returns what a function of another package does with channels, or nil.
func (m *Model) chanEffect(fn *ssa.Function) *ChanEffect {
	obj := m.foreign(fn)
	fact := new(ChanEffect)
	if obj == nil || !m.fact(obj, fact) {
		return nil
	}
	return fact
}

// steps returns what a function does to the channels and wait groups that it is given, if that
// is the same on all ways through it, and is not done in loops or by goroutines that it starts.
func (m *Model) steps(fn *ssa.Function) (does []ChanStep, sure bool) {
	e := newExplorer(m, fn)
	param := make(map[*Object]int)
	args := make([]value, len(fn.Params))
	for i, p := range fn.Params {
		if isChan(p.Type()) || isSync(lint.Deref(p.Type())) {
			o := &Object{Site: new(ssa.MakeChan)}
			param[o], args[i] = i, o
		}
	}
	g := e.goroutine(nil, &closure{fn: fn}, args, nil, nil, 0)
	if e.failed || len(g.Traces) == 0 {
		return nil, false
	}
	for o := range param {
		if e.escaped[o.Site] || e.fed[o.Site] || slices.ContainsFunc(g.Traces, func(t *Trace) bool { return slices.Contains(t.given, o.Site) }) {
			return nil, false
		}
	}
	for n, t := range g.Traces {
		var steps []ChanStep
		for _, ev := range t.Events {
			i, own := param[ev.Obj]
			if !own || len(ev.Loops) > 0 || ev.Kind == EvSelect || ev.Want == GotClosed {
				return nil, false
			}
			steps = append(steps, ChanStep{i, ev.Kind, ev.N})
		}
		if t.Cut || n > 0 && !slices.Equal(steps, does) {
			return nil, false
		}
		does = steps
	}
	return does, true
}

// foreign runs a call of a function of another package that says what it does with channels. It
// reports whether it does.
func (e *explorer) foreign(p *path, call ssa.CallInstruction, fn *ssa.Function, args []value, isGo bool) bool {
	effect := e.m.chanEffect(fn)
	if effect == nil || !effect.Sure {
		return false
	}
	for i, arg := range args {
		if obj, ok := arg.(*Object); ok {
			e.sized[obj.Site] = e.sized[obj.Site] || !slices.ContainsFunc(effect.Does, func(s ChanStep) bool { return s.Param == i })
		} else {
			e.escape(p, arg)
		}
	}
	by := p
	if isGo {
		by = &path{m: p.m, events: p.events, decided: maps.Clone(p.decided), guessed: map[*loop]bool{}, shared: maps.Clone(p.shared), loops: p.around(), spawned: true}
		p.spawned = true
	}
	for _, s := range effect.Does {
		if obj, ok := args[s.Param].(*Object); ok {
			by.emit(&Event{Kind: s.Kind, Obj: obj, Instr: call, N: s.N})
		}
	}
	if isGo {
		g := &Goroutine{Spawn: call, Fn: fn, Traces: []*Trace{by.end(token.NoPos, false)}}
		p.emit(&Event{Kind: EvSpawn, Instr: call, Child: g})
	}
	return true
}
