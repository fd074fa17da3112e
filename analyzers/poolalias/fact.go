package poolalias

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Shares is the fact of a function or method that puts memory of its
// arguments back into a pool, or returns it.
type Shares struct {
	Puts    []Put
	Returns []Return
	Scopes  []scope
	Lends   []lend
}

// Put says that a function puts back what the path leads to from a parameter.
type Put struct {
	Param   int
	Path    string
	Cleared bool // and that the path leads elsewhere afterwards
	Once    bool // the first time only
}

// Return says that a result points into what a parameter points to.
type Return struct {
	Result, Param int
	Path          string
	Str           bool
}

// Reused is the fact of a slice field of what is pooled: its package uses the memory again and again.
type Reused struct{}

// AFact marks Reused as a fact.
func (*Reused) AFact() {}

func (*Reused) String() string { return "poolalias: memory that is used again" }

// AFact marks Shares as a fact.
func (*Shares) AFact() {}

func (s *Shares) String() string {
	var parts []string
	for _, p := range s.Puts {
		parts = append(parts, fmt.Sprintf("puts back param %d%s", p.Param, p.Path))
	}
	for _, r := range s.Returns {
		parts = append(parts, fmt.Sprintf("result %d is memory of param %d", r.Result, r.Param))
	}
	for _, s := range s.Scopes {
		parts = append(parts, fmt.Sprintf("result %d puts back result %d", s.Done, s.Object))
	}
	for _, l := range s.Lends {
		s := fmt.Sprintf("lends an object to param %d", l.Func)
		if l.Returns {
			s += " and returns its results"
		}
		parts = append(parts, s)
	}
	return "poolalias: " + strings.Join(parts, "; ")
}

// facts returns what is known of a function of another package.
func (c *checker) facts(fn *types.Func) *Shares {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == c.pass.Pkg {
		return nil
	}
	f := new(Shares)
	if c.pass.ImportObjectFact(fn.Origin(), f) {
		return f
	}
	return nil
}

// export states the facts of the package.
func (c *checker) export() {
	pooled := c.pooled()
	for f := range c.reused() {
		if _, ok := f.Type().Underlying().(*types.Slice); ok && f.Exported() && f.Pkg() == c.pass.Pkg && fieldOf(f, pooled) {
			c.pass.ExportObjectFact(f, new(Reused))
		}
	}
	for _, fn := range c.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || len(fn.Blocks) == 0 {
			continue
		}
		f := new(Shares)
		for _, g := range c.gifts(fn) {
			if g.param < len(fn.Params) && len(g.path) < 40 {
				if cleared, ok := c.always(fn, g); ok {
					f.Puts = append(f.Puts, Put{g.param, g.path, cleared, g.once})
				}
			}
		}
		for i, p := range fn.Params {
			if !pooled[named(p.Type())] || !sharable(p.Type(), fn.Signature.Results()) || !c.effects(fn, i) {
				continue
			}
			x := c.explore(fn, origin{value: p})
			for res, r := range x.aliases {
				f.Returns = append(f.Returns, Return{res, i, r.path, r.str})
			}
		}
		f.Scopes, f.Lends = c.scopes(fn), c.lends(fn)
		if len(f.Puts)+len(f.Returns)+len(f.Scopes)+len(f.Lends) > 0 {
			c.pass.ExportObjectFact(obj, f)
		}
	}
}

// pooled returns the types of what the package puts back, itself or a part of it.
func (c *checker) pooled() map[types.Object]bool {
	set := make(map[types.Object]bool)
	for _, fn := range c.prog.Funcs {
		for _, g := range c.gifts(fn) {
			if g.param < len(fn.Params) {
				set[named(fn.Params[g.param].Type())] = true
			}
		}
		for _, r := range c.releases(fn) {
			set[named(lazyssa.Strip(r.arg).Type())] = true
		}
	}
	delete(set, nil)
	return set
}

