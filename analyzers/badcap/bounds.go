package badcap

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// lower returns a number that the atom is not below.
func lower(a atom) (int64, bool) {
	if a.kind != valueOf {
		if a.kind == lenOf && a.path == "" {
			return minLen(a.base), true
		}
		return 0, true
	}
	if isUnsigned(atomType(a)) {
		return 0, true
	}
	if a.path != "" {
		return 0, false
	}
	return lowerOf(a.base, make(map[ssa.Value]bool))
}

// atomType returns the type of a value atom; nil if it is that of a field.
func atomType(a atom) types.Type {
	if a.path == "" {
		return a.base.Type()
	}
	return pathType(a)
}

// pathType follows the path from the base.
func pathType(a atom) types.Type {
	t := a.base.Type()
	rest := a.path
	for rest != "" {
		switch rest[0] {
		case '*':
			p, ok := t.Underlying().(*types.Pointer)
			if !ok {
				return types.Typ[types.Invalid]
			}
			t, rest = p.Elem(), rest[1:]
		case '.':
			rest = rest[1:]
			n := 0
			for rest != "" && '0' <= rest[0] && rest[0] <= '9' {
				n, rest = 10*n+int(rest[0]-'0'), rest[1:]
			}
			pointer := false
			if p, ok := t.Underlying().(*types.Pointer); ok {
				t, pointer = p.Elem(), true
			}
			s, ok := t.Underlying().(*types.Struct)
			if !ok || n >= s.NumFields() {
				return types.Typ[types.Invalid]
			}
			t = s.Field(n).Type()
			if pointer {
				t = types.NewPointer(t)
			}
		default:
			return types.Typ[types.Invalid]
		}
	}
	return t
}

// minLen returns a length that x has at least.
func minLen(x ssa.Value) int64 {
	if call, ok := x.(*ssa.Call); ok {
		fn := callee(call)
		if isFunc(fn, "strings", "Split", "SplitAfter") || isFunc(fn, "bytes", "Split", "SplitAfter") {
			if c, ok := call.Call.Args[1].(*ssa.Const); ok && c.Value != nil && constant.StringVal(c.Value) != "" {
				return 1
			}
		}
	}
	if u, ok := x.(*ssa.UnOp); ok {
		if g, ok := u.X.(*ssa.Global); ok && g.Pkg != nil && g.Pkg.Pkg.Path() == "os" && g.Name() == "Args" {
			return 1
		}
	}
	if g, ok := x.(*ssa.Global); ok && g.Pkg != nil && g.Pkg.Pkg.Path() == "os" && g.Name() == "Args" {
		return 1
	}
	return 0
}

func lowerOf(v ssa.Value, seen map[ssa.Value]bool) (int64, bool) {
	if seen[v] {
		return 1 << 40, true // a loop: the other ways in decide
	}
	seen[v] = true
	if isUnsigned(v.Type()) {
		return 0, true
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Int {
			return constant.Int64Val(v.Value)
		}
	case *ssa.Convert:
		if isInteger(v.X.Type()) && (isUnsigned(v.X.Type()) && width(v.X.Type()) < 64 || !isUnsigned(v.X.Type()) && width(v.Type()) >= width(v.X.Type())) {
			return lowerOf(v.X, seen)
		}
		if b, ok := v.X.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
			return lowerOf(v.X, seen)
		}
	case *ssa.Phi:
		least := int64(1 << 40)
		for _, e := range v.Edges {
			n, ok := lowerOf(e, seen)
			if !ok {
				return 0, false
			}
			least = min(least, n)
		}
		return least, true
	case *ssa.BinOp:
		x, ok1 := lowerOf(v.X, seen)
		y, ok2 := lowerOf(v.Y, seen)
		switch v.Op {
		case token.ADD:
			return min(x, 1<<40) + min(y, 1<<40), ok1 && ok2
		case token.MUL:
			return 0, ok1 && ok2 && x >= 0 && y >= 0
		case token.QUO, token.SHR, token.REM:
			return 0, ok1 && x >= 0
		case token.AND:
			return 0, ok1 && x >= 0 || ok2 && y >= 0
		case token.OR, token.SHL:
			return 0, ok1 && x >= 0 && (ok2 && y >= 0 || v.Op == token.SHL)
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "len", "cap", "copy":
				return 0, true
			case "max":
				best, found := int64(0), false
				for _, arg := range v.Call.Args {
					if n, ok := lowerOf(arg, seen); ok && (!found || n > best) {
						best, found = n, true
					}
				}
				return best, found
			case "min":
				least := int64(1 << 40)
				for _, arg := range v.Call.Args {
					n, ok := lowerOf(arg, seen)
					if !ok {
						return 0, false
					}
					least = min(least, n)
				}
				return least, true
			}
		}
		return callBound(callee(v))
	case *ssa.Extract:
		if _, ok := v.Tuple.(*ssa.Next); ok {
			return 0, true // the index into a string
		}
		if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == 0 {
			return callBound(callee(call))
		}
	}
	return 0, false
}

// callBound returns a number that the results of known functions are not below.
func callBound(fn *types.Func) (int64, bool) {
	if fn == nil || fn.Pkg() == nil {
		return 0, false
	}
	name := fn.Name()
	switch fn.Pkg().Path() {
	case "strings", "bytes", "slices":
		if strings.Contains(name, "Index") {
			return -1, true
		}
		return 0, name == "Count" || name == "BinarySearch" || name == "BinarySearchFunc" || name == "Len" || name == "Read"
	case "sort", "unicode/utf8", "math/bits", "io", "bufio", "math/rand", "math/rand/v2":
		return 0, true
	case "reflect":
		return 0, strings.HasPrefix(name, "Num") || name == "Len" || name == "Cap"
	}
	switch name {
	case "Len", "Cap", "Size", "Count", "Read", "Write", "ReadAt", "WriteAt", "EncodedLen", "DecodedLen", "BlockSize":
		return 0, true
	}
	return 0, false
}

