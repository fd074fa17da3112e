package found

import (
	"slices"
	"sync"
)

// Others of the type are wiped to their capacity, or looked at in part: no element of theirs is used again.

type guest struct {
	name  string
	notes []byte
}

type hotel struct {
	lists, spares, desks *sync.Pool
}

func (h hotel) leave(list *[]*guest) {
	*list = (*list)[:0] // want `\(\*list\)\[:0\] keeps the old \*guest values reachable from hotel.lists`
	h.lists.Put(list)
}

func (h hotel) leaveSpare(list *[]*guest) {
	clear((*list)[:cap(*list)])
	*list = (*list)[:0]
	h.spares.Put(list)
}

func (h hotel) arrivals(all []*guest, name string) (n int) {
	list := h.lists.Get().(*[]*guest)
	defer h.leave(list)
	for _, g := range all {
		if g.name == name {
			*list = append(*list, g)
		}
	}
	return len(*list)
}

func (h hotel) first(all []*guest, n int) []*guest {
	list := h.spares.Get().(*[]*guest)
	defer h.leaveSpare(list)
	for _, g := range all {
		if g.notes != nil {
			*list = append(*list, g)
		}
	}
	return slices.Clone((*list)[:min(n, len(*list))])
}

// Silent: the guests of a list are the list's own, and are used again.

type room struct {
	guest
	keys []byte
}

func (h hotel) rooms(list *[]*room) {
	*list = (*list)[:0]
	h.desks.Put(list)
}

func (h hotel) assign(names []string) (n int) {
	list := h.desks.Get().(*[]*room)
	defer h.rooms(list)
	for _, name := range names {
		if at := len(*list); at < cap(*list) {
			*list = (*list)[:at+1]
			(*list)[at].name = name
		} else {
			*list = append(*list, &room{guest: guest{name: name}})
		}
	}
	return len(*list)
}
