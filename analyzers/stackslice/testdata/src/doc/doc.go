package doc

type item struct{ id, size int32 }

// WRONG
func parse(fields []string) (*int32, []item) {
	var items []item
	for _, f := range fields {
		items = append(items, item{size: int32(len(f))})
	}
	first := &items[0].size // want `&items\[0\].size dangles: go1.26.8 puts the array of items on the stack and later moves it away`
	return first, items
}

// RIGHT
func parseRight(fields []string) (*int32, []item) {
	var items []item
	for _, f := range fields {
		items = append(items, item{size: int32(len(f))})
	}
	first := &items[0]
	return &first.size, items
}

// WRONG
func next(digits []byte) []byte {
	queue := []byte{}
	for _, d := range digits {
		queue = append(queue, d)
	}
	for _, d := range queue { // want `the elements of queue that this loop has yet to visit are overwritten: go1.26.8 lets append begin anew`
		if d == 0 {
			queue = queue[:0:0]
		}
		queue = append(queue, d+1)
	}
	return queue
}

// RIGHT
func nextRight(digits []byte) []byte {
	queue := []byte{}
	for _, d := range digits {
		queue = append(queue, d)
	}
	var more []byte
	for _, d := range queue {
		if d == 0 {
			more = more[:0:0]
		}
		more = append(more, d+1)
	}
	return more
}
