package silent

import "testing"

func TestCopy(t *testing.T) {
	x, y := new(Bits), new(Bits)
	x.Copy(y)
	y.Copy(x)
	done := make(chan bool)
	go func() {
		x.Copy(y)
		close(done)
	}()
	<-done
}

// The page is to be had without the lock.
func TestPage(t *testing.T) {
	b := new(book)
	p := "page"
	b.last.Store(&p)
	b.mu.Lock()
	if b.page(1) != &p {
		t.Error("another page")
	}
	b.mu.Unlock()
}
