package b

import "testing"

// Called from a test, it still runs once otherwise.
func TestSetup(t *testing.T) {
	for range 10 {
		setup(nil)
	}
}
