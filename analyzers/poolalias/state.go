package poolalias

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// ref says which part of the pooled object's memory a value points to: the
// fields that lead there from the object, "" for the object itself.
type ref struct {
	path string
	str  bool // by way of package unsafe, as a string
}

// state is what is known at one point of one path through a function. Values
// and variables go by their names, see names.go.
type state struct {
	held   map[string]ref    // values and variables that point into the object
	consts map[string]string // values and variables of which the path knows the constant
	conds  map[string]bool   // conditions that the path has decided
	gone   map[string]bool   // parts that were given other memory
	kept   map[string]*event // variables that outlive the function, and how they got the memory
	shared []*event          // sends and goroutines that nothing has waited for
	defers []deferred        // calls to be run, oldest first
	put    *put              // how the object was put back
}

// put is what put the object, or a part of it, back.
type put struct {
	path     string
	at       *event
	deferred bool
	turned   bool // a loop has begun another turn since
}

// event is an instruction of the function at hand, or of a literal within it.
type event struct {
	instr ssa.Instruction
	ref   ref
}

type deferred struct {
	fr    *frame
	instr *ssa.Defer
}

func newState() *state {
	return &state{
		held: make(map[string]ref), consts: make(map[string]string), conds: make(map[string]bool),
		gone: make(map[string]bool), kept: make(map[string]*event),
	}
}

func (s *state) clone() *state {
	c := *s
	c.held, c.consts, c.conds = maps.Clone(s.held), maps.Clone(s.consts), maps.Clone(s.conds)
	c.gone, c.kept = maps.Clone(s.gone), maps.Clone(s.kept)
	c.shared, c.defers = slices.Clone(s.shared), slices.Clone(s.defers)
	if s.put != nil {
		p := *s.put
		c.put = &p
	}
	return &c
}

// key identifies the state among those seen at one place.
func (s *state) key(x *explorer) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(s.held)) {
		b.WriteString(k + "=" + s.held[k].path + ";")
	}
	b.WriteByte('|')
	for _, k := range slices.Sorted(maps.Keys(s.consts)) {
		b.WriteString(k + "=" + s.consts[k] + ";")
	}
	b.WriteByte('|')
	for _, k := range slices.Sorted(maps.Keys(s.conds)) {
		b.WriteString(k + "=" + strconv.FormatBool(s.conds[k]) + ";")
	}
	b.WriteByte('|')
	for _, k := range slices.Sorted(maps.Keys(s.gone)) {
		b.WriteString(k + ";")
	}
	for _, k := range slices.Sorted(maps.Keys(s.kept)) {
		b.WriteString(k + x.number(s.kept[k].instr) + ";")
	}
	for _, e := range s.shared {
		b.WriteString(x.number(e.instr) + ";")
	}
	b.WriteByte('|')
	for _, d := range s.defers {
		b.WriteString(x.number(d.instr) + ";")
	}
	if s.put != nil {
		b.WriteString("|" + s.put.path + x.number(s.put.at.instr) + strconv.FormatBool(s.put.deferred) + strconv.FormatBool(s.put.turned))
	}
	return b.String()
}

// under reports whether name is prefix, or a part of it.
func under(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	return ok && (rest == "" || strings.IndexByte("*.[#", rest[0]) >= 0)
}

// forget drops what is known of a value or variable and its parts.
func (s *state) forget(name string) {
	for k := range s.held {
		if under(k, name) {
			delete(s.held, k)
		}
	}
	for k := range s.consts {
		if under(k, name) {
			delete(s.consts, k)
		}
	}
	for k := range s.kept {
		if under(k, name) {
			delete(s.kept, k)
		}
	}
}

// assign makes all that is known of from known of to as well.
func (s *state) assign(to, from string) {
	for k, r := range maps.Clone(s.held) {
		if under(k, from) {
			s.held[to+k[len(from):]] = r
		}
	}
	for k, c := range maps.Clone(s.consts) {
		if under(k, from) {
			s.consts[to+k[len(from):]] = c
		}
	}
}

// within returns the memory that can be reached from a value or variable.
func (s *state) within(name string) (refs []ref) {
	for _, k := range slices.Sorted(maps.Keys(s.held)) {
		if under(k, name) {
			refs = append(refs, s.held[k])
		}
	}
	return refs
}

// returned reports whether memory of that path has been put back.
func (s *state) returned(path string) bool {
	return s.put != nil && within(path, s.put.path)
}

// detached reports whether the part at path has been given other memory.
func (s *state) detached(path string) bool {
	for g := range s.gone {
		if within(path, g) {
			return true
		}
	}
	return false
}

// within reports whether a path leads into the part at outer.
func within(path, outer string) bool { return under("O"+path, "O"+outer) }

// enter forgets the last run of a function.
func (s *state) enter(id string) {
	mine := func(k string) bool { return strings.HasPrefix(k, id+"%") }
	maps.DeleteFunc(s.held, func(k string, _ ref) bool { return mine(k) })
	maps.DeleteFunc(s.consts, func(k, _ string) bool { return mine(k) })
	maps.DeleteFunc(s.conds, func(k string, _ bool) bool { return strings.Contains(k, id+"%") })
}
