package resource

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// model returns what a call of fn acquires by the documentation of fn, or by the
// form that functions of its kind have everywhere.
func model(fn *types.Func) []Open {
	if fn.Pkg() == nil {
		return nil
	}
	sig := fn.Signature()
	results := sig.Results()
	if results.Len() == 0 {
		return nil
	}
	name, path := fn.Name(), fn.Pkg().Path()
	if isResponse(results.At(0).Type()) {
		return responses(fn)
	}
	if sig.Recv() == nil {
		for _, m := range opening {
			if m.path == path && slices.Contains(m.names, name) {
				opens := []Open{{Kind: m.kind}}
				if name == "Pipe" && path == "os" {
					opens = append(opens, Open{Index: 1, Kind: m.kind})
				}
				return opens
			}
		}
	} else {
		switch {
		case lint.IsMethod(fn, "net", "Dialer", "Dial", "DialContext"),
			lint.IsMethod(fn, "net", "ListenConfig", "Listen", "ListenPacket"),
			lint.IsMethod(fn, "crypto/tls", "Dialer", "Dial", "DialContext"),
			lint.IsMethod(fn, "net/http", "Hijacker", "Hijack"),
			lint.IsMethod(fn, "io/fs", "FS", "Open"),
			lint.IsMethod(fn, "net/http", "FileSystem", "Open"),
			lint.IsMethod(fn, "os", "Root", "Open", "Create", "OpenFile", "OpenRoot"),
			lint.IsMethod(fn, "mime/multipart", "FileHeader", "Open"),
			lint.IsMethod(fn, "net/http", "Request", "FormFile"),
			lint.IsMethod(fn, "database/sql", "DB", "Conn"),
			lint.IsMethod(fn, "archive/zip", "File", "Open"),
			path == "net" && strings.HasPrefix(name, "Accept"):
			return []Open{{Kind: File}}
		}
	}
	if isBegin(name) && isTransaction(results.At(0).Type()) && !isPlain(fn) && !isGetter(fn) {
		return []Open{{Kind: Transaction}}
	}
	return nil
}

// isPlain reports whether a function gets nothing that a transaction could begin on, and
// says by its name that it makes a new one, as an object.
func isPlain(fn *types.Func) bool {
	sig := fn.Signature()
	if !strings.HasPrefix(fn.Name(), "New") || sig.Recv() != nil {
		return false
	}
	for p := range sig.Params().Variables() {
		if _, basic := p.Type().Underlying().(*types.Basic); !basic && !lint.IsNamed(p.Type(), "context", "Context") {
			return false
		}
	}
	return true
}

// opening are functions that open something.
var opening = []struct {
	path  string
	kind  Kind
	names []string
}{
	{"os", File, []string{"Open", "Create", "OpenFile", "CreateTemp", "OpenRoot", "Pipe"}},
	{"io/ioutil", File, []string{"TempFile"}},
	{"net", File, []string{"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialUnix", "DialIP", "Listen", "ListenTCP", "ListenUDP", "ListenUnix", "ListenPacket", "ListenIP", "ListenMulticastUDP", "ListenUnixgram"}},
	{"crypto/tls", File, []string{"Dial", "DialWithDialer", "Listen"}},
	{"archive/zip", File, []string{"OpenReader"}},
	{"debug/elf", File, []string{"Open"}},
	{"debug/macho", File, []string{"Open", "OpenFat"}},
	{"debug/pe", File, []string{"Open"}},
	{"compress/gzip", Writer, []string{"NewWriter", "NewWriterLevel"}},
	{"compress/zlib", Writer, []string{"NewWriter", "NewWriterLevel", "NewWriterLevelDict"}},
	{"compress/flate", Writer, []string{"NewWriter", "NewWriterDict"}},
	{"compress/lzw", Writer, []string{"NewWriter"}},
	{"archive/zip", Writer, []string{"NewWriter"}},
	{"archive/tar", Writer, []string{"NewWriter"}},
	{"encoding/base64", Writer, []string{"NewEncoder"}},
	{"encoding/base32", Writer, []string{"NewEncoder"}},
	{"mime/multipart", Writer, []string{"NewWriter"}},
	{"github.com/klauspost/compress/gzip", Writer, []string{"NewWriter", "NewWriterLevel"}},
	{"github.com/klauspost/compress/zstd", Writer, []string{"NewWriter"}},
	{"github.com/klauspost/compress/s2", Writer, []string{"NewWriter"}},
	{"github.com/klauspost/pgzip", Writer, []string{"NewWriter", "NewWriterLevel"}},
	{"github.com/pierrec/lz4/v4", Writer, []string{"NewWriter"}},
	{"github.com/golang/snappy", Writer, []string{"NewBufferedWriter"}},
	{"syscall", Region, []string{"Mmap"}},
	{"golang.org/x/sys/unix", Region, []string{"Mmap"}},
	{"golang.org/x/exp/mmap", Region, []string{"Open"}},
	{"github.com/edsrzf/mmap-go", Region, []string{"Map", "MapRegion"}},
	{"github.com/fsnotify/fsnotify", Subscription, []string{"NewWatcher", "NewBufferedWatcher"}},
}

