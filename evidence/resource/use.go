package resource

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// An effect is what an instruction does with a resource.
type effect int

const (
	keep    effect = iota // nothing: it is as open as before
	release               // releases it, on some path at least
	take                  // somebody else may have got hold of it
	refuse                // releases it if the call fails, and only then
)

// A class says how a value is related to a resource.
type class int

const (
	unrelated class = iota
	itself
	field   // the address of a field of it
	view    // reads or writes by way of it, and cannot release it
	holder  // an object that holds it
	tuple   // has it, or what became of it, as element 0
	isNil   // these are about other values: the error of the call among them
	notNil  //
	isTrue  //
	isFalse //
	judged  // a verdict on the error that is not understood
)

// about reports whether values of the class lead to the resource.
func (c class) about() bool { return c != unrelated && c < isNil }

// use returns what an instruction does with an operand of class c, and what its
// own value is then.
func (a *analyzer) use(th *thing, instr ssa.Instruction, v ssa.Value, c class) (effect, class) {
	switch in := instr.(type) {
	case *ssa.DebugRef, *ssa.BinOp, *ssa.If, *ssa.Range, *ssa.Next, *ssa.Lookup, *ssa.Panic, *ssa.RunDefers:
		return keep, unrelated
	case *ssa.Phi, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.ChangeType, *ssa.Convert, *ssa.MultiConvert, *ssa.Slice, *ssa.SliceToArrayPointer:
		return keep, c
	case *ssa.TypeAssert:
		if in.CommaOk {
			return keep, tuple
		}
		return keep, c
	case *ssa.Extract:
		if in.Index != 0 {
			return keep, unrelated
		}
		if _, asserted := in.Tuple.(*ssa.TypeAssert); asserted {
			return keep, itself
		}
		return keep, view
	case *ssa.FieldAddr:
		if in.X == v && c == itself && promotes(in) {
			return keep, itself
		}
		if in.X == v && (c == itself || c == view || c == holder) {
			return keep, field
		}
		return keep, unrelated
	case *ssa.IndexAddr:
		if c == holder {
			return keep, field
		}
		return keep, unrelated
	case *ssa.Field:
		return keep, inner(th, in.Type(), c)
	case *ssa.UnOp:
		switch {
		case in.Op == token.MUL && c == field:
			return keep, inner(th, in.Type(), holder)
		case in.Op == token.MUL:
			return keep, c // a copy of the struct
		}
		return keep, unrelated // received from it
	case *ssa.Index:
		return keep, inner(th, in.Type(), c)
	case *ssa.Store:
		if in.Addr == v {
			return keep, unrelated
		}
		return take, unrelated
	case *ssa.Select:
		for _, s := range in.States {
			if s.Send == v {
				return take, unrelated
			}
		}
		return keep, unrelated
	case *ssa.Send:
		if in.X == v {
			return take, unrelated
		}
		return keep, unrelated
	case ssa.CallInstruction:
		return a.call(th, in, v, c)
	}
	return take, unrelated
}

func receiveOnly(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	return ok && ch.Dir() == types.RecvOnly
}

// promotes reports whether the field is one whose method Close, Cancel or the like is that of the
// struct, as in net.TCPConn.
func promotes(addr *ssa.FieldAddr) bool {
	f := lazyssa.Field(addr)
	return f.Embedded() && (closable(f.Type()) || hasEnd(f.Type()))
}

// inner returns the class of what is loaded from an object.
func inner(th *thing, t types.Type, of class) class {
	switch {
	case of == holder && closable(t), th.kind == Body && closable(t):
		return itself
	case th.sent && of == holder && lint.IsError(t):
		return isNil
	case th.sent && of == holder && isBasic(t):
		return judged // it may say that there is none
	case of == holder && th.kind == Subscription:
		return view
	case th.kind == Transaction && lint.IsError(t):
		return isNil // it would tell that there is none
	case th.kind == Transaction && holds(t):
		return view
	case of == holder && holds(t):
		return view
	}
	return unrelated
}

func isBasic(t types.Type) bool {
	_, ok := t.Underlying().(*types.Basic)
	return ok
}

// holds reports whether a value of the type may lead to a resource.
func holds(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return true
	case *types.Interface:
		return !lint.IsError(t)
	case *types.Struct:
		return u.NumFields() > 0 && !lint.IsNamed(t, "time", "Time")
	case *types.Signature, *types.Chan:
		return true
	case *types.Slice: // such as the signers of an agent, which go on asking it
		return types.IsInterface(u.Elem()) && holds(u.Elem())
	}
	return false
}

