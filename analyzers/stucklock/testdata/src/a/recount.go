package a

import "sync"

var (
	recountMu sync.Mutex
	recounted = make(chan int)
)

// Recount is called by nobody but itself.
func Recount(n int) {
	recountMu.Lock()
	recounted <- n // want `this send waits`
	recountMu.Unlock()
	if n > 0 {
		Recount(n - 1)
	}
}

func Recounted() int {
	recountMu.Lock()
	defer recountMu.Unlock()
	return <-recounted // want `this receive waits`
}
