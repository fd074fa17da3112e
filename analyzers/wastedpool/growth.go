package wastedpool

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

// Unguarded is the fact of a function that puts a buffer back whatever its capacity.
type Unguarded struct{ Param int }

// AFact marks Unguarded as a fact.
func (*Unguarded) AFact() {}

func (u *Unguarded) String() string {
	return fmt.Sprintf("wastedpool: puts back param %d of any capacity", u.Param)
}

// A fill is a place where something of unknown size goes into a buffer.
type fill struct {
	call    ssa.CallInstruction
	what    string
	outside bool // an input of the program decides the size
}

// growth reports buffers that come back to their pool however large they have grown.
func (c *checker) growth() {
	guarded := make(map[string]bool) // by the place of the pool: any Put that looks at the size
	for _, p := range c.flow.Pools {
		if slices.ContainsFunc(p.Puts, func(put *poolflow.Put) bool { return c.guards(put, p.Elem) }) {
			guarded[p.Key] = true
		}
	}
	for _, p := range c.flow.Pools {
		if len(p.Puts) == 0 || !growable(p.Elem, c.Pkg) || strings.Contains(p.Key, "[]") {
			continue
		}
		c.unguarded(p, guarded[p.Key])
	}
	c.exportUnguarded()
}

// unguarded reports the Put of a pool whose buffers something fills without a limit. If
// others look at the size before they put theirs back, that is a function which does
// not, though it takes, fills and puts back its own.
func (c *checker) unguarded(p *poolflow.Pool, guarded bool) {
	var best *fill
	for _, get := range p.Gets {
		if lint.IsTest(c.Pass, get.Call.Pos()) || guarded && !c.careless(p, get.Fn) {
			continue
		}
		s := &scan{c: c, elem: p.Elem, seen: make(map[ssa.Value]bool)}
		s.value(get.Object, 0)
		if s.into != nil && s.appends && reaches(s.into.Block(), s.into.Block()) {
			s.add(s.into, "input", true)
		}
		for _, f := range s.fills {
			if guarded && f.call.Parent() != get.Fn {
				continue
			}
			if best == nil || f.outside && !best.outside {
				best = f
			}
		}
	}
	if best == nil || !best.outside && !c.all {
		return
	}
	from, to := c.span(c.putToBlame(p, best))
	c.report(analysis.Diagnostic{
		Pos: from, End: to, Category: unbounded,
		Message: fmt.Sprintf("%s is put back into %s whatever its capacity: one large %s pins that memory; drop it when its capacity exceeds a limit such as 64 KiB", c.typeName(p.Elem), p.Name, best.what),
		Related: []analysis.RelatedInformation{c.related(best.call, "grows here with the "+best.what)},
	})
}

// careless reports whether fn itself puts objects back, and asks none for its size.
func (c *checker) careless(p *poolflow.Pool, fn *ssa.Function) bool {
	puts := 0
	for _, put := range p.Puts {
		if put.Fn != fn {
			continue
		}
		if put.Wrapper != nil || !poolMethod(put.Call.Common(), "Put") || c.guards(put, p.Elem) {
			return false
		}
		puts++
	}
	return puts > 0 && !looksAtSize(fn, p.Elem)
}

// putToBlame returns the Put where a test of the capacity belongs: that of the function
// which fills the buffer, or else that of the release function.
func (c *checker) putToBlame(p *poolflow.Pool, f *fill) ssa.CallInstruction {
	for _, put := range p.Puts {
		if put.Wrapper == nil && put.Fn == f.call.Parent() {
			return put.Call
		}
	}
	for _, put := range p.Puts {
		if put.Wrapper == nil || lint.IsTest(c.Pass, put.Call.Pos()) {
			continue
		}
		for _, q := range c.pools {
			if i := slices.IndexFunc(q.puts, func(s *site) bool { return s.fn.Object() == put.Wrapper }); i >= 0 {
				return q.puts[i].call
			}
		}
		return put.Call
	}
	return p.Puts[0].Call
}

