package poolflow

import (
	"go/types"
	"strings"
)

// A Field is one slot of a struct: a field, or a field of a struct within it.
type Field struct {
	Name string       // as the source selects it from the object, such as hdr.token
	Path []*types.Var // the fields from the outermost to the one meant
	tags []string
	path []int
}

// Var returns the field itself.
func (f Field) Var() *types.Var { return f.Path[len(f.Path)-1] }

// Fields returns the slots of pooled objects of type t, nil if that is no
// pointer to a struct. Structs within the struct are taken apart if they
// belong to its package, so that every package sees the same slots.
func Fields(t types.Type) []Field {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok || isBuffer(p.Elem()) || isStream(t) {
		return nil
	}
	st, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	if list := flatten(nil, Field{}, st, packageOf(p.Elem())); len(list) <= 64 {
		return list
	}
	if list := flatten(nil, Field{}, st, nil); len(list) <= 64 {
		return list
	}
	return nil
}

func flatten(list []Field, outer Field, st *types.Struct, pkg *types.Package) []Field {
	for i := range st.NumFields() {
		v := st.Field(i)
		f := Field{
			Name: strings.TrimPrefix(outer.Name+"."+v.Name(), "."),
			Path: append(outer.Path[:len(outer.Path):len(outer.Path)], v),
			tags: append(outer.tags[:len(outer.tags):len(outer.tags)], st.Tag(i)),
			path: append(outer.path[:len(outer.path):len(outer.path)], i),
		}
		inner, ok := v.Type().Underlying().(*types.Struct)
		if ok && pkg != nil && inner.NumFields() > 0 && !keeps(v.Type()) && (packageOf(v.Type()) == pkg || types.Unalias(v.Type()) == inner) {
			list = flatten(list, f, inner, pkg)
		} else {
			list = append(list, f)
		}
	}
	return list
}

func packageOf(t types.Type) *types.Package {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Pkg()
	}
	return nil
}
