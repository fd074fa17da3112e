package badcap

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
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

	overNetwork bool                        // the package imports net
	stores      map[*types.Var][]*ssa.Store // of numbers in fields; nil until asked
	compared    map[*types.Var][]comparison // of fields with something; nil until asked
	methods     map[string][]*ssa.Function  // of unexported names
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
		return t.field(v, depth, seen)
	case *ssa.Index:
		base, path := canon(v.X)
		if path != "" {
			return t.cells[base]
		}
	case *ssa.FreeVar:
		if b := lazyssa.Binding(v); b != nil {
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

// parsed returns the source of a number that ParseInt or ParseUint makes of a text: it
// has no more bits than they are asked for.
func parsed(src *source, fn *types.Func, c *ssa.CallCommon) *source {
	if src == nil || fn.Name() != "ParseInt" && fn.Name() != "ParseUint" {
		return src
	}
	size, ok := c.Args[2].(*ssa.Const)
	if !ok || size.Int64() == 0 {
		return src
	}
	bits := int(size.Int64())
	if fn.Name() == "ParseInt" {
		bits-- // the sign
	}
	limited := *src
	limited.bits = min(src.bits, bits)
	return &limited
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
			return parsed(t.text(c.Args[0], depth), fn, c)
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
	if ia, ok := v.X.(*ssa.IndexAddr); ok {
		// An element of an array that something was decoded into.
		if fa, ok := ia.X.(*ssa.FieldAddr); ok {
			base, _ := canon(fa.X)
			return t.cells[base]
		}
		if whole := onlyLoad(ia.X); whole != nil {
			base, path := canon(whole)
			if path != "" {
				return t.cells[base]
			}
		}
		return nil
	}
	if fa, ok := v.X.(*ssa.FieldAddr); ok {
		if lint.IsNamed(lint.Deref(fa.X.Type()), "net/http", "Request") && lazyssa.Field(fa).Name() == "ContentLength" && !ownRequest(fa.X) {
			return &source{what: "the header of a request", bits: 64, pos: fa.Pos()}
		}
		if src := t.ofField(lazyssa.Field(fa), lint.Deref(fa.X.Type())); src != nil {
			return src
		}
		if src := t.stored(fa, depth, seen); src != nil {
			return src
		}
		for _, s := range t.storedBefore(fa, v) {
			if src := t.trace(s.Val, s, depth+1, seen); src != nil {
				return src
			}
		}
		return t.filled(lazyssa.Field(fa), fa.X, depth, seen)
	}
	cell := v.X
	if fv, ok := cell.(*ssa.FreeVar); ok {
		cell = lazyssa.Binding(fv)
		if cell != nil && t.boundedAround(cell, closureOf(fv.Parent())) {
			return nil
		}
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

// boundedAround reports whether the variable at cell is bounded on the way to where a literal that
// uses it is made.
func (t *taint) boundedAround(cell ssa.Value, made *ssa.MakeClosure) bool {
	for _, ref := range *cell.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL && load.Parent() == made.Parent() {
			return t.bounded(load, made) // all that is read of it is looked at
		}
	}
	return false
}

// onlyLoad returns the array that is copied as a whole to the variable at addr.
func onlyLoad(addr ssa.Value) ssa.Value {
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return nil
	}
	if stores, ok := cellStores(alloc); ok && len(stores) == 1 {
		return stores[0].Val
	}
	return nil
}

// decodedAtom reports whether the atom is a part of a variable that something
// was decoded into.
func (t *taint) decodedAtom(a atom) bool { return t.cells[a.base] != nil && a.path != "" }

// ownRequest reports whether a request is one that the function makes, to be sent.
func ownRequest(v ssa.Value) bool {
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		_, made := v.(*ssa.Alloc)
		return made
	}
	return lint.IsFunc(lazyssa.Callee(call), "net/http", "NewRequest", "NewRequestWithContext")
}
