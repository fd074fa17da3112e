package demand

import "errors"

// Who collects forgets each of the two channels when it is closed, and leaves when both are.
type sieve struct {
	fine   chan int
	coarse chan error
}

func newSieve() *sieve { return &sieve{fine: make(chan int), coarse: make(chan error)} }

func (s *sieve) shake(grains []int) {
	defer close(s.coarse)
	defer close(s.fine)
	for _, g := range grains {
		if g > 9 {
			s.coarse <- errors.New("coarse")
			continue
		}
		s.fine <- g
	}
}

func (s *sieve) collect(grains []int) (sum int, errs []error) {
	go s.shake(grains)
	fine, coarse := s.fine, s.coarse
	for fine != nil || coarse != nil {
		select {
		case g, ok := <-fine:
			if !ok {
				fine = nil
				continue
			}
			sum += g
		case err, ok := <-coarse:
			if !ok {
				coarse = nil
				continue
			}
			errs = append(errs, err)
		}
	}
	return sum, errs
}

// This one leaves when the first is.
type screen struct {
	fine   chan int
	coarse chan error
}

func newScreen() *screen { return &screen{fine: make(chan int), coarse: make(chan error)} }

func (s *screen) shake(grains []int) {
	for _, g := range grains {
		if g > 9 {
			s.coarse <- errors.New("coarse") // want `this send blocks forever once collect has returned at line \d+: nobody else receives from s.coarse`
			continue
		}
		s.fine <- g // want `this send blocks forever once collect has returned at line \d+: nobody else receives from s.fine`
	}
}

func (s *screen) collect(grains []int) (sum int) {
	go s.shake(grains)
	for {
		select {
		case g := <-s.fine:
			if sum += g; sum > 99 {
				return sum
			}
		case err := <-s.coarse:
			if err != nil {
				return sum
			}
		}
	}
}
