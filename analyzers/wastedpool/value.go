package wastedpool

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Boxes is the fact of a function that puts its arguments into a pool as they
// are, and of a generic type whose methods do: what is no pointer is copied to the heap.
type Boxes struct {
	Params     []int // parameters of an interface type
	TypeParams []int // type parameters whose values are put back
}

// AFact marks Boxes as a fact.
func (*Boxes) AFact() {}

func (b *Boxes) String() string {
	var parts []string
	for _, i := range b.Params {
		parts = append(parts, fmt.Sprintf("param %d", i))
	}
	for _, i := range b.TypeParams {
		parts = append(parts, fmt.Sprintf("type param %d", i))
	}
	return "wastedpool: puts back " + strings.Join(parts, ", ")
}

// values reports objects that are no pointers: an interface holds only a pointer
// without a copy on the heap.
func (c *checker) values() {
	own := make(map[types.Object]*Boxes)
	for _, fn := range c.funcs {
		for _, call := range callsIn(fn) {
			if !poolMethod(call.Common(), "Put") {
				continue
			}
			arg := call.Common().Args[1]
			if tp, ok := types.Unalias(lazyssa.Strip(arg).Type()).(*types.TypeParam); ok {
				c.boxesTypeParam(own, fn, tp)
				continue
			}
			if mi, ok := arg.(*ssa.MakeInterface); ok {
				if size, ok := c.boxed(mi); ok && !c.prescribed(fn, mi.X) {
					from, to := c.span(call)
					c.reportValue(from, to, mi.X.Type(), size, "sync.Pool.Put of")
				}
				continue
			}
			boxesParam(own, fn, arg)
		}
	}
	c.spread(own)
	for _, fn := range c.funcs {
		for _, call := range callsIn(fn) {
			if b := c.boxesOf(own, calleeOf(call.Common())); b != nil && !call.Common().IsInvoke() {
				c.boxedArgs(call, b)
			}
		}
	}
	c.instances(own)
	for _, obj := range sorted(own) {
		if obj.Exported() && obj.Pkg() == c.Pkg {
			c.ExportObjectFact(obj, own[obj])
		}
	}
	c.lostCopies()
}

// prescribed reports whether v is a parameter of a method that another package has made an
// interface for, as httputil.BufferPool, which the package uses its receiver as: whoever puts
// back by it has no pointer to give.
func (c *checker) prescribed(fn *ssa.Function, v ssa.Value) bool {
	param, ok := v.(*ssa.Parameter)
	if !ok || fn.Signature.Recv() == nil || param == fn.Params[0] {
		return false
	}
	for _, f := range c.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				mi, ok := instr.(*ssa.MakeInterface)
				if !ok || !types.Identical(lint.Deref(mi.X.Type()), lint.Deref(fn.Signature.Recv().Type())) {
					continue
				}
				named, ok := types.Unalias(mi.Type()).(*types.Named)
				if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg() == c.Pkg {
					continue
				}
				if lint.Declares(named.Underlying().(*types.Interface), fn.Name()) {
					return true
				}
			}
		}
	}
	return false
}

func callsIn(fn *ssa.Function) (calls []ssa.CallInstruction) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				calls = append(calls, call)
			}
		}
	}
	return calls
}

func sorted(m map[types.Object]*Boxes) []types.Object {
	list := make([]types.Object, 0, len(m))
	for obj := range m {
		list = append(list, obj)
	}
	slices.SortFunc(list, func(a, b types.Object) int { return int(a.Pos() - b.Pos()) })
	return list
}

// boxes returns the fact of a function or type of another package, or nil.
func (c *checker) boxes(obj types.Object) *Boxes {
	b := new(Boxes)
	switch o := obj.(type) {
	case *types.Func:
		obj = o.Origin()
	case *types.TypeName:
	default:
		return nil
	}
	if obj.Pkg() == nil || obj.Pkg() == c.Pkg || !c.ImportObjectFact(obj, b) {
		return nil
	}
	return b
}