// call returns what a call does with v, which is what is called, the receiver, or an
// argument.
func (a *analyzer) call(th *thing, in ssa.CallInstruction, v ssa.Value, c class) (effect, class) {
	common := in.Common()
	if _, started := in.(*ssa.Go); started {
		return take, unrelated
	}
	if th.kind == Signals && receiveOnly(v.Type()) && !common.IsInvoke() && common.StaticCallee() == nil {
		return keep, unrelated // a function that is run with them; it takes a channel to send to, to stop them
	}
	if b, ok := common.Value.(*ssa.Builtin); ok {
		switch {
		case b.Name() == "append" && (th.kind != Region || c == holder || len(common.Args) < 1 || common.Args[0] == v):
			return take, unrelated
		case b.Name() == "close" && th.kind == Subscription:
			return release, unrelated
		}
		return keep, unrelated
	}
	if c == field || c == tuple {
		// The address of a field of it, such as the header of a response.
		return keep, unrelated
	}
	if common.Value == v && !common.IsInvoke() {
		return release, unrelated // the function that ends it
	}
	eff, after := keep, unrelated
	merge := func(e effect, c class) {
		if e == release || eff == keep {
			eff = e
		}
		if c != unrelated {
			after = c
		}
	}
	if th.kind == Transaction && tells(in) {
		return take, unrelated
	}
	if common.IsInvoke() && common.Value == v {
		merge(a.method(th, common, nil, c))
	}
	callee := common.StaticCallee()
	for i, arg := range common.Args {
		if arg != v {
			continue
		}
		if i == 0 && callee != nil && callee.Signature.Recv() != nil && !common.IsInvoke() {
			merge(a.method(th, common, callee, c))
		} else {
			merge(a.argument(th, common, callee, i, c))
		}
	}
	return eff, after
}

// tells reports whether the function returns what a call says is the number or name of its receiver: by
// that others find it, and end it later.
func tells(in ssa.CallInstruction) bool {
	id, fn := in.Value(), calledFunc(in.Common())
	if id == nil || fn == nil || fn.Signature().Recv() == nil || fn.Signature().Params().Len() > 0 {
		return false
	}
	return isBasic(id.Type()) && strings.HasSuffix(strings.ToLower(fn.Name()), "id") && returned(id)
}

// calledFunc returns the function that a call names, or the method of an interface; nil if it is of a
// function value.
func calledFunc(c *ssa.CallCommon) *types.Func {
	if callee := c.StaticCallee(); callee != nil {
		fn, _ := callee.Object().(*types.Func)
		return fn
	}
	return c.Method
}

// returned reports whether the function returns v, or an object with v in a field.
func returned(v ssa.Value) bool {
	seen := make(map[ssa.Value]bool) // an object may be in a field of its own
	var find func(v ssa.Value) bool
	find = func(v ssa.Value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
			switch in := ref.(type) {
			case *ssa.Return:
				return true
			case *ssa.Convert, *ssa.ChangeType:
				return find(in.(ssa.Value))
			case *ssa.Store:
				addr, ok := in.Addr.(*ssa.FieldAddr)
				if !ok || in.Val != v {
					return false
				}
				obj := baseOf(addr)
				return obj != nil && find(obj)
			case *ssa.UnOp:
				return in.Op == token.MUL && find(in)
			}
			return false
		})
	}
	return find(v)
}

// method returns what a method does with its receiver.
func (a *analyzer) method(th *thing, c *ssa.CallCommon, callee *ssa.Function, cl class) (effect, class) {
	name := ""
	if callee != nil {
		name = callee.Name()
	} else {
		name = c.Method.Name()
	}
	if th.kind == Subscription && lint.Leads(name, "Drain") {
		return release, unrelated // what has been published is delivered, and then no more
	}
	if ends(name) && !(th.kind == Body && strings.HasPrefix(name, "CloseIdle")) && !(th.kind == Subscription && onlyPart(c)) {
		if cl == view && th.kind != Subscription {
			return keep, unrelated // closing a reader of a file does not close the file
		}
		return release, unrelated
	}
	if th.kind == Body && name == "Write" && callee != nil && isResponse(callee.Signature.Recv().Type()) {
		return release, unrelated // as it is documented
	}
	if local := a.local(callee); local != nil {
		if e := a.param(local, 0); e != keep {
			return e, unrelated
		}
	} else if callee != nil {
		if h := a.handling(callee); h != nil {
			for _, p := range h.Params {
				if p.Index == 0 && p.Closes {
					return release, unrelated
				}
			}
		}
	}
	switch {
	case name == "Fd" || name == "SyscallConn" || name == "Bytes":
		return keep, view
	case th.kind == Subscription || cl != itself:
		return keep, resultOf(c)
	}
	return keep, unrelated
}

// onlyPart reports whether a method gives up some of what was subscribed to, which it is told, of an object
// that has a Close for the whole, as redis.PubSub.
func onlyPart(c *ssa.CallCommon) bool {
	fn := calledFunc(c)
	return fn != nil && fn.Name() == "Unsubscribe" && fn.Signature().Variadic() && hasMethod(fn.Signature().Recv().Type(), "Close")
}

// resultOf returns the class of the result of a call that got a resource to work with.
func resultOf(c *ssa.CallCommon) class {
	results := c.Signature().Results()
	switch {
	case results.Len() == 0 || !holds(results.At(0).Type()):
		return unrelated
	case results.Len() > 1:
		return tuple
	}
	return view
}

