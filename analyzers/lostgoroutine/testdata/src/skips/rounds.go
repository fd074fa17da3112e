package skips

import "sync"

type item struct {
	id   int
	body []byte
}

func countAll(items []item, do func(item)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, it := range items {
		if len(it.body) == 0 {
			continue
		}
		go func() {
			defer wg.Done()
			do(it)
		}()
	}
	wg.Wait() // want `this Wait never returns if the loop at line \d+ goes on to the next round without a Done on wg, as it may: Add has counted every round`
}

func countNumber(n int, want func(int) bool, do func(int)) {
	var wg sync.WaitGroup
	wg.Add(n)
	for i := range n {
		if want(i) {
			go func() {
				do(i)
				wg.Done()
			}()
		}
	}
	wg.Wait() // want `this Wait never returns if the loop at line \d+ goes on to the next round without a Done on wg, as it may: Add has counted every round`
}

type crew struct{ wg sync.WaitGroup }

func (c *crew) work(it item) { c.wg.Done() }

func (c *crew) runAll(jobs map[int]item) {
	c.wg.Add(len(jobs))
	for id, it := range jobs {
		if id < 0 {
			continue
		}
		go c.work(it)
	}
	c.wg.Wait() // want `this Wait never returns if the loop at line \d+ goes on to the next round without a Done on c.wg, as it may: Add has counted every round`
}

func countDown(items []item, do func(item)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, it := range items {
		if len(it.body) == 0 {
			wg.Done()
			continue
		}
		go func() {
			defer wg.Done()
			do(it)
		}()
	}
	wg.Wait()
}

func countEach(items []item, do func(item)) {
	var wg sync.WaitGroup
	for _, it := range items {
		if len(it.body) == 0 {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			do(it)
		}()
	}
	wg.Wait()
}

// What was filtered out before is not counted.
func countKept(items []item, do func(item)) {
	var kept []item
	for _, it := range items {
		if len(it.body) > 0 {
			kept = append(kept, it)
		}
	}
	var wg sync.WaitGroup
	wg.Add(len(kept))
	for _, it := range kept {
		go func() {
			defer wg.Done()
			do(it)
		}()
	}
	wg.Wait()
}

// Some are done with by one loop, the others by the other.
func countTwice(items []item, do func(item)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, it := range items {
		if len(it.body) > 0 {
			go func() {
				defer wg.Done()
				do(it)
			}()
		}
	}
	for _, it := range items {
		if len(it.body) == 0 {
			wg.Done()
		}
	}
	wg.Wait()
}

func gatherOpen(items []item, do func(item) int) (sum int) {
	results := make(chan int)
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Go(func() { results <- do(it) })
	}
	go wg.Wait()
	for r := range results { // want `this range never ends once the goroutine started at line \d+ returns: nobody closes results`
		sum += r
	}
	return sum
}

func gatherClosed(items []item, do func(item) int) (sum int) {
	results := make(chan int)
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Go(func() { results <- do(it) })
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for r := range results {
		sum += r
	}
	return sum
}

// With no item nobody closes the channel; with some, the loop does.
func feedSome(items []item, do func(item)) {
	in := make(chan item)
	go func() {
		for it := range in { // want `this range never ends when feedSome returns at line \d+: nobody closes in`
			do(it)
		}
	}()
	if len(items) == 0 {
		return
	}
	for _, it := range items {
		in <- it
	}
	close(in)
}

func gatherCounted(items []item, do func(item) int) (sum int) {
	results := make(chan int)
	for _, it := range items {
		go func() { results <- do(it) }()
	}
	left := len(items)
	if left == 0 {
		return 0
	}
	for r := range results {
		sum += r
		if left--; left == 0 {
			break
		}
	}
	return sum
}
