package escape_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/escape"
)

// TestOutlives asks about the variable out of each function, whose name says what
// is expected.
func TestOutlives(t *testing.T) {
	const text = `package p

type list []int
type box struct{ list []int; next *box }
type sink interface{ Take([]int) }
type impl struct{ n int }

func (i *impl) Take(l []int) { i.n += len(l) }

var global []int
var hook func([]int)

func yesReturned() ([]int, error)      { var out []int; out = append(out, 1); return out, nil }
func yesNamed() (out []int)            { out = append(out, 1); return }
func yesCut() []int                    { var out []int; out = append(out, 1); return out[:1] }
func yesConverted() list               { var out []int; out = append(out, 1); return list(out) }
func yesBoxed() any                    { var out []int; out = append(out, 1); return any(out) }
func yesLiteral() *box                 { var out []int; out = append(out, 1); return &box{list: out} }
func yesThroughVariable() box          { var out []int; out = append(out, 1); b := box{list: out}; return b }
func yesThroughField() (b box)         { var out []int; out = append(out, 1); b.list = out; return b }
func yesPointer(b *box)                { var out []int; out = append(out, 1); b.next.list = out }
func yesGlobal()                       { var out []int; out = append(out, 1); global = out }
func yesMap(m map[int][]int)           { var out []int; out = append(out, 1); m[0] = out }
func yesSent(c chan []int)             { var out []int; out = append(out, 1); c <- out }
func yesAppended(l [][]int) [][]int    { var out []int; out = append(out, 1); return append(l, out) }
func yesMethod(s sink)                 { var out []int; out = append(out, 1); s.Take(out) }
func yesHook()                         { var out []int; out = append(out, 1); hook(out) }
func yesStored()                       { var out *box = &box{}; out.list = append(out.list, 1) }

func noLocal() int                     { var out []int; out = append(out, 1); return len(out) }
func noElement() int                   { var out []int; out = append(out, 1); return out[0] }
func noCopied(l []int) []int           { var out []int; out = append(out, 1); return append(l, out...) }
func noText() string                   { var out []byte; out = append(out, 1); return string(out) }
func noStruct() int                    { var out []int; out = append(out, 1); b := box{list: out}; return len(b.list) }
func noStatic(i *impl)                 { var out []int; out = append(out, 1); i.Take(out) }
func noDevirtualized()                 { var out []int; out = append(out, 1); var s sink = &impl{}; s.Take(out) }
func noTypeParameter[S sink](s S)      { var out []int; out = append(out, 1); s.Take(out) }
func noClosure() int                   { var out []int; out = append(out, 1); f := func() []int { return out }; return len(f()) }
func noValue() int                     { var out box; out.list = append(out.list, 1); return len(out.list) }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	if _, err := new(types.Config).Check("p", fset, []*ast.File{file}, info); err != nil {
		t.Fatal(err)
	}
	for fn := range inspector.New([]*ast.File{file}).Root().Preorder((*ast.FuncDecl)(nil)) {
		for id := range fn.Preorder((*ast.Ident)(nil)) {
			v, ok := info.Defs[id.Node().(*ast.Ident)].(*types.Var)
			if !ok || v.Name() != "out" {
				continue
			}
			var field *types.Var
			if b, ok := v.Type().(*types.Named); ok {
				field = b.Underlying().(*types.Struct).Field(0)
			} else if p, ok := v.Type().(*types.Pointer); ok {
				field = p.Elem().Underlying().(*types.Struct).Field(0)
			}
			name := fn.Node().(*ast.FuncDecl).Name.Name
			if got, want := escape.Outlives(info, fn, v, field), strings.HasPrefix(name, "yes"); got != want {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
	}
}
