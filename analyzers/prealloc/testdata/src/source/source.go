// Package source works on Go source: what it walks over is short.
package source

import "go/ast"

func Arguments(call *ast.CallExpr) []ast.Node {
	var out []ast.Node
	for _, e := range call.Args {
		out = append(out, e)
	}
	return out
}

func Names(pkgs map[string]*ast.File) []string {
	var out []string
	for name := range pkgs {
		out = append(out, name)
	}
	return out
}
