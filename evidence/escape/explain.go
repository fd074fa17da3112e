package escape

import (
	"fmt"
	"strings"
)

// Explain says in one plain sentence why the site is on the heap; "" if it is not.
func (s Site) Explain() string {
	if s.Verdict != Heap {
		return ""
	}
	subject := s.subject()
	switch s.Reason {
	case "too large for stack":
		return subject + " because it is too large for the stack"
	case "too aligned for stack":
		return subject + " because its alignment is too large for the stack"
	case "non-constant size":
		return subject + " because its size is known only at run time"
	}
	if len(s.Flow) == 0 {
		return subject
	}
	last := s.Flow[len(s.Flow)-1]
	it := "it"
	for _, step := range s.Flow[:len(s.Flow)-1] {
		if step.What == "address-of" || step.What == "captured by a closure" {
			it = "its address"
		}
	}
	return fmt.Sprintf("%s because %s (%s:%d)", subject, last.cause(it), last.File, last.Line)
}

func (s Site) subject() string {
	switch {
	case s.Moved:
		return s.Expr + " is moved to the heap"
	case s.Boxed:
		return plainExpr(s.Expr) + " is copied to the heap"
	case s.Expr == "func literal":
		return "the function literal is allocated on the heap"
	case s.Expr == "... argument":
		return "the slice of the variadic arguments is allocated on the heap"
	case s.Expr == "append":
		return "the array behind the append is allocated on the heap"
	}
	return plainExpr(s.Expr) + " is allocated on the heap"
}

// plainExpr writes a conversion as gofmt would: the compiler has ([]byte)(s).
func plainExpr(text string) string {
	if t, ok := strings.CutPrefix(text, "("); ok {
		if typ, operand, ok := strings.Cut(t, ")("); ok && !strings.ContainsAny(typ, "(*") {
			return typ + "(" + operand
		}
	}
	if internal(text) {
		return "the result"
	}
	return strings.ReplaceAll(text, "go.shape.", "")
}

// internal reports whether a name is one that only the compiler knows.
func internal(name string) bool {
	if strings.Contains(name, "<node ") {
		return true
	}
	name = strings.TrimLeft(name, "(*&")
	return strings.HasPrefix(name, "~") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "{") || strings.HasPrefix(name, "#")
}

// cause says what the step does with it, the value or its address.
func (s Step) cause(it string) string {
	switch s.What {
	case "call parameter":
		if args, ok := strings.CutPrefix(s.Expr, "append("); ok {
			dst, _, _ := strings.Cut(args, ",")
			return it + " is appended to " + dst
		}
		callee, _, _ := strings.Cut(s.Expr, "(")
		text := it + " is passed to " + either(s.callee, either(callee, "a function"))
		if s.Callee != "" {
			text += ", " + s.Callee
		}
		return text
	case "address-of":
		return "its address is taken"
	case "return":
		return it + " is returned"
	case "captured by a closure", "reference":
		return "a function literal that may outlive it captures it"
	case "send":
		return it + " is sent on a channel"
	case "slice":
		return it + " is sliced"
	case "interface-converted":
		return it + " is converted to an interface"
	case "key of map put", "map literal key":
		return it + " becomes the key of a map"
	case "switch case":
		return it + " is compared in a switch"
	case "spill":
		return "it may outlive the function"
	}
	dst := s.Expr
	if strings.Contains(s.What, "assign") {
		dst, _, _ = strings.Cut(dst, " = ")
		dst, _, _ = strings.Cut(dst, " := ")
	}
	if internal(dst) || dst == "... argument" {
		return it + " is handed on"
	}
	return it + " is stored in " + dst
}
