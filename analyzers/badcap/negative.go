package badcap

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// negative reports the use if its number can be negative: nothing on the way
// shows that it is not, and all that it is computed from comes from outside.
func (p *program) negative(u use, t *taint) bool {
	if u.site.hint {
		return false
	}
	for _, f := range candidates(u.size) {
		c := &asker{program: p, taint: t, length: u.site.length, seen: make(map[*ssa.Function]bool)}
		if why := c.judge(f, u.instr, 0); why != nil {
			p.reportNegative(u, f, why)
			return true
		}
	}
	return false
}

// candidates returns sums that must not be negative if v must not. Without a
// subtraction there are none.
func candidates(v ssa.Value) []form {
	switch w := v.(type) {
	case *ssa.Convert:
		if isInteger(w.X.Type()) && isInteger(w.Type()) {
			return candidates(w.X)
		}
	case *ssa.ChangeType:
		return candidates(w.X)
	case *ssa.BinOp:
		if staysSmall(w) {
			return nil
		}
		_, constant := w.Y.(*ssa.Const)
		switch {
		case w.Op == token.MUL && !constant:
			return append(candidates(w.X), candidates(w.Y)...)
		case w.Op == token.QUO && roundsUp(w):
			return nil // (n+size-1)/size: below zero only if size is
		case (w.Op == token.QUO || w.Op == token.SHR) && !isUnsigned(w.Type()):
			return candidates(w.X)
		case w.Op == token.ADD && constant:
			// (b-a)/c + 1
			if q, ok := w.X.(*ssa.BinOp); ok && q.Op == token.QUO {
				return candidates(q.X)
			}
		}
	}
	if call, ok := v.(*ssa.Call); ok {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "min" {
			// Negative if one of them is.
			var forms []form
			for _, arg := range call.Call.Args {
				forms = append(forms, candidates(arg)...)
			}
			return forms
		}
	}
	f := formOf(v)
	if f.k < 0 {
		return []form{f}
	}
	for _, c := range f.c {
		if c < 0 {
			return []form{f}
		}
	}
	for a := range f.c {
		if a.kind == valueOf && a.path == "" {
			switch a.base.(type) {
			case *ssa.Parameter, *ssa.Phi:
				return []form{f} // callers, or branches, may subtract
			}
		}
	}
	return nil
}

// staysSmall reports whether what is computed wraps around to a small number.
func staysSmall(op *ssa.BinOp) bool { return isUnsigned(op.Type()) && width(op.Type()) <= 16 }

// roundsUp reports whether the quotient is of a sum that its divisor is part of:
// (n+size-1)/size.
func roundsUp(q *ssa.BinOp) bool {
	sum := formOf(q.X)
	for a, n := range formOf(q.Y).c {
		if n > 0 && sum.c[a] > 0 {
			return true
		}
	}
	return false
}

// A reason says how a number gets negative.
type reason struct {
	f     form              // the number, as the caller has it
	sites []ssa.Instruction // of these calls
	in    *ssa.Function     // where f is a sum of inputs
}

type asker struct {
	*program
	taint  *taint
	length bool // the number is a length, not only a capacity
	seen   map[*ssa.Function]bool
}

// judge returns how f can be negative at the instruction, or nil.
func (c *asker) judge(f form, at ssa.Instruction, depth int) *reason {
	k := knownAt(at)
	return c.decide(f, k, at, depth)
}

func (c *asker) decide(f form, k *known, at ssa.Instruction, depth int) *reason {
	fn := at.Parent()
	if k.proves(f) || contradictory(k) || ordered(fn).proves(f) {
		return nil
	}
	for a := range f.c {
		if k.mentions[a] {
			return nil
		}
	}
	if complete(f, fn) {
		return nil
	}
	if phi := c.phi(f); phi != nil {
		return c.split(f, phi, k, at, depth)
	}
	if why := c.extreme(f, k, at, depth); why != nil {
		return why
	}
	if len(f.c) == 0 {
		if depth == 0 {
			return nil // a constant in its own function: unreachable or deliberate
		}
		return &reason{f: f, in: fn}
	}
	open, chosen := true, c.subtrahend(f, fn)
	for a := range f.c {
		if !c.input(a, f.c[a], fn) && !(chosen && a.kind == lenOf && f.c[a] > 0) {
			open = false
			break
		}
	}
	if open || c.outgrown(f) || c.doubted(f, fn) || (c.all || reached(f, fn)) && c.beside(f, fn) {
		if !c.subtracts(f) || c.oneMore(f, fn) {
			return nil
		}
		return &reason{f: f, in: fn}
	}
	return c.fromCallers(f, fn, depth)
}

