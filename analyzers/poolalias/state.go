package poolalias

import (
	"hash/maphash"
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
	alias  map[string]string // values and variables that point to memory with a name of its own: the name
	consts map[string]string // values and variables of which the path knows the constant
	conds  map[string]bool   // conditions that the path has decided
	gone   map[string]bool   // parts that were given other memory
	kept   map[string]*event // variables that outlive the function, and how they got the memory
	shared []*event          // sends and goroutines that nothing has waited for
	defers []deferred        // calls to be run, oldest first
	put    *put              // how the object was put back; never changed in place
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
		held: make(map[string]ref), alias: make(map[string]string), consts: make(map[string]string), conds: make(map[string]bool),
		gone: make(map[string]bool), kept: make(map[string]*event),
	}
}

func (s *state) clone() *state {
	c := *s
	c.held, c.consts, c.conds = maps.Clone(s.held), maps.Clone(s.consts), maps.Clone(s.conds)
	c.alias, c.gone, c.kept = maps.Clone(s.alias), maps.Clone(s.gone), maps.Clone(s.kept)
	c.shared, c.defers = slices.Clone(s.shared), slices.Clone(s.defers)
	return &c
}

// seed makes the hashes of [state.key].
var seed = maphash.MakeSeed()

// key identifies the state among those seen at one place. The order of its parts
// does not matter, but for the deferred calls.
func (s *state) key() (sum uint64) {
	add := func(parts ...string) {
		var h maphash.Hash
		h.SetSeed(seed)
		for _, p := range parts {
			h.WriteString(p)
			h.WriteByte(0)
		}
		sum += h.Sum64()
	}
	for k, r := range s.held {
		add("held", k, r.path)
	}
	for k, a := range s.alias {
		add("alias", k, a)
	}
	for k, c := range s.consts {
		add("const", k, c)
	}
	for k, c := range s.conds {
		add("cond", k, strconv.FormatBool(c))
	}
	for k := range s.gone {
		add("gone", k)
	}
	for k, e := range s.kept {
		sum += maphash.Comparable(seed, keptAt{k, e.instr})
	}
	for _, e := range s.shared {
		sum += maphash.Comparable(seed, e.instr)
	}
	for i, d := range s.defers {
		sum += maphash.Comparable(seed, deferAt{i, d.instr})
	}
	if s.put != nil {
		sum += maphash.Comparable(seed, putAt{s.put.path, s.put.at.instr, s.put.deferred, s.put.turned})
	}
	return sum
}

type (
	keptAt struct {
		loc   string
		instr ssa.Instruction
	}
	deferAt struct {
		i     int
		instr *ssa.Defer
	}
	putAt struct {
		path             string
		instr            ssa.Instruction
		deferred, turned bool
	}
)

// share notes that others may use the object from now on. Each place counts once:
// a loop that comes by again starts no path of its own.
func (s *state) share(e *event) {
	if !slices.ContainsFunc(s.shared, func(old *event) bool { return old.instr == e.instr && old.ref == e.ref }) {
		s.shared = append(s.shared, e)
	}
}

// postpone notes a deferred call. Of those that a loop defers, two stand for all.
func (s *state) postpone(d deferred) {
	n := 0
	for _, old := range s.defers {
		if old.instr == d.instr && old.fr == d.fr {
			n++
		}
	}
	if n < 2 {
		s.defers = append(s.defers, d)
	}
}

// under reports whether name is prefix, or a part of it.
func under(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	return ok && (rest == "" || strings.IndexByte("*.[#", rest[0]) >= 0)
}

// forget drops what is known of a value or variable and its parts.
func (s *state) forget(name string) {
	s.drop(func(k string) bool { return under(k, name) })
}

