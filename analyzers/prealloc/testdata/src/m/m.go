// Package m has maps that are filled in loops.
package m

import (
	"maps"
	"slices"
)

type user struct {
	id   int
	name string
	kind Kind
}

func (u *user) Name() string { return u.name }

type Kind int

const (
	KindA Kind = iota
	KindB
)

func Index(in []*user) map[int]*user {
	byID := make(map[int]*user) // want `byID receives len\(in\) keys one by one`
	for _, u := range in {
		byID[u.id] = u
	}
	return byID
}

func Literal(in []user) map[string]int {
	pos := map[string]int{} // want `pos receives len\(in\) keys`
	for i := range in {
		pos[in[i].name] = i
	}
	return pos
}

func Hint(in []*user) map[string]*user {
	m := make(map[string]*user, 0) // want `m receives len\(in\) keys`
	for _, u := range in {
		if u.name == "" {
			m["none"+u.Name()] = u
			continue
		}
		m[u.Name()] = u
	}
	return m
}

func Copy(in map[string]*user) map[string]int {
	m := make(map[string]int) // want `m receives len\(in\) keys`
	for k, u := range in {
		m[k] = u.id
	}
	return m
}

func Iterator(in map[string]*user) map[string]bool {
	m := make(map[string]bool) // want `m receives len\(in\) keys`
	for k := range maps.Keys(in) {
		m[k] = true
	}
	return m
}

func Local(in []*user, order []int) (out []*user) { // want `out grows by append to len\(order\)`
	m := make(map[int]*user) // want `m receives len\(in\) keys`
	for u := range slices.Values(in) {
		m[u.id] = u
	}
	for _, id := range order {
		out = append(out, m[id])
	}
	return out
}

func LoadedLater(load func() []*user) map[int]*user {
	m := make(map[int]*user) // want `m receives len\(in\) keys`
	in := load()
	for _, u := range in {
		m[u.id] = u
	}
	return m
}

// A set that is only asked what is in it.

func Missing(in, known []string) (out []string) {
	set := make(map[string]struct{}) // want `set receives len\(known\) keys`
	for _, s := range known {
		set[s] = struct{}{}
	}
	for _, s := range in {
		if _, ok := set[s]; !ok {
			out = append(out, s)
		}
	}
	return out
}

func Filter(in []string) func(string) bool {
	m := map[string]bool{} // want `m receives len\(in\) keys`
	for _, s := range in {
		m[s] = true
	}
	return func(s string) bool { return m[s] }
}

// Silent: the keys may repeat, or be few.

func Distinct(in []string) (out []string, n int) {
	set := make(map[string]struct{})
	for _, s := range in {
		set[s] = struct{}{}
	}
	for s := range set {
		if s != "" {
			out = append(out, s)
		}
	}
	return out, len(set)
}

func Asked(in []string) (a, b bool) {
	set := make(map[string]bool)
	for _, s := range in {
		set[s] = true
	}
	return set["a"], set["b"]
}

func Set(in []string) map[string]struct{} {
	m := make(map[string]struct{})
	for _, s := range in {
		m[s] = struct{}{}
	}
	return m
}

func Seen(in []string) (out []string) {
	m := make(map[string]bool)
	for _, s := range in {
		if m[s] {
			continue
		}
		m[s] = true
		out = append(out, s)
	}
	return out
}

func Counter(in []*user) map[string]int {
	m := make(map[string]int)
	for _, u := range in {
		m[u.name]++
	}
	return m
}

func Sum(in []*user) map[string]int {
	m := make(map[string]int)
	for _, u := range in {
		m[u.name] += u.id
	}
	return m
}

func Group(in []*user) map[string][]*user {
	m := make(map[string][]*user)
	for _, u := range in {
		m[u.name] = append(m[u.name], u)
	}
	return m
}

func Enum(in []*user) map[Kind]*user {
	m := make(map[Kind]*user)
	for _, u := range in {
		m[u.kind] = u
	}
	return m
}

func Byte(in []byte) map[byte]int {
	m := make(map[byte]int)
	for i, b := range in {
		m[b] = i
	}
	return m
}

