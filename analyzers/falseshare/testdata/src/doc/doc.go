package doc

import "sync"

func wrongCount(parts [][]byte) (total int) {
	counts := make([]int, len(parts))
	var wg sync.WaitGroup
	for i, part := range parts {
		wg.Go(func() {
			for _, c := range part {
				if c == '\n' {
					counts[i]++ // want `each goroutine writes its element of counts again and again, and 8 elements of 8 bytes share a cache line of 64: the cores take it from each other; count in a local variable and write the sum once, or pad the elements`
				}
			}
		})
	}
	wg.Wait()
	for _, n := range counts {
		total += n
	}
	return total
}

func rightCount(parts [][]byte) (total int) {
	counts := make([]int, len(parts))
	var wg sync.WaitGroup
	for i, part := range parts {
		wg.Go(func() {
			n := 0
			for _, c := range part {
				if c == '\n' {
					n++
				}
			}
			counts[i] = n
		})
	}
	wg.Wait()
	for _, n := range counts {
		total += n
	}
	return total
}
