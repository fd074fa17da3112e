package profiled

func mark(...any) {}

type queue struct{}

func (q *queue) push() {
	mark() // want `profiled: on every call`
	f := func() {
		mark() // want `profiled by a call: on every call`
	}
	f()
	for range 100 {
		mark() // want `loop: on every iteration`
	}
}

func (q queue) pop() {
	mark() // want `profiled: on every call`
}

func plain() {
	mark() // want `profiled: on every call`
}

func other() {
	mark() // want `cold: once`
}

//heapvet:cold
func cold() {
	mark() // want `cold: once`
}
