package unsafealias

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/resource"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{
		Name:      "unsafealias",
		Doc:       lint.Doc(doc, "unsafealias"),
		URL:       lint.URL("unsafealias"),
		Requires:  []*analysis.Analyzer{lazyssa.Analyzer, resource.Analyzer},
		FactTypes: []analysis.Fact{(*Shares)(nil), (*Mapping)(nil)},
		Run:       run,
	})
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Runtime,
	Stage:    lint.On,
	Since:    "v0.3.0",
	Fix:      lint.NoFix,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: modified, Title: "a string made by unsafe changes, as its bytes are written again"},
		{Name: written, Title: "the bytes of a string are written by way of unsafe"},
		{Name: unmapped, Title: "memory of a mapped file is used when it is unmapped"},
		{Name: aba, Title: "compare-and-swap of nodes that are recycled takes an old one for the new"},
	},
}

const (
	modified = "modified"
	written  = "written"
	unmapped = "unmapped"
	aba      = "aba"
)

// A Shares fact says that the result of a function is a string that shares memory with the
// bytes of its parameter, or the reverse.
type Shares struct {
	Text bool // the result is the string
}

func (*Shares) AFact() {}

func (s *Shares) String() string { return "shares memory with its argument" }

// finder is one run of the check on one package.
type finder struct {
	pass  *analysis.Pass
	tests lint.Tests
	ssa   *lazyssa.SSA
	conv  map[*types.Func]*Shares // of this package and, as asked for, of others
	maps  map[*types.Func]*Mapping

	mappedIn map[*types.Var]bool // fields of the package that hold mapped memory

	calls   map[token.Pos]*ast.CallExpr // by their left parenthesis
	written map[*types.Var][]ssa.Instruction
	params  map[*ssa.Parameter]bool // as writesParam says
}

func run(pass *analysis.Pass) (any, error) {
	f := &finder{
		pass:     pass,
		tests:    lint.TestsOf(pass),
		conv:     make(map[*types.Func]*Shares),
		maps:     make(map[*types.Func]*Mapping),
		mappedIn: make(map[*types.Var]bool),
		written:  make(map[*types.Var][]ssa.Instruction),
		params:   make(map[*ssa.Parameter]bool),
	}
	if !f.concerned() {
		return nil, nil
	}
	f.ssa = lazyssa.Of(pass).Build()
	for _, fn := range f.ssa.Funcs {
		f.converter(fn)
	}
	for _, fn := range f.ssa.Funcs {
		f.function(fn)
	}
	acquired := resource.Of(pass).Acquired
	f.mappings(acquired)
	for _, q := range acquired {
		if q.Kind == resource.Region && q.Index == 0 {
			f.mapped(q)
		}
	}
	f.swaps()
	return nil, nil
}

// concerned reports whether the package has anything that the check is about, so that it is
// worth its SSA form.
func (f *finder) concerned() bool {
	pointers := false
	for _, obj := range f.pass.TypesInfo.Uses {
		switch obj.Name() {
		case "String", "StringData":
			if obj.Pkg() == types.Unsafe {
				return true
			}
		case "Pointer":
			pointers = pointers || obj.Pkg() == types.Unsafe
		case "Munmap", "Unmap":
			return true
		case "CompareAndSwap", "CompareAndSwapPointer":
			if isSwap(obj) {
				return true
			}
		}
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && fn.Pkg() != f.pass.Pkg && (f.shares(fn) != nil || f.mapping(fn) != nil) {
			return true
		}
	}
	return pointers && f.casts()
}

// casts reports whether the package converts to a pointer to a string or to bytes.
func (f *finder) casts() (found bool) {
	for _, file := range f.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && !found {
				if fun, ok := call.Fun.(*ast.ParenExpr); ok {
					if tv := f.pass.TypesInfo.Types[fun]; tv.IsType() {
						p, ok := tv.Type.Underlying().(*types.Pointer)
						found = ok && (lint.IsString(p.Elem()) || lint.IsBytes(p.Elem()))
					}
				}
			}
			return !found
		})
	}
	return found
}

// shares returns the fact about a function of this or another package, or nil.
func (f *finder) shares(fn *types.Func) *Shares {
	fn = fn.Origin()
	if s, ok := f.conv[fn]; ok {
		return s
	}
	var s *Shares
	if fn.Pkg() != f.pass.Pkg && isConverter(fn.Signature()) {
		fact := new(Shares)
		if f.pass.ImportObjectFact(fn, fact) {
			s = fact
		}
	}
	f.conv[fn] = s
	return s
}

