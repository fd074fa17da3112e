// Package losttimer defines a check for timers that block, leak or cost.
//
// # Analyzer losttimer
//
// losttimer: timers that block, leak or cost
//
// A timer whose channel has been read is drained (stop-drain). Stop returns false
// when the timer has fired, also when its value has been taken already, and then
// the receive waits for a value that nobody will send: the goroutine is stuck.
//
//	// WRONG
//	func debounce(t *time.Timer, reset, quit <-chan struct{}) {
//		for {
//			select {
//			case <-t.C:
//			case <-reset:
//				if !t.Stop() {
//					<-t.C
//				}
//				t.Reset(time.Second)
//			case <-quit:
//				return
//			}
//		}
//	}
//
// Since Go 1.23 neither Stop nor Reset leaves an old value behind, so that there is
// nothing to drain; before, a select with a default drains safely:
//
//	// RIGHT
//	func debounceSafely(t *time.Timer, reset, quit <-chan struct{}) {
//		for {
//			select {
//			case <-t.C:
//			case <-reset:
//				if !t.Stop() {
//					select {
//					case <-t.C:
//					default:
//					}
//				}
//				t.Reset(time.Second)
//			case <-quit:
//				return
//			}
//		}
//	}
//
// Not reported: a case that may restart the timer or note that it has fired.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	<-t.C //nolint:losttimer // restarted by the callback
package losttimer