// argument returns what a function does with argument i.
func (a *analyzer) argument(th *thing, c *ssa.CallCommon, callee *ssa.Function, i int, cl class) (effect, class) {
	t := paramType(c, i)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() != types.UnsafePointer {
		return keep, unrelated
	}
	fn := calledFunc(c)
	if fn != nil && releasesArg(th, fn) {
		return release, unrelated
	}
	if fn != nil && serves(fn) && lint.IsNamed(t, "net", "Listener") {
		return take, unrelated
	}
	if local := a.local(callee); local != nil {
		e := a.param(local, i)
		if e == release && a.refuses(local, i) {
			e = refuse
		}
		return e, unrelated
	}
	if callee != nil {
		if h := a.handling(callee); h != nil && closable(t) {
			for _, p := range h.Params {
				switch {
				case p.Index != i:
				case p.Refuses:
					return refuse, unrelated
				case p.Closes:
					return release, unrelated
				default:
					return keep, unrelated
				}
			}
			return take, unrelated
		}
	}
	return outside(th, c, fn, t, cl)
}

// serves reports whether a function serves those who connect to a listener, by its name: that
// goes on until the listener is closed, by whoever is to end it.
func serves(fn *types.Func) bool { return lint.Leads(fn.Name(), "Serve") }

// releasesArg reports whether a function releases what it gets as an argument.
func releasesArg(th *thing, fn *types.Func) bool {
	switch th.kind {
	case Signals:
		return lint.IsFunc(fn, "os/signal", "Stop")
	case Region:
		return strings.Contains(fn.Name(), "unmap") || strings.Contains(fn.Name(), "Unmap")
	case Subscription:
		for _, prefix := range []string{"Unsubscribe", "unsubscribe", "Evict", "Unregister", "Remove", "remove", "Stop", "Cancel"} {
			if strings.HasPrefix(fn.Name(), prefix) {
				return true
			}
		}
	}
	return false
}

// outside returns what a function out of sight does with an argument of parameter
// type t. It cannot close what its type does not say can be closed.
func outside(th *thing, c *ssa.CallCommon, fn *types.Func, t types.Type, cl class) (effect, class) {
	name, path, std := "", "", false
	if fn != nil && fn.Pkg() != nil {
		name, path = fn.Name(), fn.Pkg().Path()
		first, _, _ := strings.Cut(path, "/")
		std = !strings.Contains(first, ".")
	}
	switch {
	case th.kind == Signals && path == "os/signal":
		return keep, unrelated
	case std && retains(path, name):
		return take, unrelated
	case path == "net/http/httputil" && strings.HasPrefix(name, "Dump"), path == "io" && name == "NopCloser",
		path == "os" && name == "SameFile", path == "runtime" && name == "KeepAlive", path == "reflect" && name == "DeepEqual":
		return keep, resultOf(c)
	case std && (path == "fmt" || path == "log" || path == "log/slog"):
		return keep, resultOf(c)
	case th.kind == Region && lint.IsBytes(t):
		if results := c.Signature().Results(); std || results.Len() == 0 || !holds(results.At(0).Type()) && !lint.IsBytes(results.At(0).Type()) {
			return keep, resultOf(c)
		}
		return take, unrelated
	case closable(t), isEmptyInterface(t):
		return take, unrelated
	case !std && slices.ContainsFunc([]string{"Set", "With", "Add", "Use", "Register", "Attach", "Reset", "Init"}, func(p string) bool { return strings.HasPrefix(name, p) }):
		return take, unrelated
	case cl == holder && !(std && types.IsInterface(t)): // an io.Reader cannot be closed
		return take, unrelated
	}
	if _, ok := t.Underlying().(*types.Chan); ok {
		return take, unrelated
	}
	if _, ok := t.Underlying().(*types.Signature); ok {
		return take, unrelated
	}
	return keep, resultOf(c)
}

// retains reports whether a function of the standard library keeps what it gets, or
// closes it in the end.
func retains(path, name string) bool {
	switch path {
	case "net/http":
		return name != "ServeContent" && name != "MaxBytesReader"
	case "log":
		return name == "SetOutput"
	case "log/slog":
		return name == "SetDefault"
	case "runtime/pprof", "runtime/trace":
		return strings.HasPrefix(name, "Start")
	case "net/http/httptest", "net/rpc", "net/rpc/jsonrpc", "net/smtp", "net/textproto", "crypto/tls", "database/sql", "flag", "runtime/debug":
		return true
	}
	return false
}

func isEmptyInterface(t types.Type) bool {
	u, ok := t.Underlying().(*types.Interface)
	return ok && u.NumMethods() == 0
}

// paramType returns the type of parameter i of a call, the receiver of a method that is
// called statically counted.
func paramType(c *ssa.CallCommon, i int) types.Type {
	sig := c.Signature()
	if !c.IsInvoke() && sig.Recv() != nil {
		if i == 0 {
			return sig.Recv().Type()
		}
		i--
	}
	if i < sig.Params().Len() {
		return sig.Params().At(i).Type()
	}
	return c.Args[min(i, len(c.Args)-1)].Type()
}
