// Package badcap finds capacities and lengths that are wrong: that panic, that
// input chooses, that are never used, or that fill a slice with zeros.
//
// # Analyzer badcap
//
// badcap: find sizes that panic, mislead, or cost for nothing
//
// The number that make or Grow is given decides more than speed.
//
// A number that is negative panics, at run time and in production: a loop from
// start to end is empty where end is less than start, but the make with
// end-start before it is not that patient (negative):
//
//	// WRONG
//	func Window(rows []Row, start, end int) []Row {
//		out := make([]Row, 0, end-start) // end - start is negative when end < start, and make panics
//		for i := start; i < end && i < len(rows); i++ {
//			out = append(out, rows[i])
//		}
//		return out
//	}
//
//	// RIGHT
//	func WindowSafe(rows []Row, start, end int) []Row {
//		out := make([]Row, 0, max(0, end-start))
//		for i := start; i < end && i < len(rows); i++ {
//			out = append(out, rows[i])
//		}
//		return out
//	}
//
// A number that is read from input is as large as somebody wants it to be: four
// bytes make the first function allocate 4 GiB, or panic, before the second byte
// of the body is there (untrusted):
//
//	// WRONG
//	func Frame(r io.Reader, head []byte) ([]byte, error) {
//		n := binary.BigEndian.Uint32(head)
//		body := make([]byte, n) // n comes from binary.Uint32 and has no upper bound: a few bytes of input make this allocate up to 4 GiB; compare it with a limit first
//		_, err := io.ReadFull(r, body)
//		return body, err
//	}
//
//	// RIGHT
//	func FrameLimited(r io.Reader, head []byte) ([]byte, error) {
//		n := binary.BigEndian.Uint32(head)
//		if n > maxFrame {
//			return nil, errTooLarge
//		}
//		body := make([]byte, n)
//		_, err := io.ReadFull(r, body)
//		return body, err
//	}
//
// Room that is hardly ever filled costs more than growing: to keep 1 % of
// 10,000 numbers takes 82 KB in 1 allocation with room for all of them, and 2 KB
// in 8 without, in half of the time. A list of errors is empty on a good day; room
// for it is an allocation on each call that succeeds (wasted):
//
//	// WRONG
//	func Validate(rows []Row) []error {
//		errs := make([]error, 0, len(rows)) // errs reserves room for len(rows) errors, also when there are none: that is an allocation on every call that succeeds; start from an empty list
//		for _, r := range rows {
//			if r.Name == "" {
//				errs = append(errs, errNoName)
//			}
//		}
//		return errs
//	}
//
//	// RIGHT
//	func ValidateLazily(rows []Row) []error {
//		errs := []error{}
//		for _, r := range rows {
//			if r.Name == "" {
//				errs = append(errs, errNoName)
//			}
//		}
//		return errs
//	}
//
// A length is not a capacity: append adds behind the zeros (len-not-cap):
//
//	// WRONG
//	func Names(rows []Row) []string {
//		names := make([]string, len(rows)) // names is made with len(rows) zero elements, and append adds behind them; for room only, write make([]string, 0, len(rows))
//		for _, r := range rows {
//			names = append(names, r.Name)
//		}
//		return names
//	}
//
//	// RIGHT
//	func NamesOnly(rows []Row) []string {
//		names := make([]string, 0, len(rows))
//		for _, r := range rows {
//			names = append(names, r.Name)
//		}
//		return names
//	}
//
// Since Go 1.26, a slice that a function builds and returns has its first 32 bytes
// on the stack. A make of that size takes them away: ten numbers cost 3 allocations
// and 224 bytes with room for 4, and 2 and 192 without (guess-too-small):
//
//	// WRONG
//	func Lengths(rows *Rows) []int {
//		out := make([]int, 0, 4) // room for 4 is an allocation of 32 bytes that out outgrows; without it, the first 32 bytes are on the stack and cost nothing
//		for rows.Next() {
//			out = append(out, rows.Len())
//		}
//		return out
//	}
//
//	// RIGHT
//	func LengthsGrown(rows *Rows) []int {
//		out := []int{}
//		for rows.Next() {
//			out = append(out, rows.Len())
//		}
//		return out
//	}
//
// So is room for fewer elements than are appended in any case, one statement after the
// other. Where the number is known by a length, prealloc says which.
//
// The suggested fixes write max(0, …) around a capacity, which is a hint only, and
// an empty literal for room that is not wanted, and the right number for one that is
// too small; all keep nil and empty as they are. A negative or missing length has no fix: what it should be, only you know.
//
// # Not reported
//
// Differences that something on the way shows not to be negative: conditions,
// min and max, what is known of len, cap, copy, searches, prefixes and reads;
// indexing or slicing that panics anyway; differences of loop variables, of
// fields of one struct that no other function compares, and of whatever else the callers cannot choose freely.
// Of functions that are not exported the calls in the package decide. Negative
// hints of maps, which are harmless. Numbers from input that are compared with
// anything but zero, or handed to a function whose answer decides; numbers of 16
// bits and others that cannot ask for more than 64 MiB; numbers from flags, the
// environment, files of settings, and helpers that panic if they cannot read; input
// of commands that use no network. Filters, unless they keep one in eight, only
// what failed, or of large elements those with one value of a key. Slices that are filled, copied to, handed on or sliced before they
// grow; zeros in front of numbers that may be padding; a length of 1. Tests.
//
// With the flag -badcap.all it also reports requests of gRPC handlers, numbers in
// the input of commands, zeros in front of any element, and tests.
//
// # To silence it
//
// Put this on its line or on the line above:
//
//	//nolint:badcap // the index is written by this process only
package badcap
