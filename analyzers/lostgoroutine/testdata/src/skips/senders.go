package skips

import "errors"

type mirror struct {
	url  string
	down bool
}

func weigh(m *mirror) int { return len(m.url) }

func heaviest(ms []*mirror) (most int) {
	weights := make(chan int)
	for _, m := range ms {
		if m.down {
			continue
		}
		go func() { weights <- weigh(m) }()
	}
	for range ms {
		most = max(most, <-weights) // want `this receive blocks forever if the loop at line 14 goes on to the next round without the goroutine that sends to weights, as it may: every round of this loop waits for one`
	}
	return most
}

func probe(m *mirror, out chan<- error) {
	if m.url == "" {
		out <- errors.New("no url")
		return
	}
	out <- nil
}

func probeAll(ms []mirror) error {
	errs := make(chan error, len(ms))
	for i := 0; i < len(ms); i++ {
		if !ms[i].down {
			go probe(&ms[i], errs)
		}
	}
	for i := 0; i < len(ms); i++ {
		if err := <-errs; err != nil { // want `this receive blocks forever if the loop at line 36 goes on to the next round without the goroutine`
			return err
		}
	}
	return nil
}

// None of these waits for one that was not started.

func weighUp(ms []*mirror) (most int) {
	weights := make(chan int, len(ms))
	for _, m := range ms {
		if m.down {
			weights <- 0
			continue
		}
		go func() { weights <- weigh(m) }()
	}
	for range ms {
		most = max(most, <-weights)
	}
	return most
}

func weighSome(ms []*mirror) (most int) {
	weights := make(chan int)
	n := 0
	for _, m := range ms {
		if m.down {
			continue
		}
		n++
		go func() { weights <- weigh(m) }()
	}
	for range n {
		most = max(most, <-weights)
	}
	return most
}

func weighUpOnce(ms []*mirror) (most int) {
	weights := make(chan int)
	for _, m := range ms {
		if m.down {
			go func() { weights <- 0 }()
			continue
		}
		go func() { weights <- weigh(m) }()
	}
	for range ms {
		most = max(most, <-weights)
	}
	return most
}

func weighThoseUp(ms []*mirror) (most int) {
	weights := make(chan int)
	for _, m := range ms {
		if !m.down {
			go func() { weights <- weigh(m) }()
		}
	}
	for _, m := range ms {
		if !m.down {
			most = max(most, <-weights)
		}
	}
	return most
}

func weighThoseNamed(ms map[string]mirror) (most int) {
	weights := make(chan int)
	for name, m := range ms {
		if name == "" || m.down {
			continue
		}
		go func() { weights <- weigh(&m) }()
	}
	for name, m := range ms {
		if name == "" || m.down {
			continue
		}
		most = max(most, <-weights)
	}
	return most
}

func weighSecond(ms []mirror) (most int) {
	weights := make(chan int)
	for i := range ms {
		if ms[i].url != "" {
			go func() { weights <- weigh(&ms[i]) }()
		}
	}
	for i := range ms {
		if ms[i].url != "" {
			most = max(most, <-weights)
		}
	}
	return most
}

// This one asks something else than it asked before.
func weighNamedUp(ms []mirror) (most int) {
	weights := make(chan int)
	for i := range ms {
		if ms[i].url != "" {
			go func() { weights <- weigh(&ms[i]) }() // want `this send blocks forever when weighNamedUp returns at line \d+: nobody receives from weights and it has no buffer`
		}
	}
	for i := range ms {
		if ms[i].url != "" && !ms[i].down {
			most = max(most, <-weights)
		}
	}
	return most
}

func weighUntilOneIsDown(ms []*mirror) (most int) {
	weights := make(chan int)
	for _, m := range ms {
		if m.down {
			return -1
		}
		go func() { weights <- weigh(m) }() // want `this send blocks forever when weighUntilOneIsDown returns at line \d+: nobody receives from weights and it has no buffer`
	}
	for _, m := range ms {
		if m.down {
			return -1
		}
		most = max(most, <-weights)
	}
	return most
}
