package nodeadline

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// unlimited reports whether a request is known to have no deadline, and nobody to
// cancel it.
func unlimited(c *clients, req ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch x := req.(type) {
	case *ssa.Extract:
		call, ok := x.Tuple.(*ssa.Call)
		if !ok || call.Call.StaticCallee() == nil || x.Index != 0 {
			return false
		}
		callee := call.Call.StaticCallee()
		args := call.Call.Args
		switch {
		case lint.IsFunc(callee.Object(), "net/http", "NewRequest"):
			return !localURL(args[1])
		case lint.IsFunc(callee.Object(), "net/http", "NewRequestWithContext"):
			return !localURL(args[2]) && endless(args[0])
		case callee.Pkg == c.ssa.Pkg && len(callee.Blocks) > 0:
			some := false
			for _, ret := range lazyssa.Returns(callee) {
				if k, ok := ret.Results[0].(*ssa.Const); ok && k.IsNil() {
					continue
				}
				if !unlimited(c, ret.Results[0], depth-1) {
					return false
				}
				some = true
			}
			return some
		}
	case *ssa.Call:
		callee := x.Call.StaticCallee()
		if callee == nil {
			return false
		}
		if lint.IsMethod(callee.Object(), "net/http", "Request", "WithContext", "Clone") {
			return endless(x.Call.Args[1])
		}
	case *ssa.UnOp:
		if a, ok := x.X.(*ssa.Alloc); ok && x.Op == token.MUL {
			vals := localStores(a)
			for _, v := range vals {
				if !unlimited(c, v, depth-1) {
					return false
				}
			}
			return len(vals) > 0
		}
	case *ssa.Phi:
		for _, e := range x.Edges {
			if !unlimited(c, e, depth-1) {
				return false
			}
		}
		return true
	}
	return false
}

// endless reports whether a context is one that never ends.
func endless(ctx ssa.Value) bool {
	switch x := ctx.(type) {
	case *ssa.Call:
		callee := x.Call.StaticCallee()
		if callee == nil {
			return false
		}
		if lint.IsFunc(callee.Object(), "context", "WithValue") {
			return endless(x.Call.Args[0])
		}
		return lint.IsEndlessContext(callee.Object())
	case *ssa.ChangeInterface:
		return endless(x.X)
	case *ssa.MakeInterface:
		return endless(x.X)
	}
	return false
}

// localURL reports whether a URL is one of the machine itself.
func localURL(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Const:
		return x.Value != nil && x.Value.Kind() == constant.String && isLocal(constant.StringVal(x.Value))
	case *ssa.BinOp:
		return x.Op == token.ADD && localURL(x.X)
	case *ssa.Call:
		callee := x.Call.StaticCallee()
		return callee != nil && lint.IsFunc(callee.Object(), "fmt", "Sprintf") && localURL(x.Call.Args[0])
	}
	return false
}
