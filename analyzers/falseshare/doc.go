// Package falseshare defines a check for goroutines that write to one cache line.
//
// # Analyzer falseshare
//
// falseshare: goroutines that write to one cache line
//
// Cores share memory in lines of 64 bytes. Where goroutines write different variables of
// one line again and again, each write takes the line away from the others: elements of
// an array (elements), or fields of a struct (fields).
//
//	func wrongCount(parts [][]byte) (total int) {
//		counts := make([]int, len(parts))
//		var wg sync.WaitGroup
//		for i, part := range parts {
//			wg.Go(func() {
//				for _, c := range part {
//					if c == '\n' {
//						counts[i]++ // 8 elements of 8 bytes share a cache line
//					}
//				}
//			})
//		}
//		wg.Wait()
//		for _, n := range counts {
//			total += n
//		}
//		return total
//	}
//
//	func rightCount(parts [][]byte) (total int) {
//		counts := make([]int, len(parts))
//		var wg sync.WaitGroup
//		for i, part := range parts {
//			wg.Go(func() {
//				n := 0
//				for _, c := range part {
//					if c == '\n' {
//						n++
//					}
//				}
//				counts[i] = n
//			})
//		}
//		wg.Wait()
//		for _, n := range counts {
//			total += n
//		}
//		return total
//	}
//
// The check is off by default: how much it costs depends on the machine, and on a few
// cores it may be nothing. Measure.
//
// The function that starts a goroutine is a writer itself, until it waits for something.
//
// Not reported: elements and fields that are written once per goroutine, that are padded
// to 64 bytes, that several goroutines write anyway, or that are set to a constant.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	counts[i]++ //nolint:falseshare // measured: no difference
package falseshare
