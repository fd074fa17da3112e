package ctxlost

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// starts is the fact of a function that starts a goroutine, or hands something to one, and
// does not wait for it. Parameters count from 0, without the receiver.
type starts struct {
	Calls  []int // the goroutine calls these
	Works  []int // the goroutine works under these contexts, or under those of these requests
	Sends  []int // these are sent on a channel of somebody else
	Queues []int // these contexts are sent within something, and somebody works under them
}

func (*starts) AFact() {}

func (s *starts) String() string {
	if len(s.Sends)+len(s.Queues) > 0 {
		return fmt.Sprintf("starts calls%v works%v sends%v queues%v", s.Calls, s.Works, s.Sends, s.Queues)
	}
	return fmt.Sprintf("starts calls%v works%v", s.Calls, s.Works)
}

// learn notes what a function does with its parameters in the goroutine that calls call.
func (r *run) learn(call *ast.CallExpr, fn inspector.Cursor, decl *ast.FuncDecl) {
	obj, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok {
		return
	}
	params := obj.Signature().Params()
	s := newScope()
	for p := range params.Variables() {
		if isContext(p.Type()) {
			s.ctx[p] = true
		}
	}
	f := r.started[obj]
	if f == nil {
		f = new(starts)
	}
	if len(s.ctx) > 0 {
		r.spread(fn, s)
		for _, u := range r.usesOf(call, s) {
			for i := range params.Len() {
				if r.object(u.expr) == params.At(i) && !slices.Contains(f.Works, i) {
					f.Works = append(f.Works, i)
				}
			}
		}
	}
	if r.handler(fn) == nil { // or it is told of in the function itself
		for i := range params.Len() {
			if r.worksUnderRequest(call, fn, params.At(i)) {
				f.Works = append(f.Works, i)
			}
		}
	}
	for i := range params.Len() {
		p := params.At(i)
		if _, ok := p.Type().Underlying().(*types.Signature); ok && r.callsOnce(call, p) && !slices.Contains(f.Calls, i) {
			f.Calls = append(f.Calls, i)
		}
	}
	r.keep(obj, f)
}

// worksUnderRequest reports whether the goroutine that calls call, in function fn, works under the context of
// the request in variable p, without a deadline or cancel of its own.
func (r *run) worksUnderRequest(call *ast.CallExpr, fn inspector.Cursor, p *types.Var) bool {
	suffix := leadsToContext(p.Type())
	if suffix == "" {
		return false
	}
	s := newScope()
	s.req[p] = suffix
	r.spread(fn, s)
	return slices.ContainsFunc(r.usesOf(call, s), func(u use) bool {
		plain, ok := r.ends(u.expr, s)
		return ok && plain
	})
}

// keep notes what a function of the package starts, for this package and for others.
func (r *run) keep(fn *types.Func, f *starts) {
	if len(f.Calls)+len(f.Works)+len(f.Sends)+len(f.Queues) == 0 {
		return
	}
	r.started[fn] = f
	if fn.Exported() {
		r.ExportObjectFact(fn, f)
	}
}

// callsOnce reports whether n calls the function in variable p.
func (r *run) callsOnce(n ast.Node, p types.Object) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && r.object(call.Fun) == p {
			found = true
		}
		return !found
	})
	return found
}

// startsOf returns what a function starts, or nil.
func (r *run) startsOf(fn *types.Func) *starts {
	if fn == nil {
		return nil
	}
	fn = fn.Origin()
	f, ok := r.started[fn]
	if !ok && fn.Pkg() != r.Pkg {
		if imported := new(starts); fn.Pkg() != nil && r.ImportObjectFact(fn, imported) {
			f = imported
		}
		if lint.IsFunc(fn, "time", "AfterFunc") {
			f = &starts{Calls: []int{1}}
		}
		if isGroupGo(fn) {
			f = &starts{Calls: []int{0}}
		}
		r.started[fn] = f
	}
	return f
}
