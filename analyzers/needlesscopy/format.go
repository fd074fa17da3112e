package needlesscopy

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// A piece is a part of what Sprintf returns: a text, or an argument as a string.
type piece struct {
	text string
	arg  ast.Expr // nil for a text
	verb byte
}

// format looks for a call of Sprintf or Sprint that a conversion or a + replaces.
func (r *pass) format(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func) {
	if fn.Signature().Recv() != nil || call.Ellipsis.IsValid() || r.made[call] || !r.replaceable(cur) {
		return
	}
	var pieces []piece
	switch fn.Name() {
	case "Sprint":
		if len(call.Args) != 1 {
			return
		}
		pieces = []piece{{arg: call.Args[0], verb: 'v'}}
	case "Sprintf":
		var ok bool
		if pieces, ok = r.pieces(call); !ok {
			return
		}
	default:
		return
	}
	texts, edits, ok := r.asStrings(call, pieces)
	if !ok {
		return
	}
	place, ok := r.often(call)
	if !ok {
		return
	}
	name := "fmt." + fn.Name()
	f := finding{node: call, place: place, edits: edits}
	args := 0
	var only piece
	for _, p := range pieces {
		if p.arg != nil {
			args, only = args+1, p
		}
	}
	switch {
	case args == 0:
		f.category = formatString
		f.message = name + " copies a text that never changes" + when(place) + "; write the text itself"
		f.fix = "use the text itself"
	case !r.boxes(pieces):
		return // it costs no more than what would replace it
	case len(pieces) == 1 && lint.IsString(r.TypesInfo.TypeOf(only.arg)):
		f.category = formatString
		f.message = name + " copies the string " + lint.Text(only.arg) + when(place) + ", after it has put it into an interface: 2 allocations; use it as it is"
		f.fix = "use the string as it is"
	case len(pieces) == 1:
		f.category = formatNumber
		f.message = name + " puts " + lint.Text(only.arg) + " into an interface to format it" + when(place) + ": 2 allocations, 1 by " + texts[0]
		f.fix = "format by " + texts[0]
	default:
		if !r.all && !place.Marked {
			return // Sprintf is often easier to read
		}
		f.category = formatConcat
		what := " into interfaces to join them"
		if args == 1 {
			what = " into an interface to join it to a text"
		}
		f.message = name + " puts " + listed(pieces) + what + when(place) + "; + needs no more than the result"
		f.fix = "join by +"
		if args > 1 && !r.orderless(pieces) {
			f.fix, f.edits = "", nil
		}
	}
	if f.fix != "" {
		open, shut := "", ""
		if len(texts) > 1 {
			open, shut = parens(cur)
		}
		f.edits = append(f.edits, edit(call.Pos(), call.End(), "%s%s%s", open, strings.Join(texts, " + "), shut))
	}
	r.report(f)
}

// pieces takes the constant format of a Sprintf apart, if it has only verbs without
// flags, one for each argument.
func (r *pass) pieces(call *ast.CallExpr) ([]piece, bool) {
	if len(call.Args) == 0 {
		return nil, false
	}
	value := r.TypesInfo.Types[call.Args[0]].Value
	if value == nil || value.Kind() != constant.String {
		return nil, false
	}
	format := constant.StringVal(value)
	args := call.Args[1:]
	var pieces []piece
	text := ""
	for format != "" {
		before, rest, found := strings.Cut(format, "%")
		text += before
		if !found {
			break
		}
		if rest == "" {
			return nil, false
		}
		verb := rest[0]
		format = rest[1:]
		if verb == '%' {
			text += "%"
			continue
		}
		if len(args) == 0 {
			return nil, false
		}
		if text != "" {
			pieces = append(pieces, piece{text: text})
			text = ""
		}
		pieces = append(pieces, piece{arg: args[0], verb: verb})
		args = args[1:]
	}
	if text != "" || len(pieces) == 0 {
		pieces = append(pieces, piece{text: text})
	}
	return pieces, len(args) == 0
}