// fieldOf reports whether f is a field of one of the types.
func fieldOf(f *types.Var, set map[types.Object]bool) bool {
	for obj := range set {
		st, ok := obj.Type().Underlying().(*types.Struct)
		if !ok || obj.Pkg() != f.Pkg() {
			continue
		}
		for g := range st.Fields() {
			if g == f {
				return true
			}
		}
	}
	return false
}

// named returns what declares the type that t points to.
func named(t types.Type) types.Object {
	if n, ok := types.Unalias(lint.Deref(t)).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// always reports whether fn puts back what it gives, and if that is a part of the
// parameter, on all ways out: then callers may take it for granted. It reports as
// well whether the parameter leads to something else afterwards.
func (c *checker) always(fn *ssa.Function, g given) (cleared, ok bool) {
	p := fn.Params[g.param]
	o := origin{value: p}
	if g.path != "" {
		o = origin{addr: p, path: g.path[1:]}
	}
	x := c.explore(fn, o)
	if x.fuel <= 0 {
		return false, false
	}
	loc := x.key(x.top, p)
	if g.path != "" {
		loc += g.path
	}
	puts, keeps := 0, 0
	for _, e := range x.exits {
		if !e.st.returned("") {
			if g.path == "" && slices.ContainsFunc(e.results, func(n name) bool { r, ok := e.st.held[n.key]; return ok && r.path == "" }) {
				return false, false // it gives the callers the same object then, or another one in its place
			}
			continue
		}
		puts++
		if r, ok := e.st.held[loc]; ok && r.path == "" {
			keeps++
		}
	}
	switch {
	case puts == 0:
		return false, false
	case g.path == "":
		return false, true
	case keeps < puts:
		return true, true
	}
	return false, puts == len(x.exits)
}

// sharable reports whether a result may be memory of a pooled parameter of type t.
func sharable(t types.Type, results *types.Tuple) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice:
	default:
		return false
	}
	for i := range results.Len() {
		switch u := results.At(i).Type().Underlying().(type) {
		case *types.Slice:
			return true
		case *types.Basic:
			if u.Kind() == types.String {
				return true
			}
		case *types.Pointer:
			if types.Identical(u, t) {
				return true
			}
		}
	}
	return false
}

// applyFact executes a call of a function of another package that has a fact.
func (x *explorer) applyFact(fr *frame, st *state, instr ssa.CallInstruction, v ssa.Value, f *Shares, c *ssa.CallCommon) []*state {
	args := declared(c)
	for _, arg := range args {
		if len(f.Puts) == 0 {
			x.use(fr, st, instr, arg)
		}
	}
	for _, ret := range f.Returns {
		if ret.Param >= len(args) || v == nil {
			continue
		}
		r, ok := x.refOf(fr, st, args[ret.Param])
		if !ok {
			continue
		}
		to := x.key(fr, v)
		if c.Signature().Results().Len() > 1 {
			to += fmt.Sprintf("#%d", ret.Result)
		}
		st.held[to] = ref{r.path + ret.Path, r.str || ret.Str}
	}
	for _, p := range f.Puts {
		if p.Param >= len(args) {
			continue
		}
		arg := args[p.Param]
		if p.Path == "" {
			if r, ok := x.refOf(fr, st, arg); ok && !(p.Once && st.returned(r.path)) {
				x.putBack(fr, st, instr, r)
			}
			continue
		}
		loc := x.key(fr, arg) + p.Path
		if m := x.mem(fr, st, arg); p.Path[0] == '*' {
			loc = m + p.Path[1:]
		}
		if r, ok := st.held[loc]; ok && !(p.Once && st.returned(r.path)) {
			x.putBack(fr, st, instr, r)
			if p.Cleared {
				st.forget(loc)
			}
		} else if path, ok := inObject(loc); ok && p.Cleared {
			st.lose(path, nil)
		} else if path, ok := inObject(loc); ok {
			x.putBack(fr, st, instr, ref{path: path})
		}
	}
	return []*state{st}
}
