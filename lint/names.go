package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Leads reports whether a name consists of one of the words, or begins with it; the first
// letter of the name may be small.
func Leads(name string, words ...string) bool {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(name, w); ok && WordEnds(rest) {
			return true
		}
		if rest, ok := strings.CutPrefix(name, strings.ToLower(w[:1])+w[1:]); ok && WordEnds(rest) {
			return true
		}
	}
	return false
}

// WordEnds reports whether a word of a name ends where the rest of the name begins.
func WordEnds(rest string) bool {
	c, _ := utf8.DecodeRuneInString(rest)
	return !unicode.IsLower(c)
}