func (c *checker) boxesOf(own map[types.Object]*Boxes, obj types.Object) *Boxes {
	if fn, ok := obj.(*types.Func); ok {
		if fn == nil {
			return nil
		}
		obj = fn.Origin()
	}
	if b := own[obj]; b != nil {
		return b
	}
	return c.boxes(obj)
}

// boxesTypeParam notes that fn, or the type that it is a method of, puts back
// values of its type parameter tp.
func (c *checker) boxesTypeParam(own map[types.Object]*Boxes, fn *ssa.Function, tp *types.TypeParam) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return false
	}
	var owner types.Object = obj
	if recv := obj.Signature().Recv(); recv != nil {
		named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named)
		if !ok {
			return false
		}
		owner = named.Origin().Obj()
	}
	return note(own, owner, func(b *Boxes) *[]int { return &b.TypeParams }, tp.Index())
}

// boxesParam notes that fn puts back its parameter v, of an interface type.
func boxesParam(own map[types.Object]*Boxes, fn *ssa.Function, v ssa.Value) bool {
	param, ok := lazyssa.Strip(v).(*ssa.Parameter)
	obj, isFunc := fn.Object().(*types.Func)
	if !ok || !isFunc || !types.IsInterface(param.Type()) {
		return false
	}
	return note(own, obj, func(b *Boxes) *[]int { return &b.Params }, slices.Index(fn.Params, param))
}

func note(own map[types.Object]*Boxes, obj types.Object, list func(*Boxes) *[]int, i int) bool {
	b := own[obj]
	if b == nil {
		b = new(Boxes)
		own[obj] = b
	}
	if l := list(b); !slices.Contains(*l, i) {
		*l = append(*l, i)
		return true
	}
	return false
}

// spread follows what is put back through functions and types that stand on others.
func (c *checker) spread(own map[types.Object]*Boxes) {
	for changed := true; changed; {
		changed = false
		for _, fn := range c.funcs {
			for _, call := range callsIn(fn) {
				b := c.boxesOf(own, calleeOf(call.Common()))
				if b == nil || call.Common().IsInvoke() {
					continue
				}
				for _, i := range b.Params {
					if args := call.Common().Args; i < len(args) && boxesParam(own, fn, args[i]) {
						changed = true
					}
				}
			}
		}
		for id, inst := range c.TypesInfo.Instances {
			b := c.boxesOf(own, c.TypesInfo.Uses[id])
			if b == nil || !c.makes(id) {
				continue
			}
			for _, i := range b.TypeParams {
				tp, ok := types.Unalias(inst.TypeArgs.At(i)).(*types.TypeParam)
				if !ok {
					continue
				}
				if owner := c.declarer(id); owner != nil && note(own, owner, func(b *Boxes) *[]int { return &b.TypeParams }, tp.Index()) {
					changed = true
				}
			}
		}
	}
}

// declarer returns the generic function or type whose declaration has id in it:
// the type, if that is one of its methods.
func (c *checker) declarer(id *ast.Ident) types.Object {
	if spec := nodeAt(c, id.Pos(), func(*ast.TypeSpec) bool { return true }); spec != nil {
		return c.TypesInfo.Defs[spec.Name]
	}
	decl := nodeAt(c, id.Pos(), func(*ast.FuncDecl) bool { return true })
	if decl == nil {
		return nil
	}
	fn, ok := c.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok {
		return nil
	}
	if recv := fn.Signature().Recv(); recv != nil {
		if named, ok := types.Unalias(lint.Deref(recv.Type())).(*types.Named); ok {
			return named.Obj()
		}
	}
	return fn
}