// upper returns a number that the atom is not above.
func upper(a atom) (int64, bool) {
	if a.kind != valueOf {
		return 0, false
	}
	t := atomType(a)
	if width(t) == 8 || width(t) == 16 {
		if isUnsigned(t) {
			return 1<<width(t) - 1, true
		}
		return 1<<(width(t)-1) - 1, true
	}
	if a.path != "" {
		return 0, false
	}
	if b, ok := a.base.(*ssa.BinOp); ok {
		c, ok := b.Y.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
			return 0, false
		}
		n, ok := constant.Int64Val(c.Value)
		switch b.Op {
		case token.AND:
			return n, ok && n >= 0
		case token.REM:
			return abs(n) - 1, ok && n != 0
		}
	}
	return 0, false
}

// about returns sums that are not negative because of what the atom is.
func about(a atom) (facts []form) {
	self := atomForm(a)
	atMost := func(f form) { facts = append(facts, f.add(self, -1)) }
	atLeast := func(f form) { facts = append(facts, self.add(f, -1)) }
	switch {
	case a.kind == capOf:
		atLeast(atomForm(atom{lenOf, a.base, a.path}))
		return facts
	case a.kind == lenOf:
		if call, ok := part(a.base).(*ssa.Call); ok && a.path == "" && len(call.Call.Args) > 0 {
			if fn := callee(call); shortens(fn) {
				atMost(lenForm(call.Call.Args[0]))
			}
		}
		return facts
	case a.path != "":
		return nil
	}
	switch v := a.base.(type) {
	case *ssa.BinOp:
		x := formOf(v.X)
		if n, ok := lowerOf(v.X, make(map[ssa.Value]bool)); !ok || n < 0 {
			return nil
		}
		switch v.Op {
		case token.QUO, token.SHR, token.AND, token.REM:
			atMost(x)
			if v.Op == token.REM {
				atMost(formOf(v.Y).plus(-1))
			}
		}
	case *ssa.Call:
		args := v.Call.Args
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "min":
				for _, arg := range args {
					atMost(formOf(arg))
				}
			case "max":
				for _, arg := range args {
					atLeast(formOf(arg))
				}
			case "copy":
				atMost(lenForm(args[0]))
				atMost(lenForm(args[1]))
			}
			return facts
		}
		fn := callee(v)
		if fn == nil || fn.Pkg() == nil || len(args) == 0 {
			return nil
		}
		switch path, name := fn.Pkg().Path(), fn.Name(); {
		case (path == "strings" || path == "bytes" || path == "slices") && strings.Contains(name, "Index"):
			// What is found is within; the empty string is found at the end, too.
			if path == "slices" || name != "Index" && name != "LastIndex" || nonEmpty(args[1]) {
				atMost(lenForm(args[0]).plus(-1))
			} else {
				atMost(lenForm(args[0]))
			}
		case path == "sort" && name == "Search":
			atMost(formOf(args[0]))
		case path == "sort" && strings.HasPrefix(name, "Search"):
			atMost(lenForm(args[0]))
		case path == "unicode/utf8" && strings.HasPrefix(name, "RuneCount"):
			atMost(lenForm(args[0]))
		case strings.HasPrefix(path, "math/rand") && strings.Contains(name, "ntn") || strings.HasPrefix(path, "math/rand") && strings.Contains(name, "IntN"):
			atMost(formOf(args[len(args)-1]).plus(-1))
		}
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		if !ok || v.Index != 0 {
			return nil
		}
		fn, args := callee(call), call.Call.Args
		switch {
		case isFunc(fn, "slices", "BinarySearch", "BinarySearchFunc"):
			atMost(lenForm(args[0]))
		case fn != nil && (fn.Name() == "Read" || fn.Name() == "Write" || fn.Name() == "ReadFull" || fn.Name() == "ReadAtLeast"):
			for _, arg := range args {
				if lint.IsBytes(arg.Type()) {
					atMost(lenForm(arg))
				}
			}
		}
	case *ssa.Phi:
		// A count that only goes up, by steps, from a loop is not followed; it is
		// never taken for input either.
	}
	return facts
}

func nonEmpty(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.String && constant.StringVal(c.Value) != ""
}

// part returns the call of which v is the first result.
func part(v ssa.Value) ssa.Value {
	if e, ok := v.(*ssa.Extract); ok && e.Index == 0 {
		return e.Tuple
	}
	return v
}

// shortens reports whether a function returns a part of its first argument.
func shortens(fn *types.Func) bool {
	return isFunc(fn, "strings", "TrimSpace", "Trim", "TrimLeft", "TrimRight", "TrimPrefix", "TrimSuffix", "TrimFunc", "TrimLeftFunc", "TrimRightFunc", "CutPrefix", "CutSuffix", "Cut") ||
		isFunc(fn, "bytes", "TrimSpace", "Trim", "TrimLeft", "TrimRight", "TrimPrefix", "TrimSuffix", "TrimFunc", "TrimLeftFunc", "TrimRightFunc", "CutPrefix", "CutSuffix", "Cut") ||
		isFunc(fn, "slices", "Compact", "CompactFunc", "Delete", "DeleteFunc", "Clip")
}
