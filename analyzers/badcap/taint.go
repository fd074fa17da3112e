package badcap

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A source is where a number enters the program.
type source struct {
	what string // in words
	bits int    // of the number as it was read
	pos  token.Pos
}

// taint follows numbers back to the input that they were read from.
type taint struct {
	*program
	decoders map[*ssa.Function]int       // functions that decode into this parameter, of any type
	cells    map[ssa.Value]*source       // variables that something is decoded into
	types    map[*types.TypeName]*source // types that requests and headers are decoded into
	results  map[resultKey]*source       // of functions of the package
	busy     map[resultKey]bool
	use      ssa.Instruction // that is looked at

	overNetwork bool                       // the package imports net
	compared    map[*types.Var]bool        // fields that are compared with something; nil until asked
	methods     map[string][]*ssa.Function // of unexported names
}

type resultKey struct {
	fn *ssa.Function
	i  int
}

func newTaint(p *program) *taint {
	t := &taint{
		program:  p,
		decoders: make(map[*ssa.Function]int),
		cells:    make(map[ssa.Value]*source),
		types:    make(map[*types.TypeName]*source),
		results:  make(map[resultKey]*source),
		busy:     make(map[resultKey]bool),
		methods:  make(map[string][]*ssa.Function),

		overNetwork: lint.Imports(p.Pkg, "net"),
	}
	// Helpers that hand their parameter on to a decoder are decoders, too.
	for range 3 {
		n := len(t.decoders)
		for _, f := range p.ssa.Funcs {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					if call, ok := instr.(ssa.CallInstruction); ok {
						t.decodes(f, call)
					}
				}
			}
		}
		if len(t.decoders) == n {
			break
		}
	}
	for _, f := range p.ssa.Funcs {
		if f.Signature.Recv() != nil && f.Object() != nil {
			t.methods[f.Name()] = append(t.methods[f.Name()], f)
		}
	}
	return t
}

