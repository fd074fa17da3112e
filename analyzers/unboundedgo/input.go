package unboundedgo

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// An input is what a loop takes its items from, if somebody outside the program
// decides how many there are.
type input struct {
	name    string
	pos     token.Pos
	stream  bool            // messages, one after the other
	limited bool            // its length is compared with something
	recv    ssa.Instruction // that gets the next item; nil for slices and maps
}

// inputOf returns the input of the loop around a go statement, or nil.
func (f *finder) inputOf(call ssa.CallInstruction, cycle map[*ssa.BasicBlock]bool) *input {
	for _, b := range call.Parent().Blocks {
		if !cycle[b] || !b.Dominates(call.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == call {
				break // what comes after it is for the next round, or an answer
			}
			var in *input
			switch v := instr.(type) {
			case *ssa.UnOp:
				if v.Op == token.ARROW {
					in = f.channel(v, v.X, v.Pos())
				}
			case *ssa.Select:
				for _, state := range v.States {
					if state.Dir == types.RecvOnly && f.leadsTo(v, state, call) {
						in = f.channel(v, state.Chan, state.Pos)
					}
				}
			case *ssa.Next:
				if r, ok := v.Iter.(*ssa.Range); ok && !cycle[r.Block()] {
					in = f.collection(r.X, r.Pos())
				}
			case *ssa.IndexAddr:
				if x, ok := v.X.(ssa.Instruction); !ok || !cycle[x.Block()] {
					in = f.collection(v.X, v.Pos())
				}
			case *ssa.Call:
				in = f.read(v)
			}
			if in != nil {
				return in
			}
		}
	}
	return nil
}

// leadsTo reports whether the case of the select is what leads to the go statement.
func (f *finder) leadsTo(sel *ssa.Select, state *ssa.SelectState, call ssa.CallInstruction) bool {
	k := slices.Index(sel.States, state)
	for _, ref := range *sel.Referrers() {
		index, ok := ref.(*ssa.Extract)
		if !ok || index.Index != 0 {
			continue
		}
		for _, ref := range *index.Referrers() {
			test, ok := ref.(*ssa.BinOp)
			if !ok || test.Op != token.EQL {
				continue
			}
			if c, ok := test.Y.(*ssa.Const); !ok || int(c.Int64()) != k {
				continue
			}
			for _, ref := range *test.Referrers() {
				if branch, ok := ref.(*ssa.If); ok && branch.Block().Succs[0].Dominates(call.Block()) {
					return true
				}
			}
		}
	}
	return false
}

// channel is the input of a loop that receives. Signals and times are not messages,
// nor is what comes by the clock.
func (f *finder) channel(recv ssa.Instruction, ch ssa.Value, pos token.Pos) *input {
	elem := lint.Chan(ch.Type()).Elem()
	if s, ok := elem.Underlying().(*types.Struct); ok && s.NumFields() == 0 || lint.IsNamed(elem, "time", "Time") ||
		lint.IsError(elem) || lint.IsNamed(elem, "os", "Signal") {
		return nil
	}
	if b, ok := elem.Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
		return nil
	}
	if madeHere(ch) {
		return nil // the function itself decides what is sent
	}
	return &input{name: f.text(pos, "the channel"), pos: pos, stream: true, recv: recv}
}

// madeHere reports whether a channel is made by the function itself, also if literals get
// to know the variable that it is in.
func madeHere(ch ssa.Value) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok {
		_, made := ch.(*ssa.MakeChan)
		return made
	}
	variable, ok := load.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	made := false
	for _, ref := range *variable.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == variable {
			if _, made = st.Val.(*ssa.MakeChan); !made {
				return false
			}
		}
	}
	return made
}

