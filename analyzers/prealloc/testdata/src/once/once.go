// Package once has loops that are small or rare by what the program shows.
package once

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const checks = false

type node struct {
	name     string
	kind     int
	children map[string]*node
	order    []*node
}

// Silent: the children of a node in a tree, which the function goes on to.

func (n *node) walk(visit func(*node)) {
	visit(n)
	names := slices.Collect(maps.Keys(n.children))
	slices.Sort(names)
	for _, name := range names {
		n.children[name].walk(visit)
	}
}

func (n *node) depth() int {
	var todo []*node
	for _, c := range n.order {
		todo = append(todo, c)
	}
	most := 0
	slices.Reverse(todo)
	for _, c := range todo {
		most = max(most, c.depth())
	}
	return most + 1
}

// Reported: a tree, but not its children.

func (n *node) Names() []string {
	var names []string // want `names grows`
	for name := range n.children {
		names = append(names, name)
	}
	return names
}

// Silent: a switch that is off.

func (n *node) Add(c *node) {
	n.order = append(n.order, c)
	if checks {
		n.check()
	}
}

func (n *node) check() {
	seen := make(map[*node]int)
	for i, c := range n.order {
		seen[c] = i
	}
	if len(seen) != len(n.order) {
		panic("twice")
	}
}

// Reported: called each time.

func (n *node) Remove(c *node) int { return n.positions()[c] }

func (n *node) positions() map[*node]int {
	at := make(map[*node]int) // want `at receives`
	for i, c := range n.order {
		at[c] = i
	}
	return at
}

// Silent: nothing but init calls it.

var root = &node{}

func init() { root.load([]string{"a"}) }

func (n *node) load(names []string) {
	n.children = make(map[string]*node)
	for _, name := range names {
		n.children[name] = &node{name: name}
	}
}

// Reported: it may be called through an interface.

type loader interface{ reload(names []string) }

func init() { root.reload(nil) }

func (n *node) reload(names []string) {
	n.children = make(map[string]*node)
	for _, name := range names {
		n.children[name] = &node{name: name} // want `n.children receives`
	}
}

// Silent: what it costs to put a list into words is the words.

func (n *node) String() string {
	var list []string
	for _, c := range n.order {
		list = append(list, fmt.Sprint(c.kind))
	}
	return strings.Join(list, " ")
}

// Reported: a String that is no method.

func String(in []*node) string {
	var list []string // want `list grows`
	for _, c := range in {
		list = append(list, c.name)
	}
	return strings.Join(list, " ")
}

// Silent: keys that come from less than the element.

func byLength(in []string) map[int]string {
	m := make(map[int]string)
	for _, s := range in {
		m[len(s)] = s
	}
	return m
}

// Silent: options of a command.

type list struct {
	items []string
	set   map[string]bool
}

func (l *list) String() string { return strings.Join(l.items, ",") }

func (l *list) Set(text string) error {
	words := strings.Split(text, ",")
	l.set = make(map[string]bool)
	for i, w := range words {
		l.set[w] = i > 0
	}
	return nil
}

// Reported: another field of the object is another place.

type shelf struct {
	books map[int]string
	list  []int
}

func (s *shelf) Sorted() []int {
	s.list = nil
	for n := range s.books {
		s.list = append(s.list, n) // want `s.list grows`
	}
	slices.Sort(s.list)
	return s.list
}

func ByIndex(in [][]string) []string {
	var all []string // want `slices.Concat\(in...\) makes it in one step`
	for i := range in {
		all = append(all, in[i]...)
	}
	return all
}

// Silent: it is not all of each.

func Next(in [][]string) []string {
	var all []string
	for i := range in[1:] {
		all = append(all, in[i+1]...)
	}
	return all
}