// exportUnguarded states which functions put back a buffer of any capacity.
func (c *checker) exportUnguarded() {
	for _, p := range c.pools {
		for _, put := range p.puts {
			param, ok := strip(put.object()).(*ssa.Parameter)
			obj, isFunc := put.fn.Object().(*types.Func)
			if !ok || !isFunc || !obj.Exported() || !lint.IsTypeParam(param.Type()) && !growable(param.Type(), c.Pkg) || p.many || looksAtSize(put.fn, param.Type()) {
				continue
			}
			c.ExportObjectFact(obj, &Unguarded{slices.Index(put.fn.Params, param)})
		}
	}
}

// growable reports whether objects of type t keep memory that use makes larger.
func growable(t types.Type, pkg *types.Package) bool {
	if lint.IsNamed(lint.Deref(t), "bytes", "Buffer") {
		return true
	}
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return lint.IsBytes(t)
	}
	if lint.IsBytes(p.Elem()) {
		return true
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || named.Obj().Pkg() != pkg {
		return false // how those grow is not to be seen
	}
	if st, ok := named.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if lint.IsBytes(f.Type()) || lint.IsNamed(lint.Deref(f.Type()), "bytes", "Buffer") {
				return true
			}
		}
	}
	return false
}

// guards reports whether a Put is made only if the object has a certain size: it is
// decided before, or in the function that puts it back.
func (c *checker) guards(put *poolflow.Put, elem types.Type) bool {
	if dominatedBySize(put.Call.Block(), elem) {
		return true
	}
	if put.Wrapper != nil && put.Wrapper.Pkg() != c.Pkg {
		return !c.ImportObjectFact(put.Wrapper.Origin(), new(Unguarded))
	}
	var callee *ssa.Function
	switch v := put.Call.Common().Value.(type) {
	case *ssa.MakeClosure:
		callee = v.Fn.(*ssa.Function)
	default:
		callee = c.local(put.Call.Common().StaticCallee())
	}
	return callee != nil && looksAtSize(callee, elem) || c.asked(put.Call) || c.shrinks(put.Fn, elem)
}

// shrinks reports whether fn calls a function of the package with the object, such as
// its reset, that looks at its size.
func (c *checker) shrinks(fn *ssa.Function, elem types.Type) bool {
	return slices.ContainsFunc(callsIn(fn), func(call ssa.CallInstruction) bool {
		callee := c.local(call.Common().StaticCallee())
		return callee != nil && slices.ContainsFunc(call.Common().Args, func(arg ssa.Value) bool {
			return types.Identical(arg.Type(), elem)
		}) && looksAtSize(callee, elem)
	})
}

// asked reports whether a function of the package that looks at sizes decides on the Put.
func (c *checker) asked(put ssa.CallInstruction) bool {
	for b := put.Block(); b != nil; b = b.Idom() {
		if b == put.Block() || len(b.Instrs) == 0 {
			continue
		}
		if test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && mentions(test.Cond, 4, func(v ssa.Value) bool {
			call, ok := v.(*ssa.Call)
			if !ok {
				return false
			}
			callee := c.local(call.Call.StaticCallee())
			return callee != nil && mentionsSize(callee)
		}) {
			return true
		}
	}
	return false
}

// dominatedBySize reports whether a branch on the size of an object of type elem, or of
// any bytes if that is nil, comes before b on every way.
func dominatedBySize(b *ssa.BasicBlock, elem types.Type) bool {
	for d := b; d != nil; d = d.Idom() {
		if d != b && testsSize(d, elem) {
			return true
		}
	}
	return false
}

// looksAtSize reports whether a function branches on a size.
func looksAtSize(fn *ssa.Function, elem types.Type) bool {
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool { return testsSize(b, elem) })
}

// mentionsSize reports whether a function compares a size with something.
func mentionsSize(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if op, ok := instr.(*ssa.BinOp); ok && comparesSize(op, nil) {
				return true
			}
		}
	}
	return false
}

// testsSize reports whether the branch at the end of b is on the length or capacity of
// an object of type elem, or of any bytes or buffer if that is nil.
func testsSize(b *ssa.BasicBlock, elem types.Type) bool {
	if len(b.Instrs) == 0 {
		return false
	}
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	return ok && mentions(test.Cond, 6, func(v ssa.Value) bool {
		op, ok := v.(*ssa.BinOp)
		return ok && comparesSize(op, elem)
	})
}

