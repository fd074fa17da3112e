package alloc

import (
	"go/types"
	"strings"
)

// Symbol returns the name under which the linker knows a function, without type
// arguments.
func Symbol(fn *types.Func) string {
	fn = fn.Origin()
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		t := types.Unalias(recv.Type())
		p, pointer := t.(*types.Pointer)
		if pointer {
			t = types.Unalias(p.Elem())
		}
		if named, ok := t.(*types.Named); ok {
			if pointer {
				name = "(*" + named.Obj().Name() + ")." + name
			} else {
				name = named.Obj().Name() + "." + name
			}
		}
	}
	if fn.Pkg() == nil {
		return name
	}
	return Prefix(fn.Pkg()) + "." + name
}

// Prefix returns how symbols of a package begin, up to the dot.
func Prefix(pkg *types.Package) string {
	if pkg.Name() == "main" {
		return "main"
	}
	path, _, _ := strings.Cut(pkg.Path(), " ")
	return escapePath(path)
}

// partOf reports whether the compiled function is fn, an instance of it, or a function
// literal in it.
func partOf(symbol, fn string) bool {
	rest, ok := strings.CutPrefix(Bare(symbol), fn)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '-')
}

// Bare returns a symbol without type arguments.
func Bare(symbol string) string {
	if !strings.Contains(symbol, "[") {
		return symbol
	}
	var b strings.Builder
	depth := 0
	for i := range len(symbol) {
		switch c := symbol[i]; {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escapePath writes a package path as it begins a symbol: a dot after the last
// slash would end it.
func escapePath(path string) string {
	slash := strings.LastIndex(path, "/")
	var b strings.Builder
	for i := range len(path) {
		switch c := path[i]; {
		case c <= ' ' || c == '%' || c == '"' || c >= 0x7f || c == '.' && i > slash:
			const hex = "0123456789abcdef"
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