// read is the input of a loop that reads messages from outside, one by one.
func (f *finder) read(call *ssa.Call) *input {
	fn := called(call)
	if fn == nil {
		return nil
	}
	recv := fn.Signature().Recv()
	switch {
	case recv == nil:
		return nil
	case lint.IsMethod(fn, "bufio", "Scanner", "Scan"),
		lint.IsMethod(fn, "database/sql", "Rows", "Next"),
		lint.IsMethod(fn, "encoding/csv", "Reader", "Read"),
		lint.IsMethod(fn, "encoding/json", "Decoder", "Decode"),
		lint.IsMethod(fn, "encoding/gob", "Decoder", "Decode"),
		isPacketRead(fn), isStreamRecv(fn):
		return &input{name: f.text(call.Pos(), "the input"), pos: call.Pos(), stream: true, recv: call}
	}
	return nil
}

// isPacketRead reports whether fn reads a packet: the result has the address of the sender.
func isPacketRead(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Pkg().Path() != "net" {
		return false
	}
	for v := range fn.Signature().Results().Variables() {
		if lint.IsNamed(v.Type(), "net", "Addr") || lint.IsNamed(lint.Deref(v.Type()), "net", "UDPAddr") || lint.IsNamed(v.Type(), "net/netip", "AddrPort") {
			return fn.Signature().Params().Len() > 0
		}
	}
	return false
}

// isStreamRecv reports whether fn receives a message of a gRPC stream: its type has
// RecvMsg(any) error, and it returns a message and an error.
func isStreamRecv(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Params().Len() != 0 || sig.Results().Len() != 2 || !lint.IsError(sig.Results().At(1).Type()) {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(sig.Recv().Type(), true, fn.Pkg(), "RecvMsg")
	recvMsg, ok := obj.(*types.Func)
	return ok && recvMsg.Signature().Params().Len() == 1 && types.IsInterface(recvMsg.Signature().Params().At(0).Type())
}

// collection is the input of a loop over a slice or map that a client has filled.
func (f *finder) collection(x ssa.Value, pos token.Pos) *input {
	switch t := x.Type().Underlying().(type) {
	case *types.Slice, *types.Map:
	case *types.Pointer:
		if _, ok := t.Elem().Underlying().(*types.Array); ok {
			return nil
		}
	default:
		return nil
	}
	if !f.fromClient(x, 0) {
		return nil
	}
	return &input{name: f.rangeText(pos, "the request"), pos: pos, limited: measured(x)}
}

// fromClient reports whether a value is part of what has been decoded from outside: of
// a request that a handler gets, or of a variable that a decoder fills.
func (f *finder) fromClient(v ssa.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.Op == token.MUL && f.fromClient(v.X, depth+1)
	case *ssa.FieldAddr:
		return f.fromClient(v.X, depth+1)
	case *ssa.Field:
		return f.fromClient(v.X, depth+1)
	case *ssa.IndexAddr:
		return f.fromClient(v.X, depth+1)
	case *ssa.Parameter:
		return f.isRequest(v)
	case *ssa.Alloc:
		return decoded(v)
	case *ssa.Call:
		fn := called(v)
		if fn == nil {
			return false
		}
		if recv := fn.Signature().Recv(); recv != nil && len(v.Call.Args) <= 1 && !v.Call.IsInvoke() {
			return len(v.Call.Args) == 1 && f.fromClient(v.Call.Args[0], depth+1) // a getter of the request
		}
		if lint.IsFunc(fn, "strings", "Split", "Fields", "SplitN") || lint.IsFunc(fn, "bytes", "Split", "Fields") {
			return f.fromClient(v.Call.Args[0], depth+1)
		}
	case *ssa.Convert:
		return f.fromClient(v.X, depth+1)
	}
	return false
}

// isRequest reports whether a parameter is the message that a client has sent to a
// handler or a method of a service.
func (f *finder) isRequest(p *ssa.Parameter) bool {
	fn, _ := p.Parent().Object().(*types.Func)
	if !f.hot.Serves(p.Parent().Signature, fn) {
		return false
	}
	if p.Parent().Signature.Recv() != nil && p.Parent().Params[0] == p {
		return false
	}
	_, isStruct := lint.Deref(p.Type()).Underlying().(*types.Struct)
	return isStruct && !lint.IsNamed(p.Type(), "context", "Context")
}

