//go:build ignore

// proof: behaviour

package main

type user struct{ name string }

func names(users []user) []string {
	list := make([]string, len(users))
	for _, u := range users {
		list = append(list, u.name)
	}
	return list
}

func run() string {
	if list := names([]user{{"ann"}, {"bob"}}); list[0] != "ann" || len(list) != 2 {
		return "bad: empty names in front"
	}
	return "ok"
}

func main() { println(run()) }
