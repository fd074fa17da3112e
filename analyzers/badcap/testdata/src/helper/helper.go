// Package helper has numbers that functions of the package compute.
package helper

import "errors"

// Reported.

type Voxel struct{ X, Y, Z int32 }

func span(lo, hi int) int { return hi - lo }

func inclusive(lo, hi int) int { return hi - lo + 1 }

func left(b []byte, used int) int { return len(b) - used }

func Layer(all []Voxel, lo, hi int) []Voxel {
	out := make([]Voxel, 0, span(lo, hi)) // want `span\(lo, hi\) is negative when hi < lo, and make panics`
	for i := lo; i < hi && i < len(all); i++ {
		out = append(out, all[i])
	}
	return out
}

func Levels(lo, hi int) []int {
	n := inclusive(lo, hi)
	out := make([]int, n) // want `n is negative when hi\+1 < lo, and make panics`
	for i := range out {
		out[i] = lo + i
	}
	return out
}

type Grid struct{ cells []Voxel }

func (g *Grid) distance(from, to int) int { return to - from }

func (g *Grid) Between(from, to int) []Voxel {
	out := make([]Voxel, g.distance(from, to)) // want `g.distance\(from, to\) is negative when to < from, and make panics`
	for i := range out {
		out[i].X = int32(i)
	}
	return out
}

func Rest(b []byte, used int) []byte {
	out := make([]byte, left(b, used)) // want `left\(b, used\) is negative when len\(b\) < used, and make panics`
	return out
}

// Silent: checked by the caller, by the function, or by what the numbers are.

func LayerChecked(all []Voxel, lo, hi int) ([]Voxel, error) {
	if lo < 0 || hi < lo {
		return nil, errors.New("bad layer")
	}
	out := make([]Voxel, 0, span(lo, hi))
	for i := lo; i < hi && i < len(all); i++ {
		out = append(out, all[i])
	}
	return out, nil
}

func LayerSpanChecked(all []Voxel, lo, hi int) []Voxel {
	n := span(lo, hi)
	if n <= 0 {
		return nil
	}
	return make([]Voxel, n)
}

func positive(lo, hi int) int { return max(0, hi-lo) }

func LayerPositive(lo, hi int) []Voxel { return make([]Voxel, positive(lo, hi)) }

func guarded(lo, hi int) int {
	if hi < lo {
		return 0
	}
	return hi - lo
}

func LayerGuarded(lo, hi int) []Voxel { return make([]Voxel, guarded(lo, hi)) }

func Twice(all []Voxel) []Voxel {
	out := make([]Voxel, 0, span(0, len(all)))
	return append(out, all...)
}

// box keeps its bounds in order.
type box struct{ lo, hi int }

func newBox(a, b int) box { return box{min(a, b), max(a, b)} }

func (b box) size() int { return b.hi - b.lo }

func Sized(a, b int) []Voxel { return make([]Voxel, newBox(a, b).size()) }

func endless(n int) int { return endless(n-1) - 1 }

func Endless(n int) []Voxel { return make([]Voxel, endless(n)) }

// Numbers of a ring wrap around.

func ahead(from, to uint8) int { return int(to - from) }

func Ahead(from, to uint8) []Voxel { return make([]Voxel, ahead(from, to)) }

// Methods of types that others know by an interface alone.

type Strip interface {
	Cut(from, to int) []Voxel
}

type strip struct{ all []Voxel }

func NewStrip(all []Voxel) Strip { return &strip{all} }

func (s *strip) Cut(from, to int) []Voxel {
	out := make([]Voxel, 0, to-from) // want `to - from is negative when to < from, and make panics`
	for i := from; i < to && i < len(s.all); i++ {
		out = append(out, s.all[i])
	}
	return out
}

// Nobody else has one of these, or the interface does not tell of the method.

type lane struct{ all []Voxel }

func newLane(all []Voxel) Strip { return &lane{all} }

func (l *lane) Cut(from, to int) []Voxel { return make([]Voxel, 0, to-from) }

func Half(all []Voxel) []Voxel { return newLane(all).Cut(0, len(all)/2) }

type Counter interface{ Count() int }

type tally struct{ n int }

func NewCounter() Counter { return &tally{} }

func (t *tally) Count() int { return t.n }

func (t *tally) Between(from, to int) []int { return make([]int, to-from) }
