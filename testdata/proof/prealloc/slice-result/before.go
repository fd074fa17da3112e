//go:build ignore

// proof: allocs slice

package main

import "errors"

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

func names(in []user) (out []string, err error) {
	for _, u := range in {
		if u.id < 0 {
			return nil, errors.New("negative")
		}
		out = append(out, u.name)
	}
	return out, nil
}

func run() { sink, _ = names(users) }

func main() { run() }