// decoded reports whether a decoder of the standard library gets the address of a variable, other than one of
// a file, which is the program's own.
func decoded(v *ssa.Alloc) bool {
	isFile := func(v ssa.Value) bool {
		call, ok := v.(*ssa.Call)
		return ok && lint.IsFunc(lazyssa.Callee(call), "os", "ReadFile") || lint.IsNamed(lint.Deref(v.Type()), "os", "File")
	}
	passed := func(call ssa.CallInstruction) bool {
		fn := called(call)
		if args := call.Common().Args; len(args) > 0 && lazyssa.Mentions(args[0], 5, isFile) {
			return false
		}
		return lint.IsFunc(fn, "encoding/json", "Unmarshal") || lint.IsMethod(fn, "encoding/json", "Decoder", "Decode") ||
			lint.IsFunc(fn, "encoding/xml", "Unmarshal") || lint.IsMethod(fn, "encoding/xml", "Decoder", "Decode") ||
			lint.IsMethod(fn, "encoding/gob", "Decoder", "Decode")
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			if passed(ref) {
				return true
			}
		case *ssa.MakeInterface:
			for _, use := range *ref.Referrers() {
				if call, ok := use.(ssa.CallInstruction); ok && passed(call) {
					return true
				}
			}
		}
	}
	return false
}

// measured reports whether the length of a value is compared with something but 0.
func measured(x ssa.Value) bool {
	same := func(v ssa.Value) bool { return v == x || sameField(v, x) }
	for _, b := range x.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if builtin, ok := call.Call.Value.(*ssa.Builtin); !ok || builtin.Name() != "len" || !same(call.Call.Args[0]) {
				continue
			}
			for _, ref := range *call.Referrers() {
				test, ok := ref.(*ssa.BinOp)
				if !ok {
					continue
				}
				for _, side := range []ssa.Value{test.X, test.Y} {
					if c, ok := side.(*ssa.Const); side != ssa.Value(call) && (ok && c.Int64() > 1 || !ok && !isIndex(side)) {
						return true
					}
				}
			}
		}
	}
	return false
}

// isIndex reports whether a value counts rounds of a loop.
func isIndex(v ssa.Value) bool {
	if op, ok := v.(*ssa.BinOp); ok && op.Op == token.ADD {
		v = op.X
	}
	_, ok := v.(*ssa.Phi)
	return ok
}

// sameField reports whether two values are loads of the same field of the same value.
func sameField(a, b ssa.Value) bool {
	x, ok1 := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	if !ok1 || !ok2 || x.Op != token.MUL || y.Op != token.MUL {
		return false
	}
	f, ok1 := x.X.(*ssa.FieldAddr)
	g, ok2 := y.X.(*ssa.FieldAddr)
	return ok1 && ok2 && f.Field == g.Field && (f.X == g.X || sameField(f.X, g.X))
}

// called returns the function or interface method that a call names, or nil.
func called(call ssa.CallInstruction) *types.Func {
	c := call.Common()
	if c.IsInvoke() {
		return c.Method
	}
	if fn := c.StaticCallee(); fn != nil {
		obj, _ := fn.Object().(*types.Func)
		return obj
	}
	return nil
}

// text returns the source of the channel or call at a position.
func (f *finder) text(pos token.Pos, otherwise string) string {
	for _, n := range lint.Enclosing(f.pass, pos) {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			return lint.Text(n.X)
		case *ast.RangeStmt:
			return lint.Text(n.X)
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				return lint.Text(sel.X)
			}
		}
	}
	return otherwise
}

// rangeText returns the source of what a loop at a position ranges over.
func (f *finder) rangeText(pos token.Pos, otherwise string) string {
	for _, n := range lint.Enclosing(f.pass, pos) {
		if r, ok := n.(*ast.RangeStmt); ok {
			return lint.Text(r.X)
		}
		if x, ok := n.(*ast.IndexExpr); ok {
			return lint.Text(x.X)
		}
	}
	return otherwise
}
