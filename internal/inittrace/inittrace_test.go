package inittrace_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/heapvet/heapvet/internal/inittrace"
)

func TestParse(t *testing.T) {
	const trace = `starting
init internal/bytealg @0.008 ms, 0 ms clock, 0 bytes, 0 allocs
init runtime @0.059 ms, 0.026 ms clock, 0 bytes, 0 allocs
init example.com/m/lib @1.4 ms, 20 ms clock, 4096 bytes, 12 allocs
init main @22 ms, 0.5 ms clock, 16 bytes, 1 allocs
init in the middle of a line
init example.com/m/lib @1.4 ms, 9 ms clock, 8192 bytes, 12 allocs
`
	want := []inittrace.Init{
		{"example.com/m/lib", 20, 4096, 12},
		{"main", 0.5, 16, 1},
		{"runtime", 0.026, 0, 0},
		{"internal/bytealg", 0, 0, 0},
	}
	got, err := inittrace.Parse([]byte(trace))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if _, err := inittrace.Parse([]byte("init main\n")); !errors.Is(err, inittrace.ErrNoTrace) {
		t.Errorf("no trace: %v", err)
	}
}
