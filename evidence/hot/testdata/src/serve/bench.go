// In a file of its own name, so that all variants of the package have it.
package serve

import "testing"

func Benchmark(b *testing.B) {
	prepared()
	for b.Loop() {
		measured()
	}
	b.Run("sub", func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			measured()
		}
	})
}

func Test(t *testing.T) {
	for range 100 {
		tested()
	}
}