// isConverter reports whether the signature is that of a conversion between bytes and string,
// one of which may be the receiver.
func isConverter(sig *types.Signature) bool {
	from := sig.Recv()
	if from == nil && sig.Params().Len() == 1 {
		from = sig.Params().At(0)
	} else if sig.Params().Len() != 0 {
		return false
	}
	if from == nil || sig.Results().Len() != 1 {
		return false
	}
	to := sig.Results().At(0).Type()
	return isLike(from.Type(), lint.IsBytes) && lint.IsString(to) || isLike(from.Type(), lint.IsString) && lint.IsBytes(to)
}

// isLike reports whether a type is one of a kind: for a type parameter, whether all types
// that it stands for are.
func isLike(t types.Type, is func(types.Type) bool) bool {
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return is(t)
	}
	u, ok := p.Constraint().Underlying().(*types.Interface)
	if !ok || u.NumEmbeddeds() == 0 {
		return false
	}
	for e := range u.EmbeddedTypes() {
		if union, ok := e.(*types.Union); ok {
			for term := range union.Terms() {
				if !is(term.Type()) {
					return false
				}
			}
		} else if !is(e) {
			return false
		}
	}
	return true
}

// converter notes whether a function of the package converts without a copy, on every path.
func (f *finder) converter(fn *ssa.Function) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || !isConverter(fn.Signature) || len(fn.Params) != 1 {
		return
	}
	some := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		src := f.source(ret.Results[0])
		if src != nil {
			src = plain(src)
		}
		switch {
		case src == fn.Params[0]:
			some = true
		case isEmpty(ret.Results[0]):
		default:
			return
		}
	}
	if some {
		s := &Shares{Text: lint.IsString(fn.Signature.Results().At(0).Type())}
		f.conv[obj] = s
		if obj.Exported() {
			f.pass.ExportObjectFact(obj, s)
		}
	}
}

// isEmpty reports whether v is nil or the empty string.
func isEmpty(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && (k.Value == nil || k.Value.ExactString() == `""`)
}

// source returns the bytes that a string shares memory with, or the string that bytes do, or nil
// if v is not made by a conversion without a copy.
func (f *finder) source(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.ChangeType:
		return f.source(v.X)
	case *ssa.Call:
		switch callee := v.Call.Value.(type) {
		case *ssa.Builtin:
			switch callee.Name() {
			case "String", "Slice": // unsafe.String(unsafe.SliceData(b), len(b)) and the reverse
				return pointee(v.Call.Args[0], callee.Name() == "String")
			}
		case *ssa.Function:
			if fn, ok := callee.Object().(*types.Func); ok && len(v.Call.Args) == 1 && f.shares(fn) != nil {
				return v.Call.Args[0]
			}
		}
	case *ssa.UnOp:
		if cell := header(v); cell != nil {
			return stored(cell)
		}
	}
	return nil
}

// header returns the variable whose header is looked at as another one's in
// *(*string)(unsafe.Pointer(&b)) and the reverse, or nil.
func header(v ssa.Value) *ssa.Alloc {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	to, ok := load.X.(*ssa.Convert)
	if !ok || !lint.IsString(v.Type()) && !lint.IsBytes(v.Type()) {
		return nil
	}
	from, ok := to.X.(*ssa.Convert)
	if !ok {
		return nil
	}
	cell, ok := from.X.(*ssa.Alloc)
	if !ok || !lint.IsString(lint.Deref(cell.Type())) && !lint.IsBytes(lint.Deref(cell.Type())) {
		return nil
	}
	return cell
}

// pointee returns the slice whose first element a pointer points to, or with fromBytes
// false the string. It returns nil if that is not known.
func pointee(p ssa.Value, fromBytes bool) ssa.Value {
	switch p := p.(type) {
	case *ssa.Call:
		b, ok := p.Call.Value.(*ssa.Builtin)
		if ok && (fromBytes && b.Name() == "SliceData" || !fromBytes && b.Name() == "StringData") {
			return p.Call.Args[0]
		}
	case *ssa.IndexAddr:
		if k, ok := p.Index.(*ssa.Const); fromBytes && ok && k.Int64() == 0 && lint.IsBytes(p.X.Type()) {
			return p.X
		}
	}
	return nil
}

// stored returns what a variable is assigned if that happens once, else nil.
func stored(cell *ssa.Alloc) (val ssa.Value) {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != cell || val != nil {
				return nil
			}
			val = ref.Val
		case *ssa.MakeClosure:
			return nil
		}
	}
	return val
}
