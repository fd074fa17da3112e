package wastedpool

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// resources reports pools of what must be closed: a pool drops its objects when it likes.
func (c *checker) resources() {
	for _, p := range c.pools {
		c.resourcesOf(p)
	}
}

func (c *checker) resourcesOf(p *pool) {
	for _, v := range p.news {
		var fn *ssa.Function
		switch v := strip(v).(type) {
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
			made := strip(ret.Results[0])
			t := made.Type()
			if !isResource(t) {
				if t = opened(made); t == nil {
					continue
				}
			}
			if stmt := nodeAt(c, ret.Pos(), func(s *ast.ReturnStmt) bool { return s.Pos() == ret.Pos() }); stmt != nil {
				c.reportResource(stmt.Pos(), stmt.End(), t)
				return
			}
		}
	}
	for _, put := range p.puts {
		if t := strip(put.object()).Type(); isResource(t) {
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

func (c *checker) reportResource(from, to token.Pos, t types.Type) {
	c.report(analysis.Diagnostic{
		Pos: from, End: to, Category: resource,
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
			switch strip(st.Val).(type) {
			case *ssa.Call, *ssa.Extract:
				return st.Val.Type()
			}
		}
	}
	return nil
}
