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
	case s.Expr == "func literal":
		return "the function literal is allocated on the heap"
	case s.Expr == "... argument":
		return "the slice of the variadic arguments is allocated on the heap"
	case s.Expr == "append":
		return "the array behind the append is allocated on the heap"
	}
	return s.Expr + " is allocated on the heap"
}

// cause says what the step does with it, the value or its address.
func (s Step) cause(it string) string {
	switch s.What {
	case "call parameter":
		if args, ok := strings.CutPrefix(s.Expr, "append("); ok {
			dst, _, _ := strings.Cut(args, ",")
			return it + " is appended to " + dst
		}
		text := it + " is passed to " + callee(s.Expr)
		if s.Callee != "" {
			text += ", " + s.Callee
		}
		return text
	case "return":
		return it + " is returned"
	case "captured by a closure", "reference":
		return "a function literal that may outlive it captures it"
	case "send":
		return it + " is sent on a channel"
	case "interface-converted":
		return it + " is converted to an interface"
	case "key of map put", "map literal key":
		return it + " becomes the key of a map"
	case "spill":
		return "it may outlive the function"
	}
	if dst, _, ok := cutAssign(s.Expr); ok && strings.HasPrefix(s.What, "assign") {
		return it + " is stored in " + dst
	}
	return it + " is stored in " + s.Expr
}

// describe names the step as a note at its place.
func (s Step) describe() string {
	switch s.What {
	case "address-of":
		return "its address is taken here"
	case "spill":
		return "it is made here"
	case "slice":
		return "it is sliced here"
	}
	return s.cause("it") + " here"
}

func callee(expr string) string {
	name, _, _ := strings.Cut(expr, "(")
	if name == "" {
		return "a function"
	}
	return name
}

func cutAssign(expr string) (dst, src string, ok bool) {
	for _, op := range []string{" := ", " = "} {
		if dst, src, ok := strings.Cut(expr, op); ok {
			return dst, src, true
		}
	}
	return "", "", false
}
