package hot

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// serves returns Request if functions of this signature serve requests: handlers and
// middleware of net/http and of what is built on it, interceptors of gRPC and others; Message if
// they are given the messages of a queue; else Cold. The function is nil for a literal.
func (r *Report) serves(sig *types.Signature, fn *types.Func) Kind {
	params := sig.Params()
	is := func(i int, pkg string, names ...string) bool {
		return i < params.Len() && lint.IsNamed(lint.Deref(params.At(i).Type()), pkg, names...)
	}
	const grpc = "google.golang.org/grpc"
	switch {
	case is(0, "net/http", "ResponseWriter") && is(1, "net/http", "Request"),
		is(2, grpc, "UnaryServerInfo") && is(3, grpc, "UnaryHandler"),
		is(2, grpc, "StreamServerInfo") && is(3, grpc, "StreamHandler"),
		is(0, "context", "Context") && is(1, "connectrpc.com/connect", "Request"),
		intercepts(sig) && !r.calledByName(fn):
		return Request
	}
	if params.Len() == 1 {
		for _, f := range frameworks {
			if is(0, f.pkg, f.name) {
				return Request
			}
		}
	}
	for i := range min(params.Len(), 3) {
		for _, m := range messages {
			if is(i, m.pkg, m.name) && sig.Results().Len() <= 2 {
				return Message
			}
		}
	}
	return Cold
}

// intercepts reports whether functions of this signature stand between a caller and a handler: they
// are given a context, a request, and last a function of a named type that takes just these and
// returns what they return.
func intercepts(sig *types.Signature) bool {
	n := sig.Params().Len() - 1
	if n < 2 || sig.Variadic() || sig.Results().Len() == 0 || !lint.IsNamed(sig.Params().At(0).Type(), "context", "Context") {
		return false
	}
	last, ok := types.Unalias(sig.Params().At(n).Type()).(*types.Named)
	if !ok {
		return false
	}
	next, ok := last.Underlying().(*types.Signature)
	if !ok || next.Params().Len() != n || !types.Identical(sig.Results(), next.Results()) {
		return false
	}
	for i := range n {
		if !types.Identical(sig.Params().At(i).Type(), next.Params().At(i).Type()) {
			return false
		}
	}
	switch t := sig.Params().At(1).Type().Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Pointer:
		_, ok := t.Elem().Underlying().(*types.Struct)
		return ok
	}
	return false
}

// calledByName reports whether the package calls a function itself, as one that visits a tree does: an
// interceptor is handed to what puts it in front of a handler.
func (r *Report) calledByName(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	return slices.ContainsFunc(r.funcs().uses[fn.Origin()], func(use inspector.Cursor) bool {
		_, called := callOf(use)
		return called && !lint.IsTest(r.pass, use.Node().Pos())
	})
}

// A named is a type of a package.
type named struct{ pkg, name string }

// frameworks are the types of what web frameworks hand to their handlers.
var frameworks = []named{
	{"github.com/gin-gonic/gin", "Context"},
	{"github.com/labstack/echo/v4", "Context"},
	{"github.com/labstack/echo/v5", "Context"},
	{"github.com/gofiber/fiber/v2", "Ctx"},
	{"github.com/gofiber/fiber/v3", "Ctx"},
	{"github.com/valyala/fasthttp", "RequestCtx"},
}

// messages are the types of the messages that clients of queues hand to consumers.
var messages = []named{
	{"cloud.google.com/go/pubsub", "Message"},
	{"cloud.google.com/go/pubsub/v2", "Message"},
	{"github.com/IBM/sarama", "ConsumerMessage"},
	{"github.com/Shopify/sarama", "ConsumerMessage"},
	{"github.com/ThreeDotsLabs/watermill/message", "Message"},
	{"github.com/eclipse/paho.mqtt.golang", "Message"},
	{"github.com/nats-io/nats.go", "Msg"},
	{"github.com/nats-io/nats.go/jetstream", "Msg"},
	{"github.com/nsqio/go-nsq", "Message"},
	{"github.com/rabbitmq/amqp091-go", "Delivery"},
	{"github.com/segmentio/kafka-go", "Message"},
	{"github.com/twmb/franz-go/pkg/kgo", "Record"},
}

