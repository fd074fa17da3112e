package a

// Who ranges over a channel waits for a close, however often its sender goes round.

func feedUntil(more func() bool, use func(int)) {
	in := make(chan int)
	go func() {
		for v := range in { // want `this range never ends once feedUntil returns: nobody closes in`
			use(v)
		}
	}()
	for more() {
		in <- 1
	}
}

func feedSpan(workers int, from, to int64, use func(int64)) {
	in := make(chan int64)
	for range workers {
		go func() {
			for v := range in { // want `this range never ends once feedSpan returns: nobody closes in`
				use(v)
			}
		}()
	}
	for v := from; v < to; v++ {
		in <- v
	}
}

func feedSpanClosed(workers int, from, to int64, use func(int64)) {
	in := make(chan int64)
	defer close(in)
	for range workers {
		go func() {
			for v := range in {
				use(v)
			}
		}()
	}
	for v := from; v < to; v++ {
		in <- v
	}
}

// One of the rounds closes it.
func feedUntilClosed(next func() (int, bool), use func(int)) {
	in := make(chan int)
	go func() {
		for v := range in {
			use(v)
		}
	}()
	for {
		v, ok := next()
		if !ok {
			close(in)
			return
		}
		in <- v
	}
}

// The last value tells the end.
func feedMarked(more func() bool, use func(int)) {
	in := make(chan int)
	go func() {
		for v := range in {
			if v < 0 {
				return
			}
			use(v)
		}
	}()
	for more() {
		in <- 1
	}
	in <- -1
}
