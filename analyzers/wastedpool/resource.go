package wastedpool

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// resources reports pools of what must be closed: a pool drops its objects when it likes.
func (c *checker) resources() {
	seen := make(map[ssa.CallInstruction]bool)
	for _, p := range c.pools {
		c.resourcesOf(p)
		for _, put := range p.puts {
			seen[put.call] = true
		}
	}
	// Of a pool that comes out of a function it is enough to know what goes in.
	for _, fn := range c.funcs {
		for _, call := range callsIn(fn) {
			if seen[call] || !poolMethod(call.Common(), "Put") {
				continue
			}
			if t := lazyssa.Strip(call.Common().Args[len(call.Common().Args)-1]).Type(); isResource(t) {
				from, to := c.span(call)
				c.reportResource(from, to, t)
			}
		}
	}
}

func (c *checker) resourcesOf(p *pool) {
	for _, v := range p.news {
		var fn *ssa.Function
		switch v := lazyssa.Strip(v).(type) {
		case *ssa.Function:
			fn = v
		case *ssa.MakeClosure:
			fn = v.Fn.(*ssa.Function)
		}
		if fn == nil {
			continue
		}
		for _, b := range fn.Blocks {
			if len(b.Instrs) == 0 {
				continue
			}
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || len(ret.Results) != 1 {
				continue
			}
			made := lazyssa.Strip(ret.Results[0])
			t := made.Type()
			if !isResource(t) {
				if t = opened(made); t == nil {
					continue
				}
			}
			if stmt := nodeAt(c, ret.Pos(), func(s *ast.ReturnStmt) bool { return s.Pos() == ret.Pos() }); stmt != nil {
				c.reportResource(stmt.Pos(), stmt.End(), t, p.puts...)
				return
			}
		}
	}
	for _, put := range p.puts {
		t := lazyssa.Strip(put.object()).Type()
		if !isResource(t) {
			t = c.owned(t)
		}
		if t != nil {
			from, to := c.span(put.call)
			c.reportResource(from, to, t)
			return
		}
	}
	for _, get := range p.gets {
		if v := get.call.Value(); v != nil {
			for _, ref := range *v.Referrers() {
				if ta, ok := ref.(*ssa.TypeAssert); ok && isResource(ta.AssertedType) {
					from, to := c.span(get.call)
					c.reportResource(from, to, ta.AssertedType)
					return
				}
			}
		}
	}
}

func (c *checker) reportResource(from, to token.Pos, t types.Type, puts ...*site) {
	var related []analysis.RelatedInformation
	for _, put := range puts {
		related = append(related, c.related(put.call, "put back here"))
	}
	c.report(analysis.Diagnostic{
		Related: related,
		Pos:     from, End: to, Category: resource,
		Message: fmt.Sprintf("%s in a sync.Pool is dropped by the garbage collector without Close; keep those in a channel or a list of your own", c.typeName(t)),
	})
}

// isResource reports whether values of type t stand for something that the system holds.
func isResource(t types.Type) bool {
	t = lint.Deref(t)
	return lint.IsNamed(t, "os", "File", "Process", "Root") ||
		lint.IsNamed(t, "os/exec", "Cmd") ||
		lint.IsNamed(t, "net", "Conn", "PacketConn", "Listener", "TCPConn", "UDPConn", "UnixConn", "IPConn", "TCPListener", "UnixListener") ||
		lint.IsNamed(t, "crypto/tls", "Conn") ||
		lint.IsNamed(t, "database/sql", "DB", "Conn", "Tx", "Stmt", "Rows") ||
		lint.IsNamed(t, "net/rpc", "Client") ||
		lint.IsNamed(t, "net/smtp", "Client") ||
		lint.IsNamed(t, "net/textproto", "Conn") ||
		lint.IsNamed(t, "golang.org/x/crypto/ssh", "Client", "Session") ||
		lint.IsNamed(t, "google.golang.org/grpc", "ClientConn")
}

// opened returns the type of the resource that a new struct is given by a call, or nil.
func opened(v ssa.Value) types.Type {
	alloc, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *alloc.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *fa.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok || st.Addr != fa || !isResource(st.Val.Type()) {
				continue
			}
			switch lazyssa.Strip(st.Val).(type) {
			case *ssa.Call, *ssa.Extract:
				return st.Val.Type()
			}
		}
	}
	return nil
}

// owned returns the type of a resource that structs of the package hold, to which t
// points, or nil: what they hold is opened for each of them, and never taken away.
func (c *checker) owned(t types.Type) (owned types.Type) {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || named.Obj().Pkg() != c.Pkg {
		return nil
	}
	st, ok := named.Origin().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if isResource(f.Type()) && c.opens(f) {
			return f.Type()
		}
	}
	return nil
}

// opens reports whether a field is set in the package, and only to what a call that
// opens something has just returned.
func (c *checker) opens(f *types.Var) bool {
	opened := false
	for _, fn := range c.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok || lazyssa.Var(fa.X.Type(), fa.Field) != f {
					continue
				}
				for _, ref := range *fa.Referrers() {
					switch ref := ref.(type) {
					case *ssa.Store:
						if ref.Addr != fa || !isOpen(ref.Val) {
							return false
						}
						opened = true
					case *ssa.UnOp, *ssa.DebugRef:
					default:
						return false
					}
				}
			}
		}
	}
	return opened
}

// isOpen reports whether v is the result of a call that opens what it returns.
func isOpen(v ssa.Value) bool {
	v = lazyssa.Strip(v)
	if ext, ok := v.(*ssa.Extract); ok {
		v = ext.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	fn := calleeOf(&call.Call)
	return fn != nil && (inStd(fn, "os") || inStd(fn, "net") || inStd(fn, "crypto/tls") || inStd(fn, "database/sql")) &&
		slices.ContainsFunc([]string{"Dial", "Open", "Listen", "Create"}, func(verb string) bool { return strings.HasPrefix(fn.Name(), verb) })
}