// isService reports whether the method is one of a gRPC service: its type
// embeds the generated base of a server, and it takes a context and a message
// or a stream.
func (r *Report) isService(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil || !fn.Exported() || sig.Results().Len() == 0 || sig.Params().Len() == 0 {
		return false
	}
	s, ok := lint.Deref(sig.Recv().Type()).Underlying().(*types.Struct)
	if !ok || !isErrorType(sig.Results().At(sig.Results().Len()-1).Type()) {
		return false
	}
	for f := range s.Fields() {
		t, ok := types.Unalias(lint.Deref(f.Type())).(*types.Named)
		if ok && f.Embedded() && strings.HasPrefix(t.Obj().Name(), "Unimplemented") && strings.HasSuffix(t.Obj().Name(), "Server") {
			obj, _, _ := types.LookupFieldOrMethod(f.Type(), true, fn.Pkg(), fn.Name())
			return obj != nil // the base declares it, so clients call it
		}
	}
	return false
}

// maxServed is how many calls may lie between a handler and a function that is part of
// its work.
const maxServed = 5

// served returns the place of a function that a handler, a method of a service or a
// consumer of the package calls, perhaps by way of others, outside cold code.
func (r *Report) served(fn *types.Func) Place {
	x := r.funcs()
	if p, ok := x.serving[fn]; ok {
		return p
	}
	type step struct {
		fn   *types.Func
		call *ast.CallExpr // of the function asked about
	}
	seen := map[*types.Func]bool{fn: true}
	front := []step{{fn: fn}}
	found := Place{}
	for range maxServed {
		var next []step
		for _, s := range front {
			for _, use := range x.uses[s.fn] {
				call, ok := callOf(use)
				if !ok {
					continue
				}
				at := s.call
				if at == nil {
					at = call.Node().(*ast.CallExpr)
				}
				kind, cause, caller := r.callerOf(call)
				if kind != Cold {
					found = Place{Kind: kind, Cause: cause, Call: at}
					x.serving[fn] = found
					return found
				}
				if caller != nil && !seen[caller] {
					seen[caller] = true
					next = append(next, step{caller, at})
				}
			}
		}
		front = next
	}
	x.serving[fn] = found
	return found
}

// callerOf climbs from a call to the function around it: a handler, with its kind, or
// another function of the package. Calls in cold blocks and from functions that run once
// lead nowhere.
func (r *Report) callerOf(call inspector.Cursor) (Kind, ast.Node, *types.Func) {
	if r.at(call, -1).Rare {
		return Cold, nil, nil
	}
	for cur := range call.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.FuncLit:
			if sig, ok := r.typeOf(n).(*types.Signature); ok {
				if kind := r.serves(sig, nil); kind != Cold {
					return kind, n, nil
				}
			}
			switch cur.Parent().ParentEdgeKind() {
			case edge.GoStmt_Call, edge.DeferStmt_Call:
				return Cold, nil, nil
			}
		case *ast.FuncDecl:
			fn, ok := r.pass.TypesInfo.Defs[n.Name].(*types.Func)
			if !ok || directive(n) == "cold" {
				return Cold, nil, nil
			}
			if kind := r.serves(fn.Signature(), fn); kind != Cold {
				return kind, n, nil
			}
			if r.isService(fn) {
				return Request, n, nil
			}
			return Cold, nil, fn
		}
	}
	return Cold, nil, nil
}

// benched returns the place of what a benchmark calls in the loop that it measures.
func (r *Report) benched(call inspector.Cursor) Place {
	inLoop := false
	for cur := range call.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var sig *types.Signature
		switch n := cur.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			inLoop = inLoop || r.measures(n)
			continue
		case *ast.FuncLit:
			sig, _ = r.typeOf(n).(*types.Signature)
		case *ast.FuncDecl:
			if fn, ok := r.pass.TypesInfo.Defs[n.Name].(*types.Func); ok {
				sig = fn.Signature()
			}
		}
		if sig != nil && sig.Params().Len() == 1 && lint.IsNamed(lint.Deref(sig.Params().At(0).Type()), "testing", "B", "PB") {
			if !inLoop {
				return Place{}
			}
			return Place{Kind: Benched, Cause: cur.Node(), Call: call.Node().(*ast.CallExpr)}
		}
	}
	return Place{}
}

// measures reports whether the loop is the one of a benchmark: over b.N, b.Loop or pb.Next.
func (r *Report) measures(loop ast.Node) bool {
	var head ast.Node
	switch n := loop.(type) {
	case *ast.ForStmt:
		head = n.Cond
	case *ast.RangeStmt:
		head = n.X
	}
	found := false
	if e, ok := head.(ast.Expr); ok && e != nil {
		ast.Inspect(e, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && lint.IsNamed(lint.Deref(r.typeOf(sel.X)), "testing", "B", "PB") {
				found = true
			}
			return !found
		})
	}
	return found
}
