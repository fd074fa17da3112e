//go:build ignore

// proof: allocs slice

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

var sink int

func total(in []user) int {
	var out []line
	for _, u := range in {
		out = append(out, line{name: u.name, id: u.id})
	}
	n := 0
	for i := range out {
		n += out[i].id
	}
	return n
}

type line struct {
	name, note string
	id         int
}

func run() { sink = total(users) }

func main() { run() }
