package ctxgrows

import (
	"go/types"

	"github.com/heapvet/heapvet/lint"
)

// A kind says what a link adds to its parent.
type kind int

const (
	value  kind = iota // a value: the newest under a key hides the older ones
	cancel             // a cancel function: the parent keeps the child until either is cancelled
	detach             // nothing: it cuts off the end of the parent
	other              // something else: a span, a type of the program
)

// A relation says how a result of a function depends on a parameter. Parameters
// count from 0, the receiver first.
type relation struct {
	Result, Param int
	Link          bool // the result is at least one link longer; otherwise it is the same context
	Kind          kind
	Key           int  // the parameter that is the key of the value, -1 if there is none or it is fixed
	Ends          bool // the context ends by itself: a deadline
}

func link(result, param int, k kind) relation {
	return relation{Result: result, Param: param, Link: true, Kind: k, Key: -1}
}

func same(result, param int) relation { return relation{Result: result, Param: param, Key: -1} }

// model knows functions of the standard library, and of a few libraries that
// most services use, which add a link in all cases, whatever they are given.
func model(fn *types.Func) []relation {
	if fn.Pkg() == nil {
		return nil
	}
	path, name := fn.Pkg().Path(), fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		is := func(typ string) bool { return lint.IsNamed(lint.Deref(recv.Type()), path, typ) }
		switch path {
		case "net/http":
			switch {
			case is("Request") && name == "Context":
				return []relation{same(0, 0)}
			case is("Request") && (name == "WithContext" || name == "Clone"):
				return []relation{same(0, 1)}
			}
		case "go.opentelemetry.io/otel/trace":
			if is("Tracer") && name == "Start" {
				return []relation{link(0, 1, other)}
			}
		}
		return nil
	}
	switch path {
	case "context", "golang.org/x/net/context":
		switch name {
		case "WithValue":
			return []relation{{Link: true, Kind: value, Key: 1}}
		case "WithCancel", "WithCancelCause":
			return []relation{link(0, 0, cancel)}
		case "WithoutCancel":
			return []relation{link(0, 0, detach)}
		case "WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause":
			r := link(0, 0, cancel)
			r.Ends = true
			return []relation{r}
		}
	case "os/signal":
		if name == "NotifyContext" {
			return []relation{link(0, 0, cancel)}
		}
	case "runtime/trace":
		if name == "NewTask" {
			return []relation{link(0, 0, other)}
		}
	case "runtime/pprof":
		if name == "WithLabels" {
			return []relation{link(0, 0, value)}
		}
	case "net/http/httptrace":
		if name == "WithClientTrace" {
			return []relation{link(0, 0, other)}
		}
	case "net/http":
		if name == "NewRequestWithContext" {
			return []relation{same(0, 0)}
		}
	case "golang.org/x/sync/errgroup":
		if name == "WithContext" {
			return []relation{link(1, 0, cancel)}
		}
	case "google.golang.org/grpc/metadata":
		switch name {
		case "NewIncomingContext", "NewOutgoingContext":
			return []relation{link(0, 0, value)}
		case "AppendToOutgoingContext":
			return []relation{link(0, 0, other)}
		}
	case "google.golang.org/grpc/peer":
		if name == "NewContext" {
			return []relation{link(0, 0, value)}
		}
	case "go.opentelemetry.io/otel/trace":
		switch name {
		case "ContextWithSpan", "ContextWithSpanContext", "ContextWithRemoteSpanContext":
			return []relation{link(0, 0, value)}
		}
	case "go.opentelemetry.io/otel/baggage":
		switch name {
		case "ContextWithBaggage", "ContextWithoutBaggage":
			return []relation{link(0, 0, value)}
		}
	case "go.opencensus.io/trace":
		switch name {
		case "NewContext":
			return []relation{link(0, 0, value)}
		case "StartSpan", "StartSpanWithRemoteParent":
			return []relation{link(0, 0, other)}
		}
	case "github.com/opentracing/opentracing-go":
		switch name {
		case "ContextWithSpan":
			return []relation{link(0, 0, value)}
		case "StartSpanFromContext":
			return []relation{link(1, 0, other)}
		case "StartSpanFromContextWithTracer":
			return []relation{link(1, 0, other)}
		}
	case "github.com/go-logr/logr":
		if name == "NewContext" || name == "NewContextWithSlogLogger" {
			return []relation{link(0, 0, value)}
		}
	case "sigs.k8s.io/controller-runtime/pkg/log":
		if name == "IntoContext" {
			return []relation{link(0, 0, value)}
		}
	case "github.com/containerd/containerd/namespaces", "github.com/containerd/containerd/v2/pkg/namespaces":
		if name == "WithNamespace" {
			return []relation{link(0, 0, value)}
		}
	case "github.com/containerd/log", "github.com/containerd/containerd/log":
		if name == "WithLogger" {
			return []relation{link(0, 0, value)}
		}
	case "github.com/weaveworks/common/user", "github.com/grafana/dskit/user":
		if name == "InjectOrgID" || name == "InjectUserID" {
			return []relation{link(0, 0, value)}
		}
	}
	return nil
}

// isContext reports whether t is an interface with the methods of a context.
func isContext(t types.Type) bool {
	if t == nil {
		return false
	}
	if lint.IsNamed(t, "context", "Context") {
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	return ok && iface.NumMethods() >= 4 && hasContextMethods(t)
}

func hasContextMethods(t types.Type) bool {
	for _, name := range []string{"Deadline", "Done", "Err", "Value"} {
		obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
		if _, ok := obj.(*types.Func); !ok {
			return false
		}
	}
	return true
}

// slot returns the index of the only field of a struct, or of what points to one,
// that holds a context; of several, that of the embedded one. Such a value stands for its context.
func slot(t types.Type) (field int, ok bool) {
	if t == nil {
		return 0, false
	}
	s, isStruct := lint.Deref(t).Underlying().(*types.Struct)
	if !isStruct {
		return 0, false
	}
	var plain, embedded []int
	for i := range s.NumFields() {
		switch f := s.Field(i); {
		case !isContext(f.Type()):
		case f.Embedded():
			embedded = append(embedded, i)
		default:
			plain = append(plain, i)
		}
	}
	switch {
	case len(embedded) == 1:
		return embedded[0], true
	case len(embedded) == 0 && len(plain) == 1:
		return plain[0], true
	}
	return 0, false
}

// isOwn reports whether t is a context type of the program that has its parent in a field.
func isOwn(t types.Type) bool {
	_, ok := slot(t)
	return ok && hasContextMethods(t)
}

// carries reports whether a value of type t is a context or stands for one.
func carries(t types.Type) bool {
	if isContext(t) {
		return true
	}
	_, ok := slot(t)
	return ok
}
