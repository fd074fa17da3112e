// Package testutil helps tests.
package testutil

func Names(in []string) []string {
	var out []string // nobody counts what a test allocates
	for _, s := range in {
		out = append(out, "-"+s)
	}
	return out
}
