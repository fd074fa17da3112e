//go:build ignore

// proof: behaviour

package main

import "fmt"

//go:noinline
func visit(digits []int64) (seen string, queue []int64) {
	queue = []int64{}
	for _, d := range digits {
		queue = append(queue, d)
	}
	all := queue
	for i, d := range all {
		seen += fmt.Sprint(d)
		if i == 0 {
			queue = queue[3:3]
			queue = append(queue, 9, 9)
		}
	}
	return seen, queue
}

func run() string {
	if seen, _ := visit([]int64{1, 2, 3, 4}); seen != "1234" {
		return "bad: visited " + seen
	}
	return "ok"
}

func main() { fmt.Println(run()) }
