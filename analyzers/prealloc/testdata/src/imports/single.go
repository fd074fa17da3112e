package imports

import "fmt"

func Single(in []int) []string {
	var out []string // want `out grows`
	for _, n := range in {
		out = append(out, fmt.Sprint(n))
	}
	return out
}
