// Package d12: strings.Builder through helper.
package d12

import (
	"strings"
	"sync"
)

var sb sync.Pool

func builder() *strings.Builder {
	v := sb.Get()
	if v == nil {
		return &strings.Builder{}
	}
	return v.(*strings.Builder)
}

func quote(b *strings.Builder, s string) {
	b.WriteByte('"')
	b.WriteString(s)
	b.WriteByte('"')
}

func Quote(s string) string {
	b := builder() // want `the \*strings\.Builder from sb may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	quote(b, s)
	out := b.String()
	sb.Put(b)
	return out
}
