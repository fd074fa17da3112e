package resource

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// endsDialed reports whether a call ends the connection that a request went over: the function that the
// transport dials by has left it in a variable of this one. The bodies end with it.
func (w *walk) endsDialed(c *ssa.CallCommon) bool {
	sender, _ := receiver(&w.call.Call)
	conn, name := receiver(c)
	load, ok := conn.(*ssa.UnOp)
	return ok && load.Op == token.MUL && ends(name) && sender != nil && dialsTo(sender, load.X, 2)
}

// receiver returns the receiver of a call of a method, and the name of the method.
func receiver(c *ssa.CallCommon) (ssa.Value, string) {
	if c.IsInvoke() {
		return c.Value, c.Method.Name()
	}
	if callee := c.StaticCallee(); callee != nil && callee.Signature.Recv() != nil && len(c.Args) > 0 {
		return c.Args[0], callee.Name()
	}
	return nil, ""
}

// dialsTo reports whether a field of an object that the function has made is a literal that sets a
// variable of the function, or is an object with such a field.
func dialsTo(obj, variable ssa.Value, depth int) bool {
	obj = lazyssa.Strip(obj)
	if _, made := obj.(*ssa.Alloc); !made || depth == 0 {
		return false
	}
	for _, ref := range *obj.Referrers() {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *addr.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok || st.Addr != addr {
				continue
			}
			if mc, ok := lazyssa.Strip(st.Val).(*ssa.MakeClosure); ok && sets(mc, variable) || dialsTo(st.Val, variable, depth-1) {
				return true
			}
		}
	}
	return false
}

// sets reports whether a literal assigns to a variable that it captures.
func sets(mc *ssa.MakeClosure, variable ssa.Value) bool {
	i := slices.Index(mc.Bindings, variable)
	if i < 0 {
		return false
	}
	fv := mc.Fn.(*ssa.Function).FreeVars[i]
	return slices.ContainsFunc(*fv.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Addr == fv
	})
}
