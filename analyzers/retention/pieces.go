package retention

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// small is the size in bytes up to which a piece is small beside a whole file or body.
const small = 4096

// pieces reports small pieces of whole files or bodies that are stored where they last:
// in a package variable, or in a field or map of an object that the function got.
func (f *finder) pieces() {
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Call:
					if f.readsAll(v) {
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
	if read.Call.Signature().Results().Len() == 1 {
		f.parts(source{read, callName(read)}, read, make(map[ssa.Value]bool))
		return
	}
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
	for _, ref := range *v.Referrers() { // all of it may be kept
		switch in := ref.(type) {
		case *ssa.Store:
			if in.Val == v && placeOf(in.Addr) != nil {
				return
			}
		case *ssa.MapUpdate:
			if in.Value == v {
				return
			}
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
			} else if n, ok := atMost(in); ok && n <= small {
				f.kept(read, in, in, fmt.Sprintf("up to %d bytes", n))
			} else if in.Low == nil && isIndex(in.High, v) {
				f.kept(read, in, in, "the part before the separator")
			} else if in.High == nil {
				f.parts(read, in, seen)
			}
		case *ssa.Convert:
			if lint.IsString(in.Type()) {
				f.parts(read, in, seen) // a copy, as large
			}
		case *ssa.ChangeType:
			f.parts(read, in, seen)
		case *ssa.Store:
			for _, load := range loads(in, v) {
				f.parts(read, load, seen)
			}
		case *ssa.Call:
			if lazyssa.Whole(in) == v {
				f.split(read, in, seen)
			}
		}
	}
}

// loads returns what is loaded from a local variable that v is stored in and nothing else.
func loads(st *ssa.Store, v ssa.Value) (list []ssa.Value) {
	cell, ok := st.Addr.(*ssa.Alloc)
	if !ok || st.Val != v {
		return nil
	}
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref != st {
				return nil
			}
		case *ssa.UnOp:
			list = append(list, ref)
		}
	}
	return list
}

// isIndex reports whether a number is where something is first found in a string or in bytes.
func isIndex(n, in ssa.Value) bool {
	call, ok := n.(*ssa.Call)
	if !ok || len(call.Call.Args) == 0 || call.Call.Args[0] != in {
		return false
	}
	callee := call.Call.StaticCallee()
	names := []string{"Index", "IndexByte", "IndexRune", "IndexAny", "IndexFunc"}
	return callee != nil && (lint.IsFunc(callee.Object(), "strings", names...) || lint.IsFunc(callee.Object(), "bytes", names...))
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

// atMost returns the constant that the length of a piece from the beginning is cut to, if there is more.
func atMost(s *ssa.Slice) (int64, bool) {
	call, ok := s.High.(*ssa.Call)
	if !ok || s.Low != nil {
		return 0, false
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "min" {
		return 0, false
	}
	for _, arg := range call.Call.Args {
		if c, ok := arg.(*ssa.Const); ok && c.Value != nil {
			return c.Int64(), true
		}
	}
	return 0, false
}

// split looks at one part that a function such as strings.Cut takes from a whole.
func (f *finder) split(read source, call *ssa.Call, seen map[ssa.Value]bool) {
	name := call.Call.StaticCallee().Name()
	switch {
	case strings.HasPrefix(name, "Trim"), name == "CutPrefix", name == "CutSuffix":
		if call.Call.Signature().Results().Len() == 1 {
			f.parts(read, call, seen) // nearly all of it
		}
	case name == "Cut":
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
				f.kept(read, x, call, "the part before the separator")
			}
		}
	case name == "Find", name == "FindString":
		f.kept(read, call, call, "the match")
	case name == "Base", name == "Ext":
	default:
		what := "one part"
		if strings.HasPrefix(name, "Find") {
			what = "the match"
		}
		for _, ref := range *call.Referrers() {
			ia, ok := ref.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			if _, isConst := ia.Index.(*ssa.Const); !isConst {
				return // all of them, perhaps
			}
			for _, load := range *ia.Referrers() {
				if u, ok := load.(*ssa.UnOp); ok && !isSlices(u.Type()) {
					f.kept(read, u, call, what)
				}
			}
		}
	}
}

func isSlices(t types.Type) bool { return !lint.IsString(t) && !lint.IsBytes(t) }

// kept reports a piece that is stored where it lasts, or in a new object that is.
func (f *finder) kept(read source, piece ssa.Value, cut ssa.Instruction, what string) {
	if at, to := f.keeps(piece, 2); to != "" {
		f.reportPiece(read, piece, cut, at, what, to)
	}
}

// keeps returns where a value is stored so that it lasts, and the name of the place.
func (f *finder) keeps(v ssa.Value, depth int) (at ssa.Instruction, to string) {
	if v.Referrers() == nil {
		return nil, ""
	}
	for _, ref := range *v.Referrers() {
		switch in := ref.(type) {
		case *ssa.Store:
			if in.Val != v {
				continue
			}
			at, to = in, lasting(in.Addr)
			if to == "" && f.all {
				to = returned(in.Addr)
			}
			next := loads(in, v)
			if fa, ok := in.Addr.(*ssa.FieldAddr); ok {
				if made, ok := fa.X.(*ssa.Alloc); ok && made.Heap {
					next = append(next, made)
				}
			}
			for _, v := range next {
				if to == "" && depth > 0 {
					at, to = f.keeps(v, depth-1)
				}
			}
		case *ssa.MapUpdate:
			if in.Value == v || in.Key == v {
				if load, ok := in.Map.(*ssa.UnOp); ok {
					at, to = in, lasting(load.X)
				}
			}
		case *ssa.ChangeType:
			at, to = f.keeps(in, depth)
		}
		if to != "" {
			return at, to
		}
	}
	return nil, ""
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

func (f *finder) reportPiece(read source, piece ssa.Value, cut, at ssa.Instruction, what, to string) {
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
	if at.Pos().IsValid() && at.Pos() != pos {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: at.Pos(), End: at.Pos() + 1, Message: "it is stored here"})
	}
	for _, n := range lint.Enclosing(f.pass, pos) {
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
