package imports

import (
	"bytes"
	"sort" // for Strings

	"example.com/other"
)

var _ other.T

func Trimmed(in [][]byte) []string {
	var out []string // want `out grows`
	for _, b := range in {
		out = append(out, string(bytes.TrimSpace(b)))
	}
	sort.Strings(out)
	return out
}
