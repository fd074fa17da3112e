package doc

import "time"

// WRONG
func debounce(t *time.Timer, reset, quit <-chan struct{}) {
	for {
		select {
		case <-t.C:
		case <-reset:
			if !t.Stop() {
				<-t.C // want `this receive blocks forever when another case of the select at line 8 has taken the value of t\.C before: Stop returns false then, too`
			}
			t.Reset(time.Second)
		case <-quit:
			return
		}
	}
}

// RIGHT
func debounceSafely(t *time.Timer, reset, quit <-chan struct{}) {
	for {
		select {
		case <-t.C:
		case <-reset:
			if !t.Stop() {
				select {
				case <-t.C:
				default:
				}
			}
			t.Reset(time.Second)
		case <-quit:
			return
		}
	}
}
