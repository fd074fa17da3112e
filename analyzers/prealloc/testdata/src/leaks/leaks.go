// Package leaks is for tests: it takes what a *testing.T is.
package leaks

type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

func Names(in []string) []string {
	var out []string
	for _, s := range in {
		out = append(out, "-"+s)
	}
	return out
}
