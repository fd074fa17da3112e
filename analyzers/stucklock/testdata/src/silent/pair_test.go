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
