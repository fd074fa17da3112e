package contract

import (
	"io"

	"life"
)

func countLines(r io.Reader) (n int) {
	for range life.Lines(r) { // want `this range never ends if the goroutine that Lines starts returns without closing the channel, as it may: nobody else does`
		n++
	}
	return n
}

func countUntil(r io.Reader, quit <-chan struct{}) (n int) {
	for range life.LinesUntil(r, quit) { // want `this range never ends if the goroutine that LinesUntil starts returns without closing the channel, as it may: nobody else does`
		n++
	}
	return n
}

func countWords(r io.Reader) (n int) {
	for range life.Words(r) {
		n++
	}
	return n
}

func countFields(r io.Reader) (n int) {
	for range life.Fields(r, func(error) { panic("failed") }) {
		n++
	}
	return n
}

// It asks for something else, too.
func countBoth(r io.Reader, quit <-chan struct{}) (n int) {
	c := life.LinesUntil(r, quit)
	for {
		select {
		case _, ok := <-c:
			if !ok {
				return n
			}
			n++
		case <-quit:
			return n
		}
	}
}
