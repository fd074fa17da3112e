package streams

import "iter"

// A reel holds what a goroutine reads ahead from a tape.

type Tape interface {
	Frames() iter.Seq2[int, error]
}

type reel struct {
	frames chan int
	err    error
	at     int
	more   bool
}

func (r *reel) advance() error {
	r.at, r.more = <-r.frames
	if !r.more {
		return r.err
	}
	return nil
}

func (r *reel) wind(frames iter.Seq2[int, error], enough <-chan struct{}) {
	defer close(r.frames)
	for f, err := range frames {
		if err != nil {
			r.err = err
			return
		}
		select {
		case r.frames <- f:
		case <-enough:
			return
		}
	}
}

func thread(tapes []Tape, enough <-chan struct{}) (reels []*reel) {
	for _, t := range tapes {
		r := &reel{frames: make(chan int, 4)}
		go r.wind(t.Frames(), enough)
		reels = append(reels, r)
	}
	return reels
}

func Project(tapes []Tape, show func(int) bool) error {
	enough := make(chan struct{})
	reels := thread(tapes, enough)
	for _, r := range reels {
		if err := r.advance(); err != nil {
			return err // want `the goroutines started at line 52 are left behind on this way: it does not close enough, as others do, and they wait at line 34 for that, or for somebody who receives, which nobody else does`
		}
	}
	defer close(enough)
	for _, r := range reels {
		for r.more && show(r.at) {
			if err := r.advance(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Here each way out closes it.

type spool struct {
	frames chan int
	at     int
	more   bool
}

func (r *spool) advance() bool {
	r.at, r.more = <-r.frames
	return r.more
}

func (r *spool) wind(next func() int, enough <-chan struct{}) {
	defer close(r.frames)
	for {
		select {
		case r.frames <- next():
		case <-enough:
			return
		}
	}
}

func load(nexts []func() int, enough <-chan struct{}) (spools []*spool) {
	for _, next := range nexts {
		r := &spool{frames: make(chan int)}
		go r.wind(next, enough)
		spools = append(spools, r)
	}
	return spools
}

func Screen(nexts []func() int, show func(int) bool) bool {
	if len(nexts) == 0 {
		return false
	}
	enough := make(chan struct{})
	spools := load(nexts, enough)
	if show == nil {
		close(enough)
		return false
	}
	defer close(enough)
	for _, r := range spools {
		if !r.advance() || !show(r.at) {
			return false
		}
	}
	return true
}

// There is room for all that is sent.

func Each(xs []int, most int) bool {
	enough := make(chan struct{})
	out := make(chan int, len(xs))
	for _, x := range xs {
		go func() {
			for {
				select {
				case out <- x:
					return
				case <-enough:
					return
				}
			}
		}()
	}
	if len(xs) > most {
		close(enough)
		return false
	}
	return true
}

func Twice(xs []int, most int) bool {
	enough := make(chan struct{})
	out := make(chan int, 2*len(xs))
	for _, x := range xs {
		go func() {
			for range 2 {
				select {
				case out <- x:
				case <-enough:
					return
				}
			}
		}()
	}
	if len(xs) > most {
		close(enough)
		return false
	}
	return true
}
