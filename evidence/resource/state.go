package resource

import (
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A state is what is known at one point of a path.
type state struct {
	vals   map[ssa.Value]class
	cells  map[ssa.Value]class // what is in local variables
	facts  map[string]bool     // conditions that have been decided
	again  bool                // the acquisition has been repeated
	used   bool                // something was done to it other than to give it a target
	fails  bool                // the other end of a pipe has been told of an error
	broken bool                // a writer has failed
	ended  bool                // of a Body: it has been read to its end, or to an error

	inflated ssa.Value // a reader that decompresses it, which others have got
}

func (st *state) clone() *state {
	return &state{maps.Clone(st.vals), maps.Clone(st.cells), maps.Clone(st.facts), st.again, st.used, st.fails, st.broken, st.ended, st.inflated}
}

// held reports whether any value still leads to the resource.
func (st *state) held() bool {
	for _, c := range st.vals {
		if c.about() {
			return true
		}
	}
	for _, c := range st.cells {
		if c.about() {
			return true
		}
	}
	return false
}

func (st *state) of(v ssa.Value) class {
	if c, ok := v.(*ssa.Const); ok {
		switch {
		case c.IsNil():
			return isNil
		case c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value):
			return isTrue
		case c.Value != nil && c.Value.Kind() == constant.Bool:
			return isFalse
		case c.Value != nil && tellsError(c.Type()):
			if isNilConst(c) {
				return isNil
			}
			return notNil
		}
	}
	c, ok := st.vals[v]
	if !ok && lint.IsError(v.Type()) && lazyssa.IsFailure(v) {
		return notNil
	}
	return c
}

func (st *state) set(v ssa.Value, c class) {
	if c == unrelated {
		delete(st.vals, v)
	} else {
		st.vals[v] = c
	}
}

// key identifies the state, so that a path that comes to a block as another one did
// ends there.
func (w *walk) key(b *ssa.BasicBlock, st *state) string {
	var parts []string
	add := func(kind string, v ssa.Value, c class) {
		id, ok := w.ids[v]
		if !ok {
			id = len(w.ids)
			w.ids[v] = id
		}
		parts = append(parts, kind+strconv.Itoa(id)+":"+strconv.Itoa(int(c)))
	}
	for v, c := range st.vals {
		add("v", v, c)
	}
	for v, c := range st.cells {
		add("c", v, c)
	}
	for f, is := range st.facts {
		parts = append(parts, f+strconv.FormatBool(is))
	}
	slices.Sort(parts)
	return strconv.Itoa(b.Index) + strconv.FormatBool(st.again) + strconv.FormatBool(st.used) + strconv.FormatBool(st.fails) + strconv.FormatBool(st.broken) + strconv.FormatBool(st.ended) + strconv.FormatBool(st.inflated != nil) + strings.Join(parts, " ")
}

// A verdict is what is known of a condition.
type verdict int

const (
	open verdict = iota
	yes
	no
	nobody // neither side is worth a look
)

func (v verdict) not() verdict {
	switch v {
	case yes:
		return no
	case no:
		return yes
	}
	return v
}

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// truth decides a condition.
func (w *walk) truth(st *state, cond ssa.Value) verdict {
	switch st.of(cond) {
	case isTrue:
		return yes
	case isFalse:
		return no
	case judged:
		return nobody
	}
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return w.truth(st, v.X).not()
		}
	case *ssa.BinOp:
		if st.of(v.X) == judged || st.of(v.Y) == judged {
			return nobody
		}
		switch v.Op {
		case token.EQL, token.NEQ:
			if is := w.equal(st, v.X, v.Y); is != open {
				if v.Op == token.NEQ {
					is = is.not()
				}
				return is
			}
		case token.GTR:
			if name, _ := w.fieldOfIt(st, v.X); name == "ContentLength" {
				return w.empty(st, v.X, v.Y).not()
			}
		}
	case *ssa.Extract:
		if ta, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 1 {
			switch c := st.of(ta.X); {
			case c == isNil:
				return no
			case c.about() && closable(ta.AssertedType), isItsAddress(ta):
				return yes
			}
		}
	}
	if key, negated := condition(cond); key != "" {
		if is, ok := st.facts[key]; ok {
			return verdictOf(is != negated)
		}
	}
	return open
}

// isItsAddress reports whether an assertion says of the address of a connection or listener of package
// net what kind of address it is: the connection is of that kind.
func isItsAddress(ta *ssa.TypeAssert) bool {
	call, ok := ta.X.(*ssa.Call)
	if !ok || call.Call.StaticCallee() == nil || len(call.Call.Args) != 1 {
		return false
	}
	switch call.Call.StaticCallee().Name() {
	case "LocalAddr", "RemoteAddr", "Addr":
	default:
		return false
	}
	conn := call.Call.Args[0]
	if within, ok := conn.(*ssa.FieldAddr); ok {
		conn = within.X // the method is one of an embedded struct
	}
	for _, kind := range []string{"TCP", "UDP", "Unix", "IP"} {
		if lint.IsNamed(lint.Deref(conn.Type()), "net", kind+"Conn", kind+"Listener") {
			return lint.IsNamed(lint.Deref(ta.AssertedType), "net", kind+"Addr")
		}
	}
	return false
}

