package imports

import (
	sl "slices"
)

func Renamed(in []string) []string {
	var out []string // want `out grows`
	for _, s := range in {
		out = append(out, s+"!")
	}
	sl.Sort(out)
	return out
}

func Hidden(in []string) []string {
	var sl []string // want `sl grows`
	for _, s := range in {
		sl = append(sl, s+"!")
	}
	return sl
}
