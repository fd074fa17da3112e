//go:build ignore

// proof: allocs map

package main

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

var sink map[int]user

func index(in []user) map[int]user {
	m := make(map[int]user)
	for _, u := range in {
		m[u.id] = u
	}
	return m
}

func run() { sink = index(users) }

func main() { run() }