// oneMore reports whether f is a number that the function is given, less what all who call it in the
// package have added to theirs: they ask for the one and the others.
func (c *asker) oneMore(f form, fn *ssa.Function) bool {
	if f.k >= 0 || len(f.c) != 1 || len(c.callers[fn]) == 0 {
		return false
	}
	for a, n := range f.c {
		if p, ok := a.base.(*ssa.Parameter); !ok || p.Parent() != fn || a.kind != valueOf || a.path != "" || n != 1 {
			return false
		}
	}
	for _, call := range c.callers[fn] {
		g, ok := translate(f, fn, call.Common())
		if !ok || g.k < 0 {
			return false
		}
		for _, n := range g.c {
			if n < 0 {
				return false
			}
		}
	}
	return true
}

// complete reports whether f is what a number of the function's parameters is short of a constant that the
// function compares it with, to see if there is nothing left: it is taken to be no larger, as
// a percentage that is not 100 yet.
func complete(f form, fn *ssa.Function) bool {
	if len(f.c) != 1 {
		return false
	}
	for a, n := range f.c {
		p, ok := a.base.(*ssa.Parameter)
		if !ok || n != -1 || a.kind != valueOf || a.path != "" || p.Parent() != fn {
			return false
		}
		for _, ref := range *p.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
				continue
			}
			for _, x := range []ssa.Value{cmp.X, cmp.Y} {
				if last, ok := x.(*ssa.Const); ok && last.Int64() == f.k+1 {
					return true
				}
			}
		}
	}
	return false
}

// ordered returns what a function takes for granted of its parameters: where it slices
// from one to the other, on whatever way, it panics by itself if they are not in order.
func ordered(fn *ssa.Function) *known {
	k := &known{}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if v, ok := instr.(*ssa.Slice); ok && v.Low != nil && v.High != nil {
				f := formOf(v.High).add(formOf(v.Low), -1)
				if ofParameters(f) {
					k.add(f)
				}
			}
		}
	}
	return k
}

func ofParameters(f form) bool {
	for a := range f.c {
		if _, ok := a.base.(*ssa.Parameter); !ok || a.path != "" {
			return false
		}
	}
	return true
}

// subtrahend reports whether what is subtracted are numbers that whoever calls the
// function may choose, so that it does not matter which lengths they are subtracted from.
func (c *asker) subtrahend(f form, fn *ssa.Function) bool {
	found := false
	for a, n := range f.c {
		p, ok := a.base.(*ssa.Parameter)
		if n < 0 && !(ok && a.path == "" && a.kind == valueOf && c.input(a, n, fn) && !isReceiver(p)) {
			return false
		}
		found = found || n < 0
	}
	return found
}

// extreme judges a sum that the smaller of some numbers is added to, or the larger
// subtracted from: it is negative where it is with any one of them.
func (c *asker) extreme(f form, k *known, at ssa.Instruction, depth int) *reason {
	if depth > 4 {
		return nil
	}
	for a, n := range f.c {
		call, ok := a.base.(*ssa.Call)
		if !ok || a.kind != valueOf || a.path != "" {
			continue
		}
		b, ok := call.Call.Value.(*ssa.Builtin)
		if !ok || !(b.Name() == "min" && n > 0 || b.Name() == "max" && n < 0) {
			continue
		}
		for _, arg := range call.Call.Args {
			if why := c.decide(f.replace(a, formOf(arg)), k, at, depth+1); why != nil {
				return why
			}
		}
	}
	return nil
}

// subtracts reports whether the sum is one that a reader would see as a
// subtraction. A parameter that is handed on is its caller's to check.
func (c *asker) subtracts(f form) bool {
	if f.k < 0 {
		for a, n := range f.c {
			if a.kind == valueOf && n > 0 {
				return !c.length // n-1 of a count: an error, but a plain one
			}
		}
		return true
	}
	for _, n := range f.c {
		if n < 0 {
			return true
		}
	}
	return false
}

func contradictory(k *known) bool {
	for _, f := range k.facts {
		if len(f.c) == 0 && f.k < 0 {
			return true
		}
	}
	return false
}

// phi returns a variable of the sum that was set on different ways.
func (c *asker) phi(f form) *ssa.Phi {
	var found *ssa.Phi
	for a := range f.c {
		if phi, ok := a.base.(*ssa.Phi); ok && a.path == "" && a.kind != capOf {
			if found == nil || phi.Block().Index > found.Block().Index {
				found = phi
			}
		}
	}
	return found
}

