package retention

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// judge reports a place that only grows, if it is added to without end.
func (f *finder) judge(g *growing) {
	// A slice that one place appends to is begun anew by another that assigns.
	assigned := slices.ContainsFunc(g.adds, func(a adding) bool { return a.key != nil && !a.grows })
	for _, add := range g.adds {
		if g.first(add) {
			continue
		}
		each := add.grows && !assigned
		r, ok := f.paths.at(add.instr.Block())
		if !ok || g.v.IsField() && !f.lasts(g.v, r) {
			continue
		}
		if add.key != nil && !each && f.limited(g, add.key, add.instr) {
			continue
		}
		what, undo := "adds a key to it", "nothing in the package deletes from it"
		switch {
		case each:
			what, undo = "appends to what a key has", "nothing in the package shortens that"
		case add.key == nil:
			what, undo = "appends to it", "nothing in the package shortens it"
		}
		if f.reportGrowth(g, add, fmt.Sprintf("%s %s, and %s", what, r.when, undo)) {
			return
		}
	}
	f.memo(g)
}

// memo reports what remembers, for each argument of a function, what has been computed
// for it, or that it was there. A field must be of an object that goroutines share.
func (f *finder) memo(g *growing) {
	for _, add := range g.adds {
		up, ok := add.instr.(*ssa.MapUpdate)
		if !ok || !fromParam(up.Key, 4) || fromParam(up.Value, 4) || !f.all && !open(up.Key.Type()) {
			continue
		}
		if g.v.IsField() && !f.shared(g.v) || !f.all && !g.missed(up) || g.registers(up) || f.limited(g, up.Key, up) {
			continue
		}
		if f.reportGrowth(g, add, "adds each new key that it is called with, and nothing in the package deletes from it") {
			return
		}
	}
}

// open reports whether there is no end of values of the type: it is a string, or has one.
func open(t types.Type) bool {
	if lint.IsString(t) {
		return true
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range st.Fields() {
		if lint.IsString(field.Type()) {
			return true
		}
	}
	return false
}

// missed reports whether the key has been looked up in the map before it is added.
func (g *growing) missed(up *ssa.MapUpdate) bool {
	return up.Key.Referrers() != nil && slices.ContainsFunc(*up.Key.Referrers(), func(ref ssa.Instruction) bool {
		look, ok := ref.(*ssa.Lookup)
		return ok && look.CommaOk && look.Index == up.Key && g.isLoad(look.X)
	})
}

// registers reports whether a function that adds something fails where it is there already: programs do
// so as they start. What only marks that a key was there is no such thing.
func (g *growing) registers(up *ssa.MapUpdate) bool {
	switch t := up.Value.Type().Underlying().(type) {
	case *types.Basic:
		return false
	case *types.Struct:
		if t.NumFields() == 0 || lint.IsNamed(up.Value.Type(), "time", "Time") {
			return false
		}
	}
	for _, look := range lookups(up.Key) {
		if !g.isLoad(look.X) {
			continue
		}
		for _, b := range up.Parent().Blocks {
			switch last := b.Instrs[len(b.Instrs)-1].(type) {
			case *ssa.Panic:
				if foundBefore(look, b) {
					return true
				}
			case *ssa.Return:
				if fails(last) && foundBefore(look, b) {
					return true
				}
			}
		}
	}
	return false
}

// fails reports whether a return tells of an error, which a function with a deferred call has stored
// before that.
func fails(ret *ssa.Return) bool {
	if lazyssa.Fails(ret) {
		return true
	}
	if len(ret.Results) == 0 {
		return false
	}
	load, ok := ret.Results[len(ret.Results)-1].(*ssa.UnOp)
	if !ok || !lint.IsError(load.Type()) {
		return false
	}
	err := lazyssa.LastStored(load)
	return err != nil && lazyssa.IsFailure(err)
}

// shared reports whether the struct that field v is part of has a lock, as objects have
// that goroutines share for long.
func (f *finder) shared(v *types.Var) bool {
	owner := f.ownerOf(v)
	if owner == nil {
		return false
	}
	st, ok := owner.Type().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range st.Fields() {
		if lint.IsNamed(lint.Deref(field.Type()), "sync", "Mutex", "RWMutex") {
			return true
		}
	}
	return false
}

// fromParam reports whether a value is a parameter, or made of one without a call.
func fromParam(v ssa.Value, depth int) bool {
	switch x := v.(type) {
	case *ssa.Parameter:
		return true
	case *ssa.Convert:
		return depth > 0 && fromParam(x.X, depth-1)
	case *ssa.ChangeType:
		return depth > 0 && fromParam(x.X, depth-1)
	case *ssa.MakeInterface:
		return depth > 0 && fromParam(x.X, depth-1)
	case *ssa.BinOp:
		return depth > 0 && (fromParam(x.X, depth-1) || fromParam(x.Y, depth-1))
	}
	return false
}

// fewKeys reports whether a key can only have so many values by what it is: constants, bools, bytes,
// enumerations, types, the method or route of a request, the status of a response, the hour of a time.
func fewKeys(key ssa.Value) bool {
	switch x := key.(type) {
	case *ssa.Const:
		return true
	case *ssa.MakeInterface:
		return fewKeys(x.X)
	case *ssa.ChangeType:
		if fewKeys(x.X) {
			return true
		}
	case *ssa.Call:
		obj := lazyssa.Callee(x)
		if x.Call.IsInvoke() {
			obj = x.Call.Method
		}
		if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "reflect" ||
			lint.IsMethod(obj, "time", "Time", "Second", "Minute", "Hour", "Day", "YearDay") ||
			lint.IsFunc(obj, "net/http", "DetectContentType", "StatusText") || lint.IsFunc(obj, "mime", "TypeByExtension") ||
			namesRoute(obj) {
			return true
		}
	case *ssa.UnOp:
		fa, ok := x.X.(*ssa.FieldAddr)
		switch {
		case !ok:
		case lint.IsNamed(lint.Deref(fa.X.Type()), "net/http", "Request"):
			switch placeOf(fa).Name() {
			case "Method", "Proto", "ProtoMajor", "ProtoMinor", "Pattern", "Host":
				return true
			}
		case lint.IsNamed(lint.Deref(fa.X.Type()), "net/http", "Response") && placeOf(fa).Name() == "StatusCode",
			lint.IsNamed(lint.Deref(fa.X.Type()), "google.golang.org/grpc", "UnaryServerInfo", "StreamServerInfo"):
			return true
		}
	}
	t := key.Type()
	if lint.IsNamed(t, "reflect", "Type", "Kind") {
		return true
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return false
	}
	switch b.Kind() {
	case types.Bool, types.Int8, types.Uint8:
		return true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	n := 0
	scope := named.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), t) {
			n++
		}
	}
	return n > 1
}