// asStrings returns how the pieces are written without package fmt, and the edits that
// import what that needs.
func (r *pass) asStrings(call *ast.CallExpr, pieces []piece) (texts []string, edits []analysis.TextEdit, ok bool) {
	for _, p := range pieces {
		text := strconv.Quote(p.text)
		if p.arg == nil && len(pieces) == 1 && len(call.Args) == 1 && !strings.Contains(p.text, "%") {
			text = r.source(call.Args[0]) // as it is written
		}
		if p.arg != nil {
			var more []analysis.TextEdit
			if text, more, ok = r.asString(p); !ok {
				return nil, nil, false
			}
			if len(edits) == 0 {
				edits = more
			}
		}
		texts = append(texts, text)
	}
	return texts, edits, true
}

// asString returns how an argument is written as a string.
func (r *pass) asString(p piece) (text string, edits []analysis.TextEdit, ok bool) {
	t := r.TypesInfo.TypeOf(p.arg)
	src := r.source(p.arg)
	if t == nil || src == "" || lint.IsTypeParam(t) || hasMethod(t, "Format") {
		return "", nil, false
	}
	if _, isTuple := t.(*types.Tuple); isTuple {
		return "", nil, false
	}
	if _, isPointer := t.Underlying().(*types.Pointer); isPointer {
		return "", nil, false
	}
	if p.verb == 'v' || p.verb == 's' {
		if hasMethod(t, "Error", "String") {
			return "", nil, false
		}
		if lint.IsString(t) {
			if types.Identical(t, types.Typ[types.String]) || types.Identical(t, types.Typ[types.UntypedString]) {
				return src, nil, true
			}
			return "string(" + src + ")", nil, r.universe("string", p.arg.Pos())
		}
		if p.verb == 's' {
			return "", nil, false
		}
	}
	b, isBasic := t.Underlying().(*types.Basic)
	if !isBasic || p.verb != 'v' && p.verb != 'd' {
		return "", nil, false
	}
	call := func(fn, conv, tail string) (string, []analysis.TextEdit, bool) {
		name, edits, ok := lint.Qualify(r.Pass, p.arg.Pos(), "strconv", fn)
		if conv != "" {
			if !r.universe(conv, p.arg.Pos()) {
				return "", nil, false
			}
			src = conv + "(" + src + ")"
		}
		return name + "(" + src + tail + ")", edits, ok
	}
	switch b.Kind() {
	case types.Int:
		if !types.Identical(b, t) {
			return call("Itoa", "int", "")
		}
		return call("Itoa", "", "")
	case types.Int8, types.Int16, types.Uint8, types.Uint16:
		return call("Itoa", "int", "")
	case types.Int32:
		return call("FormatInt", "int64", ", 10")
	case types.Int64:
		if types.Identical(t, types.Typ[types.Int64]) {
			return call("FormatInt", "", ", 10")
		}
		return call("FormatInt", "int64", ", 10")
	case types.Uint, types.Uint32, types.Uint64:
		if types.Identical(t, types.Typ[types.Uint64]) {
			return call("FormatUint", "", ", 10")
		}
		return call("FormatUint", "uint64", ", 10")
	}
	return "", nil, false
}

// boxes reports whether the compiler says that putting an argument into an interface
// allocates.
func (r *pass) boxes(pieces []piece) bool {
	for _, p := range pieces {
		if p.arg != nil && r.escape.Boxed(p.arg) == escape.Heap {
			return true
		}
	}
	return false
}

// orderless reports whether it does not matter in which order the arguments are
// evaluated.
func (r *pass) orderless(pieces []piece) bool {
	for _, p := range pieces {
		if p.arg != nil && !r.quiet(p.arg) {
			return false
		}
	}
	return true
}

func listed(pieces []piece) string {
	var names []string
	for _, p := range pieces {
		if p.arg != nil {
			names = append(names, lint.Text(p.arg))
		}
	}
	switch n := len(names); {
	case n == 1:
		return names[0]
	case n > 3:
		return strings.Join(names[:2], ", ") + " and others"
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}