// decodes notes what the call decodes into, if that is what it does.
func (t *taint) decodes(in *ssa.Function, call ssa.CallInstruction) {
	c := call.Common()
	fn := commonCallee(c)
	i, ok := -1, false
	if static := c.StaticCallee(); static != nil {
		i, ok = t.decoders[origin(static)]
	}
	binary := false
	if !ok {
		if i, binary = decoderArg(fn, c); i < 0 {
			return
		}
	}
	if i >= len(c.Args) {
		return
	}
	target := c.Args[i]
	if mi, ok := target.(*ssa.MakeInterface); ok {
		target = mi.X
	}
	if p, ok := target.(*ssa.Parameter); ok && p.Parent() == in {
		if _, isPointer := p.Type().Underlying().(*types.Pointer); !isPointer || isTypeParam(lint.Deref(p.Type())) {
			for j, q := range in.Params {
				if q == p {
					t.decoders[in] = j
				}
			}
		}
	}
	src := &source{what: callText(fn, c), bits: 64, pos: call.Pos()}
	request := binary || t.requested(in, c)
	base, path := canon(target)
	if _, ok := base.(*ssa.Alloc); ok && path == "" && (request || !t.fromFile(c)) {
		t.cells[base] = src
	}
	if named, ok := types.Unalias(lint.Deref(target.Type())).(*types.Named); ok && request {
		if _, seen := t.types[named.Obj()]; !seen {
			t.types[named.Obj()] = src
		}
	}
	// A generic helper decodes into its type argument.
	if isTypeParam(lint.Deref(target.Type())) && request {
		for _, inst := range t.TypesInfo.Instances {
			for arg := range inst.TypeArgs.Types() {
				if named, ok := types.Unalias(arg).(*types.Named); ok && named.Obj().Pkg() == t.Pkg && isStruct(named) {
					if _, seen := t.types[named.Obj()]; !seen {
						t.types[named.Obj()] = src
					}
				}
			}
		}
	}
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// origin returns the generic function that fn is an instance of, or fn.
func origin(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// decoderArg returns which argument, the receiver included, the function fills
// with what it decodes, and whether the format is binary.
func decoderArg(fn *types.Func, c *ssa.CallCommon) (arg int, binary bool) {
	switch {
	case fn == nil || fn.Pkg() == nil:
	case isFunc(fn, "encoding/json", "Unmarshal"), isFunc(fn, "encoding/xml", "Unmarshal"):
		return 1, false
	case isMethod(fn, "encoding/json", "Decoder", "Decode"), isMethod(fn, "encoding/xml", "Decoder", "Decode"), isMethod(fn, "encoding/gob", "Decoder", "Decode"):
		return 1, false
	case isFunc(fn, "encoding/binary", "Read", "Decode"):
		return 2, true
	}
	if fn != nil && fn.Pkg() != nil {
		path := fn.Pkg().Path()
		for _, framework := range []string{"github.com/gin-gonic/gin", "github.com/labstack/echo", "github.com/gofiber/fiber"} {
			if strings.HasPrefix(path, framework) && (strings.Contains(fn.Name(), "Bind") || strings.HasSuffix(fn.Name(), "Parser")) && len(c.Args) > 0 {
				return len(c.Args) - 1, false
			}
		}
	}
	return -1, false
}

func callText(fn *types.Func, c *ssa.CallCommon) string {
	if fn == nil {
		return "input"
	}
	if recv := fn.Signature().Recv(); recv != nil {
		named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named)
		if ok && (named.Obj().Exported() || fn.Pkg() == nil) {
			return named.Obj().Name() + "." + fn.Name()
		}
	}
	if fn.Pkg() == nil {
		return fn.Name()
	}
	return fn.Pkg().Name() + "." + fn.Name()
}

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

// reaches reports whether something that v is computed from is as asked.
func (t *taint) reaches(v ssa.Value, depth int, is func(ssa.Value) bool) bool {
	return reach(v, depth, make(map[ssa.Value]bool), is)
}

func reach(v ssa.Value, depth int, seen map[ssa.Value]bool, is func(ssa.Value) bool) bool {
	if v == nil || seen[v] {
		return false
	}
	seen[v] = true
	if is(v) {
		return true
	}
	if depth == 0 {
		return false
	}
	if fv, ok := v.(*ssa.FreeVar); ok {
		return reach(bound(fv), depth-1, seen, is)
	}
	if alloc, ok := v.(*ssa.Alloc); ok {
		stores, _ := cellStores(alloc)
		for _, s := range stores {
			if reach(s.Val, depth-1, seen, is) {
				return true
			}
		}
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	for _, op := range instr.Operands(nil) {
		if reach(*op, depth-1, seen, is) {
			return true
		}
	}
	return false
}

// tooMuch is a limit that is none. Even one of 4 GiB may be what a format allows.
const tooMuch = 1 << 32

const maxTrace = 14 // steps back to the input

// of returns the input that v is read from, if nothing bounds it on the way to
// the instruction, nor to where it passes on the way from its source.
func (t *taint) of(v ssa.Value, at ssa.Instruction, depth int) *source {
	return t.trace(v, at, depth, make(map[ssa.Value]bool))
}

func (t *taint) trace(v ssa.Value, at ssa.Instruction, depth int, seen map[ssa.Value]bool) *source {
	if depth > maxTrace || seen[v] || v == nil {
		return nil
	}
	if _, ok := v.(*ssa.Const); ok {
		return nil
	}
	if at != nil && t.bounded(v, at) {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Convert:
		if isInteger(v.Type()) {
			return t.trace(v.X, at, depth+1, seen)
		}
	case *ssa.ChangeType:
		return t.trace(v.X, at, depth+1, seen)
	case *ssa.BinOp:
		return t.arithmetic(v, at, depth, seen)
	case *ssa.Phi:
		seen[v] = true
		defer delete(seen, v)
		for i, e := range v.Edges {
			pred := v.Block().Preds[i]
			last := pred.Instrs[len(pred.Instrs)-1]
			if br, ok := last.(*ssa.If); ok && t.bounds(br.Cond, pred.Succs[0] == v.Block(), e) {
				continue
			}
			if src := t.trace(e, last, depth+1, seen); src != nil {
				return src
			}
		}
	case *ssa.Call:
		return t.call(v, 0, at, depth, seen)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.call(call, v.Index, at, depth, seen)
		}
	case *ssa.UnOp:
		if v.Op == token.SUB {
			return t.trace(v.X, at, depth+1, seen)
		}
		if v.Op == token.MUL {
			return t.load(v, at, depth, seen)
		}
	case *ssa.Field:
		return t.field(v)
	case *ssa.FreeVar:
		if b := bound(v); b != nil {
			return t.trace(b, closureOf(v.Parent()), depth+1, seen)
		}
	case *ssa.Parameter:
		return t.argument(v, depth, seen)
	}
	return nil
}

func (t *taint) arithmetic(v *ssa.BinOp, at ssa.Instruction, depth int, seen map[ssa.Value]bool) *source {
	if assembled(v) >= 32 {
		return &source{what: "bytes put together by hand", bits: assembled(v), pos: v.Pos()}
	}
	switch v.Op {
	case token.ADD, token.SUB, token.MUL, token.OR, token.XOR, token.AND:
		if src := t.trace(v.X, at, depth+1, seen); src != nil {
			return src
		}
		return t.trace(v.Y, at, depth+1, seen)
	case token.QUO, token.SHR, token.SHL, token.AND_NOT:
		return t.trace(v.X, at, depth+1, seen)
	}
	return nil // a remainder is below its divisor
}

// assembled returns the bits of a number that is put together from bytes, or 0.
func assembled(v ssa.Value) int {
	switch v := v.(type) {
	case *ssa.BinOp:
		switch v.Op {
		case token.OR, token.ADD:
			x, y := assembled(v.X), assembled(v.Y)
			if x == 0 || y == 0 {
				return 0
			}
			return max(x, y)
		case token.SHL:
			if c, ok := v.Y.(*ssa.Const); ok && assembled(v.X) > 0 {
				return assembled(v.X) + int(c.Int64())
			}
		}
	case *ssa.Convert:
		return assembled(v.X)
	case *ssa.UnOp:
		if _, ok := v.X.(*ssa.IndexAddr); ok && v.Op == token.MUL && width(v.Type()) == 8 {
			return 8
		}
	}
	return 0
}

// argument returns the input that a caller in the package hands over.
func (t *taint) argument(p *ssa.Parameter, depth int, seen map[ssa.Value]bool) *source {
	fn := p.Parent()
	if !isInteger(p.Type()) || fn.Parent() != nil {
		return nil
	}
	i := -1
	for j, q := range fn.Params {
		if q == p {
			i = j
		}
	}
	seen[p] = true
	defer delete(seen, p)
	for _, call := range t.callers[fn] {
		if args := call.Common().Args; i < len(args) && !t.silent(call.Pos()) {
			if src := t.trace(args[i], call, depth+3, seen); src != nil {
				return src
			}
		}
	}
	return nil
}

// call returns the input that a result of the call is read from.
func (t *taint) call(call *ssa.Call, i int, at ssa.Instruction, depth int, seen map[ssa.Value]bool) *source {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "min":
			var src *source
			for _, arg := range c.Args {
				if src = t.trace(arg, at, depth+1, seen); src == nil {
					return nil
				}
			}
			return src
		case "max":
			for _, arg := range c.Args {
				if src := t.trace(arg, at, depth+1, seen); src != nil {
					return src
				}
			}
		}
		return nil
	}
	fn := commonCallee(c)
	if reads, ok := readsNumber(fn); ok {
		if i != reads {
			return nil
		}
		if trusts(call) {
			return nil
		}
		return &source{what: callText(fn, c), bits: width(fn.Signature().Results().At(i).Type()), pos: call.Pos()}
	}
	if fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "strconv" {
		if i == 0 && len(c.Args) > 0 && (strings.HasPrefix(fn.Name(), "Parse") || fn.Name() == "Atoi") {
			return t.text(c.Args[0], depth)
		}
		return nil
	}
	if src := t.handlerField(fn, c); src != nil {
		return src
	}
	if static := c.StaticCallee(); static != nil {
		static = origin(static)
		if static.Pkg == t.ssa.Pkg {
			return t.result(static, i, depth)
		}
		if fn != nil {
			var fact sizes
			if t.ImportObjectFact(fn.Origin(), &fact) {
				for _, j := range fact.Results {
					if j == i {
						return &source{what: callText(fn, c), bits: 64, pos: call.Pos()}
					}
				}
			}
		}
		return nil
	}
	if c.IsInvoke() && !c.Method.Exported() && c.Method.Pkg() == t.Pkg {
		for _, impl := range t.methods[c.Method.Name()] {
			if src := t.result(impl, i, depth); src != nil {
				return src
			}
		}
	}
	return nil
}

