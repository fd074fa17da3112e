package escape_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/evidence/escape"
)

// Fixtures state what a report must answer in comments at the end of a line:
//
//	//@ expr &T{}: heap; box n: stack; var x: heap; compiled f: yes; inlined f(): yes
//
// The middle is the source text of an expression of that line.
type statement struct{ verb, text, want string }

func statements(comment string) []statement {
	list, ok := strings.CutPrefix(comment, "//@ ")
	if !ok {
		return nil
	}
	var out []statement
	for s := range strings.SplitSeq(list, "; ") {
		i := strings.LastIndex(s, ": ")
		verb, text, _ := strings.Cut(s[:i], " ")
		out = append(out, statement{verb, text, strings.TrimSpace(s[i+2:])})
	}
	return out
}

var names = map[escape.Verdict]string{
	escape.Unknown: "unknown", escape.Heap: "heap", escape.Stack: "stack", escape.Free: "free",
}

// check compares the answers of a report with the statements in the files of its
// pass and returns how many there were.
func check(t testing.TB, pass *analysis.Pass, r *escape.Report, want func(statement) string) int {
	n := 0
	for _, f := range pass.Files {
		file := pass.Fset.File(f.FileStart)
		src, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		text := func(node ast.Node) string {
			return string(src[file.Offset(node.Pos()):file.Offset(node.End())])
		}
		nodes := make(map[int][]ast.Node)
		ast.Inspect(f, func(n ast.Node) bool {
			if n != nil {
				line := file.Line(n.Pos())
				nodes[line] = append(nodes[line], n)
			}
			return true
		})
		for _, group := range f.Comments {
			for _, c := range group.List {
				line := file.Line(c.Pos())
				for _, s := range statements(c.Text) {
					n++
					var node ast.Node
					for _, cand := range nodes[line] {
						_, ok := cand.(ast.Expr)
						if ok && text(cand) == s.text {
							node = cand
							break
						}
					}
					at := token.Position{Filename: file.Name(), Line: line}
					if node == nil {
						t.Errorf("%v: no expression %q", at, s.text)
						continue
					}
					got := ""
					switch s.verb {
					case "expr":
						got = names[r.Expr(node.(ast.Expr))]
					case "box":
						got = names[r.Boxed(node.(ast.Expr))]
					case "var":
						got = names[r.Var(node.(*ast.Ident))]
					case "compiled":
						got = yes(r.Compiled(node))
					case "inlined":
						got = yes(r.Inlined(node.(*ast.CallExpr)))
					case "why":
						got = "nothing"
						for _, site := range r.Sites(node) {
							if text := site.Explain(); text != "" {
								got = text
							}
						}
					default:
						t.Fatalf("%v: unknown verb %s", at, s.verb)
					}
					if w := want(s); got != w {
						t.Errorf("%v: %s %s: got %s, want %s\n%s", at, s.verb, s.text, got, w, sites(r, node))
					}
				}
			}
		}
	}
	return n
}

func sites(r *escape.Report, n ast.Node) string {
	var b strings.Builder
	for _, s := range r.Sites(n) {
		fmt.Fprintf(&b, "\t%s %s inlined=%v func=%s reason=%s: %s\n", names[s.Verdict], s.Expr, s.Inlined, s.Func, s.Reason, s.Explain())
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func asIs(s statement) string { return s.want }

// capture is an analyzer that hands its pass and report to the test.
func capture(do func(*analysis.Pass, *escape.Report)) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "capture",
		Doc:      "hand the escape report to the test",
		Requires: []*analysis.Analyzer{escape.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			do(pass, escape.Of(pass))
			return nil, nil
		},
	}
}

func TestGoList(t *testing.T) {
	n := 0
	analysistest.Run(t, analysistest.TestData(), capture(func(pass *analysis.Pass, r *escape.Report) {
		if !r.Known() {
			t.Fatal(r.Why())
		}
		n += check(t, pass, r, asIs)
	}), "a")
	if n == 0 {
		t.Error("no statements")
	}
}
