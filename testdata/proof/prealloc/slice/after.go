//go:build ignore

// proof: allocs slice

package main

import "slices"

type user struct {
	id   int
	name string
}

var users = makeUsers(100)

func makeUsers(n int) []user {
	list := make([]user, n)
	for i := range list {
		list[i] = user{i, "name"}
	}
	return list
}

var sink []string

func names(in []user) []string {
	var out []string
	out = slices.Grow(out, len(in))
	for _, u := range in {
		out = append(out, u.name)
	}
	return out
}

func run() { sink = names(users) }

func main() { run() }
