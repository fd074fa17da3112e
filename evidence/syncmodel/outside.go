package syncmodel

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// named reports whether code outside the package can name the object. It accepts nil.
func (m *Model) named(obj types.Object) bool {
	return obj != nil && (obj.Exported() && !m.closed || m.linked[obj.Name()])
}

// public reports whether other packages can call a function, as one of the package or as a method of a type that
// they can name.
func (m *Model) public(fn *ssa.Function) bool {
	if !m.named(fn.Object()) {
		return false
	}
	recv := fn.Signature.Recv()
	if recv == nil {
		return true
	}
	named, ok := pointee(recv.Type()).(*types.Named)
	return ok && m.named(named.Obj())
}

// exported returns the function or method of which other packages can learn what fn does, or nil:
// fn is neither a literal, an instance, a wrapper nor a helper of tests.
func (m *Model) exported(fn *ssa.Function) *types.Func {
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() || fn.Synthetic != "" || fn.Parent() != nil || fn.Origin() != nil || m.tests.Has(fn.Pos()) {
		return nil
	}
	return obj
}

// foreign returns the function or method of another package that fn is, or nil. A method value or
// expression is none: it does not have the parameters that the method is declared with.
func (m *Model) foreign(fn *ssa.Function) *types.Func {
	obj, ok := fn.Object().(*types.Func)
	if !ok || m.inside(fn) || (obj.Signature().Recv() == nil) != (fn.Signature.Recv() == nil) {
		return nil
	}
	return obj
}

// linkedNames returns the names that linker and cgo directives offer to other packages.
func linkedNames(files []*ast.File) map[string]bool {
	names := make(map[string]bool)
	for _, file := range files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				fields := strings.Fields(c.Text)
				if len(fields) > 1 && (fields[0] == "//go:linkname" || fields[0] == "//export") {
					names[fields[1]] = true
				}
			}
		}
	}
	return names
}

// escape notes that unknown code may use objects of the class as its static type allows.
func (m *Model) escape(c *Class, t types.Type) {
	m.allow(c, mayByType(t))
}

// allow notes what unknown code may do with objects of the class.
func (m *Model) allow(c *Class, who Who) {
	if c = m.find(c); c.outside|who != c.outside {
		c.outside |= who
		c.spread = 0
		m.change = true
	}
}

// spread gives the outside what hangs on a class that it has: contents, and
// parameters and results of functions and methods that it may call.
func (m *Model) spread(c *Class) {
	if c.outside == 0 {
		return
	}
	if c.content != nil {
		if in := m.find(c.content); in.outside != Anything {
			in.outside = Anything
			in.spread = 0
			m.change = true
		}
	}
	if c.spread == len(c.funcs)+len(c.types) {
		return
	}
	c.spread = len(c.funcs) + len(c.types)
	for _, f := range slices.Clone(c.funcs) {
		m.open(f)
	}
	for _, t := range slices.Clone(c.types) {
		set := m.ssa.Pkg.Prog.MethodSets.MethodSet(t)
		for i := range set.Len() {
			obj := set.At(i).Obj()
			if obj.Pkg() != m.pass.Pkg || !obj.Exported() {
				continue
			}
			if f := m.method(t, obj); f != nil {
				m.open(f)
			}
		}
	}
}

// expose gives unknown code all fields of a struct that it receives: that it can not
// name them says little of what it has been told to do with the whole.
func (m *Model) expose(t types.Type, seen map[*types.Var]bool) {
	st, ok := lint.Deref(t).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i := range st.NumFields() {
		f := m.fieldOf(t, i)
		if f == nil || seen[f] || f.Pkg() != m.pass.Pkg {
			continue
		}
		seen[f] = true
		if m.carries(f.Type()) {
			m.escape(m.node(f), f.Type())
		}
		m.expose(f.Type(), seen)
	}
}

// open says that unknown code may call f.
func (m *Model) open(f *ssa.Function) {
	f = origin(f)
	m.visit(f) // a wrapper leads on to what it wraps
	for _, p := range f.Params {
		if m.carries(p.Type()) {
			m.escape(m.node(p), p.Type())
		}
	}
	res := f.Signature.Results()
	for i := range res.Len() {
		if m.carries(res.At(i).Type()) {
			m.escape(m.node(resultKey{f, i}), res.At(i).Type())
		}
	}
}
