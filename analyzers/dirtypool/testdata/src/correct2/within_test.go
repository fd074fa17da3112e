package correct2

import "testing"

// For comparison.
func releaseAsBefore(r *roll21) {
	r.lines = r.lines[:0]
	rolls21.Put(r)
}

func BenchmarkRelease(b *testing.B) {
	for b.Loop() {
		r := rolls21.Get().(*roll21)
		r.add(line21{cells: make([]cell21, 8)})
		releaseAsBefore(r)
	}
}
