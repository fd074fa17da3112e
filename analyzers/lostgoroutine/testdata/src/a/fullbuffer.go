package a

// The buffer is full without a second round.
func lastWord(words <-chan string, quit <-chan struct{}) (first string) {
	said := make(chan string, 1)
	go func() {
		said <- "begin"
		for {
			select {
			case w := <-words:
				if w == "" {
					continue
				}
				said <- w
			case <-quit:
				said <- "end" // want `this send blocks forever after an earlier one on the same path`
				return
			}
		}
	}()
	select {
	case first = <-said:
	case <-quit:
	}
	return first
}
