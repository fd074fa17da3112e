package wastedpool

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A fill is a place where something of unknown size goes into a buffer.
type fill struct {
	call    ssa.CallInstruction
	what    string
	outside bool // an input of the program decides the size
	many    bool // a loop adds what may be any number of them
}

// limits reports whether a function bounds what it reads.
func (c *checker) limits(fn *ssa.Function) bool {
	for _, call := range callsIn(fn) {
		if c.isLimit(call) {
			return true
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if fa, ok := instr.(*ssa.FieldAddr); ok && lazyssa.Var(fa.X.Type(), fa.Field).Name() == "ContentLength" {
				return true // somebody looks at what is announced
			}
		}
	}
	return false
}

// isLimit reports whether a call bounds what is read, to no more than a pool may well keep.
func (c *checker) isLimit(call ssa.CallInstruction) bool {
	fn := calleeOf(call.Common())
	if fn == nil || !lint.IsFunc(fn, "io", "LimitReader", "CopyN") && !lint.IsFunc(fn, "net/http", "MaxBytesReader", "MaxBytesHandler") {
		return false
	}
	args := call.Common().Args
	return !c.isLarge(args[len(args)-1])
}

// isLarge reports whether a limit is known to allow megabytes: it is such a constant, or a field that the
// package sets to one, be it by default.
func (c *checker) isLarge(limit ssa.Value) bool {
	limit = lazyssa.Strip(limit)
	switch v := limit.(type) {
	case *ssa.Convert:
		return c.isLarge(v.X)
	case *ssa.Const:
		return v.Value != nil && v.Value.Kind() == constant.Int && v.Int64() > 4<<20
	case *ssa.UnOp:
		fa, ok := v.X.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		for other, ref := range c.prog.UsesOf(lazyssa.Field(fa).Origin()) {
			st, ok := ref.(*ssa.Store)
			if !ok || st.Addr != other {
				continue
			}
			if _, isConst := st.Val.(*ssa.Const); isConst && c.isLarge(st.Val) {
				return true
			}
		}
	}
	return false
}

// scan looks for what fills a buffer, from one value on.
type scan struct {
	c     *checker
	elem  types.Type
	seen  map[ssa.Value]bool
	get   *ssa.BasicBlock // where the buffer is taken
	fills []*fill

	into    ssa.CallInstruction // a call that reads into the bytes
	appends bool                // they grow, by append
}

// value follows v, which is the buffer, or writes to it, or encodes to it.
func (s *scan) value(v ssa.Value, depth int) {
	if v == nil || s.seen[v] || depth > 12 || v.Referrers() == nil {
		return
	}
	s.seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.TypeAssert, *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.Phi, *ssa.Extract:
			s.value(ref.(ssa.Value), depth+1)
		case *ssa.FieldAddr:
			if t := lazyssa.Var(ref.X.Type(), ref.Field).Type(); lint.IsBytes(t) || lint.IsNamed(lint.Deref(t), "bytes", "Buffer") {
				s.value(ref, depth+1)
			}
		case *ssa.UnOp:
			if ref.Op == token.MUL {
				s.value(ref, depth+1)
			}
		case *ssa.Slice:
			s.value(ref, depth+1)
		case *ssa.Store:
			if cell, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v {
				s.value(cell, depth+1)
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v {
					s.value(ref.Fn.(*ssa.Function).FreeVars[i], depth+1)
				}
			}
		case ssa.CallInstruction:
			s.call(ref, v, depth)
		}
	}
}

// call judges a call that has the buffer, or what writes to it, as an argument or receiver.
func (s *scan) call(call ssa.CallInstruction, v ssa.Value, depth int) {
	common := call.Common()
	fn := calleeOf(common)
	if fn == nil {
		if isBuiltin(common, "append") && common.Args[0] == v {
			s.appends = true
			if len(common.Args) == 2 && !isConstant(common.Args[1]) && sharesBytes(common.Args[1]) {
				s.add(call, "input", false)
			}
			s.value(call.Value(), depth+1)
		}
		return
	}
	args := common.Args
	at := slices.Index(args, v)
	arg := func(i int) ssa.Value {
		if i < len(args) {
			return args[i]
		}
		return nil
	}
	method := fn.Signature().Recv() != nil
	if common.IsInvoke() {
		if fn.Name() == "Read" && arg(0) == v {
			s.into = call
		}
		if common.Value == v && (fn.Name() == "Write" || fn.Name() == "WriteString") && !isConstant(arg(0)) {
			s.add(call, "input", false)
		}
		return
	}
	switch {
	case lint.IsMethod(fn, "bytes", "Buffer", "ReadFrom") && at == 0, lint.IsMethod(fn, "bufio", "Writer", "ReadFrom") && at == 0:
		s.read(call, arg(1))
	case lint.IsFunc(fn, "io", "Copy", "CopyBuffer") && at == 0:
		s.read(call, arg(1))
	case lint.IsFunc(fn, "io", "TeeReader") && at == 1:
		s.read(call, arg(0))
	case lint.IsMethod(fn, "net/http", "Response", "Write") && at == 1, lint.IsMethod(fn, "net/http", "Request", "Write", "WriteProxy") && at == 1:
		s.add(call, "body", true)
	case method && at == 0 && (fn.Name() == "Encode" || fn.Name() == "EncodeElement") && inStd(fn, "encoding/"):
		if dynamic(arg(1)) {
			s.add(call, "value", true)
		}
	case method && at == 1 && (fn.Name() == "Execute" || fn.Name() == "ExecuteTemplate") && (inStd(fn, "html/template") || inStd(fn, "text/template")):
		s.add(call, "page", true)
	case method && at == 0 && (strings.HasPrefix(fn.Name(), "Write") || fn.Name() == "Grow"):
		if !isConstant(arg(1)) && inStd(fn, "") && sharesBytes(arg(1)) {
			s.add(call, "input", false)
		}
	case lint.IsFunc(fn, "fmt", "Fprintf", "Fprint", "Fprintln") && at == 0:
		s.add(call, "input", false)
	case writerOf(fn, at):
		s.value(call.Value(), depth+1)
	default:
		if local := s.c.local(common.StaticCallee()); local != nil && at >= 0 && at < len(local.Params) {
			s.value(local.Params[at], depth+1)
		}
	}
}