// namesRoute reports whether a method of a framework names the route that a request has taken.
func namesRoute(obj types.Object) bool {
	return lint.IsMethod(obj, "github.com/gin-gonic/gin", "Context", "FullPath", "HandlerName") ||
		lint.IsMethod(obj, "github.com/labstack/echo/v4", "Context", "Path") ||
		lint.IsMethod(obj, "github.com/go-chi/chi/v5", "Context", "RoutePattern")
}

// known reports whether a block is only reached if a key has been found in another map, or in the
// same one, which then says what keys there are.
func known(key ssa.Value, b *ssa.BasicBlock) bool {
	return slices.ContainsFunc(lookups(key), func(look *ssa.Lookup) bool { return foundBefore(look, b) })
}

// lookups returns where a key, or another load of the same field of a request, is
// looked up.
func lookups(key ssa.Value) (list []*ssa.Lookup) {
	same := []ssa.Value{key}
	if load, ok := key.(*ssa.UnOp); ok {
		if fa, ok := load.X.(*ssa.FieldAddr); ok {
			for _, ref := range *fa.X.Referrers() {
				other, ok := ref.(*ssa.FieldAddr)
				if !ok || other.Field != fa.Field {
					continue
				}
				for _, use := range *other.Referrers() {
					if l, ok := use.(*ssa.UnOp); ok {
						same = append(same, l)
					}
				}
			}
		}
	}
	for _, v := range same {
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			if look, ok := ref.(*ssa.Lookup); ok && look.Index == v {
				list = append(list, look)
			}
		}
	}
	return list
}

// foundBefore reports whether a block is only reached if a lookup has found something.
func foundBefore(look *ssa.Lookup, b *ssa.BasicBlock) bool {
	var conds []ssa.Value // that hold if it has
	for _, ref := range *look.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Extract:
			if ref.Index == 1 {
				conds = append(conds, ref)
			}
			if ref.Index == 0 {
				conds = append(conds, compared0(ref)...)
			}
		}
	}
	if !look.CommaOk {
		conds = append(conds, look)
		conds = append(conds, compared0(look)...)
	}
	for _, cond := range conds {
		if cond.Referrers() == nil {
			continue
		}
		for _, ref := range *cond.Referrers() {
			is := true
			if not, ok := ref.(*ssa.UnOp); ok && not.Op == token.NOT && len(*not.Referrers()) == 1 {
				is, ref = false, (*not.Referrers())[0]
			}
			branch, ok := ref.(*ssa.If)
			if !ok {
				continue
			}
			if cmp, ok := cond.(*ssa.BinOp); ok && cmp.Op == token.EQL {
				is = !is
			}
			to := branch.Block().Succs[1]
			if is {
				to = branch.Block().Succs[0]
			}
			if len(to.Preds) == 1 && to.Dominates(b) {
				return true
			}
		}
	}
	return false
}

// compared0 returns the comparisons of a value with nil or zero.
func compared0(v ssa.Value) (list []ssa.Value) {
	for _, ref := range *v.Referrers() {
		cmp, ok := ref.(*ssa.BinOp)
		if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
			continue
		}
		for _, side := range []ssa.Value{cmp.X, cmp.Y} {
			if c, ok := side.(*ssa.Const); ok && (c.IsNil() || c.Value != nil && c.Value.ExactString() == `""`) {
				list = append(list, cmp)
			}
		}
	}
	return list
}
