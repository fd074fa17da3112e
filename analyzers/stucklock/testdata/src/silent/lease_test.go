package silent

import "testing"

func TestLease(t *testing.T) {
	l := NewLease()
	n := 42
	for i := 0; i < n; i++ {
		if ok := l.Take(); !ok {
			t.Fatal("over")
		}
	}
	go l.End()
	for i := 0; i < n; i++ {
		l.GiveBack()
	}
}
