package poolflow

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/lint"
)

// Wrapper is the fact of a function or method that acquires, releases or
// resets a pooled object for its callers.
type Wrapper struct {
	Results []Result
	Params  []Param
	Closers []Param // results that are functions over the object; Index is that of the result
	Lends   []Lend

	Constructs bool   // it makes the owner of a pool
	Hooks      []Hook // the functions that become part of that
}

// Hook says that the value of parameter Param, or something unknown if that is
// negative, is stored in the field Path of what a constructor returns.
type Hook struct {
	Path  string
	Param int
}

// Lend says that parameter Func is called with a pooled object as argument Arg,
// after which the object goes back in one of the states Puts.
type Lend struct {
	Func, Arg int
	Pool      Where
	Before    State
	Puts      []State
}

// Leaves is what a wrapper leaves to a function in the field Path of parameter
// Param, or to a method of the object, to do.
type Leaves struct {
	Param  int
	Path   string
	Method string
}

// Result is a result of a function that comes from a pool.
type Result struct {
	Index int
	Pool  Where
	State State
	Hook  *Leaves
	Bare  State // if the hook does nothing
}

// Param is a parameter (the receiver counts) whose content the function
// reads, assigns, or puts back.
type Param struct {
	Index           int
	Reads, MayReads Slots // observed: always, or under conditions of the function's own
	State           State // when the function returns
	Puts            []Release
	Sets            []Setting
	Hook            *Leaves
	Bare            State // if the hook does nothing
}

// Setting says that a slot is set to the value of a parameter.
type Setting struct{ Slot, Param int }

// Release is a Put of a parameter.
type Release struct {
	Pool  Where
	State State
	Bare  State // if the hook does nothing
}

// Where is the place of a pool, relative to parameter Param unless that is -1.
type Where struct {
	Key   string
	Param int
	Path  string
}

// State is the exported form of a state.
type State struct{ May, Must, Dirty, Clean, Cleans Slots }

// AFact marks Wrapper as a fact.
func (*Wrapper) AFact() {}

func (w *Wrapper) String() string {
	var parts []string
	for _, r := range w.Results {
		how := "reset"
		if r.State.May == all {
			how = "as it is"
		}
		parts = append(parts, fmt.Sprintf("acquires result %d from %s (%s)", r.Index, r.Pool.Key, how))
	}
	for _, p := range w.Params {
		if len(p.Puts) == 0 {
			parts = append(parts, fmt.Sprintf("uses param %d", p.Index))
		}
		for _, put := range p.Puts {
			how := "as it is"
			if put.State.Cleans != 0 || put.State.Clean != 0 {
				how = "reset"
			}
			parts = append(parts, fmt.Sprintf("releases param %d to %s (%s)", p.Index, put.Pool.Key, how))
		}
	}
	for _, l := range w.Lends {
		parts = append(parts, fmt.Sprintf("lends from %s to param %d", l.Pool.Key, l.Func))
	}
	if w.Constructs {
		parts = append(parts, "makes the owner of a pool")
	}
	return "poolflow: " + strings.Join(parts, "; ")
}

func (s state) export() State { return State{s.may, s.must, s.dirty, s.clean, s.cleans} }
func (s State) state() state {
	return state{may: s.May, must: s.Must, dirty: s.Dirty, clean: s.Clean, cleans: s.Cleans, full: ^s.Clean | s.Dirty}
}
func (l *Leaves) hook() *hook {
	if l == nil {
		return nil
	}
	return &hook{l.Param, l.Path, l.Method}
}

func (p place) export() Where { return Where{p.key, p.param, p.path} }
func (w Where) place() place  { return place{w.Key, w.Param, w.Path} }

func (w *Wrapper) acquired() []acquired {
	var list []acquired
	list = slices.Grow(list, len(w.Results))
	for _, r := range w.Results {
		list = append(list, acquired{index: r.Index, pool: r.Pool.place(), state: r.State.state(), hook: r.Hook.hook(), bare: r.Bare.state()})
	}
	return list
}

