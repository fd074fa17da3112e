package imports

import . "slices"

func Dot(in []string) []string {
	var out []string // want `out grows`
	for _, s := range in {
		out = append(out, s+"!")
	}
	Sort(out)
	return out
}
