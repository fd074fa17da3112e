package badcap

import (
	"fmt"
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// harmless is how many bytes input may ask for without a word.
const harmless = 26 // bits: 64 MiB

// A demand is a use whose number input chooses.
type demand struct {
	use
	src  *source
	bits int // of the bytes that it may ask for
}

// untrusted returns the demand if input chooses the number of the use, and
// nothing bounds it.
func (p *program) untrusted(u use, t *taint) *demand {
	size := log2(u.site.elem)
	if bits(u.size, 64)+size <= harmless {
		return nil
	}
	t.use = u.instr
	src := t.of(u.size, u.instr, 0)
	t.use = nil
	if src == nil {
		return nil
	}
	b := bits(u.size, src.bits) + size
	if b <= harmless {
		return nil
	}
	return &demand{u, src, b}
}

const manySites = 3 // that believe one function of the package are told as one

// reportUntrusted reports the demands. Where a helper of the package that reads
// numbers is believed in many places, it is the helper that should know a limit:
// one finding says so.
func (p *program) reportUntrusted(demands []*demand) {
	demands = distinct(demands)
	byRead := make(map[token.Pos][]*demand)
	for _, d := range demands {
		byRead[d.src.pos] = append(byRead[d.src.pos], d)
	}
	for _, d := range demands {
		same := byRead[d.src.pos]
		if len(same) > manySites && same[0] != d {
			continue
		}
		number := lint.Text(d.site.size)
		diag := analysis.Diagnostic{Pos: d.site.size.Pos(), End: d.site.size.End(), Category: catUntrusted}
		if len(same) > manySites {
			diag.Message = fmt.Sprintf("%s comes from %s and has no upper bound, here and in %d other places: a few bytes of input make this allocate %s; check it where it is read",
				number, d.src.what, len(same)-1, amount(d.bits))
			for _, other := range same[1:min(len(same), 6)] {
				diag.Related = append(diag.Related, analysis.RelatedInformation{Pos: other.site.size.Pos(), End: other.site.size.End(), Message: "here, too"})
			}
		} else {
			diag.Message = fmt.Sprintf("%s comes from %s and has no upper bound: a few bytes of input make this allocate %s; compare it with a limit first",
				number, d.src.what, amount(d.bits))
		}
		if d.src.pos.IsValid() {
			diag.Related = append([]analysis.RelatedInformation{{Pos: d.src.pos, Message: "the number is read here"}}, diag.Related...)
		}
		p.Report(diag)
	}
}

// distinct drops the demands of a number that the same function has used before:
// one comparison helps all of them.
func distinct(demands []*demand) (list []*demand) {
	type key struct {
		fn *ssa.Function
		a  atom
	}
	seen := make(map[key]bool)
	for _, d := range demands {
		before := false
		f := formOf(d.size)
		for a := range f.c {
			before = before || seen[key{d.instr.Parent(), a}]
		}
		for a := range f.c {
			seen[key{d.instr.Parent(), a}] = true
		}
		if !before {
			list = append(list, d)
		}
	}
	return list
}

func amount(bits int) string {
	if bits > 44 {
		return "all memory there is"
	}
	if bits >= 30 {
		return fmt.Sprintf("up to %d GiB", 1<<(bits-30))
	}
	return fmt.Sprintf("up to %d MiB", 1<<(bits-20))
}

func log2(n int64) int {
	b := 0
	for n > 1 {
		n >>= 1
		b++
	}
	return b
}

// bits returns how many bits the number v has at most; a number that is read
// from input, in a function of its own, has as many as leaf says.
func bits(v ssa.Value, leaf int) int { return bitsOf(v, leaf, 0) }

func bitsOf(v ssa.Value, leaf, depth int) int {
	w := width(v.Type())
	if depth > maxDepth {
		return w
	}
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Int && v.Int64() >= 0 {
			return log2(v.Int64()) + 1
		}
	case *ssa.Convert:
		if isInteger(v.X.Type()) {
			return min(w, bitsOf(v.X, leaf, depth))
		}
	case *ssa.ChangeType:
		return min(w, bitsOf(v.X, leaf, depth))
	case *ssa.Phi:
		if depth > 4 {
			return min(w, leaf)
		}
		most := 0
		for _, e := range v.Edges {
			most = max(most, bitsOf(e, leaf, depth))
		}
		return min(w, most)
	case *ssa.BinOp:
		switch x, y := bitsOf(v.X, leaf, depth), bitsOf(v.Y, leaf, depth); v.Op {
		case token.ADD, token.OR, token.XOR:
			return min(w, max(x, y))
		case token.SUB, token.QUO:
			return x
		case token.MUL:
			return min(w, x+y)
		case token.AND, token.REM:
			return min(x, y)
		case token.SHL:
			if c, ok := v.Y.(*ssa.Const); ok {
				return min(w, x+int(c.Int64()))
			}
		case token.SHR:
			if c, ok := v.Y.(*ssa.Const); ok {
				return max(0, x-int(c.Int64()))
			}
			return x
		}
	case *ssa.Call:
		if fn := callee(v); fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "encoding/binary" && fn.Name() == "Uint16" {
			return 16
		}
		return min(w, leaf)
	case *ssa.Extract, *ssa.Parameter:
		return min(w, leaf)
	}
	return w
}
