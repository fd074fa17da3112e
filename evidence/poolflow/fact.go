package poolflow

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Wrapper is the fact of a function or method that acquires, releases or
// resets a pooled object for its callers.
type Wrapper struct {
	Results []Result
	Params  []Param
}

// Result is a result of a function that comes from a pool.
type Result struct {
	Index int
	Pool  Where
	State State
}

// Param is a parameter (the receiver counts) whose content the function
// reads, assigns, or puts back.
type Param struct {
	Index           int
	Reads, MayReads Slots // observed: always, or under conditions of the function's own
	State           State // when the function returns
	Puts            []Release
	Sets            []Setting
}

// Setting says that a slot is set to the value of a parameter.
type Setting struct{ Slot, Param int }

// Release is a Put of a parameter.
type Release struct {
	Pool  Where
	State State
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
	return "poolflow: " + strings.Join(parts, "; ")
}

func (s state) export() State { return State{s.may, s.must, s.dirty, s.clean, s.cleans} }
func (s State) state() state  { return state{s.May, s.Must, s.Dirty, s.Clean, s.Cleans} }
func (p place) export() Where { return Where{p.key, p.param, p.path} }
func (w Where) place() place  { return place{w.Key, w.Param, w.Path} }

func (w *Wrapper) acquired() []acquired {
	var list []acquired
	list = slices.Grow(list, len(w.Results))
	for _, r := range w.Results {
		list = append(list, acquired{index: r.Index, pool: r.Pool.place(), state: r.State.state()})
	}
	return list
}

// effect returns what the function does to parameter i, nil if that is unknown.
func (w *Wrapper) effect(i int) *effect {
	for _, p := range w.Params {
		if p.Index != i {
			continue
		}
		eff := &effect{reads: p.Reads, mayReads: p.MayReads, exit: p.State.state(), setBy: make(map[int]int)}
		for _, s := range p.Sets {
			eff.setBy[s.Slot] = s.Param
		}
		eff.puts = slices.Grow(eff.puts, len(p.Puts))
		for _, put := range p.Puts {
			eff.puts = append(eff.puts, putEffect{pool: put.Pool.place(), state: put.State.state()})
		}
		return eff
	}
	return nil
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
	pooled := make(map[string]bool)
	for _, p := range a.flow.Pools {
		pooled[types.TypeString(p.Elem, nil)] = true
	}
	for _, fn := range a.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() {
			continue
		}
		w := new(Wrapper)
		for _, acq := range a.acquires(fn) {
			w.Results = append(w.Results, Result{acq.index, acq.pool.export(), acq.state.export()})
		}
		for i, param := range fn.Params {
			if !followable(param.Type()) {
				continue
			}
			eff := a.summary(fn, param)
			if eff == nil || len(eff.puts) == 0 && !pooled[types.TypeString(param.Type(), nil)] {
				continue
			}
			p := Param{Index: i, Reads: eff.reads, MayReads: eff.mayReads, State: eff.exit.export()}
			for _, i := range slices.Sorted(maps.Keys(eff.setBy)) {
				p.Sets = append(p.Sets, Setting{i, eff.setBy[i]})
			}
			p.Puts = slices.Grow(p.Puts, len(eff.puts))
			for _, put := range eff.puts {
				p.Puts = append(p.Puts, Release{put.pool.export(), put.state.export()})
			}
			w.Params = append(w.Params, p)
		}
		if len(w.Results)+len(w.Params) > 0 {
			a.pass.ExportObjectFact(obj, w)
		}
	}
}

// followable reports whether values of the type may be pooled objects.
func followable(t types.Type) bool {
	switch types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice:
		return true
	}
	return false
}