// result returns the input that a function of the package returns as it is.
func (t *taint) result(fn *ssa.Function, i int, depth int) *source {
	key := resultKey{fn, i}
	if src, ok := t.results[key]; ok || t.busy[key] {
		return src
	}
	t.busy[key] = true
	defer delete(t.busy, key)
	var found *source
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) || !isInteger(ret.Results[i].Type()) {
			continue
		}
		if found = t.of(ret.Results[i], ret, depth+1); found != nil {
			break
		}
	}
	if depth < 4 || found != nil {
		t.results[key] = found
	}
	return found
}

// readsNumber reports whether fn reads a number from its input, and which of
// its results that is.
func readsNumber(fn *types.Func) (int, bool) {
	if fn == nil || fn.Pkg() == nil {
		return 0, false
	}
	name := fn.Name()
	switch path := fn.Pkg().Path(); path {
	case "encoding/binary":
		switch name {
		case "Uint16", "Uint32", "Uint64", "Uvarint", "Varint", "ReadUvarint", "ReadVarint":
			return 0, true
		}
	case "google.golang.org/protobuf/encoding/protowire":
		switch name {
		case "ConsumeVarint", "ConsumeFixed32", "ConsumeFixed64":
			return 0, true
		}
	}
	return 0, false
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
			} else if static := c.StaticCallee(); found == nil && static != nil && static.Pkg == t.ssa.Pkg && depth < 3 && isString(firstResult(static)) {
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
			if isString(v.Type()) && depth < 3 && v.Parent().Parent() == nil {
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

// load returns the input that was decoded into a variable or field.
func (t *taint) load(v *ssa.UnOp, at ssa.Instruction, depth int, seen map[ssa.Value]bool) *source {
	if !isInteger(v.Type()) {
		return nil
	}
	base, path := canon(v)
	if src := t.cells[base]; src != nil && path != "" {
		return src
	}
	if p, ok := base.(*ssa.Parameter); ok && t.all && isHandlerMessage(p) {
		return &source{what: "the request", bits: 64, pos: v.Pos()}
	}
	if fa, ok := v.X.(*ssa.FieldAddr); ok {
		if lint.IsNamed(lint.Deref(fa.X.Type()), "net/http", "Request") && fieldOf(fa).Name() == "ContentLength" {
			return &source{what: "the header of a request", bits: 64, pos: fa.Pos()}
		}
		return t.ofField(fieldOf(fa), lint.Deref(fa.X.Type()))
	}
	cell := v.X
	if fv, ok := cell.(*ssa.FreeVar); ok {
		cell = bound(fv)
	}
	if alloc, ok := cell.(*ssa.Alloc); ok && !seen[alloc] {
		seen[alloc] = true
		defer delete(seen, alloc)
		stores, _ := cellStores(alloc)
		for _, s := range stores {
			if src := t.trace(s.Val, s, depth+1, seen); src != nil {
				return src
			}
		}
	}
	return nil
}

func (t *taint) field(v *ssa.Field) *source {
	base, path := canon(v)
	if src := t.cells[base]; src != nil && path != "" {
		return src
	}
	s, ok := v.X.Type().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return t.ofField(s.Field(v.Field), v.X.Type())
}

// ofField returns the input if the field is one of a type that input is decoded
// into, and no code of the package checks it.
func (t *taint) ofField(f *types.Var, of types.Type) *source {
	named, ok := types.Unalias(of).(*types.Named)
	if !ok || f == nil || !isInteger(f.Type()) {
		return nil
	}
	src := t.types[named.Obj()]
	if src == nil || t.checked(f) {
		return nil
	}
	return src
}

// decodedAtom reports whether the atom is a part of a variable that something
// was decoded into.
func (t *taint) decodedAtom(a atom) bool { return t.cells[a.base] != nil && a.path != "" }

// checked reports whether some code of the package compares the field with
// more than zero, or sets it to anything but input.
func (t *taint) checked(f *types.Var) bool {
	if t.compared == nil {
		t.compared = make(map[*types.Var]bool)
		for _, fn := range t.ssa.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					switch instr := instr.(type) {
					case *ssa.BinOp:
						if isComparison(instr.Op) {
							t.compares(instr.X, instr.Y)
							t.compares(instr.Y, instr.X)
						}
					case *ssa.Call:
						if bi, ok := instr.Call.Value.(*ssa.Builtin); ok && bi.Name() == "min" {
							for _, arg := range instr.Call.Args {
								t.compares(arg, nil)
							}
						}
					}
				}
			}
		}
	}
	return t.compared[f]
}

