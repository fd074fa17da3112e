// Package deferloop defines a check for defer statements that a loop repeats.
//
// # Analyzer deferloop
//
// deferloop: find defer statements that a loop repeats
//
// A deferred call runs when its function returns, not at the end of an iteration.
// What each iteration opens stays open until then, and for each one a record of the
// call is kept on the heap, where a defer statement outside of loops needs none.
//
// Every iteration opens something that it alone uses (held):
//
//	// WRONG
//	func total(names []string) (n int64, err error) {
//		for _, name := range names {
//			f, err := os.Open(name)
//			if err != nil {
//				return 0, err
//			}
//			defer f.Close()
//			n += count(f)
//		}
//		return n, nil
//	}
//
//	// RIGHT
//	func totalClosed(names []string) (n int64, err error) {
//		for _, name := range names {
//			k, err := countFile(name)
//			if err != nil {
//				return 0, err
//			}
//			n += k
//		}
//		return n, nil
//	}
//
//	func countFile(name string) (int64, error) {
//		f, err := os.Open(name)
//		if err != nil {
//			return 0, err
//		}
//		defer f.Close()
//		return count(f), nil
//	}
//
// The loop has no end, so that the deferred calls pile up (endless):
//
//	// WRONG
//	func work(jobs <-chan job) {
//		for j := range jobs {
//			t := time.NewTicker(time.Second)
//			defer t.Stop()
//			j.run(t.C)
//		}
//	}
//
//	// RIGHT
//	func workStopped(jobs <-chan job) {
//		for j := range jobs {
//			func() {
//				t := time.NewTicker(time.Second)
//				defer t.Stop()
//				j.run(t.C)
//			}()
//		}
//	}
//
// The fix, offered where nothing in the body of the loop leaves it, runs the body in a
// function literal.
//
// Not reported: loops that leave after the defer statement on every path, and those
// that run a small constant number of times, or over a local list whose few elements are
// written down; what was there before the loop, such as
// the locks of all shards; what is kept for after the loop, in a list, a field or a
// variable, or given to a goroutine that the function may wait for, and what it has a
// view of there, such as the bytes of a buffer; listeners that are asked for their
// address; functions that wait for a channel after
// the loop, with all of it open; functions that
// take something back if the function fails, and those that recover; what the loop
// closes itself as well; the functions that cancel contexts, which ctxlost tells of;
// tests. With -all, calls are reported that end something in
// other ways than by Close, Stop and functions of the package that close what they
// get: Release and the like may be meant to hold all together; defer statements under a
// condition; and loops of functions that run once, such as main.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	defer f.Close() //nolint:deferloop // never more than two
package deferloop
