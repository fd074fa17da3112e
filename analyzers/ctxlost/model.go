package ctxlost

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

func isContext(t types.Type) bool { return t != nil && lint.IsNamed(t, "context", "Context") }

func isRequest(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && lint.IsNamed(p.Elem(), "net/http", "Request")
}

func isCancel(t types.Type) bool {
	return t != nil && lint.IsCancelFunc(t)
}

// callee returns the function that a call names, or nil for function values.
func (r *run) callee(call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(r.TypesInfo, call).(*types.Func)
	return fn
}

// calls reports whether a call is of one of the named functions of a package.
func (r *run) calls(call *ast.CallExpr, path string, names ...string) bool {
	fn := r.callee(call)
	return fn != nil && lint.IsFunc(fn, path, names...)
}

// signature returns the signature of a call, or nil for conversions and builtins.
func (r *run) signature(call *ast.CallExpr) *types.Signature {
	if tv := r.TypesInfo.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() || tv.Type == nil {
		return nil
	}
	sig, _ := r.TypesInfo.TypeOf(call.Fun).Underlying().(*types.Signature)
	return sig
}

// isRoot reports whether call is context.Background() or context.TODO().
func (r *run) isRoot(call *ast.CallExpr) bool {
	return len(call.Args) == 0 && lint.IsRootContext(typeutil.Callee(r.TypesInfo, call))
}

// object returns the variable that an expression names, or nil.
func (r *run) object(e ast.Expr) types.Object {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	if v, ok := r.TypesInfo.ObjectOf(id).(*types.Var); ok {
		return v
	}
	return nil
}

// derives reports whether a call makes its first result, a context, of one that it is
// given: context.With…, but not WithoutCancel, and others whose name says as much.
func (r *run) derives(call *ast.CallExpr) bool {
	fn := r.callee(call)
	if fn == nil || !r.returnsContext(call) {
		return false
	}
	name := fn.Name()
	if fn.Pkg() != nil && fn.Pkg().Path() == "context" {
		return name != "WithoutCancel"
	}
	return lint.Leads(name, "With", "Start", "New", "ContextWith", "Inject", "Append", "Set", "Add", "Put", "To")
}

// returnsContext reports whether one result of the call is a context.
func (r *run) returnsContext(call *ast.CallExpr) bool {
	sig := r.signature(call)
	if sig == nil {
		return false
	}
	for v := range sig.Results().Variables() {
		if isContext(v.Type()) {
			return true
		}
	}
	return false
}

// parameter returns the type of the parameter that argument i is passed for.
func parameter(sig *types.Signature, i int) types.Type {
	n := sig.Params().Len()
	switch {
	case i < n-1 || i < n && !sig.Variadic():
		return sig.Params().At(i).Type()
	case n > 0 && sig.Variadic():
		if s, ok := sig.Params().At(n - 1).Type().Underlying().(*types.Slice); ok {
			return s.Elem()
		}
	}
	return nil
}

// tellsError reports whether a call can tell that it failed: it returns an error, or
// something that is asked for one later, as the row of a query is. What cannot fail
// seldom waits: logging, metrics, traces.
func tellsError(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		t := v.Type()
		if lint.IsError(t) {
			return true
		}
		if !types.IsInterface(t) && !isPointerToNamed(t) {
			continue
		}
		for m := range types.NewMethodSet(t).Methods() {
			switch m.Obj().Name() {
			case "Scan", "Err", "Result", "Decode", "Run":
				res := m.Obj().Type().(*types.Signature).Results()
				if res.Len() > 0 && lint.IsError(res.At(res.Len()-1).Type()) {
					return true
				}
			}
		}
	}
	return false
}

func isPointerToNamed(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = types.Unalias(p.Elem()).(*types.Named)
	return ok
}

// endsWork reports whether a function of that name undoes or ends something: that must
// be done even if its caller has given up.
func endsWork(name string) bool {
	return lint.Leads(name, "Close", "Shutdown", "ShutDown", "Stop", "Flush", "Cleanup", "CleanUp", "Clean", "Rollback", "RollBack", "Release",
		"Unlock", "Unsubscribe", "Unregister", "Deregister", "Unwatch", "Disconnect", "Drain", "Abort", "Cancel", "Terminate",
		"Kill", "Destroy", "Teardown", "TearDown", "Undo", "Revert", "Restore", "Compensate", "Revoke", "Expire", "Dispose", "Finish",
		"Finalize", "Finalise", "End", "Quit", "Exit", "Leave", "Detach", "Fail", "MarkFailed", "Resign", "Recover", "Requeue", "Nack", "Reset", "Free",
		"ForceFlush", "GracefulStop", "Hangup", "Purge", "Reap", "GC", "Unmount", "Umount", "Unpin", "Done", "Complete", "Persist",
		"Commit", "Ack", "Acknowledge", "Checkpoint", "Confirm")
}

// requestMaker begins nothing: the request works when it is sent.
const requestMaker = "NewRequestWithContext"

// startsWork reports whether a function of that name may begin something that goes on after
// it returns, and that its context governs.
func startsWork(name string) bool {
	return lint.Leads(name, "New", "Start", "Dial", "Open", "Connect", "Watch", "Subscribe", "Listen", "Serve", "Register", "Init", "Initialize",
		"Setup", "SetUp", "Make", "Must", "Launch", "Spawn", "Go", "Async", "Background", "Enqueue", "Submit", "Schedule", "Join", "Bootstrap",
		"Build", "Provide", "Stream", "Follow", "Tail", "Monitor", "Keep", "KeepAlive", "Trigger", "Campaign") ||
		contains(name, "Bootstrap", "Migrate", "Migration", "Migrations", "Upgrade")
}

// answers reports whether a function returns more than whether it has failed: then it does not
// merely tell others something, whatever its name.
func answers(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if !lint.IsError(v.Type()) && !isContext(v.Type()) {
			return true
		}
	}
	return false
}

// tells reports whether a function of that name only tells others what happens.
func tells(name string) bool {
	return lint.Leads(name, "Log", "Debug", "Info", "Warn", "Warning", "Error", "Trace", "Print", "Record", "Observe", "Emit", "Report", "Track",
		"Count", "Inc", "Measure", "Notify") || contains(name, "Audit", "Metric", "Metrics", "Event", "Events", "Telemetry")
}

// contains reports whether a name has one of the words in it.
func contains(name string, words ...string) bool {
	for _, w := range words {
		for rest := name; ; {
			i := strings.Index(rest, w)
			if i < 0 {
				break
			}
			if rest = rest[i+len(w):]; lint.WordEnds(rest) {
				return true
			}
		}
	}
	return lint.Leads(name, words...)
}

// ownerTells is tells for the type of the receiver.
func ownerTells(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false
	}
	named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named)
	if !ok {
		return false
	}
	name := strings.ToLower(named.Obj().Name())
	for _, part := range []string{"logger", "metric", "audit", "tracer", "telemetry", "analytics", "stats", "recorder"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// quietPackage reports whether functions of the package take a context for its values alone.
func quietPackage(path string) bool {
	switch path {
	case "context", "log", "log/slog", "runtime/pprof", "runtime/trace", "testing", "expvar", "os/signal",
		"net/http/httptrace", "errors", "fmt":
		return true
	}
	return false
}
