package badcap

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// What is known at a place: sums that are not negative there, and the numbers
// that conditions speak of which are not understood.
type known struct {
	facts    []form
	mentions map[atom]bool
}

const maxFacts = 64

func (k *known) add(f form) {
	if len(k.facts) < maxFacts && len(f.c) > 0 {
		k.facts = append(k.facts, f)
	}
}

// knownAt returns what is known where the instruction is executed.
func knownAt(instr ssa.Instruction) *known {
	k := &known{mentions: make(map[atom]bool)}
	k.at(instr.Block(), instr)
	return k
}

func (k *known) at(b *ssa.BasicBlock, instr ssa.Instruction) {
	// What is executed in any case, before or after, panics by itself.
	for s, n := b, 0; n < 4; n++ {
		k.executed(s)
		if len(s.Succs) != 1 || len(s.Succs[0].Preds) != 1 && n > 0 {
			break
		}
		s = s.Succs[0]
	}
	for d := b; d.Idom() != nil; d = d.Idom() {
		p := d.Idom()
		k.executed(p)
		if br, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If); ok && len(d.Preds) == 1 {
			k.condition(br.Cond, p.Succs[0] == d)
		}
	}
	if mc := closureOf(b.Parent()); mc != nil {
		k.at(mc.Block(), mc)
	}
}

// edge adds what is known on the way from one block to the next.
func (k *known) edge(from, to *ssa.BasicBlock) {
	k.at(from, nil)
	if br, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If); ok && from.Succs[0] != from.Succs[1] {
		k.condition(br.Cond, from.Succs[0] == to)
	}
}

// executed adds what holds if the instructions of the block do not panic.
func (k *known) executed(b *ssa.BasicBlock) {
	within := func(x, i ssa.Value) {
		f := formOf(i)
		k.add(f)
		k.add(lenForm(x).add(f, -1).plus(-1))
	}
	for _, instr := range b.Instrs {
		switch v := instr.(type) {
		case *ssa.IndexAddr:
			within(v.X, v.Index)
		case *ssa.Index:
			within(v.X, v.Index)
		case *ssa.Lookup:
			if isString(v.X.Type()) {
				within(v.X, v.Index)
			}
		case *ssa.Slice:
			high := lenForm(v.X)
			if v.High != nil {
				f := formOf(v.High)
				if isString(v.X.Type()) {
					k.add(high.add(f, -1))
				}
				high = f
				k.add(f)
			}
			if v.Low != nil {
				f := formOf(v.Low)
				k.add(f)
				k.add(high.add(f, -1))
			}
		case *ssa.SliceToArrayPointer:
			if a, ok := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array); ok {
				k.add(lenForm(v.X).plus(-a.Len()))
			}
		case *ssa.Call:
			// A function of the package that may panic or end the program may
			// check its arguments.
			if fn := v.Call.StaticCallee(); fn != nil && fn.Pkg == b.Parent().Pkg && v.Call.Signature().Results().Len() == 0 && refuses(fn) {
				for _, arg := range v.Call.Args {
					k.mention(arg, 3)
				}
			}
		}
	}
}

// refuses reports whether a function has a way to panic.
func refuses(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Panic); ok {
				return true
			}
		}
	}
	return false
}

// condition adds what a condition shows if it is as given.
func (k *known) condition(cond ssa.Value, is bool) {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			k.condition(c.X, !is)
			return
		}
	case *ssa.BinOp:
		if k.comparison(c, is) {
			return
		}
	case *ssa.Call:
		if is && len(c.Call.Args) == 2 {
			if fn := callee(c); isFunc(fn, "strings", "HasPrefix", "HasSuffix", "Contains", "EqualFold") ||
				isFunc(fn, "bytes", "HasPrefix", "HasSuffix", "Contains", "Equal") {
				x, y := lenForm(c.Call.Args[0]), lenForm(c.Call.Args[1])
				if fn.Name() != "EqualFold" {
					k.add(x.add(y, -1))
				}
				if fn.Name() == "Equal" {
					k.add(y.add(x, -1))
				}
				return
			}
		}
	case *ssa.Extract:
		if call, ok := c.Tuple.(*ssa.Call); ok && is && c.Index == 1 && len(call.Call.Args) == 2 {
			if fn := callee(call); isFunc(fn, "strings", "CutPrefix", "CutSuffix") || isFunc(fn, "bytes", "CutPrefix", "CutSuffix") {
				k.add(lenForm(call.Call.Args[0]).add(lenForm(call.Call.Args[1]), -1))
				return
			}
		}
	}
	k.mention(cond, 6)
}

