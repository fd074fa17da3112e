package a

import "testing"

// A test shows what comes of it.
func TestShared(t *testing.T) {
	b := []byte("key")
	s := toString(b)
	b[0] = 'K'
	if s != "Key" {
		t.Error(s)
	}
}
