package escape

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/heapvet/heapvet/lint"
)

// Pos returns the place that the compiler uses for a node, which is not always
// where the node starts: the parenthesis of a call, the brace of a composite
// literal, the dot of a selector, the bracket of an index, the operator of a
// binary expression, what follows the func of a declaration.
func Pos(n ast.Node) token.Pos {
	switch n := n.(type) {
	case *ast.CallExpr:
		return n.Lparen
	case *ast.CompositeLit:
		return n.Lbrace
	case *ast.BinaryExpr:
		return n.OpPos
	case *ast.SelectorExpr:
		return n.X.End() // no new line may come before the dot
	case *ast.TypeAssertExpr:
		return n.X.End()
	case *ast.IndexExpr:
		return n.Lbrack
	case *ast.IndexListExpr:
		return n.Lbrack
	case *ast.SliceExpr:
		return n.Lbrack
	case *ast.KeyValueExpr:
		return n.Colon
	case *ast.FuncDecl:
		if n.Recv != nil {
			return n.Recv.Opening
		}
		return n.Name.Pos()
	}
	return n.Pos()
}

// allocPos returns the place of the allocation that e makes by itself.
func (r *Report) allocPos(e ast.Expr) token.Pos {
	if call, ok := e.(*ast.CallExpr); ok && r.classOf(e) == conversionRow {
		return Pos(call.Args[0]) // where []byte(s) and string(b) are reported
	}
	return Pos(e)
}

// A class tells apart the rows that may stand at one place.
type class uint8

const (
	otherRow      class = iota // a value in an interface, an operand, a variable
	addressRow                 // &T{...}
	literalRow                 // T{...}
	newRow                     // new(T)
	makeRow                    // make(...)
	appendRow                  // append
	funcRow                    // func literal
	argumentsRow               // the slice of a variadic call
	conversionRow              // string(b), ([]byte)(s)
	concatRow                  // a + b
	methodRow                  // t.M, not called
	interfaceRow               // any(x)
)

// classOf returns the class of the allocation that e makes by itself.
func (r *Report) classOf(e ast.Expr) class {
	info := r.pass.TypesInfo
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if _, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok && e.Op == token.AND {
			return addressRow
		}
	case *ast.CompositeLit:
		return literalRow
	case *ast.FuncLit:
		return funcRow
	case *ast.BinaryExpr:
		if t := info.TypeOf(e); e.Op == token.ADD && t != nil && lint.IsString(t) {
			return concatRow
		}
	case *ast.SelectorExpr:
		if sel := info.Selections[e]; sel != nil && sel.Kind() == types.MethodVal {
			return methodRow
		}
	case *ast.CallExpr:
		fun := ast.Unparen(e.Fun)
		tv := info.Types[fun]
		switch {
		case tv.IsType():
			switch from := info.TypeOf(e.Args[0]); {
			case from == nil:
			case types.IsInterface(tv.Type):
				return interfaceRow
			case lint.IsString(tv.Type) != lint.IsString(from) && (isText(tv.Type) && isText(from)):
				return conversionRow
			}
		case tv.IsBuiltin():
			if id, ok := fun.(*ast.Ident); ok {
				switch id.Name {
				case "new":
					return newRow
				case "make":
					return makeRow
				case "append":
					return appendRow
				}
			}
		default:
			if sig, ok := typeOf(tv).(*types.Signature); ok && sig.Variadic() && !e.Ellipsis.IsValid() && len(e.Args) >= sig.Params().Len() {
				return argumentsRow
			}
		}
	}
	return otherRow
}

func typeOf(tv types.TypeAndValue) types.Type {
	if tv.Type == nil {
		return nil
	}
	return tv.Type.Underlying()
}

// isText reports whether t is a string, or a slice of bytes or runes.
func isText(t types.Type) bool {
	if s, ok := t.Underlying().(*types.Slice); ok {
		b, ok := s.Elem().Underlying().(*types.Basic)
		return ok && (b.Kind() == types.Byte || b.Kind() == types.Rune)
	}
	return lint.IsString(t)
}