func isComparison(op token.Token) bool {
	switch op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
		return true
	}
	return false
}

func (t *taint) compares(v, with ssa.Value) {
	if c, ok := with.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		if n, ok := constant.Int64Val(c.Value); ok && n <= 1 {
			return
		}
	}
	t.reaches(v, 4, func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.FieldAddr:
			t.compared[fieldOf(v)] = true
		case *ssa.Field:
			if s, ok := v.X.Type().Underlying().(*types.Struct); ok {
				t.compared[s.Field(v.Field)] = true
			}
		case *ssa.Phi, *ssa.Call:
			return true // far enough
		}
		return false
	})
}

// bounded reports whether a condition on the way to the instruction bounds v
// from above, or says something of it that is not understood.
func (t *taint) bounded(v ssa.Value, at ssa.Instruction) bool {
	for b := at.Block(); b.Idom() != nil; b = b.Idom() {
		p := b.Idom()
		if br, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If); ok && len(b.Preds) == 1 && t.bounds(br.Cond, p.Succs[0] == b, v) {
			return true
		}
	}
	// Functions of the package that are told the number may refuse it.
	for b := at.Block(); b != nil; b = b.Idom() {
		for _, instr := range b.Instrs {
			if instr == at {
				break
			}
			if call, ok := instr.(*ssa.Call); ok && t.refused(call, v) {
				return true
			}
		}
	}
	return t.considered(v, at)
}

