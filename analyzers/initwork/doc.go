// Package initwork defines a check for long work before main begins.
//
// # Analyzer initwork
//
// initwork: long work in init functions and package variables
//
// What init functions and the values of package variables do happens before main
// begins, in every program that imports the package and in each of its tests: also in
// those that use nothing of it, or only print their usage. Its errors can only be
// panicked with. The categories are, the most costly first: network, exec, sleep, compute,
// file, goroutine.
//
// WRONG:
//
//	var db = mustConnect("db:5432") // uses the network (mustConnect → net.Dial)
//
//	func mustConnect(addr string) net.Conn {
//		c, err := net.Dial("tcp", addr)
//		if err != nil {
//			panic(err)
//		}
//		return c
//	}
//
//	func init() {
//		time.Sleep(time.Second) // sleeps
//	}
//
//	func init() {
//		for i := 2; i < 1_000_000; i++ { // computes for some milliseconds
//			squares[i] = i * i
//		}
//	}
//
// RIGHT:
//
//	var connect = sync.OnceValues(func() (net.Conn, error) {
//		return net.Dial("tcp", "db:5432")
//	})
//
// Calls are followed in the package and into other packages of the module. A call counts
// where it is made every time: not under a condition, unless that is about an error.
//
// With -all, what happens under a condition, and what takes long only where there is much
// of it: regular expressions, templates, decoding, map literals of 1,000 entries or more.
//
// Not reported: registration of flags, metrics and drivers; functions that are stored and
// called later, such as those of sync.OnceValue; loops of less than a millisecond
// or of unknown length; sql.Open and other clients that connect when first used; tests.
//
// # Measured
//
// A program that runs with GODEBUG=inittrace=1 in its environment writes to standard
// error what the initialization of each package has taken. With that text in a file,
// "heapvet -inittrace trace.txt ./..." shows first what takes most, each with its
// milliseconds and the calls that cause them: see "heapvet help inittrace".
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	var zone = mustLoad("Europe/Oslo") //nolint:initwork // every program needs it
package initwork
