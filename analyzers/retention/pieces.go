package retention

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// small is the size in bytes up to which a piece is small beside a whole file or body.
const small = 4096

// pieces reports small pieces of whole files or bodies that are stored where they last:
// in a package variable, or in a field or map of an object that the function got.
func (f *finder) pieces() {
	whole := f.readers()
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Call:
					if whole[v.Call.StaticCallee()] {
						f.follow(v)
					} else if filled(v) {
						f.parts(source{v, "the buffer"}, v, make(map[ssa.Value]bool))
					}
				case *ssa.Slice:
					if n := made(v); n >= large {
						f.parts(source{v, fmt.Sprintf("make([]byte, %d)", n)}, v, make(map[ssa.Value]bool))
					}
				}
			}
		}
	}
}

// readers returns the functions whose first result is all of a file or body: those of
// the standard library, and those of the package that return what they get from one.
func (f *finder) readers() map[*ssa.Function]bool {
	whole := make(map[*ssa.Function]bool)
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if callee := call.Call.StaticCallee(); callee != nil && callee.Object() != nil && isReadAll(callee.Object()) {
						whole[callee] = true
					}
				}
			}
		}
	}
	for _, fn := range f.funcs {
		if fn.Signature.Results().Len() == 0 || !lint.IsBytes(fn.Signature.Results().At(0).Type()) {
			continue
		}
		for _, b := range fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok {
				continue
			}
			if x, ok := ret.Results[0].(*ssa.Extract); ok {
				if call, ok := x.Tuple.(*ssa.Call); ok && whole[call.Call.StaticCallee()] {
					whole[fn] = true
				}
			}
		}
	}
	return whole
}

// A source is where a large slice or string comes from.
type source struct {
	at   ssa.Instruction
	name string
}

// large is the size in bytes from which a slice that is made is large beside a piece.
const large = 64 << 10

// made returns the length of the bytes that a make expression of constant length makes.
func made(v *ssa.Slice) int64 {
	a, ok := v.X.(*ssa.Alloc)
	if !ok || a.Comment != "makeslice" || !lint.IsBytes(v.Type()) {
		return 0
	}
	arr, ok := lint.Deref(a.Type()).Underlying().(*types.Array)
	if !ok {
		return 0
	}
	return arr.Len()
}

// filled reports whether a call returns what a local buffer has read from a reader.
func filled(call *ssa.Call) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || !lint.IsMethod(callee.Object(), "bytes", "Buffer", "Bytes") {
		return false
	}
	buf, ok := call.Call.Args[0].(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *buf.Referrers() {
		if read, ok := ref.(*ssa.Call); ok && read.Call.StaticCallee() != nil && lint.IsMethod(read.Call.StaticCallee().Object(), "bytes", "Buffer", "ReadFrom") {
			return true
		}
	}
	return false
}

// follow looks for pieces of what a call has read.
func (f *finder) follow(read *ssa.Call) {
	for _, ref := range *read.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
			f.parts(source{read, callName(read)}, x, make(map[ssa.Value]bool))
		}
	}
}

// parts looks at what is cut from a slice or string.
func (f *finder) parts(read source, v ssa.Value, seen map[ssa.Value]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Val == v && placeOf(st.Addr) != nil {
			return // all of it is kept
		}
	}
	for _, ref := range *v.Referrers() {
		switch in := ref.(type) {
		case *ssa.Slice:
			if in.X != v {
				continue
			}
			if n, ok := length(in); ok && n <= small {
				f.kept(read, in, in, fmt.Sprintf("%d bytes", n))
			} else if in.High == nil {
				f.parts(read, in, seen)
			}
		case *ssa.Convert:
			if lint.IsString(in.Type()) {
				f.parts(read, in, seen) // a copy, as large
			}
		case *ssa.ChangeType:
			f.parts(read, in, seen)
		case *ssa.Call:
			f.split(read, in, v)
		}
	}
}

// length returns how long a piece is, if that is written down.
func length(s *ssa.Slice) (int64, bool) {
	high, ok := s.High.(*ssa.Const)
	if !ok {
		if add, isAdd := s.High.(*ssa.BinOp); isAdd && add.Op == token.ADD && add.X == s.Low {
			if c, isConst := add.Y.(*ssa.Const); isConst {
				return c.Int64(), true
			}
		}
		return 0, false
	}
	low := int64(0)
	if s.Low != nil {
		c, ok := s.Low.(*ssa.Const)
		if !ok {
			return 0, false
		}
		low = c.Int64()
	}
	return high.Int64() - low, true
}