// considered reports whether a condition that may come before the instruction
// compares v with something like a limit, even if a way leads around it: whoever
// wrote that has thought of large numbers.
func (t *taint) considered(v ssa.Value, at ssa.Instruction) bool {
	refs := v.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		cmp, ok := ref.(*ssa.BinOp)
		if !ok || cmp.Parent() != at.Parent() {
			continue
		}
		limit := cmp.Y
		if limit == v {
			limit = cmp.X
		}
		switch cmp.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
		default:
			continue
		}
		if c, ok := limit.(*ssa.Const); ok {
			if n := c.Int64(); n <= 1 || n > tooMuch {
				continue
			}
		} else if counter(limit, 3) {
			continue
		}
		to := at.Block()
		if t.use != nil && t.use.Parent() == at.Parent() {
			to = t.use.Block()
		}
		if cmp.Block() != to && reachable(cmp.Block(), to) {
			return true
		}
	}
	return false
}

// counter reports whether v is the variable of a loop.
func counter(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Phi:
		for _, pred := range v.Block().Preds {
			if v.Block().Dominates(pred) {
				return true
			}
		}
	case *ssa.Convert:
		return depth > 0 && counter(v.X, depth-1)
	case *ssa.BinOp:
		return depth > 0 && (counter(v.X, depth-1) || counter(v.Y, depth-1))
	}
	return false
}

func reachable(from, to *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(b *ssa.BasicBlock) bool
	visit = func(b *ssa.BasicBlock) bool {
		if b == to {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(from)
}

// refused reports whether the call hands v to a function of the package that
// compares it.
func (t *taint) refused(call *ssa.Call, v ssa.Value) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Pkg != t.ssa.Pkg || call.Call.Signature().Results().Len() > 0 {
		return false
	}
	for i, arg := range call.Call.Args {
		if i < len(fn.Params) && isInteger(arg.Type()) && same(arg, v) && refuses(fn) {
			return true
		}
	}
	return false
}

func same(x, y ssa.Value) bool {
	b1, p1 := canon(x)
	b2, p2 := canon(y)
	return b1 == b2 && p1 == p2
}

// bounds reports whether the condition, if it is as given, bounds v from above.
func (t *taint) bounds(cond ssa.Value, is bool, v ssa.Value) bool {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return t.bounds(c.X, !is, v)
		}
	case *ssa.BinOp:
		op := c.Op
		if !isComparison(op) {
			break
		}
		if !is {
			op = negated(op)
		}
		if !isInteger(c.X.Type()) {
			break
		}
		x, y := t.speaksOf(c.X, v), t.speaksOf(c.Y, v)
		switch {
		case !x && !y:
			return false
		case x && y:
			return true
		case y:
			return t.boundedBy(c.Y, mirrored(op), c.X, v)
		}
		return t.boundedBy(c.X, op, c.Y, v)
	}
	return t.speaksOf(cond, v)
}

