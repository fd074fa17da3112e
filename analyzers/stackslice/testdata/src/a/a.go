package a

type pair struct{ a, b int64 }

type nested struct {
	p   pair
	arr [2]int32
}

type large struct{ x [5]int64 }

type holder struct{ p *int64 }

var global *int64

func field(n int) (*int64, []pair) {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	p := &s[0].a // want `&s\[0\].a dangles`
	return p, s
}

func twoAppends() (*int64, []pair) {
	s := []pair{}
	s = append(s, pair{1, 2})
	s = append(s, pair{3, 4})
	p := &s[1].b // want `&s\[1\].b dangles`
	return p, s
}

func named(n int) (s []pair, p *int64) {
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	p = &s[0].a // want `&s\[0\].a dangles`
	return
}

func stored(n int, h *holder) []pair {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	h.p = &s[0].a    // want `dangles`
	global = &s[0].b // want `dangles`
	return s
}

func collected(n int) ([]*int64, []pair) {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	var ptrs []*int64
	for i := range s {
		ptrs = append(ptrs, &s[i].a) // want `dangles`
	}
	return ptrs, s
}

func inner(n int) (*int64, []int32, []nested) {
	var s []nested
	for range n {
		s = append(s, nested{})
	}
	p := &s[0].p.b   // want `&s\[0\].p.b dangles`
	q := s[0].arr[:] // want `s\[0\].arr\[:\] dangles`
	return p, q, s
}

func assigned(n int, out *[]pair) int64 {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	p := &s[0].a // want `dangles`
	*out = s
	*p = 7
	return s[0].a
}

// The neighbours that are compiled right.

func element(n int) (*int64, []pair) {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	e := &s[0]
	return &e.a, s
}

func made(n int) (*int64, []pair) {
	s := make([]pair, 0, n)
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	p := &s[0].a
	return p, s
}

func big(n int) (*int64, []large) {
	var s []large
	for range n {
		s = append(s, large{})
	}
	p := &s[0].x[1]
	return p, s
}

func once(x pair) (*int64, []pair) {
	var s []pair
	s = append(s, x)
	p := &s[0].a
	return p, s
}

func sameStatement(n int) (*int64, []pair) {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	return &s[0].a, s
}

func twoReturns(n int) (*int64, []pair) {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	if n > 3 {
		return nil, s
	}
	p := &s[0].a
	return p, s
}

func scratch(n int) []pair {
	var s []pair
	for i := range n {
		s = append(s, pair{int64(i), 0})
	}
	p := &s[0].a
	*p = 3
	fill(&s[0].b)
	return s
}

func fill(p *int64) { *p = 1 }

func captured(n int) (*int64, []pair) {
	var s []pair
	add := func(x pair) { s = append(s, x) }
	for i := range n {
		add(pair{int64(i), 0})
	}
	p := &s[0].a
	return p, s
}

type link struct{ next *pair }

func through(n int) (*int64, []link) {
	var s []link
	for range n {
		s = append(s, link{new(pair)})
	}
	p := &s[0].next.a
	return p, s
}

// Loops.

func reused(b []byte) []byte {
	s := []byte{}
	for _, x := range b {
		s = append(s, x)
	}
	for _, x := range s { // want `overwritten`
		s = s[3:3]
		s = append(s, x, x)
	}
	return s
}

func grown(b []byte) []byte {
	s := []byte{}
	for _, x := range b {
		s = append(s, x)
	}
	for _, x := range s {
		s = append(s, x)
	}
	return s
}

func keys(b []byte) []byte {
	s := []byte{}
	for _, x := range b {
		s = append(s, x)
	}
	for range s {
		s = s[1:]
		s = append(s, 1)
	}
	return s
}

func unrelated(b []byte) (s []byte) {
	for _, x := range b {
		s = s[:0]
		s = append(s, x)
	}
	return s
}
