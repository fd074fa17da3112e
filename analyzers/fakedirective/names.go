package fakedirective

import (
	"go/ast"
	"go/build/constraint"
	"go/types"
	"strings"

	"github.com/heapvet/heapvet/lint"
)

// A place is where a directive has its effect.
type place int

const (
	anywhere place = iota
	header         // before the package clause
	function       // above a function, without arguments
	wasm           // above a function, with arguments
	variable       // above a variable
	line           // on a line of its own, outside functions
	inlining       // above a function, type or constant
)

// A fact about a directive that exists.
type fact struct {
	place  place
	effect string // what does not happen if it is not read; %s is the name of what it stands above
}

// directives are those of the go command, the compiler, and the tools that come with them,
// of all releases that heapvet supports, and heapvet's own.
var directives = map[string]map[string]fact{
	"go": {
		"build":              {header, "the file is part of every build"},
		"debug":              {header, "the setting is not made"},
		"embed":              {variable, "%s stays empty"},
		"fix":                {inlining, "calls of %s are not brought up to date"},
		"generate":           {line, "go generate skips it"},
		"linkname":           {line, "the names are not linked"},
		"nocheckptr":         {function, "conversions in %s are checked"},
		"noescape":           {function, "what %s is given escapes to the heap"},
		"noinline":           {function, "%s may be inlined"},
		"nointerface":        {function, "%s is found by way of interfaces"},
		"norace":             {function, "the race detector watches %s"},
		"nosplit":            {function, "%s may grow the stack"},
		"nowritebarrier":     {function, "%s may contain write barriers"},
		"nowritebarrierrec":  {function, "%s may contain write barriers"},
		"registerparams":     {},
		"systemstack":        {function, "%s may run on any stack"},
		"uintptrescapes":     {function, "what uintptr arguments of %s point to may move"},
		"uintptrkeepalive":   {function, "what uintptr arguments of %s point to may be freed"},
		"wasmexport":         {wasm, "%s is not exported"},
		"wasmimport":         {wasm, "%s is not imported"},
		"yeswritebarrierrec": {function, "%s may not contain write barriers"},
	},
	"heapvet": {
		"hot":            {function, "%s does not count as hot"},
		"cold":           {function, "%s does not count as cold"},
		"noalloc":        {function, "%s may allocate"},
		"assume-noalloc": {},
	},
}

// foreign are names that other compilers and generators read.
var foreign = map[string]bool{
	// TinyGo
	"align": true, "export": true, "extern": true, "interrupt": true, "section": true, "volatile": true, "wasm-module": true,
	// protoc-gen-go-plugin
	"plugin": true,
	// gccgo
	"notinheap": true,
}

func lookup(space, name string) (fact, bool) {
	if space == "go" && strings.HasPrefix(name, "cgo_") {
		return fact{}, true
	}
	k, ok := directives[space][name]
	return k, ok
}

// isWord reports whether a name could be one: lower-case letters, digits, and what
// joins words.
func isWord(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool {
		return (r < 'a' || 'z' < r) && (r < 'A' || 'Z' < r) && (r < '0' || '9' < r) && r != '-' && r != '_'
	}) < 0
}

// nearest returns the directive that somebody who wrote name meant, or "". Nobody who
// wishes for inlining means noinline.
func nearest(space, name string) string {
	best, distance := "", 3
	lower := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, "-", ""), "_", ""))
	for known := range directives[space] {
		d := edits(lower, known)
		if d < distance && 3*d <= len(known) || d == distance && best > known {
			best, distance = known, d
		}
	}
	if best == "noinline" && !strings.HasPrefix(lower, "n") {
		return ""
	}
	return best
}

// edits returns the number of letters to insert, delete, replace or swap with their
// neighbour that turn a into b.
func edits(a, b string) int {
	before, row, next := []int(nil), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, make([]int, len(b)+1)
	}
	return row[len(b)]
}

