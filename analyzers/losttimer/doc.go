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
//				t.Stop()
//				t.Reset(time.Second)
//			case <-quit:
//				return
//			}
//		}
//	}
//
// A timer that calls a function, as AfterFunc makes it, has no channel: C is nil, and a receive
// from it blocks forever (stop-drain).
//
// In a module whose go.mod asks for a Go before 1.23, the runtime keeps a ticker that
// the program has forgotten, some 280 bytes and a wake-up each period, for ever
// (ticker), and a timer until it fires (timer). Go 1.27 no longer does, whatever
// go.mod says, and with 1.23 in go.mod no release does: this is reported only where
// neither holds.
//
//	// WRONG
//	func waitReady(ready func() bool) {
//		t := time.NewTicker(time.Second)
//		for range t.C {
//			if ready() {
//				return
//			}
//		}
//	}
//
//	// RIGHT
//	func waitReadyAndStop(ready func() bool) {
//		t := time.NewTicker(time.Second)
//		defer t.Stop()
//		for range t.C {
//			if ready() {
//				return
//			}
//		}
//	}
//
// A time.AfterFunc that watches over something, and is set back or stopped on some path,
// goes on when the function returns without stopping it (timer): it keeps what its
// function refers to until it fires, and then does to it what is no longer wanted.
//
//	// WRONG
//	func serve(conn net.Conn, idle time.Duration, handle func([]byte) error) error {
//		t := time.AfterFunc(idle, func() { conn.Close() })
//		buf := make([]byte, 4096)
//		for {
//			n, err := conn.Read(buf)
//			if err != nil {
//				return err
//			}
//			if err := handle(buf[:n]); err != nil {
//				return err
//			}
//			t.Reset(idle)
//		}
//	}
//
//	// RIGHT
//	func serveAndStop(conn net.Conn, idle time.Duration, handle func([]byte) error) error {
//		t := time.AfterFunc(idle, func() { conn.Close() })
//		defer t.Stop()
//		buf := make([]byte, 4096)
//		for {
//			n, err := conn.Read(buf)
//			if err != nil {
//				return err
//			}
//			if err := handle(buf[:n]); err != nil {
//				return err
//			}
//			t.Reset(idle)
//		}
//	}
//
// So does a timer in a field whose function sets it again whenever it fires, if nobody stops it when the
// object of the field is deleted or closed (timer): it goes on for ever.
//
// A timer is made for every message of a loop (after-in-loop): 248 bytes in 3
// allocations, and a quarter of the time that passing the message takes. Before Go
// 1.23, each of them is kept until it fires as well.
//
//	// WRONG
//	func consume(in <-chan int) {
//		for {
//			select {
//			case v := <-in:
//				handle(v)
//			case <-time.After(time.Minute):
//				return
//			}
//		}
//	}
//
//	// RIGHT
//	func consumeWithOneTimer(in <-chan int) {
//		t := time.NewTimer(time.Minute)
//		defer t.Stop()
//		for {
//			t.Reset(time.Minute)
//			select {
//			case v := <-in:
//				handle(v)
//			case <-t.C:
//				return
//			}
//		}
//	}
//
// So it is if the select is in a function that waits for one message, and a loop calls it.
//
// Not reported: time.AfterFunc whose timer nobody resets or stops, which is meant to fire;
// paths on which something may restart the timer, or a flag may tell
// that it has fired; timers that are returned, stored or handed on; time.After in a
// loop that goes round by the clock or on signals (channels of struct{}, bool, error
// or time.Time), which is seldom. For time.Tick there is SA1015.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	<-t.C //nolint:losttimer // restarted by the callback
package losttimer
