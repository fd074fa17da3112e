package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// invoke runs a call, go statement or deferred call. It returns paths if it forks.
func (e *explorer) invoke(p *path, call ssa.CallInstruction, fnv value, args []value, depth int, isGo bool) []*path {
	c := call.Common()
	res := call.Value()
	if res != nil {
		p.top().set(res, nil)
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if !isGo {
			e.builtin(p, call, b.Name(), args)
		}
		return nil
	}
	if fn := c.StaticCallee(); fn != nil && !c.IsInvoke() && !e.m.inside(fn) {
		return e.known(p, call, fn, args, depth, isGo)
	}
	if cancel, ok := fnv.(cancelValue); ok && !c.IsInvoke() {
		p.emit(&Event{Kind: EvClose, Obj: cancel.done, Instr: call, N: 1})
		return nil
	}
	if c.IsInvoke() {
		p.doneOf(call)
	}
	fn, _ := fnv.(*closure)
	if c.IsInvoke() || fn == nil || !e.m.inside(fn.fn) {
		e.escape(p, tuple(args))
		if !c.IsInvoke() {
			e.escape(p, fnv)
		}
		return nil
	}
	holds := p.holds(fn) || slices.ContainsFunc(args, p.holds)
	if isGo {
		p.share(fn)
		p.share(tuple(args))
		if holds {
			e.spawn(p, call, fn, args, nil, depth)
		}
		return nil
	}
	e.enterCall(p, res, fn, args, holds)
	return nil
}

// enterCall pushes a frame for a call that can matter.
func (e *explorer) enterCall(p *path, res *ssa.Call, fn *closure, args []value, holds bool) {
	if !holds && !e.gives(fn.fn) {
		e.escape(p, fn) // whoever gets to know variables now knows what they hold later
		e.escape(p, tuple(args))
		return
	}
	for _, f := range p.frames {
		if f.fn == fn.fn {
			e.escape(p, fn)
			e.escape(p, tuple(args))
			return
		}
	}
	fr := newFrame(fn, args)
	if res != nil {
		fr.call = res
	}
	p.frames = append(p.frames, fr)
}

// gives reports whether a function makes a channel and returns one, as a generator
// does, or a struct that has one, as a constructor does.
func (e *explorer) gives(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	for i := range res.Len() {
		if hasChan(res.At(i).Type()) {
			return makesChan(fn)
		}
	}
	return false
}

func makesChan(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.MakeChan); ok {
				return true
			}
		}
	}
	return false
}

// spawn runs all paths of a new goroutine and notes that it starts here.
func (e *explorer) spawn(p *path, call ssa.CallInstruction, fn *closure, args []value, done *Object, depth int) {
	if depth >= 3 {
		e.failed = true
		return
	}
	p.share(fn)
	p.share(tuple(args))
	p.spawned = true
	var k key
	k.pointer(call)
	k.pointer(fn.fn)
	k.pointer(done)
	for _, v := range append(slices.Clone(args), fn.binds...) {
		k.value(p, v, 6)
	}
	for _, l := range p.around() {
		k.pointer(l)
	}
	g := e.children[string(k)]
	if g == nil {
		g = e.goroutine(call, fn, args, p, done, depth+1)
		e.children[string(k)] = g
	}
	p.emit(&Event{Kind: EvSpawn, Instr: call, Child: g})
}

func (e *explorer) builtin(p *path, call ssa.CallInstruction, name string, args []value) {
	switch name {
	case "close":
		if obj, ok := args[0].(*Object); ok {
			p.emit(&Event{Kind: EvClose, Obj: obj, Instr: call})
		}
	case "len", "cap":
		if obj, ok := args[0].(*Object); ok {
			e.sized[obj.Site] = true
		}
	case "recover": // a path that panics is not followed
		if v := call.Value(); v != nil {
			p.top().set(v, nilValue{})
		}
	default:
		e.escape(p, tuple(args))
	}
}

