package poolalias

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Values and variables go by names, so that two loads of one field, or a
// parameter and the argument that it stands for, are the same to the state. A
// name begins with the function and the register; "*" stands for what a pointer
// points to, ".f" for a field, "[]" for all elements, "#i" for a part of a tuple
// or of the variables of a closure. "O" is the memory of the object.

// frame is one function that is being run.
type frame struct {
	fn    *ssa.Function
	id    string
	bind  map[ssa.Value]name // parameters and captured variables
	outer *frame             // the caller
	site  ssa.Instruction    // where the function at hand calls this one; nil if it is part of that function

	deferred bool // runs, or its caller does, as a deferred call
}

// name is how a value is called, and the memory that it points to.
type name struct{ key, mem string }

func (fr *frame) depth() (n int) {
	for fr = fr.outer; fr != nil; fr = fr.outer {
		n++
	}
	return n
}

func (fr *frame) runs(fn *ssa.Function) bool {
	for ; fr != nil; fr = fr.outer {
		if fr.fn == fn {
			return true
		}
	}
	return false
}

// key returns the name of a value.
func (x *explorer) key(fr *frame, v ssa.Value) string {
	if n, ok := fr.bind[v]; ok {
		return n.key
	}
	switch v := v.(type) {
	case *ssa.Const:
		c, _ := constOf(v)
		return "=" + c
	case *ssa.Global:
		return "@" + x.number(v)
	case *ssa.Parameter, *ssa.FreeVar:
		return fr.id + "$" + v.Name()
	case *ssa.Function, *ssa.Builtin:
		return "=" + v.Name()
	}
	k := fr.id + "%" + v.Name()
	x.values[k] = v
	return k
}

// mem returns the name of what a value points to.
func (x *explorer) mem(fr *frame, st *state, v ssa.Value) string {
	if r, ok := st.held[x.key(fr, v)]; ok {
		return "O" + r.path
	}
	if n, ok := fr.bind[v]; ok {
		return n.mem
	}
	if a, ok := st.alias[x.key(fr, v)]; ok {
		return a
	}
	switch v := v.(type) {
	case *ssa.FieldAddr:
		f := lazyssa.Field(v).Origin()
		m := x.mem(fr, st, v.X) + "." + f.Name()
		x.fields[m] = f
		return m
	case *ssa.IndexAddr:
		return x.mem(fr, st, v.X) + "[]"
	case *ssa.UnOp:
		if v.Op == token.MUL {
			if loc := x.loc(fr, st, v.X); loc[0] != 'O' {
				return loc + "*" // not what a part of the object points to, unless held says so
			}
		}
	case *ssa.ChangeType:
		return x.mem(fr, st, v.X)
	case *ssa.Convert:
		return x.mem(fr, st, v.X)
	case *ssa.MakeInterface:
		return x.mem(fr, st, v.X)
	case *ssa.ChangeInterface:
		return x.mem(fr, st, v.X)
	}
	return x.key(fr, v) + "*"
}

// loc returns the name of the variable at an address.
func (x *explorer) loc(fr *frame, st *state, addr ssa.Value) string {
	if r, ok := st.held[x.key(fr, addr)]; ok {
		switch lint.Deref(addr.Type()).Underlying().(type) {
		case *types.Struct, *types.Array:
		default:
			return "O" + r.path + "*"
		}
	}
	return x.mem(fr, st, addr)
}

// touches returns the part of the object that an access at an address touches.
func (x *explorer) touches(fr *frame, st *state, addr ssa.Value) (string, bool) {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		addr = a.X
	case *ssa.IndexAddr:
		addr = a.X
	}
	return inObject(x.mem(fr, st, addr))
}

// inObject returns the path of a variable that is part of the object.
func inObject(loc string) (string, bool) {
	path, ok := strings.CutPrefix(loc, "O")
	return path, ok
}

// refOf returns the part of the object that a value points to.
func (x *explorer) refOf(fr *frame, st *state, v ssa.Value) (ref, bool) {
	if r, ok := st.held[x.key(fr, v)]; ok {
		return r, true
	}
	switch v := v.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Parameter:
		if _, ok := v.Type().Underlying().(*types.Pointer); ok {
			if path, ok := inObject(x.mem(fr, st, v)); ok {
				return ref{path: path}, true
			}
		}
	}
	return ref{}, false
}

// reach returns the parts of the object that can be reached from a value.
func (x *explorer) reach(fr *frame, st *state, v ssa.Value) []ref {
	if r, ok := x.refOf(fr, st, v); ok {
		return []ref{r}
	}
	refs := st.within(x.key(fr, v))
	switch v.Type().Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface:
		if m := x.mem(fr, st, v); m[0] != 'O' {
			refs = append(refs, st.within(m)...)
		}
	}
	return refs
}

// root returns the value that a variable belongs to.
func root(loc string) string {
	if i := strings.IndexAny(loc, "*.[#"); i >= 0 {
		return loc[:i]
	}
	return loc
}

// number gives an instruction or variable a short name.
func (x *explorer) number(v any) string {
	n, ok := x.numbers[v]
	if !ok {
		n = strconv.Itoa(len(x.numbers))
		x.numbers[v] = n
	}
	return n
}
