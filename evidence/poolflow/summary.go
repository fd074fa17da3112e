package poolflow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// root is a value of a function whose effect is known.
type root struct {
	fn *ssa.Function
	v  ssa.Value
}

// summary returns the effect of fn on its parameter or free variable v, nil if it is unknown.
func (a *analyzer) summary(fn *ssa.Function, v ssa.Value) *effect {
	key := root{fn, v}
	if eff, ok := a.effects[key]; ok {
		if n := len(a.stack); eff == nil && n > 0 && a.stack[n-1] == key {
			// The function calls itself: to begin with, that does not return.
			eff = a.bottom(key)
		}
		return eff
	}
	a.effects[key] = nil // a longer cycle is unknown
	if a.fuel <= 0 {
		return nil
	}
	a.stack = append(a.stack, key)
	defer func() { a.stack = a.stack[:len(a.stack)-1] }()
	t := v.Type()
	if _, ok := v.(*ssa.FreeVar); ok {
		t = lint.Deref(t) // captured by reference
	}
	eff := a.follow(fn, v, t, fresh, nil)
	for range 3 {
		old := a.assumed[key]
		if old == nil {
			break
		}
		if old.same(eff) {
			delete(a.assumed, key)
			break
		}
		a.assumed[key] = eff
		eff = a.follow(fn, v, t, fresh, nil)
	}
	if a.assumed[key] != nil {
		delete(a.assumed, key)
		eff = nil // it does not settle
	}
	a.effects[key] = eff
	return eff
}

// bottom returns what a function that calls itself is assumed to do: what was
// found in the last round, and nothing at all in the first.
func (a *analyzer) bottom(key root) *effect {
	eff := a.assumed[key]
	if eff == nil {
		eff = &effect{exit: state{must: all, clean: all}}
		a.assumed[key] = eff
	}
	return eff
}

// same reports whether two effects are the same in all that callers see.
func (e *effect) same(o *effect) bool {
	return e.reads == o.reads && e.mayReads == o.mayReads && e.exit == o.exit && len(e.puts) == len(o.puts)
}
