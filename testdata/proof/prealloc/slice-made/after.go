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

var sink []string

func names(in []user) []string {
	out := make([]string, 0, len(in))
	for i := 0; i < len(in); i++ {
		out = append(out, in[i].name)
	}
	return out
}

func run() { sink = names(users) }

func main() { run() }
