package imports

func Taken(slices []string) []string {
	var out []string // want `out grows`
	for _, s := range slices {
		out = append(out, s+"!")
	}
	return out
}