func Bucket(in []*user) map[int]*user {
	m := make(map[int]*user)
	for _, u := range in {
		m[u.id%16] = u
	}
	return m
}

func Prefix(in []string) map[string]string {
	m := make(map[string]string)
	for _, s := range in {
		m[s[:1]] = s
	}
	return m
}

func Conditional(in []*user) map[int]*user {
	m := make(map[int]*user)
	for _, u := range in {
		if u.id > 0 {
			m[u.id] = u
		}
	}
	return m
}

func SameKey(in []*user, key int) map[int]*user {
	m := make(map[int]*user)
	for _, u := range in {
		m[key] = u
	}
	return m
}

// Silent: it receives more than that.

func Union(a, b []*user) map[int]*user {
	m := make(map[int]*user)
	for _, u := range a {
		m[u.id] = u
	}
	for _, u := range b {
		m[u.id] = u
	}
	return m
}

func Merge(a []*user, b map[int]*user) map[int]*user {
	m := make(map[int]*user)
	for _, u := range a {
		m[u.id] = u
	}
	maps.Copy(m, b)
	return m
}

// Reported: one more does not matter.

func OneMore(in []*user) map[int]*user {
	m := make(map[int]*user) // want `m receives len\(in\) keys`
	for _, u := range in {
		m[u.id] = u
	}
	m[0] = nil
	return m
}

func EachTime(in [][]*user, use func(map[int]*user)) {
	for _, users := range in {
		m := make(map[int]*user) // want `m receives len\(users\) keys`
		for _, u := range users {
			m[u.id] = u
		}
		m[0] = nil
		use(m)
	}
}

// Silent: nothing to gain.

func Sized(in []*user) map[int]*user {
	m := make(map[int]*user, len(in))
	for _, u := range in {
		m[u.id] = u
	}
	return m
}

func Few() map[int]string {
	m := make(map[int]string)
	for i := range 8 {
		m[i] = "x"
	}
	return m
}

func Param(m map[int]*user, in []*user) {
	for _, u := range in {
		m[u.id] = u
	}
}

func Filled(in []*user) map[int]*user {
	m := map[int]*user{0: nil}
	for _, u := range in {
		m[u.id] = u
	}
	return m
}

// Fields that are made anew.

type table struct {
	byID  map[int]*user
	names []string
}

func Copied(in []user) map[int]*user {
	m := make(map[int]*user) // want `m receives len\(in\) keys`
	for i := range in {
		u := &in[i]
		m[u.id] = u
	}
	return m
}

func Rounded(in []*user) map[int]*user {
	m := make(map[int]*user)
	for _, u := range in {
		k := u.id / 10
		m[k] = u
	}
	return m
}

func made(in []*user) *table {
	t := new(table)
	t.byID = map[int]*user{}
	for _, u := range in {
		t.byID[u.id] = u // want `t.byID receives len\(in\) keys`
	}
	return t
}

func tableOf(in []*user) *table {
	t := &table{byID: make(map[int]*user)}
	for _, u := range in {
		t.byID[u.id] = u // want `t.byID receives len\(in\) keys`
	}
	return t
}

func names(in []*user) table {
	t := table{names: []string{}}
	for _, u := range in {
		t.names = append(t.names, u.name) // want `t.names grows by append to len\(in\)`
	}
	return t
}

func (t *table) Load(in []*user) {
	t.byID = make(map[int]*user)
	for _, u := range in {
		t.byID[u.id] = u // want `t.byID receives len\(in\) keys`
	}
}

func (t *table) Fill(in []*user) error {
	t.names = []string{}
	for _, u := range in {
		t.names = append(t.names, u.name) // want `t.names grows by append to len\(in\)`
	}
	return nil
}

// Silent: they are not.

func (t *table) Add(in []*user) {
	for _, u := range in {
		t.byID[u.id] = u
	}
}

func (t *table) Init(in []*user) {
	if t.byID == nil {
		t.byID = make(map[int]*user)
	}
	for _, u := range in {
		t.byID[u.id] = u
	}
}

func (t *table) Given(in []*user, m map[int]*user) {
	t.byID = m
	for _, u := range in {
		t.byID[u.id] = u
	}
}
