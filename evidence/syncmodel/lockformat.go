package syncmodel

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// formats reports whether a call is of a function that writes values as text, which asks
// them for it by their String or Error method.
func formats(c *ssa.CallCommon) bool {
	fn := c.StaticCallee()
	if fn == nil || len(c.Args) == 0 {
		return false
	}
	obj := fn.Object()
	return lint.IsFunc(obj, "fmt", "Print", "Println", "Printf", "Sprint", "Sprintln", "Sprintf", "Fprint", "Fprintln", "Fprintf", "Errorf") ||
		lint.IsFunc(obj, "log", "Print", "Println", "Printf") ||
		lint.IsMethod(obj, "log", "Logger", "Print", "Println", "Printf")
}

// formatted returns the values that a call asks for their text.
func formatted(c *ssa.CallCommon) (xs []ssa.Value) {
	list, ok := c.Args[len(c.Args)-1].(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := list.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	verbs, known := "", true
	if strings.HasSuffix(c.StaticCallee().Name(), "f") && len(c.Args) > 1 {
		format, ok := c.Args[len(c.Args)-2].(*ssa.Const)
		if !ok || format.Value == nil || format.Value.Kind() != constant.String {
			return nil
		}
		if verbs, known = verbsOf(constant.StringVal(format.Value)); !known {
			return nil
		}
	}
	for _, ref := range *array.Referrers() {
		at, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		i, ok := at.Index.(*ssa.Const)
		if !ok || verbs != "" && (int(i.Int64()) >= len(verbs) || !strings.ContainsRune("vsqxXw", rune(verbs[i.Int64()]))) {
			continue
		}
		for _, ref := range *at.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == at {
				if mi, ok := st.Val.(*ssa.MakeInterface); ok {
					xs = append(xs, mi.X)
				}
			}
		}
	}
	return xs
}

// verbsOf lists the verbs of a format, one for each argument. It gives up on formats that
// choose their arguments, and takes %#v for one that asks for no text.
func verbsOf(format string) (verbs string, ok bool) {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		sharp := false
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.", format[i]) >= 0; i++ {
			sharp = sharp || format[i] == '#'
		}
		switch {
		case i == len(format) || format[i] == '*' || format[i] == '[':
			return "", false
		case format[i] == '%':
		case sharp:
			verbs += "T"
		default:
			verbs += format[i : i+1]
		}
	}
	return verbs, true
}

// formatters returns the methods of the package that a call of package fmt or log calls to
// get the text of its arguments. The text of an error is that of its Error method.
func (m *Model) formatters(c *ssa.CallCommon) (fns []*ssa.Function) {
	for _, x := range formatted(c) {
		if named, ok := types.Unalias(lint.Deref(x.Type())).(*types.Named); !ok || named.Obj().Pkg() != m.pass.Pkg {
			continue
		}
		for _, name := range []string{"Format", "Error", "String"} {
			obj, _, _ := types.LookupFieldOrMethod(x.Type(), false, m.pass.Pkg, name)
			method, ok := obj.(*types.Func)
			if !ok {
				continue
			}
			if fn := m.method(x.Type(), method); name != "Format" && fn != nil && !slices.Contains(fns, fn) {
				fns = append(fns, origin(fn))
			}
			break
		}
	}
	return fns
}
