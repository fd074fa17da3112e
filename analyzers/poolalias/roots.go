package poolalias

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// origin is where a function gets an object that it puts back: a value, or the
// variable at an address, and what leads to the object from there.
type origin struct {
	value ssa.Value // the object, when its definition has run
	addr  ssa.Value // or the address of the variable that holds it
	path  string    // from there on
	after ssa.Value // the value whose definition comes before; nil for the start of the function
	done  string    // what leads from value to the function that puts the object back
	lend  *ssa.Call // the call that lends the object to a function literal, and then puts it back
	to    lend
}

// release is a call that puts back an argument or captured variable, or what
// can be reached from it.
type release struct {
	instr ssa.CallInstruction
	arg   ssa.Value
	path  string // "" for arg itself
}

// given is what a function puts back of a parameter or captured variable.
type given struct {
	param int // or, beyond the parameters, a captured variable
	path  string
	once  bool // the first time that the function runs only
}

// releases returns the releases that fn makes, without those of the literals in it.
func (c *checker) releases(fn *ssa.Function) []release {
	if list, ok := c.released[fn]; ok {
		return list
	}
	c.released[fn] = nil // breaks cycles
	var list []release
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			list = append(list, c.releaseOf(call)...)
		}
	}
	c.released[fn] = list
	return list
}

func (c *checker) releaseOf(call ssa.CallInstruction) (list []release) {
	common := call.Common()
	if isPool(common, "Put") {
		return []release{{call, common.Args[len(common.Args)-1], ""}} // of a method value, the only one
	}
	callee := common.StaticCallee()
	if callee == nil {
		callee = c.flow.Only(common)
	}
	if callee == nil {
		return nil
	}
	args := arguments(common)
	if local := c.body(callee); local != nil {
		for _, g := range c.gifts(local) {
			if i := g.param - len(local.Params); i >= 0 {
				if mc, ok := common.Value.(*ssa.MakeClosure); ok && i < len(mc.Bindings) {
					list = append(list, release{call, mc.Bindings[i], g.path})
				}
			} else if g.param < len(args) {
				list = append(list, release{call, args[g.param], g.path})
			}
		}
		return list
	}
	obj, _ := callee.Object().(*types.Func)
	args = declared(common)
	if i, ok := releases(obj); ok && i < len(args) {
		return []release{{call, args[i], ""}}
	}
	if f := c.facts(obj); f != nil {
		for _, g := range f.Puts {
			if g.Param < len(args) {
				list = append(list, release{call, args[g.Param], g.Path})
			}
		}
	}
	return list
}

// gifts returns what fn puts back of its parameters and captured variables.
func (c *checker) gifts(fn *ssa.Function) (list []given) {
	for _, r := range c.releases(fn) {
		if c.uncertain(r.instr) && fn.Parent() == nil {
			continue
		}
		for _, o := range origins(r.arg, nil) {
			g := given{-1, o.path + r.path, once(r.instr)}
			base, path := o.value, ""
			if o.addr != nil {
				base, path = baseOf(o.addr)
			}
			switch base := base.(type) {
			case *ssa.Parameter:
				g.param = slices.Index(fn.Params, base)
			case *ssa.FreeVar:
				g.param = len(fn.Params) + slices.Index(fn.FreeVars, base)
			default:
				continue
			}
			g.path = path + g.path
			if strings.Contains(g.path, "[]") {
				continue
			}
			if !slices.Contains(list, g) {
				list = append(list, g)
			}
		}
	}
	return list
}

// roots returns the objects to be followed through fn: those that it puts back.
func (c *checker) roots(fn *ssa.Function) (list []origin) {
	add := func(o origin) {
		if !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	for _, r := range c.releases(fn) {
		c.rootsOf(r, add)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			scopes, lends := c.lendings(call)
			for _, s := range scopes {
				add(origin{value: call, path: part(s.Object), done: part(s.Done), after: call})
			}
			for _, l := range lends {
				if l.Func < len(call.Call.Args) {
					add(origin{lend: call, to: l})
				}
			}
		}
	}
	// Literals within that put back an object which this function got.
	for _, anon := range fn.AnonFuncs {
		for _, g := range c.gifts(anon) {
			if i := g.param - len(anon.Params); i >= 0 {
				if mc := makeOf(anon); mc != nil && mc.Parent() == fn {
					c.rootsOf(release{nil, mc.Bindings[i], g.path}, add)
				}
			}
		}
	}
	return list
}

func (c *checker) rootsOf(r release, add func(origin)) {
	if r.path == "" {
		for _, o := range origins(r.arg, nil) {
			add(o)
		}
		return
	}
	if _, ok := r.arg.Type().Underlying().(*types.Pointer); !ok || ofElement(r.arg) || strings.Contains(r.path, "[]") {
		return
	}
	switch b := r.arg.(type) {
	case *ssa.Alloc:
		if r.path == "*" {
			for _, o := range loadOrigins(b, nil) {
				add(o)
			}
			return
		}
		for _, o := range loadOrigins(b, nil) {
			if o.value != nil && len(r.path) > 1 && r.path[:2] == "**" {
				add(origin{addr: o.value, path: r.path[2:], after: o.after})
			}
		}
	case *ssa.Parameter, *ssa.Global, *ssa.FreeVar:
		add(origin{addr: r.arg, path: r.path[1:]})
	default:
		for _, o := range origins(r.arg, nil) {
			if o.value != nil {
				add(origin{addr: o.value, path: r.path[1:], after: o.after})
			}
		}
	}
}

// makeOf returns the instruction that makes a closure of a function literal.
func makeOf(anon *ssa.Function) *ssa.MakeClosure {
	for _, b := range anon.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == anon {
				return mc
			}
		}
	}
	return nil
}

func isPool(c *ssa.CallCommon, method string) bool {
	fn := c.StaticCallee()
	return fn != nil && lint.IsMethod(fn.Object(), "sync", "Pool", method)
}