// makes reports whether id, an instance of a generic function or type, stands where
// one is called or comes into being, not where a type is only mentioned.
func (c *checker) makes(id *ast.Ident) bool {
	if _, ok := c.TypesInfo.Uses[id].(*types.Func); ok {
		return true
	}
	file := lint.FileOf(c.Pass, id.Pos())
	if file == nil {
		return false
	}
	makes := false
	is := func(e ast.Expr) bool {
		switch x := ast.Unparen(e).(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		}
		if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
			e = sel.Sel
		}
		return ast.Unparen(e) == id
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || id.Pos() < n.Pos() || n.End() < id.Pos() {
			return false
		}
		switch n := n.(type) {
		case *ast.CompositeLit:
			makes = makes || n.Type != nil && is(n.Type)
		case *ast.ValueSpec:
			makes = makes || n.Type != nil && is(n.Type) && len(n.Values) == 0
		case *ast.StructType:
			for _, f := range n.Fields.List {
				makes = makes || is(f.Type)
			}
		case *ast.CallExpr:
			makes = makes || len(n.Args) == 1 && is(n.Args[0])
		}
		return true
	})
	return makes
}

// instances reports the instances of generic wrappers that hold values.
func (c *checker) instances(own map[types.Object]*Boxes) {
	for id, inst := range c.TypesInfo.Instances {
		obj := c.TypesInfo.Uses[id]
		b := c.boxesOf(own, obj)
		if b == nil || !c.makes(id) {
			continue
		}
		for _, i := range b.TypeParams {
			t := inst.TypeArgs.At(i)
			size, ok := c.boxedType(t)
			if !ok {
				continue
			}
			to := id.End()
			if index := nodeAt(c, id.Pos(), func(n *ast.IndexExpr) bool { return n.X.End() == id.End() }); index != nil {
				to = index.End()
			}
			c.reportValue(id.Pos(), to, t, size, "the sync.Pool in "+obj.Name()+" holds values of type")
		}
	}
}

// boxedArgs reports arguments that a function puts into a pool as they are.
func (c *checker) boxedArgs(call ssa.CallInstruction, b *Boxes) {
	for _, i := range b.Params {
		args := call.Common().Args
		if i >= len(args) {
			continue
		}
		mi, ok := args[i].(*ssa.MakeInterface)
		if !ok {
			continue
		}
		if size, ok := c.boxed(mi); ok {
			from, to := c.span(call)
			c.reportValue(from, to, mi.X.Type(), size, calleeOf(call.Common()).Name()+" puts into a sync.Pool a")
		}
	}
}

// boxed returns the size of what a conversion to an interface copies to the heap.
func (c *checker) boxed(mi *ssa.MakeInterface) (int64, bool) {
	if _, ok := mi.X.(*ssa.Const); ok {
		return 0, false // laid out by the compiler
	}
	return c.boxedType(mi.X.Type())
}

// boxedType returns the size of the copy that an interface needs of values of type t.
func (c *checker) boxedType(t types.Type) (int64, bool) {
	if pointerShaped(t) || lint.SizeVaries(t) {
		return 0, false
	}
	size := c.TypesSizes.Sizeof(t)
	return size, size > 1 // the runtime has all bytes at hand
}

// pointerShaped reports whether an interface holds values of type t without a copy.
func pointerShaped(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer || u.Kind() == types.UntypedNil
	case *types.Struct:
		return u.NumFields() == 1 && pointerShaped(u.Field(0).Type()) && !types.IsInterface(u.Field(0).Type())
	case *types.Array:
		return u.Len() == 1 && pointerShaped(u.Elem()) && !types.IsInterface(u.Elem())
	}
	return false
}

func (c *checker) reportValue(from, to token.Pos, t types.Type, size int64, what string) {
	copied := fmt.Sprintf("boxes %d bytes", size)
	switch u := t.Underlying().(type) {
	case *types.Slice:
		copied = fmt.Sprintf("boxes a %d-byte slice header", size)
	case *types.Basic:
		if u.Kind() == types.String {
			copied = fmt.Sprintf("boxes a %d-byte string header", size)
		}
	}
	what += " " + c.typeName(t)
	if !strings.HasSuffix(what, " of "+c.typeName(t)) {
		copied = "which " + copied
		what += ","
	}
	c.report(analysis.Diagnostic{
		Pos: from, End: to, Category: value,
		Message: fmt.Sprintf("%s %s on the heap on every Put; store *%s", what, copied, c.typeName(t)),
	})
}