// drop forgets some values and variables. What others still point to gets a name
// of theirs.
func (s *state) drop(is func(string) bool) {
	renamed := make(map[string]string)
	for {
		var left []string
		for k, target := range s.alias {
			if is(target) && !is(k) {
				left = append(left, k)
			}
		}
		if left == nil {
			break
		}
		slices.Sort(left)
		for _, k := range left {
			target := s.alias[k]
			delete(s.alias, k)
			if name, ok := renamed[target]; ok {
				s.points(k, name)
				continue
			}
			renamed[target] = k + "*"
			s.learn(k+"*", s.of(target))
		}
	}
	maps.DeleteFunc(s.held, func(k string, _ ref) bool { return is(k) })
	maps.DeleteFunc(s.alias, func(k, _ string) bool { return is(k) })
	maps.DeleteFunc(s.consts, func(k, _ string) bool { return is(k) })
	maps.DeleteFunc(s.kept, func(k string, _ *event) bool { return is(k) })
}

// points notes that a value or variable points to memory of that name. What lies
// far away, as in a list that a loop walks along, gets no name of its own: else
// there would be no end of them.
func (s *state) points(name, mem string) {
	if mem[0] != 'O' && mem[0] != '=' && mem != name+"*" && strings.Count(mem, "*") <= 4 {
		s.alias[name] = mem
		if own := name + "*"; !under(mem, own) {
			// What is there goes by the other name: a copy would not change with it.
			maps.DeleteFunc(s.held, func(k string, _ ref) bool { return under(k, own) })
			maps.DeleteFunc(s.alias, func(k, _ string) bool { return under(k, own) })
			maps.DeleteFunc(s.consts, func(k, _ string) bool { return under(k, own) })
		}
	}
}

// known is what a state knows of the parts of one value or variable.
type known struct {
	held          map[string]ref // by what leads there
	alias, consts map[string]string
}

// of returns what is known of a value or variable.
func (s *state) of(name string) (n known) {
	for k, r := range s.held {
		if under(k, name) {
			if n.held == nil {
				n.held = make(map[string]ref)
			}
			n.held[k[len(name):]] = r
		}
	}
	for k, a := range s.alias {
		if under(k, name) {
			if n.alias == nil {
				n.alias = make(map[string]string)
			}
			n.alias[k[len(name):]] = a
		}
	}
	for k, c := range s.consts {
		if under(k, name) {
			if n.consts == nil {
				n.consts = make(map[string]string)
			}
			n.consts[k[len(name):]] = c
		}
	}
	return n
}

// learn makes that known of another value or variable.
func (s *state) learn(name string, n known) {
	for part, r := range n.held {
		s.held[name+part] = r
	}
	for part, a := range n.alias {
		s.points(name+part, a)
	}
	for part, c := range n.consts {
		s.consts[name+part] = c
	}
}

// assign makes all that is known of from known of to as well.
func (s *state) assign(to, from string) { s.learn(to, s.of(from)) }

// within returns the memory that can be reached from a value or variable.
func (s *state) within(name string) (refs []ref) {
	names := []string{name}
	for i := 0; i < len(names); i++ {
		for k, target := range s.alias {
			if under(k, names[i]) && !slices.Contains(names, target) {
				names = append(names, target)
			}
		}
	}
	var found []string
	for k := range s.held {
		if slices.ContainsFunc(names, func(n string) bool { return under(k, n) }) {
			found = append(found, k)
		}
	}
	slices.Sort(found)
	refs = slices.Grow(refs, len(found))
	for _, k := range found {
		refs = append(refs, s.held[k])
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

// leave forgets the run of a function, but for what others know.
func (s *state) leave(id string) {
	s.drop(func(k string) bool { return strings.HasPrefix(k, id+"%") && !s.keeps(root(k)) })
	maps.DeleteFunc(s.conds, func(k string, _ bool) bool { return strings.Contains(k, id+"%") })
}

// keeps reports whether a variable that belongs to a value outlives the function.
func (s *state) keeps(value string) bool {
	for loc := range s.kept {
		if root(loc) == value {
			return true
		}
	}
	return false
}
