package retention

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// paths are the functions and blocks of a package that run again and again for as long
// as the process lives: for each request, for each connection, at each tick of a clock.
type paths struct {
	from   map[*ssa.Function]root
	blocks map[*ssa.BasicBlock]string // in loops, and when they run
}

// A root is where such a path begins.
type root struct {
	fn   *ssa.Function
	when string
	hops int // calls from there
}

// maxHops is how many calls may lie between what is repeated and a place: what is
// further away, such as the loading of a configuration, hardly happens each time.
const maxHops = 5

func (f *finder) findPaths(pkg *ssa.Package) *paths {
	p := &paths{make(map[*ssa.Function]root), make(map[*ssa.BasicBlock]string)}
	var work []*ssa.Function
	add := func(fn *ssa.Function, r root) {
		if fn == nil {
			return
		}
		if origin := fn.Origin(); origin != nil {
			fn = origin
		}
		if _, ok := p.from[fn]; !ok && fn.Pkg == pkg && len(fn.Blocks) > 0 {
			p.from[fn] = r
			work = append(work, fn)
		}
	}
	report := hot.Of(f.pass)
	for _, fn := range f.funcs {
		obj, _ := fn.Object().(*types.Func)
		if fn.Synthetic == "" && (report.Serves(fn.Signature, obj) || looksAtRequest(fn.Signature)) {
			add(fn, root{fn: fn, when: "for every request"})
		}
	}
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			when := rhythm(b)
			if when == "" {
				continue
			}
			for _, c := range fn.Blocks {
				if c == b || lazyssa.Reaches(b, c) && lazyssa.Reaches(c, b) {
					p.blocks[c] = when
					for _, instr := range c.Instrs {
						if call, ok := instr.(ssa.CallInstruction); ok {
							add(calleeOf(call), root{fn: fn, when: when})
						}
					}
				}
			}
		}
	}
	for len(work) > 0 { // those nearest first
		fn := work[0]
		work = work[1:]
		next := p.from[fn]
		if next.hops++; next.hops > maxHops {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch in := instr.(type) {
				case ssa.CallInstruction:
					add(calleeOf(in), next)
				case *ssa.MakeClosure:
					add(in.Fn.(*ssa.Function), next)
				}
			}
		}
	}
	return p
}

// looksAtRequest reports whether functions of the signature are given a request that a
// server has got: they send none and make none.
func looksAtRequest(sig *types.Signature) bool {
	isRequest := func(t types.Type) bool { return lint.IsNamed(lint.Deref(t), "net/http", "Request", "Response") }
	for r := range sig.Results().Variables() {
		if isRequest(r.Type()) {
			return false
		}
	}
	for p := range sig.Params().Variables() {
		if _, ptr := p.Type().(*types.Pointer); ptr && lint.IsNamed(lint.Deref(p.Type()), "net/http", "Request") {
			return true
		}
	}
	return false
}

func calleeOf(call ssa.CallInstruction) *ssa.Function { return call.Common().StaticCallee() }

// rhythm says when a block runs that a loop repeats without end: for each connection
// or at each tick; "" if nothing of the kind is seen.
func rhythm(b *ssa.BasicBlock) string {
	when := ""
	for _, instr := range b.Instrs {
		switch in := instr.(type) {
		case *ssa.UnOp:
			switch {
			case in.Op != token.ARROW:
			case ticks(in.X):
				when = "at every tick"
			case feeds(in.X) && when == "":
				when = "for every message"
			}
		case *ssa.Select:
			for _, s := range in.States {
				switch {
				case s.Dir != types.RecvOnly:
				case ticks(s.Chan):
					when = "at every tick"
				case feeds(s.Chan) && when == "":
					when = "for every message"
				}
			}
		case *ssa.Call:
			c := in.Common()
			if c.IsInvoke() && lint.IsMethod(c.Method, "net", "Listener", "Accept") ||
				c.StaticCallee() != nil && lint.IsMethod(c.StaticCallee().Object(), "net", "TCPListener", "Accept", "AcceptTCP") {
				when = "for every connection"
			}
		}
	}
	if when != "" && !lazyssa.Reaches(b, b) {
		return ""
	}
	return when
}

// feeds reports whether a channel is a field of a long-lived object and brings something.
func feeds(ch ssa.Value) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok {
		return false
	}
	if _, ok := load.X.(*ssa.FieldAddr); !ok {
		return false
	}
	elem := lint.Chan(ch.Type()).Elem()
	st, ok := elem.Underlying().(*types.Struct)
	return (!ok || st.NumFields() > 0) && !lint.IsError(elem) && !lint.IsNamed(elem, "os", "Signal") && !lint.IsNamed(elem, "time", "Time")
}

// ticks reports whether a channel is that of a ticker.
func ticks(ch ssa.Value) bool {
	switch x := ch.(type) {
	case *ssa.UnOp:
		fa, ok := x.X.(*ssa.FieldAddr)
		return ok && lint.IsNamed(lint.Deref(fa.X.Type()), "time", "Ticker")
	case *ssa.Call:
		return x.Call.StaticCallee() != nil && lint.IsFunc(x.Call.StaticCallee().Object(), "time", "Tick")
	}
	return false
}

// at returns the path that a block is on.
func (p *paths) at(b *ssa.BasicBlock) (root, bool) {
	if when, ok := p.blocks[b]; ok {
		return root{fn: b.Parent(), when: when}, true
	}
	for fn := b.Parent(); fn != nil; fn = fn.Parent() {
		if r, ok := p.from[fn]; ok {
			return r, true
		}
	}
	return root{}, false
}

// lasts reports whether the struct that field v is part of lives as long as what the
// path begins with: its receiver, or something that a handler closes over.
func (f *finder) lasts(v *types.Var, r root) bool {
	owner := f.ownerOf(v)
	if owner == nil {
		return false
	}
	for _, fn := range f.funcs {
		if _, ok := f.paths.from[fn]; !ok {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if a, ok := instr.(*ssa.Alloc); ok && sameNamed(lint.Deref(a.Type()), owner) {
					return false // made anew each time
				}
			}
		}
	}
	var starts []types.Type
	for fn := r.fn; fn != nil; fn = fn.Parent() {
		if recv := fn.Signature.Recv(); recv != nil {
			starts = append(starts, recv.Type())
		}
		for _, fv := range fn.FreeVars {
			starts = append(starts, fv.Type())
		}
	}
	for _, t := range starts {
		if contains(t, owner, 4) {
			return true
		}
	}
	return false
}

// contains reports whether a value of type t leads to a struct of the named type.
func contains(t types.Type, owner *types.TypeName, depth int) bool {
	if depth == 0 {
		return false
	}
	t = lint.Deref(lint.Deref(t))
	if sameNamed(t, owner) {
		return true
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range st.Fields() {
		if contains(field.Type(), owner, depth-1) {
			return true
		}
	}
	return false
}

func sameNamed(t types.Type, owner *types.TypeName) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Origin().Obj() == owner
}

// ownerOf returns the named struct type of the package that has field v.
func (f *finder) ownerOf(v *types.Var) *types.TypeName {
	scope := f.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if st, ok := tn.Type().Underlying().(*types.Struct); ok {
			for field := range st.Fields() {
				if field.Origin() == v {
					return tn
				}
			}
		}
	}
	return nil
}
