package initwork

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// report tells of one piece of work. The name is that of a variable, or "init".
func (f *finder) report(name string, x work) {
	subject := "the initial value of " + name
	if name == "init" {
		subject = "init"
	} else if name == "_" {
		subject = "the initial value of a variable"
	}
	if x.maybe {
		subject += " perhaps"
	}
	f.pass.Report(analysis.Diagnostic{
		Pos:      x.at.Pos(),
		End:      endOf(x.at),
		Category: names[x.kind],
		Message:  subject + " " + f.does(x) + " before main begins" + f.consequence(x.kind) + "; " + advice(name),
	})
}

// does says what is done and by which function.
func (f *finder) does(x work) string {
	last := x.via[len(x.via)-1]
	by := ""
	if last != "" {
		by = " (" + strings.Join(x.via, " → ") + ")"
	} else if len(x.via) > 1 {
		by = " (" + strings.Join(x.via[:len(x.via)-1], " → ") + ")"
	}
	switch x.kind {
	case network:
		return "uses the network" + by
	case exec:
		return "runs a process" + by
	case sleep:
		return "sleeps" + by
	case compute:
		if last == "" {
			return "computes for some milliseconds"
		}
		return "computes much" + by
	case file:
		return "uses files" + by
	}
	return "starts a goroutine" + by
}

// consequence says who pays.
func (f *finder) consequence(kind int) string {
	if kind == goroutine {
		if f.pass.Pkg.Name() == "main" {
			return ", also when the program only prints its usage"
		}
		return " in every program that imports the package, used or not, and nobody can stop it"
	}
	if f.pass.Pkg.Name() == "main" {
		return ", also when the program only prints its usage, and no caller can handle an error"
	}
	if kind == compute {
		return " in every program that imports the package, used or not"
	}
	return " in every program that imports the package, used or not, and no caller can handle an error"
}

// advice says what to do.
func advice(name string) string {
	if name == "init" || name == "_" {
		return "do it when it is first needed, or in a function that the program calls"
	}
	return fmt.Sprintf("make %s when it is first needed (sync.OnceValue), or in a function that the program calls", name)
}

// endOf returns where to stop underlining.
func endOf(n ast.Node) token.Pos {
	switch n := n.(type) {
	case *ast.GoStmt:
		return n.Go + token.Pos(len("go"))
	case *ast.ForStmt:
		return n.For + token.Pos(len("for"))
	case *ast.RangeStmt:
		return n.For + token.Pos(len("for"))
	case *ast.CallExpr:
		if _, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
			return n.Pos() + token.Pos(len("func"))
		}
	case *ast.BlockStmt:
		return n.Lbrace + 1
	case *ast.CompositeLit:
		return n.Lbrace + 1
	}
	return n.End()
}
