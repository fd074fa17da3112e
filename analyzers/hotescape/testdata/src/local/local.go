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

// Method values of what stays the same.

type pool struct{ jobs chan func() }

func (p *pool) tick() {}

func (p *pool) serve(int) {}

type route struct {
	name string
	h    func(int)
}

func (p *pool) routes(names []string) []route {
	rs := make([]route, len(names))
	for i, n := range names {
		rs[i] = route{n, p.serve} // want `the method value p.serve is allocated on every iteration, though p stays the same`
	}
	return rs
}

func (p *pool) routesOnce(names []string) []route {
	rs := make([]route, len(names))
	h := p.serve
	for i, n := range names {
		rs[i] = route{n, h}
	}
	return rs
}

func each(ps []*pool, names []string) (rs []route) {
	for _, p := range ps {
		rs = append(rs, route{"", p.serve})
	}
	return rs
}
