package demand

type node struct{ next *node }

type queue struct{ items []*node }

func (q *queue) pop() *node {
	n := q.items[len(q.items)-1]
	q.items = q.items[:len(q.items)-1] // want `items is cut short`
	return n
}

func (q *queue) reset() {
	q.items = q.items[:0] // want `items is cut short, but all that was in it is still behind the end`
}

func (q *queue) clear() {
	clear(q.items)
	q.items = q.items[:0]
}

var (
	lengths  = map[string]int{}
	handlers = map[string]func(){}
)

func compute(s string) int { return len(s) }

func Length(s string) int {
	n, ok := lengths[s]
	if !ok {
		n = compute(s)
		lengths[s] = n // want `lengths only grows: Length adds each new key that it is called with, and nothing in the package deletes from it or replaces it`
	}
	return n
}

func Handle(name string, h func()) { handlers[name] = h }
