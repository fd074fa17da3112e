package silent

type sighting struct {
	final bool
	err   error
}

// A buffer for one early and one final sighting: how many early ones there are is not known.
func firstSighting(early <-chan int, final, quit <-chan struct{}) (sighting, bool) {
	seen := make(chan sighting, 2)
	go watchFor(seen, early, final, quit)
	select {
	case s := <-seen:
		return s, true
	case <-quit:
		return sighting{}, false
	}
}

func watchFor(seen chan sighting, early <-chan int, final, quit <-chan struct{}) {
	for {
		select {
		case n := <-early:
			if n == 0 {
				continue
			}
			seen <- sighting{}
		case <-final:
			seen <- sighting{final: true}
			return
		case <-quit:
			seen <- sighting{err: nil}
			return
		}
	}
}
