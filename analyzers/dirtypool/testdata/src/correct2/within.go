package correct2

import "sync"

// What the elements of a slice point to is set to nothing one by one: their own
// arrays stay on purpose.
type cell21 struct{ text, link string }

type line21 struct {
	cells []cell21
	width int
}

type page21 struct{ lines []line21 }

var pages21 = sync.Pool{New: func() any { return new(page21) }}

func (p *page21) add(l line21) { p.lines = append(p.lines, l) }

func release21(p *page21) {
	for i := range p.lines {
		for j := range p.lines[i].cells {
			p.lines[i].cells[j].text = ""
			p.lines[i].cells[j].link = ""
		}
	}
	p.lines = p.lines[:0]
	pages21.Put(p)
}

func Page21(lines []line21) int {
	p := pages21.Get().(*page21)
	defer release21(p)
	for _, l := range lines {
		p.add(l)
	}
	return len(p.lines)
}

// Here they are only read.
type roll21 struct{ lines []line21 }

var rolls21 = sync.Pool{New: func() any { return new(roll21) }}

func (r *roll21) add(l line21) { r.lines = append(r.lines, l) }

func (r *roll21) release() (n int) {
	for i := range r.lines {
		for j := range r.lines[i].cells {
			n += len(r.lines[i].cells[j].text)
		}
	}
	r.lines = r.lines[:0] // want `r.lines\[:0\] keeps the old line21 values reachable from rolls21; clear\(r.lines\) first`
	rolls21.Put(r)
	return n
}

func Roll21(lines []line21) int {
	r := rolls21.Get().(*roll21)
	for _, l := range lines {
		r.add(l)
	}
	return r.release()
}
