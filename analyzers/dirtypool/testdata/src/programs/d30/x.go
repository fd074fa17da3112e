// Package d30: slot set in New param and unset bool through interface method.
package d30

import "sync"

type visitor interface{ visit(n *node) }

type node struct {
	kids []*node
	val  int
}

type finder struct {
	want  int
	found bool
	depth int
}

func (f *finder) visit(n *node) {
	if n.val == f.want {
		f.found = true
	}
	for _, k := range n.kids {
		f.visit(k)
	}
}

var finders = sync.Pool{New: func() any { return &finder{} }}

func walk(v visitor, n *node) { v.visit(n) }

func Has(root *node, want int) bool {
	f := finders.Get().(*finder) // want `the \*finder from finders may still hold its previous user.s field found: it is reset neither after this Get nor before its Put`
	f.want = want
	walk(f, root)
	ok := f.found
	finders.Put(f)
	return ok
}