func comparesSize(op *ssa.BinOp, elem types.Type) bool {
	switch op.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
	default:
		return false
	}
	is := func(v ssa.Value) bool { return isSize(v) && (elem == nil || sizeOf(v.(*ssa.Call), elem)) }
	if isSize(op.X) && isSize(op.Y) {
		return false // whether it is full is not whether it is too large
	}
	return !isZero(op.X) && !isZero(op.Y) && (sized(op.X, 5, is) || sized(op.Y, 5, is))
}

// sized reports whether v is a size, or computed from one.
func sized(v ssa.Value, depth int, is func(ssa.Value) bool) bool {
	if is(v) {
		return true
	}
	switch v := v.(type) {
	case *ssa.BinOp, *ssa.Convert, *ssa.ChangeType, *ssa.Phi:
	case *ssa.Call:
		if _, ok := v.Call.Value.(*ssa.Builtin); !ok {
			return false
		}
	default:
		return false
	}
	return depth > 0 && slices.ContainsFunc(v.(ssa.Instruction).Operands(nil), func(op *ssa.Value) bool {
		return *op != nil && sized(*op, depth-1, is)
	})
}

// sizeOf reports whether a call asks for the size of an object of type elem or of a
// part of it: where bytes themselves are pooled, any capacity may be that of the object.
func sizeOf(call *ssa.Call, elem types.Type) bool {
	if isBuiltin(&call.Call, "cap") && lint.IsBytes(lint.Deref(elem)) {
		return true
	}
	args := call.Call.Args
	if call.Call.IsInvoke() {
		args = []ssa.Value{call.Call.Value}
	}
	return slices.ContainsFunc(args, func(arg ssa.Value) bool {
		return mentions(arg, 5, func(v ssa.Value) bool { return types.Identical(lint.Deref(v.Type()), lint.Deref(elem)) })
	})
}

// isSize reports whether v is the length or capacity of something.
func isSize(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	if isBuiltin(&call.Call, "len") || isBuiltin(&call.Call, "cap") {
		return lint.IsBytes(call.Call.Args[0].Type())
	}
	fn := calleeOf(&call.Call)
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	switch fn.Name() {
	case "Cap", "Len", "Size", "Available":
		return true
	}
	return false
}

func isZero(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == constant.Int && constant.Sign(k.Value) == 0
}

// limits reports whether a function bounds what it reads.
func (c *checker) limits(fn *ssa.Function) bool {
	for _, call := range callsIn(fn) {
		if isLimit(calleeOf(call.Common())) {
			return true
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if fa, ok := instr.(*ssa.FieldAddr); ok && fieldOf(fa.X.Type(), fa.Field).Name() == "ContentLength" {
				return true // somebody looks at what is announced
			}
		}
	}
	return false
}

func isLimit(fn *types.Func) bool {
	return fn != nil && (lint.IsFunc(fn, "io", "LimitReader", "CopyN") || lint.IsFunc(fn, "net/http", "MaxBytesReader", "MaxBytesHandler"))
}

// scan looks for what fills a buffer, from one value on.
type scan struct {
	c     *checker
	elem  types.Type
	seen  map[ssa.Value]bool
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
			if t := fieldOf(ref.X.Type(), ref.Field).Type(); lint.IsBytes(t) || lint.IsNamed(lint.Deref(t), "bytes", "Buffer") {
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
	s.fills = append(s.fills, &fill{call, what, outside})
}

// read judges a copy of all that a reader has.
func (s *scan) read(call ssa.CallInstruction, r ssa.Value) {
	if r == nil {
		return
	}
	v := strip(r)
	t := v.Type()
	if lint.IsNamed(lint.Deref(t), "io", "LimitedReader", "SectionReader") {
		return
	}
	if src, ok := v.(*ssa.Call); ok && isLimit(calleeOf(&src.Call)) {
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
	_, ok := strip(v).(*ssa.Const)
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