// wouldWork reports whether the comment would have an effect if it were written as a
// directive, so that nothing but a directive can have been meant.
func (f *finder) wouldWork(group *ast.CommentGroup, c *ast.Comment, d directive, known fact) bool {
	args := strings.Fields(d.args)
	switch known.place {
	case function:
		decl, isFunc := f.declOf(group).(*ast.FuncDecl)
		if isFunc && d.space == "go" && d.name == "noescape" && !f.mayEscape(decl) {
			return false
		}
		return isFunc && (d.args == "" || d.tab || d.space == "heapvet" && d.args == "strict") && !f.written(group, d)
	case wasm:
		_, isFunc := f.declOf(group).(*ast.FuncDecl)
		return isFunc && 1 <= len(args) && len(args) <= 2
	case variable:
		name := nameOf(f.declOf(group))
		return name != "" && len(args) > 0 && lint.FileImports(f.file, "embed") && !f.written(group, d) && f.embeddable(name)
	case inlining:
		return d.args == "inline" && nameOf(f.declOf(group)) != "" && !f.written(group, d)
	case header:
		if c.Pos() > f.file.Package {
			return false
		}
		if d.name == "debug" {
			key, value, ok := strings.Cut(d.args, "=")
			return ok && f.file.Name.Name == "main" && len(args) == 1 && key != "" && value != ""
		}
		_, err := constraint.Parse("//go:build " + d.args)
		return err == nil && !f.constrained()
	case line:
		if f.inFunc(c) {
			return false
		}
		if d.name == "linkname" {
			return lint.FileImports(f.file, "unsafe") && len(args) == 2 && f.pass.Pkg.Scope().Lookup(args[0]) != nil
		}
		return len(args) > 0 && isCommand(args[0]) && !strings.HasSuffix(d.args, ".") && f.noProse(group)
	}
	return false
}

// mayEscape reports whether what a function is given escapes unless a directive says that
// it does not: the compiler cannot see its body, and gets a pointer to something.
func (f *finder) mayEscape(decl *ast.FuncDecl) bool {
	if decl.Body != nil {
		return false
	}
	for _, param := range decl.Type.Params.List {
		if t := f.pass.TypesInfo.TypeOf(param.Type); t != nil && lint.HoldsPointers(t) {
			return true
		}
	}
	return decl.Recv != nil
}

// written reports whether the directive stands in the group in its right form, too.
func (f *finder) written(group *ast.CommentGroup, d directive) bool {
	for _, c := range group.List {
		if other, ok := parse(c.Text); ok && !other.spaced && !other.block && !other.tab && other.space == d.space && other.name == d.name {
			return true
		}
	}
	return false
}

// embeddable reports whether a file can be embedded in the variable.
func (f *finder) embeddable(name string) bool {
	v, ok := f.pass.Pkg.Scope().Lookup(name).(*types.Var)
	return ok && (lint.IsNamed(v.Type(), "embed", "FS") || lint.IsString(v.Type()) || lint.IsBytes(v.Type()))
}

// constrained reports whether the file has a build constraint.
func (f *finder) constrained() bool {
	for _, group := range f.file.Comments {
		for _, c := range group.List {
			if c.Pos() < f.file.Package && constraint.IsGoBuild(c.Text) {
				return true
			}
		}
	}
	return false
}

// isCommand reports whether a word may be the command of a go:generate line.
func isCommand(word string) bool {
	return strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789-_./$\"") == ""
}

// noProse reports whether every line of the comment is a directive, in whatever form.
func (f *finder) noProse(group *ast.CommentGroup) bool {
	for _, c := range group.List {
		if _, ok := parse(c.Text); !ok && !strings.HasPrefix(c.Text, "//nolint") {
			return false
		}
	}
	return true
}

func (f *finder) inFunc(c *ast.Comment) bool {
	for _, decl := range f.file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() < c.Pos() && c.Pos() < fn.End() {
			return true
		}
	}
	return false
}

// tinyGo reports whether the file is meant for TinyGo, which heeds go:inline.
func (f *finder) tinyGo() bool {
	if f.tiny != nil {
		return *f.tiny
	}
	tiny := false
	for _, spec := range f.file.Imports {
		switch path := strings.Trim(spec.Path.Value, `"`); {
		case path == "machine", strings.HasPrefix(path, "device/"), path == "runtime/volatile", path == "runtime/interrupt":
			tiny = true
		}
	}
	for _, group := range f.file.Comments {
		for _, c := range group.List {
			if c.Pos() < f.file.Package && constraint.IsGoBuild(c.Text) && strings.Contains(c.Text, "tinygo") {
				tiny = true
			}
		}
	}
	f.tiny = &tiny
	return tiny
}

// effect says what does not happen because the directive is not read.
func (f *finder) effect(group *ast.CommentGroup, known fact) string {
	return strings.ReplaceAll(known.effect, "%s", nameOf(f.declOf(group)))
}

// nameOf returns the name of what is declared, or "" if that is more or less than one thing.
func nameOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Name.Name
	case *ast.TypeSpec:
		return n.Name.Name
	case *ast.ValueSpec:
		if len(n.Names) == 1 {
			return n.Names[0].Name
		}
	case *ast.GenDecl:
		if len(n.Specs) == 1 && !n.Lparen.IsValid() {
			return nameOf(n.Specs[0])
		}
	}
	return ""
}
