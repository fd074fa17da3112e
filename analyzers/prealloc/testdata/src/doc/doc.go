// Package doc holds the examples of the documentation.
package doc

import "slices"

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

func silenced(users []*User) []string {
	//nolint:prealloc // rarely more than a handful
	var list []string
	for _, u := range users {
		list = append(list, u.Name)
	}
	return list
}
