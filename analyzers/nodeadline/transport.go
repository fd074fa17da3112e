package nodeadline

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// plainTransport reports whether a transport is none, or one that waits for the headers of a
// response without limit: a new one, the default, or one of the package that wraps such a one.
func (c *clients) plainTransport(v ssa.Value, depth int) bool {
	if isZero(v) {
		return true
	}
	m, ok := v.(*ssa.MakeInterface)
	if ok {
		v = m.X
	}
	if load, ok := v.(*ssa.UnOp); ok {
		if g, ok := load.X.(*ssa.Global); ok {
			return isVar(g.Object(), "DefaultTransport")
		}
		v = load.X // a struct that is no pointer
	}
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	if lint.IsNamed(lint.Deref(a.Type()), "net/http", "Transport") {
		return m == nil || m.X == a && plainFields(a)
	}
	return m != nil && depth > 0 && c.wraps(a, m.X.Type(), depth-1)
}

// plainFields reports whether a new http.Transport gets no limits, and no connections that have some.
func plainFields(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			switch lazyssa.Field(ref).Name() {
			case "Dial", "DialContext":
				if !plainDial(ref) {
					return false
				}
			case "ResponseHeaderTimeout", "DialTLS", "DialTLSContext":
				return false
			}
		case *ssa.MakeInterface, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// plainDial reports whether the field of a new transport gets nothing but a method of net.Dialer: its limits are those
// of connecting, and end there.
func plainDial(field *ssa.FieldAddr) bool {
	for _, ref := range *field.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok || st.Addr != field {
			return false
		}
		bound, ok := st.Val.(*ssa.MakeClosure)
		if !ok {
			return false
		}
		method, ok := bound.Fn.(*ssa.Function)
		if !ok || !lint.IsMethod(method.Object(), "net", "Dialer", "Dial", "DialContext") {
			return false
		}
	}
	return true
}

// wraps reports whether a new struct, of which t or a pointer to it is the transport, sends requests by
// plain transports in its fields, and limits nothing itself.
func (c *clients) wraps(a *ssa.Alloc, t types.Type, depth int) bool {
	sel := c.ssa.Pkg.Prog.MethodSets.MethodSet(t).Lookup(nil, "RoundTrip")
	if sel == nil || len(sel.Index()) > 1 {
		return false // or that of a struct within
	}
	method, ok := sel.Obj().(*types.Func)
	if !ok || method.Pkg() != c.pass.Pkg {
		return false
	}
	fn := c.ssa.Pkg.Prog.FuncValue(method)
	if fn == nil || len(fn.Blocks) == 0 {
		return false
	}
	next, ok := c.passesOn(fn)
	if !ok {
		return false
	}
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			f := lazyssa.Field(ref)
			if i := slices.Index(next, f); i >= 0 {
				next = slices.Delete(next, i, i+1)
			} else if !isTransport(f.Type()) {
				continue
			}
			for _, use := range *ref.Referrers() {
				st, ok := use.(*ssa.Store)
				if !ok || st.Addr != ref || !c.plainTransport(st.Val, depth) {
					return false
				}
			}
		case *ssa.MakeInterface, *ssa.DebugRef, *ssa.UnOp:
		default:
			return false
		}
	}
	// A field that stays nil is replaced by the default.
	return len(next) == 0 || mentionsDefault(fn)
}

// passesOn returns the fields of the receiver by which a RoundTrip method sends its request. It does not do so
// plainly if it sends it by anything else but the default, if it starts or waits for something, or has another
// context for the request from anywhere.
func (c *clients) passesOn(fn *ssa.Function) (next []*types.Var, ok bool) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go, *ssa.Select:
				return nil, false
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return nil, false
				}
			case *ssa.Call:
				switch callee := instr.Call.StaticCallee(); {
				case instr.Call.IsInvoke() && isTransport(instr.Call.Value.Type()):
					if ok = sendsBy(fn, instr.Call.Value, &next, 5); !ok {
						return nil, false
					}
				case callee != nil && lint.IsMethod(callee.Object(), "net/http", "Transport", "RoundTrip"):
					if ok = sendsBy(fn, instr.Call.Args[0], &next, 5); !ok {
						return nil, false
					}
				case callee != nil && lint.IsMethod(callee.Object(), "net/http", "Request", "Context"):
				case callee != nil && lint.IsMethod(callee.Object(), "net/http", "Request", "Clone", "WithContext"):
					if !sameContext(instr.Call.Args[1]) {
						return nil, false
					}
				case makesRequest(instr.Call.Signature()):
					return nil, false
				}
			}
		}
	}
	return next, ok
}

// sendsBy notes the fields of the receiver of fn that a transport may come from. It reports whether it comes from
// these and the default alone, in so many steps.
func sendsBy(fn *ssa.Function, v ssa.Value, next *[]*types.Var, steps int) bool {
	if steps == 0 {
		return false
	}
	all := func(vals []ssa.Value) bool {
		return !slices.ContainsFunc(vals, func(v ssa.Value) bool { return !sendsBy(fn, v, next, steps-1) })
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return sendsBy(fn, v.X, next, steps-1)
	case *ssa.Phi:
		return all(v.Edges)
	case *ssa.UnOp:
		switch from := v.X.(type) {
		case *ssa.Global:
			return isVar(from.Object(), "DefaultTransport")
		case *ssa.Alloc:
			return all(localStores(from))
		case *ssa.FieldAddr:
			if !receives(fn, from.X) {
				return false
			}
			if f := lazyssa.Field(from); !slices.Contains(*next, f) {
				*next = append(*next, f)
			}
			return true
		}
	}
	return false
}

func isTransport(t types.Type) bool {
	return lint.IsNamed(t, "net/http", "RoundTripper") || lint.IsNamed(lint.Deref(t), "net/http", "Transport")
}

// receives reports whether v is the receiver of a method, or the variable that holds a copy of it.
func receives(fn *ssa.Function, v ssa.Value) bool {
	if local, ok := v.(*ssa.Alloc); ok {
		vals := localStores(local)
		return len(vals) == 1 && vals[0] == fn.Params[0]
	}
	return v == fn.Params[0]
}

// sameContext reports whether a context is that of a request, or has no end.
func sameContext(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && call.Call.StaticCallee() != nil && lint.IsMethod(call.Call.StaticCallee().Object(), "net/http", "Request", "Context") || endless(v)
}

// makesRequest reports whether a function returns a request, a context or a response.
func makesRequest(sig *types.Signature) bool {
	for res := range sig.Results().Variables() {
		t := lint.Deref(res.Type())
		if lint.IsNamed(t, "net/http", "Request") || lint.IsNamed(t, "net/http", "Response") || lint.IsNamed(t, "context", "Context") {
			return true
		}
	}
	return false
}

func mentionsDefault(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if load, ok := instr.(*ssa.UnOp); ok {
				if g, ok := load.X.(*ssa.Global); ok && isVar(g.Object(), "DefaultTransport") {
					return true
				}
			}
		}
	}
	return false
}
