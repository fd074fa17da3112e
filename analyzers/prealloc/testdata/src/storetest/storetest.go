// Package storetest helps tests.
package storetest

func Names(in []string) []string {
	var out []string // want `out grows`
	for _, s := range in {
		out = append(out, "-"+s)
	}
	return out
}
