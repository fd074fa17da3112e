package a

// Channels whose types are type parameters.

type either[E any] interface{ ~chan E | ~<-chan E }

func lastTyped[C either[E], E any](from C) (last E) {
	for v := range from {
		last = v
	}
	return last
}

func firstTyped[C ~chan E, E any](from C, stop <-chan struct{}) (first E, ok bool) {
	select {
	case first, ok = <-from:
	case <-stop:
	}
	return first, ok
}

func feedTyped[C interface{ ~chan E }, E any](vs []E) C {
	out := make(C)
	go func() {
		defer close(out)
		for _, v := range vs {
			out <- v
		}
	}()
	return out
}

func drainedTyped(vs []int) int { return lastTyped(feedTyped[chan int](vs)) }

func heardTyped(vs []int, stop <-chan struct{}) int {
	last := 0
	for v := range feedTyped[chan int](vs) {
		last = v
	}
	return last
}
