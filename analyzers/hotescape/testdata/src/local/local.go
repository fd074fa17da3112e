// Package local makes lists and method values that do not leave the function.
package local

import "math"

type point struct{ x, y float64 }

func (p *point) scale(f float64) { p.x *= f }

// The list is only filled and read.

func hull(xs, ys []float64) (area float64) {
	pts := make([]*point, 0, len(xs))
	for i := range xs {
		pts = append(pts, &point{xs[i], ys[i]}) // want `each element of pts \(16 bytes\) is allocated by itself on every iteration; keep values in pts`
	}
	for i := 1; i < len(pts); i++ {
		area += pts[i-1].x*pts[i].y - pts[i].x*pts[i-1].y
	}
	return area / 2
}

func table(names []string, vals []float64) map[string]float64 {
	rows := map[string]*point{}
	for i, n := range names {
		rows[n] = &point{vals[i], float64(i)} // want `each element of rows \(16 bytes\) is allocated by itself on every iteration`
	}
	out := make(map[string]float64, len(rows))
	for n, p := range rows {
		out[n] = p.x + p.y
	}
	return out
}

// Elements that are changed, kept or handed on through their pointers.

func scaled(xs []float64) (sum float64) {
	var pts []*point
	for _, x := range xs {
		pts = append(pts, &point{x: x})
	}
	for _, p := range pts {
		p.scale(2)
	}
	for _, p := range pts {
		sum += p.x
	}
	return sum
}

func farthest(xs []float64) *point {
	var pts []*point
	for _, x := range xs {
		pts = append(pts, &point{x: x})
	}
	best := pts[0]
	for _, p := range pts {
		if math.Abs(p.x) > math.Abs(best.x) {
			best = p
		}
	}
	return best
}

func all(xs []float64) []*point {
	var pts []*point
	for _, x := range xs {
		pts = append(pts, &point{x: x})
	}
	return pts
}

// Elements that are put into an interface, as others are.

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s *square) area() float64 { return s.side * s.side }

func areas(sides []float64) (sum float64) {
	var shapes []shape
	for _, s := range sides {
		shapes = append(shapes, &square{s})
	}
	for _, s := range shapes {
		sum += s.area()
	}
	return sum
}

// A list that leaves the function longer than it is here, or with elements that others have made.

func framed(xs []float64, frame []*point) []*point {
	var pts []*point
	for _, x := range xs {
		pts = append(pts, &point{x: x})
	}
	return append(pts, frame...)
}

func withFrame(xs []float64, frame []*point) (sum float64) {
	var pts []*point
	for _, x := range xs {
		pts = append(pts, &point{x: x})
	}
	pts = append(pts, frame...)
	for _, p := range pts {
		sum += p.x
	}
	return sum
}