func (s *scan) add(call ssa.CallInstruction, what string, outside bool) {
	if dominatedBySize(call.Block(), nil) {
		outside = false // somebody has looked at how much it is
	}
	many := !dominatedBySize(call.Block(), nil) && turns(call.Block(), s.get) && overCallers(call)
	s.fills = append(s.fills, &fill{call, what, outside, many})
}

// turns reports whether control may come by block b again without passing get.
func turns(b, get *ssa.BasicBlock) bool {
	if b == get {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{get: true}
	work := slices.Clone(b.Succs)
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == b {
			return true
		}
		if !seen[x] {
			seen[x] = true
			work = append(work, x.Succs...)
		}
	}
	return false
}

// overCallers reports whether a call adds strings or bytes out of a list that the function is given,
// itself or by the field of something.
func overCallers(call ssa.CallInstruction) bool {
	return slices.ContainsFunc(call.Common().Args, func(arg ssa.Value) bool {
		return sharesBytes(arg) && lazyssa.Mentions(arg, 6, func(v ssa.Value) bool {
			ia, ok := v.(*ssa.IndexAddr)
			if !ok {
				return false
			}
			_, isSlice := ia.X.Type().Underlying().(*types.Slice)
			return isSlice && lazyssa.Mentions(ia.X, 4, func(v ssa.Value) bool { _, ok := v.(*ssa.Parameter); return ok })
		})
	})
}

// read judges a copy of all that a reader has.
func (s *scan) read(call ssa.CallInstruction, r ssa.Value) {
	if r == nil {
		return
	}
	v := lazyssa.Strip(r)
	t := v.Type()
	if lint.IsNamed(lint.Deref(t), "io", "LimitedReader", "SectionReader") {
		return
	}
	if src, ok := v.(*ssa.Call); ok && s.c.isLimit(src) {
		return
	}
	fn := call.Parent()
	if s.c.limits(fn) || slices.ContainsFunc(s.c.callers[fn], func(call ssa.CallInstruction) bool { return s.c.limits(call.Parent()) }) {
		return
	}
	inMemory := lint.IsNamed(lint.Deref(t), "strings", "Reader") || lint.IsNamed(lint.Deref(t), "bytes", "Reader", "Buffer")
	s.add(call, "input", !inMemory)
}

// writerOf reports whether fn returns a writer or encoder that writes to its argument at.
func writerOf(fn *types.Func, at int) bool {
	sig := fn.Signature()
	if at < 0 || sig.Recv() != nil || at >= sig.Params().Len() || sig.Results().Len() == 0 {
		return false
	}
	return inStd(fn, "") && lint.IsNamed(sig.Params().At(at).Type(), "io", "Writer") && strings.HasPrefix(fn.Name(), "New")
}

// inStd reports whether fn is of a package of the standard library whose path begins so.
func inStd(fn *types.Func, prefix string) bool {
	if fn.Pkg() == nil {
		return false
	}
	first, _, _ := strings.Cut(fn.Pkg().Path(), "/")
	return !strings.Contains(first, ".") && strings.HasPrefix(fn.Pkg().Path(), prefix)
}

// dynamic reports whether the size of the encoding of v is up to its content.
func dynamic(v ssa.Value) bool {
	if v == nil {
		return false
	}
	mi, ok := v.(*ssa.MakeInterface)
	if !ok {
		return !isConstant(v)
	}
	return listed(mi.X.Type(), 0)
}

// listed reports whether values of type t hold any number of others.
func listed(t types.Type, depth int) bool {
	if depth > 4 {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Interface:
		return true
	case *types.Pointer:
		return listed(u.Elem(), depth+1)
	case *types.Array:
		return listed(u.Elem(), depth+1)
	case *types.Struct:
		for f := range u.Fields() {
			if listed(f.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

func isConstant(v ssa.Value) bool {
	_, ok := lazyssa.Strip(v).(*ssa.Const)
	return ok
}

// sharesBytes reports whether v is a string or bytes, of whatever length.
func sharesBytes(v ssa.Value) bool {
	if v == nil {
		return false
	}
	if cut, ok := v.(*ssa.Slice); ok {
		if _, ok := lint.Deref(cut.X.Type()).Underlying().(*types.Array); ok {
			return false // so many elements, as the source lists
		}
	}
	if b, ok := v.Type().Underlying().(*types.Basic); ok {
		return b.Info()&types.IsString != 0
	}
	return lint.IsBytes(v.Type())
}
