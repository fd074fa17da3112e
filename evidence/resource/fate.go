package resource

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

type fateKey struct {
	v    ssa.Value
	cell bool
}

// param returns what a function of the package does with parameter i.
func (a *analyzer) param(fn *ssa.Function, i int) effect {
	if i >= len(fn.Params) {
		return take // the arguments of a variadic parameter in one slice
	}
	return a.fate(fn.Params[i], kindOf(fn.Params[i].Type()), false)
}

// kindOf returns the kind of resource that a parameter of the type stands for.
func kindOf(t types.Type) Kind {
	switch {
	case isResponse(t):
		return Body
	case isTransaction(t):
		return Transaction
	}
	return File
}

// fate returns what happens to the resource v, or to that in the variable at v, wherever
// its value goes in the function: release if some path releases it.
func (a *analyzer) fate(v ssa.Value, kind Kind, cell bool) effect {
	key := fateKey{v, cell}
	if e, ok := a.fates[key]; ok {
		return e
	}
	a.fates[key] = keep // of functions that call each other, one must do it
	f := &fate{analyzer: a, th: &thing{kind: kind}, seen: make(map[ssa.Value]bool)}
	if cell {
		f.variable(v)
	} else {
		f.follow(v, itself)
	}
	a.fates[key] = f.eff
	return f.eff
}

type fate struct {
	*analyzer
	th   *thing
	seen map[ssa.Value]bool
	eff  effect

	all   bool              // look for all that release it, not for one
	ends  []ssa.Instruction // these
	taken bool
}

func (f *fate) note(instr ssa.Instruction, e effect) {
	switch e {
	case refuse:
		e = release
		fallthrough
	case release:
		f.ends = append(f.ends, instr)
	case take:
		f.taken = true
	}
	if e == release || f.eff == keep {
		f.eff = e
	}
}

func (f *fate) follow(v ssa.Value, c class) {
	refs := v.Referrers()
	if refs == nil || f.seen[v] || f.eff == release && !f.all {
		return
	}
	f.seen[v] = true
	for _, ref := range *refs {
		f.fuel--
		switch in := ref.(type) {
		case *ssa.Store:
			if in.Val != v {
				continue
			}
			switch addr := in.Addr.(type) {
			case *ssa.Alloc:
				f.variable(addr)
				continue
			case *ssa.FieldAddr, *ssa.IndexAddr:
				if base := baseOf(addr); base != nil {
					f.follow(base, holder)
					continue
				}
			}
			f.note(in, take)
		case *ssa.Return:
			if c != view || !receiveOnly(v.Type()) { // from which one can only receive
				f.note(in, take)
			}
		case *ssa.MakeClosure:
			f.note(in, f.closure(in, v, f.th.kind, false))
		default:
			e, next := f.use(f.th, ref, v, c)
			f.note(ref, e)
			if val, ok := ref.(ssa.Value); ok && next.about() {
				f.follow(val, next)
			}
		}
	}
}

// variable follows what is in a variable.
func (f *fate) variable(addr ssa.Value) {
	if f.seen[addr] {
		return
	}
	f.seen[addr] = true
	for _, ref := range *addr.Referrers() {
		switch in := ref.(type) {
		case *ssa.UnOp:
			if in.Op == token.MUL {
				f.follow(in, itself)
			}
		case *ssa.MakeClosure:
			f.note(in, f.closure(in, addr, f.th.kind, true))
		case *ssa.Store:
			if in.Val == addr {
				f.note(in, take)
			}
		case *ssa.FieldAddr:
			f.follow(in, field)
		case *ssa.IndexAddr, *ssa.DebugRef:
		default:
			f.note(in, take)
		}
	}
}

// closure returns what a closure does with what it captures.
func (a *analyzer) closure(mc *ssa.MakeClosure, bound ssa.Value, kind Kind, cell bool) effect {
	e := a.body(mc, bound, kind, cell)
	if e == keep && !called(mc) && !sequential(mc) {
		return take // it may run at any time
	}
	return e
}

// body returns what the body of a closure does with what it captures.
func (a *analyzer) body(mc *ssa.MakeClosure, bound ssa.Value, kind Kind, cell bool) effect {
	fn := mc.Fn.(*ssa.Function)
	if strings.HasPrefix(fn.Synthetic, "bound method") {
		if ends(fn.Object().Name()) {
			return release
		}
		return take
	}
	eff := keep
	for i, b := range mc.Bindings {
		if b != bound || i >= len(fn.FreeVars) {
			continue
		}
		if cell && assigns(fn.FreeVars[i]) {
			return take
		}
		if e := a.fate(fn.FreeVars[i], kind, cell); e == release || eff == keep {
			eff = e
		}
	}
	return eff
}

// assigns reports whether a closure assigns to a variable that it captures.
func assigns(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		switch in := ref.(type) {
		case *ssa.Store:
			if in.Addr != addr {
				continue
			}
			if c, ok := in.Val.(*ssa.Const); !ok || c.Value != nil {
				return true
			}
		case *ssa.MakeClosure:
			for i, b := range in.Bindings {
				if b == addr && assigns(in.Fn.(*ssa.Function).FreeVars[i]) {
					return true
				}
			}
		}
	}
	return false
}

// called reports whether a closure is only called or deferred where it is made.
func called(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			if ref.Call.Value != mc {
				return false
			}
		case *ssa.Defer:
			if ref.Call.Value != mc {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// sequential reports whether a closure is only given to functions of the standard
// library that call it before they return.
func sequential(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok || call.Call.StaticCallee() == nil || call.Call.StaticCallee().Object() == nil || call.Call.StaticCallee().Object().Pkg() == nil {
			return false
		}
		switch call.Call.StaticCallee().Object().Pkg().Path() {
		case "path/filepath", "io/fs", "sort", "slices", "strings", "bytes":
		default:
			return false
		}
	}
	return true
}

// baseOf returns the local variable or new object that an address lies in.
func baseOf(addr ssa.Value) *ssa.Alloc {
	for {
		switch v := addr.(type) {
		case *ssa.FieldAddr:
			addr = v.X
		case *ssa.IndexAddr:
			addr = v.X
		case *ssa.Alloc:
			return v
		default:
			return nil
		}
	}
}