// split looks at one part that a function of strings or bytes cuts off.
func (f *finder) split(read source, call *ssa.Call, whole ssa.Value) {
	callee := call.Call.StaticCallee()
	if callee == nil || callee.Object() == nil || callee.Object().Pkg() == nil || len(call.Call.Args) == 0 || call.Call.Args[0] != whole {
		return
	}
	pkg := callee.Object().Pkg().Path()
	if pkg != "strings" && pkg != "bytes" {
		return
	}
	switch callee.Name() {
	case "Cut":
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
				f.kept(read, x, call, "the part before the separator")
			}
		}
	case "Split", "SplitN", "Fields":
		for _, ref := range *call.Referrers() {
			ia, ok := ref.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			if _, isConst := ia.Index.(*ssa.Const); !isConst {
				return // all of them, perhaps
			}
			for _, load := range *ia.Referrers() {
				if u, ok := load.(*ssa.UnOp); ok {
					f.kept(read, u, call, "one part")
				}
			}
		}
	}
}

// kept reports a piece that is stored where it lasts.
func (f *finder) kept(read source, piece ssa.Value, cut ssa.Instruction, what string) {
	for _, ref := range *piece.Referrers() {
		to := ""
		switch in := ref.(type) {
		case *ssa.Store:
			if in.Val == piece {
				to = lasting(in.Addr)
				if to == "" && f.all {
					to = returned(in.Addr)
				}
			}
		case *ssa.MapUpdate:
			if in.Value == piece || in.Key == piece {
				if load, ok := in.Map.(*ssa.UnOp); ok {
					to = lasting(load.X)
				}
			}
		case *ssa.ChangeType:
			f.kept(read, in, cut, what)
		case *ssa.Call: // appended to something that lasts
			if b, ok := in.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
				continue
			}
		}
		if to == "" {
			continue
		}
		f.reportPiece(read, piece, cut, what, to)
		return
	}
}

// lasting names the package variable, or the field of an object that the function did
// not make, that an address is of; "" if it is neither.
func lasting(addr ssa.Value) string {
	v := placeOf(addr)
	if v == nil {
		return ""
	}
	if fa, ok := addr.(*ssa.FieldAddr); ok {
		switch base := fa.X.(type) {
		case *ssa.Parameter, *ssa.FreeVar:
		case *ssa.UnOp:
			if _, local := base.X.(*ssa.Alloc); local {
				return ""
			}
		case *ssa.FieldAddr:
			return lasting(base)
		default:
			return ""
		}
	}
	return v.Name()
}

// returned names the field that an address is of, if it is one of a new object that the
// function returns.
func returned(addr ssa.Value) string {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return ""
	}
	a, ok := fa.X.(*ssa.Alloc)
	if !ok {
		return ""
	}
	for _, ref := range *a.Referrers() {
		if _, ok := ref.(*ssa.Return); ok {
			return placeOf(fa).Name()
		}
	}
	return ""
}

func (f *finder) reportPiece(read source, piece ssa.Value, cut ssa.Instruction, what, to string) {
	pos := cut.Pos()
	file := lint.FileOf(f.pass, pos)
	if file == nil {
		return
	}
	clone := "strings.Clone"
	if lint.IsBytes(piece.Type()) {
		clone = "bytes.Clone"
	}
	d := analysis.Diagnostic{
		Pos: pos, End: pos + 1, Category: subslice,
		Message: fmt.Sprintf("%s in %s keeps all of what %s yields in memory; store a copy: %s", what, to, read.name, clone),
		Related: []analysis.RelatedInformation{{Pos: read.at.Pos(), End: read.at.Pos() + 1, Message: "all of this is kept"}},
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, pos)
	for _, n := range path {
		switch n := n.(type) {
		case *ast.SliceExpr:
			d.Pos, d.End = n.Pos(), n.End()
			if _, isSlice := cut.(*ssa.Slice); isSlice && lint.FileImports(file, pkgOf(clone)) && !f.shadowed(n, pkgOf(clone)) && !types.Identical(piece.Type(), types.Typ[types.Invalid]) {
				d.SuggestedFixes = []analysis.SuggestedFix{{
					Message: "store a copy",
					TextEdits: []analysis.TextEdit{
						{Pos: n.Pos(), End: n.Pos(), NewText: []byte(clone + "(")},
						{Pos: n.End(), End: n.End(), NewText: []byte(")")},
					},
				}}
			}
			f.pass.Report(d)
			return
		case *ast.CallExpr:
			d.Pos, d.End = n.Pos(), n.End()
			f.pass.Report(d)
			return
		case ast.Stmt:
			f.pass.Report(d)
			return
		}
	}
}

func pkgOf(clone string) string {
	if clone == "bytes.Clone" {
		return "bytes"
	}
	return "strings"
}

// shadowed reports whether the name of a package means something else at a node.
func (f *finder) shadowed(n ast.Node, name string) bool {
	scope := f.pass.Pkg.Scope().Innermost(n.Pos())
	if scope == nil {
		return true
	}
	_, obj := scope.LookupParent(name, n.Pos())
	pkg, ok := obj.(*types.PkgName)
	return !ok || pkg.Imported().Path() != name
}

func callName(call *ssa.Call) string {
	callee := call.Call.StaticCallee()
	if callee.Pkg != nil && callee.Pkg != call.Parent().Pkg {
		return callee.Pkg.Pkg.Name() + "." + callee.Name()
	}
	return callee.Name()
}
