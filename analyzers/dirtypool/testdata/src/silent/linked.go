package silent

import "sync"

// Two objects that point to each other have no first of them, and neither has their pool.
type half struct {
	other *half
	sets  sync.Pool
	name  string
}

func pair() {
	left, right := &half{}, &half{}
	left.other = right
	right.other = left
	left.sets.New = func() any { return new(half) }
	h, _ := left.sets.Get().(*half)
	h.name = ""
	right.sets.Put(h)
}