func (t *taint) boundedBy(x ssa.Value, op token.Token, y ssa.Value, v ssa.Value) bool {
	if !same(x, v) {
		// Something computed from v: only the direction of v+1, v*size and so on is
		// plain.
		f := formOf(x)
		base, path := canon(v)
		if c := f.c[atom{valueOf, base, path}]; c <= 0 {
			return true
		}
	}
	switch op {
	case token.LSS, token.LEQ, token.EQL:
		if c, ok := y.(*ssa.Const); ok && c.Value != nil {
			n, exact := constant.Int64Val(constant.ToInt(c.Value))
			return exact && n <= tooMuch
		}
		return true
	}
	return false
}

func mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.LEQ:
		return token.GEQ
	case token.GTR:
		return token.LSS
	case token.GEQ:
		return token.LEQ
	}
	return op
}

// speaksOf reports whether x is computed from v, or from a call that is given v
// or what holds it.
func (t *taint) speaksOf(x, v ssa.Value) bool {
	base, path := canon(v)
	var visit func(x ssa.Value, depth int, inCall bool) bool
	visit = func(x ssa.Value, depth int, inCall bool) bool {
		b, p := canon(x)
		if b == base && (p == path || inCall && strings.HasPrefix(path, p)) {
			return true
		}
		if depth == 0 {
			return false
		}
		if call, ok := x.(*ssa.Call); ok {
			if fn := callee(call); fn != nil {
				if _, reads := readsNumber(fn); reads {
					return false
				}
				if i, _ := decoderArg(fn, &call.Call); i >= 0 {
					return false
				}
			}
			if static := call.Call.StaticCallee(); static != nil {
				if _, decodes := t.decoders[origin(static)]; decodes {
					return false
				}
			}
			for _, arg := range call.Call.Args {
				if visit(arg, depth-1, true) {
					return true
				}
			}
			return false
		}
		instr, ok := x.(ssa.Instruction)
		if !ok {
			return false
		}
		if _, ok := x.(*ssa.Phi); ok {
			depth = min(depth, 3)
		}
		for _, op := range instr.Operands(nil) {
			if *op != nil && visit(*op, depth-1, inCall) {
				return true
			}
		}
		return false
	}
	return visit(x, 7, false)
}

// export tells importers which functions return numbers as input has them.
func (t *taint) export() {
	if t.Pkg.Name() == "main" {
		return
	}
	for _, f := range t.ssa.Funcs {
		fn, ok := f.Object().(*types.Func)
		if !ok || !fn.Exported() || f.Blocks == nil {
			continue
		}
		var results []int
		for i := range f.Signature.Results().Len() {
			if isInteger(f.Signature.Results().At(i).Type()) && width(f.Signature.Results().At(i).Type()) > 16 && t.result(f, i, 0) != nil {
				results = append(results, i)
			}
		}
		if results == nil {
			continue
		}
		fact := new(sizes)
		t.ImportObjectFact(fn, fact)
		fact.Results = results
		t.ExportObjectFact(fn, fact)
	}
}

// trusts reports whether the program panics if the input cannot be read: then it
// reads its own, and has more to fear than a large number.
func trusts(call *ssa.Call) bool {
	for _, ref := range *call.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if !ok || !isErrorType(e.Type()) {
			continue
		}
		for _, ref := range *e.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL {
				continue
			}
			for _, ref := range *cmp.Referrers() {
				if br, ok := ref.(*ssa.If); ok {
					i := 0
					if cmp.Op == token.EQL {
						i = 1
					}
					if panics(br.Block().Succs[i], 3) {
						return true
					}
				}
			}
		}
	}
	return false
}

// panics reports whether the block, and what it calls, ends in a panic.
func panics(b *ssa.BasicBlock, depth int) bool {
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Panic:
			return true
		case *ssa.Call:
			if fn := instr.Call.StaticCallee(); fn != nil && depth > 0 && len(fn.Blocks) > 0 && panics(fn.Blocks[0], depth-1) {
				return true
			}
		}
	}
	return false
}
