package exits

import "log"

type failure struct {
	round int
	err   error
}

// The inner loop should end with a failure of this round.
func publish(find func() ([]int, error), each func(round int, parts []int, failed chan<- failure)) error {
	if _, err := find(); err != nil {
		return err
	}
	failed := make(chan failure, 10)
	for round := 0; ; round++ {
		parts, err := find()
		if err != nil {
			continue
		}
		each(round, parts, failed)
		for {
			select {
			case f := <-failed:
				log.Print(f.err)
				if f.round < round {
					continue
				}
				break // want `this break leaves the select, not the loop at line 22: nothing ends that, and the loop around it never comes round`
			}
		}
	}
}

func publishRight(find func() ([]int, error), each func(round int, parts []int, failed chan<- failure)) error {
	failed := make(chan failure, 10)
	for round := 0; ; round++ {
		parts, err := find()
		if err != nil {
			continue
		}
		each(round, parts, failed)
	wait:
		for {
			select {
			case f := <-failed:
				log.Print(f.err)
				if f.round < round {
					continue
				}
				break wait
			}
		}
	}
}

// Something else ends the inner loop; a habit.
func emptied(rounds int, in <-chan int, done <-chan struct{}) (n int) {
	for range rounds {
		for {
			select {
			case m := <-in:
				n += m
				break
			case <-done:
				return n
			}
		}
	}
	return n
}

func asked(rounds int, in <-chan int) (n int) {
	for range rounds {
		for {
			if n > 100 {
				break
			}
			select {
			case m := <-in:
				n += m
				break
			}
		}
	}
	return n
}

func endsAll(rounds int, in <-chan error) {
	for range rounds {
		for {
			select {
			case err := <-in:
				if err != nil {
					log.Fatal(err)
				}
				break
			}
		}
	}
}

// A break out of habit: the inner loop is to go on.
func served(ready func() bool, in <-chan int, serve func(int)) {
	for {
		if !ready() {
			continue
		}
		for {
			select {
			case n := <-in:
				serve(n)
				break
			}
		}
	}
}
