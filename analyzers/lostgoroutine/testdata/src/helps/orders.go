package helps

import "time"

// NextOrder fails the test if there is none.
func (r *Rig) NextOrder() int {
	got := make(chan int)
	go func() {
		n, err := r.orders()
		if err != nil {
			return
		}
		got <- n
	}()
	select {
	case n := <-got:
		return n
	case <-time.After(time.Second):
		r.Error("no order")
	}
	return 0
}

func orderOf(r Rig, wait time.Duration) (n int) {
	got := make(chan int)
	go func() {
		n, _ := r.orders()
		got <- n
	}()
	select {
	case n = <-got:
	case <-time.After(wait):
	}
	return n
}

// Simulate knows of no test.
func Simulate(orders func() int, wait time.Duration) (n int) {
	got := make(chan int)
	go func() {
		got <- orders() // want `this send blocks forever`
	}()
	select {
	case n = <-got:
	case <-time.After(wait):
	}
	return n
}
