// Package doc holds the examples of the documentation.
package doc

import (
	"maps"
	"slices"
	"strings"
)

type User struct {
	ID   int
	Name string
}

// WRONG
func names(users []*User) []string {
	var list []string // want "list grows by append to len.users. elements of 16 bytes, and is copied about log2.len.users.. times on the way; reserve len.users. before the loop"
	for _, u := range users {
		list = append(list, u.Name)
	}
	return list
}

func byID(users []*User) map[int]*User {
	m := make(map[int]*User) // want "m receives len.users. keys one by one and is rehashed each time it outgrows its table; make it with room for len.users."
	for _, u := range users {
		m[u.ID] = u
	}
	return m
}

func squares(n int) (list []int) { // want "list grows by append to n elements of 8 bytes, and is copied about log2.n. times on the way; reserve max.0, n. before the loop"
	for i := range n {
		list = append(list, i*i)
	}
	return list
}

func join(pages [][]*User) []*User {
	var all []*User // want "all grows by append of all the slices in pages, and is copied each time it outgrows its array; slices.Concat.pages.... makes it in one step"
	for _, page := range pages {
		all = append(all, page...)
	}
	return all
}

func ids(users map[int]*User) []int {
	return slices.Collect(maps.Keys(users)) // want "slices.Collect does not know that there are len.users. elements, and copies them about log2.len.users.. times; slices.AppendSeq to a slice with that room makes it in one step"
}

func rule(width int, mark string) string {
	var b strings.Builder // want `^b grows to width\*len\(mark\) bytes piece by piece, and is copied each time it outgrows its buffer; call b.Grow\(max\(0, width\)\*len\(mark\)\) before the loop$`
	for range width {
		b.WriteString(mark)
	}
	return b.String()
}

// RIGHT
func namesGrown(users []*User) []string {
	var list []string
	list = slices.Grow(list, len(users))
	for _, u := range users {
		list = append(list, u.Name)
	}
	return list
}

func byIDSized(users []*User) map[int]*User {
	m := make(map[int]*User, len(users))
	for _, u := range users {
		m[u.ID] = u
	}
	return m
}

func squaresGrown(n int) (list []int) {
	list = slices.Grow(list, max(0, n))
	for i := range n {
		list = append(list, i*i)
	}
	return list
}

func joined(pages [][]*User) []*User {
	return slices.Concat(pages...)
}

func idsSized(users map[int]*User) []int {
	return slices.AppendSeq(slices.Grow([]int(nil), len(users)), maps.Keys(users))
}

func silenced(users []*User) []string {
	//nolint:prealloc // rarely more than a handful
	var list []string
	for _, u := range users {
		list = append(list, u.Name)
	}
	return list
}

func ruleGrown(width int, mark string) string {
	var b strings.Builder
	b.Grow(max(0, width) * len(mark))
	for range width {
		b.WriteString(mark)
	}
	return b.String()
}
