package retention

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// A Reads fact says that the first result of a function is all of a file or body.
type Reads struct{}

func (*Reads) AFact() {}

func (*Reads) String() string { return "reads all" }

// readers finds the functions of the package whose first result is all of a file or
// body, and tells other packages.
func (f *finder) readers() {
	for again := true; again; {
		again = false
		for _, fn := range f.funcs {
			if f.readAll[fn] || fn.Signature.Results().Len() == 0 || !lazyssa.IsText(fn.Signature.Results().At(0).Type()) || !f.returnsWhole(fn) {
				continue
			}
			f.readAll[fn], again = true, true
			if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
				f.pass.ExportObjectFact(obj, new(Reads))
			}
		}
	}
}

// returnsWhole reports whether a function returns what it gets from one that reads all.
func (f *finder) returnsWhole(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, v := range values(ret.Results[0]) {
			if c, ok := v.(*ssa.Convert); ok {
				v = c.X
			}
			if x, ok := v.(*ssa.Extract); ok {
				v = x.Tuple
			}
			if call, ok := v.(*ssa.Call); ok && f.readsAll(call) {
				return true
			}
		}
	}
	return false
}

// values returns what a result may be: what is stored in the variable that it is loaded
// from.
func values(v ssa.Value) (list []ssa.Value) {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return []ssa.Value{v}
	}
	cell, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *cell.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == cell {
			list = append(list, st.Val)
		}
	}
	return list
}

// readsAll reports whether the first result of a call is all of a file or body.
func (f *finder) readsAll(call *ssa.Call) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || callee.Object() == nil {
		return false
	}
	if f.readAll[callee] || isReadAll(callee.Object()) {
		return true
	}
	fn, ok := callee.Object().(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg() != f.pass.Pkg && f.pass.ImportObjectFact(fn.Origin(), new(Reads))
}