// isGetter reports whether a method returns the transaction that its object is part of: it asks for
// nothing, and cannot fail.
func isGetter(fn *types.Func) bool {
	sig := fn.Signature()
	return fn.Name() == "Tx" && sig.Recv() != nil && sig.Params().Len() == 0 && sig.Results().Len() == 1
}

// responses tells functions and methods that send a request from others that
// return a response.
func responses(fn *types.Func) []Open {
	sig := fn.Signature()
	if sig.Results().Len() != 2 || !lint.IsError(sig.Results().At(1).Type()) {
		return nil
	}
	ok := false
	switch fn.Name() {
	case "Get", "Post", "PostForm":
		ok = true
	case "Do":
		ok = sig.Recv() != nil
	case "RoundTrip":
		// The connection of a ClientConn is the caller's, and the bodies end with it. What takes requests
		// of its own does not go by the contract of http.RoundTripper.
		ok = sig.Recv() != nil && sig.Params().Len() == 1 && lint.IsNamed(lint.Deref(sig.Params().At(0).Type()), "net/http", "Request") &&
			!lint.IsMethod(fn, "golang.org/x/net/http2", "ClientConn", "RoundTrip")
	}
	if !ok {
		return nil
	}
	return []Open{{Kind: Body}}
}

// isRequestFunc reports whether functions of the signature send a request.
func isRequestFunc(sig *types.Signature) bool {
	return sig.Params().Len() == 1 && sig.Results().Len() == 2 &&
		lint.IsNamed(lint.Deref(sig.Params().At(0).Type()), "net/http", "Request") &&
		isResponse(sig.Results().At(0).Type()) && lint.IsError(sig.Results().At(1).Type())
}

func isResponse(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && lint.IsNamed(p.Elem(), "net/http", "Response")
}

func isBegin(name string) bool {
	return strings.HasPrefix(name, "Begin") || name == "Tx" || name == "NewTransaction"
}

// isTransaction reports whether a type has the methods of a transaction.
func isTransaction(t types.Type) bool {
	return hasMethod(t, "Commit") && (hasMethod(t, "Rollback") || hasMethod(t, "Discard"))
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

// closable reports whether whoever gets a value of type t can release a resource
// with it.
func closable(t types.Type) bool {
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		return hasMethod(tp, "Close")
	}
	return isResponse(t) || hasMethod(t, "Close") || isTransaction(t)
}

