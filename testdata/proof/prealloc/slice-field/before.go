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

var sink *response

type response struct {
	names []string
}

func names(in []user) *response {
	resp := &response{}
	for _, u := range in {
		resp.names = append(resp.names, u.name)
	}
	return resp
}

func run() { sink = names(users) }

func main() { run() }