// equal decides whether two values are equal.
func (w *walk) equal(st *state, x, y ssa.Value) verdict {
	cx, cy := st.of(x), st.of(y)
	if cy.about() || cx == unrelated && cy != unrelated {
		x, y, cx, cy = y, x, cy, cx
	}
	switch {
	case cx.about() && cy == isNil:
		return no
	case cx.about() && isNoBody(y):
		return no // then there is nothing to close
	case cx == isNil && cy == isNil:
		return yes
	case cx == isNil && cy == notNil, cx == notNil && cy == isNil:
		return no
	case cx == isNil && !isNilConst(x) && tellsError(x.Type()):
		return no // as another error, such as io.EOF
	case cx == isTrue && cy == isTrue, cx == isFalse && cy == isFalse:
		return yes
	case cx == isTrue && cy == isFalse, cx == isFalse && cy == isTrue:
		return no
	}
	return w.empty(st, x, y)
}

// empty recognizes, as x == y, that a response has no body.
func (w *walk) empty(st *state, x, y ssa.Value) verdict {
	name, ok := w.fieldOfIt(st, x)
	c, isConst := y.(*ssa.Const)
	if !ok || !isConst || c.Value == nil || c.Value.Kind() != constant.Int {
		return open
	}
	switch n := c.Int64(); {
	case name == "StatusCode" && (n == 204 || n == 304), name == "ContentLength" && n == 0:
		return no
	}
	return open
}

// fieldOfIt returns the name of the field of the response that v is loaded from.
func (w *walk) fieldOfIt(st *state, v ssa.Value) (string, bool) {
	fa := lazyssa.FieldLoaded(v)
	if fa == nil || !st.of(fa.X).about() || !isResponse(fa.X.Type()) {
		return "", false
	}
	return lazyssa.Field(fa).Name(), true
}

func isNoBody(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return isNoBody(x.X)
	case *ssa.ChangeInterface:
		return isNoBody(x.X)
	case *ssa.UnOp:
		g, ok := x.X.(*ssa.Global)
		return ok && g.Name() == "NoBody"
	}
	return false
}

// isNilConst reports whether v is nil, or the zero of an error that is a number.
func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok {
		return false
	}
	return c.IsNil() || c.Value != nil && c.Value.Kind() == constant.Int && constant.Sign(c.Value) == 0 && tellsError(c.Type())
}

// tellsError reports whether values of type t are errors, among them numbers such as those
// of package syscall, of which zero is none.
func tellsError(t types.Type) bool {
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// condition names what a branch depends on, such that two branches on the same thing
// have the same name, and says whether the condition is the negation of that.
func condition(cond ssa.Value) (key string, negated bool) {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			key, negated = condition(v.X)
			return key, !negated
		}
	case *ssa.BinOp:
		if key, negated = comparison(v.Op, v.X, v.Y); key != "" {
			return key, negated
		}
	}
	return term(cond, 4), false
}

// comparison names a comparison as condition does.
func comparison(op token.Token, a, b ssa.Value) (key string, negated bool) {
	x, y := term(a, 4), term(b, 4)
	if x == "" || y == "" {
		return "", false
	}
	switch op {
	case token.NEQ:
		return x + "==" + y, true
	case token.GEQ:
		return x + "<" + y, true
	case token.GTR:
		return y + "<" + x, false
	case token.LEQ:
		return y + "<" + x, true
	}
	return x + op.String() + y, false
}

// ruledOut names the conditions that do not hold where a comparison does, or where it does not.
func ruledOut(cond ssa.Value, is bool) []string {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	x, y := term(cmp.X, 4), term(cmp.Y, 4)
	if x == "" || y == "" {
		return nil
	}
	less, more, same, also := x+"<"+y, y+"<"+x, x+"=="+y, y+"=="+x
	switch {
	case cmp.Op == token.LSS && is, cmp.Op == token.GEQ && !is:
		return []string{more, same, also}
	case cmp.Op == token.GTR && is, cmp.Op == token.LEQ && !is:
		return []string{less, same, also}
	case cmp.Op == token.EQL && is, cmp.Op == token.NEQ && !is:
		return []string{less, more}
	}
	return nil
}

// term names a value by how it is computed.
func term(v ssa.Value, depth int) string {
	if depth == 0 {
		return v.Name()
	}
	switch x := v.(type) {
	case *ssa.Const:
		return x.Name()
	case *ssa.Global:
		return x.String()
	case *ssa.UnOp:
		if s := term(x.X, depth-1); s != "" && x.Op != token.ARROW {
			return x.Op.String() + s
		}
		return ""
	case *ssa.FieldAddr:
		if s := term(x.X, depth-1); s != "" {
			return s + "." + strconv.Itoa(x.Field)
		}
		return ""
	case *ssa.Call:
		if b, ok := x.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			if s := term(x.Call.Args[0], depth-1); s != "" {
				return "len " + s
			}
		}
		return pure(x, depth)
	}
	return v.Name()
}

// pure names a call of a method without arguments, which is taken to say the same each
// time.
func pure(x *ssa.Call, depth int) string {
	c := &x.Call
	if callee := c.StaticCallee(); callee != nil && callee.Signature.Recv() != nil && len(c.Args) == 1 {
		if s := term(c.Args[0], depth-1); s != "" {
			return s + "." + callee.Name()
		}
	}
	return x.Name()
}

// assigned returns the class of a value that a variable gets: that of a condition, if it is decided by then.
func (w *walk) assigned(st *state, v ssa.Value) class {
	if cmp, ok := v.(*ssa.BinOp); ok && st.of(v) == unrelated {
		switch w.truth(st, cmp) {
		case yes:
			return isTrue
		case no:
			return isFalse
		}
	}
	return st.of(v)
}