// known runs the calls of other packages whose effect is known: wait groups,
// functions that start goroutines, and tests.
func (e *explorer) known(p *path, call ssa.CallInstruction, fn *ssa.Function, args []value, depth int, isGo bool) []*path {
	obj := fn.Object()
	funcArg := func(i int) *closure {
		if i < len(args) {
			if c, ok := args[i].(*closure); ok && e.m.inside(c.fn) {
				return c
			}
		}
		return nil
	}
	if !isGo && e.context(p, call, fn, args) {
		return nil
	}
	switch {
	case isSyncMethod(fn) && !isGo:
		e.group(p, call, fn, args, depth)
		return nil
	case lint.IsFunc(obj, "golang.org/x/sync/errgroup", "WithContext"):
		if v := call.Value(); v != nil {
			p.top().set(v, tuple{&Object{Site: call}, nil})
		}
		return nil
	case lint.IsMethod(obj, "sync", "Once", "Do"):
		if f := funcArg(1); f != nil && !isGo {
			p.turns = true
			e.enterCall(p, nil, f, nil, p.holds(f))
			return nil
		}
	case lint.IsFunc(obj, "time", "AfterFunc"), lint.IsFunc(obj, "context", "AfterFunc"):
		if f := funcArg(1); f != nil {
			if !p.holds(f) {
				p.share(f)
				return nil
			}
			q := p.clone()
			e.spawn(p, call, f, nil, nil, depth)
			if v := call.Value(); v != nil && len(*v.Referrers()) == 0 {
				return nil // nobody can stop it before it starts
			}
			return []*path{p, q}
		}
	case lint.IsMethod(obj, "github.com/gin-gonic/gin", "Context", "Stream"):
		if f := funcArg(1); f != nil && !isGo && p.holds(f) {
			gone := p.clone() // the client, before the next step
			e.enterCall(p, nil, f, nil, true)
			return []*path{p, gone}
		}
	case lint.IsMethod(obj, "testing", "common", "Cleanup"):
		if f := funcArg(1); f != nil && !isGo {
			root := p.frames[0]
			root.defers = append([]deferred{{call: call, fn: f}}, root.defers...)
			return nil
		}
	case lint.IsMethod(obj, "testing", "T", "Run"), lint.IsMethod(obj, "testing", "B", "Run"):
		if f := funcArg(2); f != nil && !isGo {
			e.enterCall(p, nil, f, nil, p.holds(f))
			return nil
		}
	}
	if !e.foreign(p, call, fn, args, isGo) {
		e.escape(p, tuple(args))
	}
	return nil
}

// group runs a method of a wait group, errgroup or condition.
func (e *explorer) group(p *path, call ssa.CallInstruction, fn *ssa.Function, args []value, depth int) {
	wg, _ := args[0].(*Object)
	switch fn.Name() {
	case "Add":
		if wg == nil {
			return
		}
		n, _, ok := e.number(call.Common().Args[1], 6)
		if !ok {
			e.escape(p, wg)
			return
		}
		p.emit(&Event{Kind: EvAdd, Obj: wg, Instr: call, N: n})
	case "Done":
		if wg != nil {
			p.emit(&Event{Kind: EvAdd, Obj: wg, Instr: call, N: -1})
		}
	case "Wait":
		if wg != nil {
			p.emit(&Event{Kind: EvWait, Obj: wg, Instr: call})
		} else {
			p.emit(&Event{Kind: EvBarrier, Instr: call})
		}
	case "Go", "TryGo":
		f, _ := args[1].(*closure)
		if f == nil || !e.m.inside(f.fn) {
			e.escape(p, tuple(args))
			return
		}
		if wg != nil {
			p.emit(&Event{Kind: EvAdd, Obj: wg, Instr: call, N: 1})
		}
		p.share(f)
		if wg != nil || p.holds(f) {
			e.spawn(p, call, f, nil, wg, depth)
		}
	default:
		e.escape(p, tuple(args))
	}
}