// effect returns what the function does to parameter i, nil if that is unknown.
func (w *Wrapper) effect(i int) *effect {
	for _, p := range w.Params {
		if p.Index == i {
			return p.effect()
		}
	}
	return nil
}

func (p *Param) effect() *effect {
	eff := &effect{reads: p.Reads, mayReads: p.MayReads, exit: p.State.state(), setBy: make(map[int]int, len(p.Sets))}
	for _, s := range p.Sets {
		eff.setBy[s.Slot] = s.Param
	}
	eff.puts = slices.Grow(eff.puts, len(p.Puts))
	for _, put := range p.Puts {
		eff.puts = append(eff.puts, putEffect{pool: put.Pool.place(), state: put.State.state()})
	}
	if eff.hook = p.Hook.hook(); eff.hook != nil {
		bare := *eff
		bare.hook, bare.exit, bare.puts = nil, p.Bare.state(), slices.Clone(eff.puts)
		for i, put := range p.Puts {
			bare.puts[i].state = put.Bare.state()
		}
		eff.bare = &bare
	}
	return eff
}

// wrapper returns the fact of a function of another package.
func (a *analyzer) wrapper(fn *types.Func) *Wrapper {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == a.pass.Pkg {
		return nil
	}
	w := new(Wrapper)
	if a.pass.ImportObjectFact(fn.Origin(), w) {
		return w
	}
	return nil
}

// export states the facts of the package: of functions that acquire or release,
// and of functions and methods that work on a type that a pool of the package holds.
func (a *analyzer) export() {
	pooled := make(map[string]bool, len(a.flow.Pools))
	for _, p := range a.flow.Pools {
		pooled[types.TypeString(p.Elem, nil)] = true
	}
	for _, fn := range a.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() {
			continue
		}
		w := new(Wrapper)
		acquired := a.acquires(fn)
		w.Results = slices.Grow(w.Results, len(acquired))
		for _, acq := range acquired {
			r := Result{Index: acq.index, Pool: acq.pool.export(), State: acq.state.export()}
			if acq.hook != nil {
				r.Hook, r.Bare = &Leaves{acq.hook.param, acq.hook.path, acq.hook.method}, acq.bare.export()
			}
			w.Results = append(w.Results, r)
			for _, j := range slices.Sorted(maps.Keys(acq.closers)) {
				w.Closers = append(w.Closers, acq.closers[j].export(j))
			}
		}
		for i, param := range fn.Params {
			if !followable(param.Type()) && !types.IsInterface(param.Type()) {
				continue
			}
			eff := a.summary(fn, param)
			if eff == nil || len(eff.puts) == 0 && !pooled[types.TypeString(param.Type(), nil)] {
				continue
			}
			w.Params = append(w.Params, eff.export(i))
		}
		w.Lends = exportLends(a.lenders[fn])
		w.Hooks, w.Constructs = a.constructs(fn)
		if len(w.Results)+len(w.Params)+len(w.Lends) > 0 || w.Constructs {
			a.pass.ExportObjectFact(obj, w)
		}
	}
}

func (eff *effect) export(index int) Param {
	p := Param{Index: index, Reads: eff.reads, MayReads: eff.mayReads, State: eff.exit.export()}
	p.Sets = slices.Grow(p.Sets, len(eff.setBy))
	for _, i := range slices.Sorted(maps.Keys(eff.setBy)) {
		p.Sets = append(p.Sets, Setting{i, eff.setBy[i]})
	}
	p.Puts = slices.Grow(p.Puts, len(eff.puts))
	for _, put := range eff.puts {
		p.Puts = append(p.Puts, Release{Pool: put.pool.export(), State: put.state.export()})
	}
	if eff.bare != nil && len(eff.bare.puts) == len(eff.puts) {
		p.Hook, p.Bare = &Leaves{eff.hook.param, eff.hook.path, eff.hook.method}, eff.bare.exit.export()
		for i, put := range eff.bare.puts {
			p.Puts[i].Bare = put.state.export()
		}
	}
	return p
}

// followable reports whether values of the type may be pooled objects.
func followable(t types.Type) bool {
	if lint.IsTypeParam(t) {
		return true
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice:
		return true
	}
	return false
}