// split judges each of the ways that lead to the phi by itself.
func (c *asker) split(f form, phi *ssa.Phi, k *known, at ssa.Instruction, depth int) *reason {
	b := phi.Block()
	if depth > 6 {
		return nil
	}
	for _, pred := range b.Preds {
		if b.Dominates(pred) {
			return nil // a loop
		}
	}
	for i, pred := range b.Preds {
		way := &known{mentions: k.mentions}
		way.edge(pred, b)
		g := f
		substitute := func(f form) form {
			for a := range f.c {
				if q, ok := a.base.(*ssa.Phi); ok && q.Block() == b && a.path == "" {
					switch a.kind {
					case valueOf:
						f = f.replace(a, formOf(q.Edges[i]))
					case lenOf:
						f = f.replace(a, lenForm(q.Edges[i]))
					}
				}
			}
			return f
		}
		for _, fact := range k.facts {
			way.facts = append(way.facts, substitute(fact))
		}
		g = substitute(g)
		if why := c.decide(g, way, at, depth+1); why != nil {
			return why
		}
	}
	return nil
}

// input reports whether the atom is a number that whoever calls the function
// may choose freely.
func (c *asker) input(a atom, coef int64, fn *ssa.Function) bool {
	switch base := a.base.(type) {
	case *ssa.Parameter:
		if base.Parent() != fn && fn.Parent() == nil {
			return false
		}
		if !c.open(base.Parent()) {
			return false
		}
		if a.path == "" {
			return a.kind != capOf
		}
		return c.exportedPath(a) && (a.kind == lenOf || a.kind == valueOf && !isReceiver(base)) || a.kind == lenOf && c.growsFromNothing(a)
	case *ssa.UnOp, *ssa.Call, *ssa.Extract, *ssa.Lookup:
		if a.kind == lenOf {
			return a.path == "" && mayBeEmpty(base)
		}
		return a.kind == valueOf && c.taint.of(base, nil, 0) != nil
	case *ssa.Alloc:
		return a.kind == valueOf && c.taint.decodedAtom(a)
	}
	return false
}

func isReceiver(p *ssa.Parameter) bool {
	return p.Parent().Signature.Recv() != nil && p.Parent().Params[0] == p
}

// exportedPath reports whether all fields on the path are exported.
func (c *asker) exportedPath(a atom) bool {
	fields := pathFields(a)
	for _, f := range fields {
		if !f.Exported() {
			return false
		}
	}
	return len(fields) > 0
}

// pathFields returns the fields on the way to the atom.
func pathFields(a atom) (fields []*types.Var) {
	path := a.path
	for i := 0; i < len(path); i++ {
		if path[i] != '.' {
			continue
		}
		end := i + 1
		for end < len(path) && '0' <= path[end] && path[end] <= '9' {
			end++
		}
		t := pathType(atom{base: a.base, path: path[:i]})
		s, ok := lint.Deref(t).Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		n := 0
		fmt.Sscan(path[i+1:end], &n)
		if n >= s.NumFields() {
			return nil
		}
		fields = append(fields, s.Field(n))
	}
	return fields
}

// mayBeEmpty reports whether v is the result of a function that is known to
// return nothing at times.
func mayBeEmpty(v ssa.Value) bool {
	call, ok := part(v).(*ssa.Call)
	if !ok {
		return false
	}
	fn := callee(call)
	if isFunc(fn, "strings", "Fields", "FieldsFunc") || isFunc(fn, "bytes", "Fields", "FieldsFunc") ||
		isFunc(fn, "os", "ReadDir") || isFunc(fn, "path/filepath", "Glob") || isFunc(fn, "flag", "Args") {
		return true
	}
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "regexp" && strings.HasPrefix(fn.Name(), "FindAll")
}

// fromCallers asks the callers in the package for what they hand over.
func (c *asker) fromCallers(f form, fn *ssa.Function, depth int) *reason {
	if depth > 3 || c.values[fn] || c.seen[fn] || fn.Parent() != nil || c.open(fn) {
		return nil
	}
	for a := range f.c {
		if p, ok := a.base.(*ssa.Parameter); !ok || p.Parent() != fn || a.kind == capOf {
			return nil
		}
	}
	c.seen[fn] = true
	defer delete(c.seen, fn)
	for _, call := range c.callers[fn] {
		if c.silent(call.Pos()) {
			continue
		}
		g, ok := translate(f, fn, call.Common())
		if !ok {
			continue
		}
		if why := c.judge(g, call, depth+1); why != nil {
			why.sites = append(why.sites, call)
			return why
		}
	}
	return nil
}

// translate writes a sum of parameters as one of the arguments of a call.
func translate(f form, fn *ssa.Function, call *ssa.CallCommon) (form, bool) {
	g := f
	for a := range f.c {
		i := -1
		for j, p := range fn.Params {
			if p == a.base {
				i = j
			}
		}
		if i < 0 || i >= len(call.Args) {
			return g, false
		}
		arg := call.Args[i]
		switch {
		case a.path != "":
			base, path := canon(arg)
			g = g.replace(a, atomForm(atom{a.kind, base, path + a.path}))
		case a.kind == lenOf:
			g = g.replace(a, lenForm(arg))
		default:
			g = g.replace(a, formOf(arg))
		}
	}
	return g, true
}
