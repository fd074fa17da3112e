//go:build ignore

// proof: allocs

package main

type user struct {
	id   int
	name string
	tags []string
}

var users = make([]user, 100)

//go:noinline
func find(users []user, id int) string {
	var found *user
	for _, u := range users {
		if u.id == id {
			match := u
			found = &match
			break
		}
	}
	if found == nil {
		return ""
	}
	return found.name
}

func run() {
	users[99] = user{id: 7, name: "grace"}
	if find(users, 7) != "grace" {
		panic("not found")
	}
}

func main() {
	for range 3 {
		run()
	}
}