// callee returns the function that is called, of a generic one the declaration;
// nil if that is not known.
func callee(c *ssa.Call) *types.Func { return commonCallee(&c.Call) }

func commonCallee(c *ssa.CallCommon) *types.Func {
	if fn := c.StaticCallee(); fn != nil {
		obj, _ := origin(fn).Object().(*types.Func)
		return obj
	}
	return c.Method
}

func (k *known) comparison(c *ssa.BinOp, is bool) bool {
	op := c.Op
	if !is {
		op = negated(op)
	}
	var x, y form
	switch t := c.X.Type(); {
	case isInteger(t):
		x, y = formOf(c.X), formOf(c.Y)
	case isString(t):
		// Against the empty string only.
		if cst, ok := c.Y.(*ssa.Const); ok && op == token.NEQ && constant.StringVal(cst.Value) == "" {
			k.add(lenForm(c.X).plus(-1))
			return true
		}
		if op != token.EQL {
			return false
		}
		x, y = lenForm(c.X), lenForm(c.Y)
	case isNil(c.Y) && isSliceOrMap(t):
		if op == token.EQL {
			k.add(lenForm(c.X).times(-1))
		}
		return true // not nil may still be empty
	case isNil(c.Y) && isErrorType(t):
		// Whoever made the error may have checked what it was given.
		return false
	default:
		return false
	}
	switch op {
	case token.LEQ:
		k.add(y.add(x, -1))
	case token.LSS:
		k.add(y.add(x, -1).plus(-1))
	case token.GEQ:
		k.add(x.add(y, -1))
	case token.GTR:
		k.add(x.add(y, -1).plus(-1))
	case token.EQL:
		k.add(y.add(x, -1))
		k.add(x.add(y, -1))
	case token.NEQ:
		// What is not negative, and not zero, is positive.
		for _, d := range []form{x.add(y, -1), y.add(x, -1)} {
			if trivial(d) {
				k.add(d.plus(-1))
			}
		}
	default:
		return false
	}
	return true
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

func isSliceOrMap(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}

func isErrorType(t types.Type) bool { return lint.IsError(t) }

func negated(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GEQ
	case token.GEQ:
		return token.LSS
	case token.GTR:
		return token.LEQ
	case token.LEQ:
		return token.GTR
	case token.EQL:
		return token.NEQ
	case token.NEQ:
		return token.EQL
	}
	return op
}

// mention notes the numbers that a value is computed from.
func (k *known) mention(v ssa.Value, depth int) {
	base, path := canon(v)
	for kind := valueOf; kind <= capOf; kind++ {
		k.mentions[atom{kind, base, path}] = true
	}
	if depth == 0 {
		return
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil {
			k.mention(*op, depth-1)
		}
	}
}

// proves reports whether what is known shows that f is not negative.
func (k *known) proves(f form) bool {
	facts := k.facts
	seen := make(map[atom]bool)
	collect := func(f form) {
		for a := range f.c {
			if !seen[a] {
				seen[a] = true
				facts = append(facts, about(a)...)
			}
		}
	}
	collect(f)
	for i := 0; i < len(facts) && i < 2*maxFacts; i++ {
		collect(facts[i])
	}
	budget := 4000
	return search(f, facts, 5, &budget)
}

// search subtracts facts from f until the rest is plainly not negative.
func search(f form, facts []form, depth int, budget *int) bool {
	if trivial(f) {
		return true
	}
	if *budget--; depth == 0 || *budget < 0 {
		return false
	}
	for a, c := range f.c {
		if n, ok := lower(a); ok && n >= 0 && c > 0 {
			continue
		}
		for _, fact := range facts {
			d := fact.c[a]
			if d == 0 || (c > 0) != (d > 0) || abs(c)%abs(d) != 0 {
				continue
			}
			if search(f.add(fact, -(c/d)), facts, depth-1, budget) {
				return true
			}
		}
	}
	if f.k < 0 {
		// A fact about something that is not negative may lend its constant.
		for a := range f.c {
			for _, fact := range facts {
				if fact.c[a] > 0 && fact.k < 0 && fact.c[a] <= f.c[a] {
					if search(f.add(fact, -1), facts, depth-1, budget) {
						return true
					}
				}
			}
		}
	}
	return false
}

// trivial reports whether f is not negative by the bounds of its atoms alone.
func trivial(f form) bool {
	min := f.k
	for a, c := range f.c {
		if c > 0 {
			n, ok := lower(a)
			if !ok {
				return false
			}
			min += c * n
		} else {
			n, ok := upper(a)
			if !ok {
				return false
			}
			min += c * n
		}
	}
	return min >= 0
}

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
				if isBytes(arg.Type()) {
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