// ends reports whether a method of that name releases what it is called on.
func ends(name string) bool {
	for _, prefix := range []string{"Close", "Stop", "Shutdown", "Release", "Free", "Unmap", "Abort", "Discard", "Rollback", "Commit",
		"Unsubscribe", "Cancel", "Terminate", "Destroy", "Finish", "Kill", "End", "Exit", "Quit", "Disconnect", "Dispose", "Cleanup", "TearDown", "Teardown", "close", "stop", "shutdown", "release", "cancel"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// A thing is a resource that is being followed.
type thing struct {
	kind  Kind
	byArg bool // it is released by a function that gets it as an argument
	sent  bool // it has been received, with what tells whether there is one
}

// acquisition is what one call acquires.
type acquisition struct {
	Open
	byArg bool
	value ssa.Value // the resource, if it is an argument
}

// acquisitions returns what a call acquires.
func (a *analyzer) acquisitions(call *ssa.Call) []acquisition {
	c := &call.Call
	var opens []Open
	var fn *types.Func
	switch callee := c.StaticCallee(); {
	case c.IsInvoke():
		fn = c.Method
		if opens = model(fn); opens == nil {
			opens = a.implemented(c)
		}
	case callee == nil:
		if isRequestFunc(c.Signature()) {
			opens = []Open{{Kind: Body}}
		}
	default:
		fn, _ = callee.Object().(*types.Func)
		if local := a.local(callee); local != nil {
			opens = a.open(local)
		} else if fn != nil {
			if h := a.handling(callee); h != nil {
				opens = h.Opens
			} else if a.known(fn) {
				opens = model(fn)
			}
		}
		if opens == nil && fn != nil && isBegin(fn.Name()) {
			opens = model(fn)
		}
	}
	seen := c.StaticCallee() != nil && (a.local(c.StaticCallee()) != nil || a.handling(c.StaticCallee()) != nil)
	if len(opens) == 1 && opens[0].Kind == Body && (headOnly(call) || !seen && decodes(call, fn)) {
		return nil
	}
	var list []acquisition
	for _, o := range opens {
		list = append(list, acquisition{Open: o, byArg: o.Kind == Region || o.Kind == Signals})
	}
	if list == nil && fn != nil {
		list = subscribes(call, fn)
	}
	return list
}

// implemented returns what all methods of the package acquire that a call of a method of one
// of its interfaces may run.
func (a *analyzer) implemented(c *ssa.CallCommon) (opens []Open) {
	named, ok := types.Unalias(c.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() != a.pass.Pkg || !returnsClosable(c.Method.Signature()) {
		return nil
	}
	iface, ok := named.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	scope := a.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || lint.IsTest(a.pass, tn.Pos()) {
			continue
		}
		if t, ok := tn.Type().(*types.Named); ok && t.TypeParams().Len() > 0 {
			continue
		}
		ptr := types.NewPointer(tn.Type())
		if !types.Implements(ptr, iface) {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(ptr, true, a.pass.Pkg, c.Method.Name())
		fn, _ := obj.(*types.Func)
		if fn == nil || fn.Pkg() != a.pass.Pkg {
			return nil
		}
		method := a.local(a.prog.Pkg.Prog.FuncValue(fn))
		if method == nil {
			return nil
		}
		more := a.open(method)
		if len(more) == 0 || more[0].Index != 0 {
			return nil
		}
		opens = []Open{{Kind: File}} // released by Close, whatever it is
	}
	return opens
}

func returnsClosable(sig *types.Signature) bool {
	return sig.Results().Len() > 0 && types.IsInterface(sig.Results().At(0).Type()) && hasMethod(sig.Results().At(0).Type(), "Close")
}

// known reports whether a function without a fact does what its form says. One of
// the module itself that has none returns what need not be released.
func (a *analyzer) known(fn *types.Func) bool {
	if a.pass.Module == nil || a.pass.Module.Path == "" {
		return true
	}
	path := fn.Pkg().Path()
	return path != a.pass.Module.Path && !strings.HasPrefix(path, a.pass.Module.Path+"/")
}

// headOnly reports whether a request is of method HEAD, the responses to which have
// no body.
func headOnly(call *ssa.Call) bool {
	isHead := func(arg ssa.Value) bool {
		c, ok := arg.(*ssa.Const)
		return ok && c.Value != nil && c.Value.ExactString() == `"HEAD"`
	}
	return slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool {
		if x, ok := arg.(*ssa.Extract); ok {
			arg = x.Tuple
		}
		made, ok := arg.(*ssa.Call)
		if !ok || made.Call.Signature().Results().Len() == 0 || !lint.IsNamed(lint.Deref(made.Call.Signature().Results().At(0).Type()), "net/http", "Request") {
			return isHead(arg)
		}
		return slices.ContainsFunc(made.Call.Args, isHead)
	})
}

// decodes reports whether the client of some API is to Do a request and is given what it decodes
// the body into, which it closes then.
func decodes(call *ssa.Call, fn *types.Func) bool {
	if fn == nil || fn.Name() != "Do" || fn.Signature().Variadic() {
		return false
	}
	for i, arg := range call.Call.Args {
		if isEmptyInterface(paramType(&call.Call, i)) && !lazyssa.IsNil(arg) {
			return true
		}
	}
	return false
}

// maySubscribe reports whether calls of fn may subscribe to something.
func maySubscribe(fn *types.Func) bool {
	name := fn.Name()
	return lint.IsFunc(fn, "os/signal", "Notify") || name == "Watch" ||
		lint.Leads(name, "Subscribe")
}

// endless reports whether a loop ranges over the channel: it ends when somebody closes
// that, which nobody does to a channel of signals.
func endless(c ssa.Value) bool {
	return slices.ContainsFunc(*c.Referrers(), func(in ssa.Instruction) bool {
		receive, ok := in.(*ssa.UnOp)
		return ok && receive.Op == token.ARROW && receive.CommaOk
	})
}

// subscribes returns what a call subscribes to: signals, or the messages of an object
// that has a method to end it.
func subscribes(call *ssa.Call, fn *types.Func) []acquisition {
	if lint.IsFunc(fn, "os/signal", "Notify") {
		if made := madeHere(call.Call.Args[0]); made != nil {
			if endless(made) || notified(made, call) {
				return nil
			}
			return []acquisition{{Open: Open{Index: -1, Kind: Signals}, byArg: true, value: made}}
		}
		return nil
	}
	name := fn.Name()
	if !maySubscribe(fn) {
		return nil
	}
	results := fn.Signature().Results()
	for i := range results.Len() {
		t := results.At(i).Type()
		if name == "Watch" {
			if hasMethod(t, "Stop") && hasMethod(t, "ResultChan") {
				return []acquisition{{Open: Open{Index: i, Kind: Subscription}}}
			}
			continue
		}
		if sig, ok := t.Underlying().(*types.Signature); ok && endsSubscription(sig, results.At(i).Name()) {
			return []acquisition{{Open: Open{Index: i, Kind: Subscription}}}
		}
		if slices.ContainsFunc([]string{"Unsubscribe", "Close", "Stop", "Cancel"}, func(m string) bool { return hasMethod(t, m) }) {
			return []acquisition{{Open: Open{Index: i, Kind: Subscription}}}
		}
	}
	for i := range results.Len() {
		if t := results.At(i).Type(); endsBy(fn, t) && !named(fn, t) { // the channel, or a number or name of it
			return []acquisition{{Open: Open{Index: i, Kind: Subscription}, byArg: true}}
		}
	}
	for _, arg := range call.Call.Args {
		if made := madeHere(arg); made != nil && endsBy(fn, made.Type()) {
			return []acquisition{{Open: Open{Index: -1, Kind: Subscription}, byArg: true, value: made}}
		}
	}
	return nil
}

// notified reports whether signal.Notify has got a channel before a call: one Stop ends both.
func notified(made ssa.Value, call *ssa.Call) bool {
	return slices.ContainsFunc(*made.Referrers(), func(ref ssa.Instruction) bool {
		if conv, ok := ref.(*ssa.ChangeType); ok {
			return notified(conv, call)
		}
		before, ok := ref.(*ssa.Call)
		return ok && before != call && lint.IsFunc(lazyssa.Callee(before), "os/signal", "Notify") && before.Call.Args[0] == made &&
			lazyssa.Before(before, call)
	})
}

// endsSubscription reports whether a function that comes of a subscription, of that name if it has one,
// looks like what ends it, rather than like what waits for what it is about.
func endsSubscription(sig *types.Signature, name string) bool {
	if sig.Params().Len() > 0 || lint.Leads(name, "Wait", "Next", "Get", "Recv", "Receive", "Read", "Poll") {
		return false
	}
	return sig.Results().Len() == 0 || sig.Results().Len() == 1 && lint.IsError(sig.Results().At(0).Type())
}

// named reports whether who subscribes gives the name, of type t, of what he subscribes to: by that he,
// or anybody, can end it, whatever the method returns.
func named(subscribe *types.Func, t types.Type) bool {
	if !isBasic(t) {
		return false
	}
	for p := range subscribe.Signature().Params().Variables() {
		if types.Identical(p.Type(), t) {
			return true
		}
	}
	return false
}

// endsBy reports whether the object that the method subscribes to has a method that ends the
// subscription, given a t.
func endsBy(subscribe *types.Func, t types.Type) bool {
	recv := subscribe.Signature().Recv()
	if recv == nil || types.Identical(t.Underlying(), types.Typ[types.Bool]) || lint.IsError(t) {
		return false
	}
	for _, name := range []string{"Unsubscribe", "unsubscribe", "Evict"} {
		obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, subscribe.Pkg(), name)
		end, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		for p := range end.Signature().Params().Variables() {
			if types.AssignableTo(t, p.Type()) {
				return true
			}
		}
	}
	return false
}

// madeHere returns the channel that the function makes which v is, or nil.
func madeHere(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
		case *ssa.MakeChan:
			return x
		default:
			return nil
		}
	}
}
