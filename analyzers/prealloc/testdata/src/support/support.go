// Package support helps tests.
package support

import "testing"

func Names(t *testing.T, in []string) []string {
	var out []string
	for _, s := range in {
		out = append(out, t.Name()+s)
	}
	return out
}
