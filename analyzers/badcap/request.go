package badcap

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// requested reports whether what the call decodes comes over the network.
func (t *taint) requested(in *ssa.Function, c *ssa.CallCommon) bool {
	for f := in; f != nil; f = f.Parent() {
		for _, p := range f.Params {
			if fromNetwork(p.Type()) {
				return true
			}
		}
	}
	for _, arg := range c.Args {
		if t.reaches(arg, 10, func(v ssa.Value) bool { return fromNetwork(v.Type()) }) {
			return true
		}
	}
	return false
}

// fromNetwork reports whether the type is one of requests and connections.
func fromNetwork(typ types.Type) bool {
	typ = lint.Deref(typ)
	if lint.IsNamed(typ, "net/http", "Request", "Response") || lint.IsNamed(typ, "net", "Conn", "TCPConn", "UDPConn", "UnixConn") ||
		lint.IsNamed(typ, "net/url", "Values") {
		return true
	}
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	switch path := named.Obj().Pkg().Path(); {
	case path == "github.com/gin-gonic/gin", strings.HasPrefix(path, "github.com/labstack/echo"):
		return named.Obj().Name() == "Context"
	case strings.HasPrefix(path, "github.com/gofiber/fiber"):
		return named.Obj().Name() == "Ctx"
	}
	return false
}

// fromFile reports whether what the call decodes comes from a file.
func (t *taint) fromFile(c *ssa.CallCommon) bool {
	for _, arg := range c.Args {
		if t.reaches(arg, 10, func(v ssa.Value) bool {
			if lint.IsNamed(lint.Deref(v.Type()), "os", "File") || lint.IsNamed(v.Type(), "embed", "FS") || lint.IsNamed(v.Type(), "io/fs", "FS", "File") {
				return true
			}
			call, ok := v.(*ssa.Call)
			if !ok {
				return false
			}
			fn := callee(call)
			return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "os" || fn.Pkg().Path() == "io/ioutil" && fn.Name() == "ReadFile")
		}) {
			return true
		}
	}
	return false
}

// text returns the part of a request that a string is.
func (t *taint) text(v ssa.Value, depth int) *source {
	var found *source
	t.reaches(v, 12, func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.Call:
			c := v.Common()
			fn := commonCallee(c)
			if isRequestText(fn) || t.overNetwork && isLine(fn) {
				found = &source{what: callText(fn, c), bits: 64, pos: v.Pos()}
			} else if static := c.StaticCallee(); found == nil && static != nil && static.Pkg == t.ssa.Pkg && depth < 3 && lint.IsString(firstResult(static)) {
				for _, b := range static.Blocks {
					if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) > 0 && found == nil {
						found = t.text(ret.Results[0], depth+1)
					}
				}
			}
		case *ssa.Lookup:
			if lint.IsNamed(v.X.Type(), "net/url", "Values") || lint.IsNamed(v.X.Type(), "net/http", "Header") {
				found = &source{what: "a request", bits: 64, pos: v.Pos()}
			}
		case *ssa.Parameter:
			if lint.IsString(v.Type()) && depth < 3 && v.Parent().Parent() == nil {
				for i, q := range v.Parent().Params {
					if q != v {
						continue
					}
					for _, call := range t.callers[v.Parent()] {
						if args := call.Common().Args; i < len(args) && found == nil {
							found = t.text(args[i], depth+1)
						}
					}
				}
			}
		}
		return found != nil
	})
	return found
}

func firstResult(fn *ssa.Function) types.Type {
	if r := fn.Signature.Results(); r.Len() > 0 {
		return r.At(0).Type()
	}
	return types.Typ[types.Invalid]
}

// isLine reports whether fn reads a line of text.
func isLine(fn *types.Func) bool {
	return isMethod(fn, "bufio", "Reader", "ReadString", "ReadLine", "ReadBytes", "ReadSlice") || isMethod(fn, "bufio", "Scanner", "Text", "Bytes")
}

// isRequestText reports whether fn returns text that a client has sent.
func isRequestText(fn *types.Func) bool {
	if isMethod(fn, "net/http", "Request", "FormValue", "PostFormValue", "PathValue", "UserAgent", "Referer") ||
		isMethod(fn, "net/http", "Header", "Get", "Values") || isMethod(fn, "net/url", "Values", "Get") ||
		isMethod(fn, "net/textproto", "Reader", "ReadLine", "ReadContinuedLine") {
		return true
	}
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	path, name := fn.Pkg().Path(), fn.Name()
	switch {
	case path == "github.com/gorilla/mux":
		return name == "Vars"
	case strings.HasPrefix(path, "github.com/go-chi/chi"):
		return name == "URLParam" || name == "URLParamFromCtx"
	case path == "github.com/gin-gonic/gin":
		return name == "Query" || name == "DefaultQuery" || name == "Param" || name == "PostForm" || name == "GetHeader"
	case strings.HasPrefix(path, "github.com/labstack/echo"):
		return name == "QueryParam" || name == "Param" || name == "FormValue"
	case strings.HasPrefix(path, "github.com/gofiber/fiber"):
		return name == "Query" || name == "Params" || name == "FormValue"
	}
	return false
}

// handlerField returns the input if fn gets a field of the message that a gRPC
// handler was given.
func (t *taint) handlerField(fn *types.Func, c *ssa.CallCommon) *source {
	if fn == nil || !strings.HasPrefix(fn.Name(), "Get") || len(c.Args) != 1 {
		return nil
	}
	base, path := canon(c.Args[0])
	if p, ok := base.(*ssa.Parameter); ok && path == "" && t.all && isHandlerMessage(p) {
		return &source{what: "the request", bits: 64, pos: c.Pos()}
	}
	return nil
}

// isHandlerMessage reports whether the parameter is the request of a gRPC handler.
func isHandlerMessage(p *ssa.Parameter) bool {
	fn := p.Parent()
	sig := fn.Signature
	if sig.Recv() == nil || sig.Params().Len() != 2 || sig.Results().Len() != 2 || fn.Object() == nil || !fn.Object().Exported() {
		return false
	}
	if !lint.IsNamed(sig.Params().At(0).Type(), "context", "Context") || p.Object() != sig.Params().At(1) {
		return false
	}
	return isProto(p.Type()) && isProto(sig.Results().At(0).Type())
}

func isProto(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ProtoReflect")
	_, ok := obj.(*types.Func)
	return ok
}
