package a

import "io"

// The one who leaves is not the function that starts it all, but the goroutine that waits for the sum.
func sumOfReader(r io.Reader, done chan<- error) {
	out := make(chan struct{})
	go func() {
		defer close(out)
		w, sum := summing()
		if _, err := io.Copy(w, r); err != nil {
			done <- err
			return
		}
		w.Close()
		println(<-sum)
		done <- nil
	}()
	<-out
}

func summing() (io.WriteCloser, chan int) {
	res := make(chan int)
	pr, pw := io.Pipe()
	go func() {
		n := 0
		buf := make([]byte, 512)
		for {
			k, err := pr.Read(buf)
			n += k
			if err == io.EOF {
				break
			}
			if err != nil {
				return
			}
		}
		res <- n // want `this send blocks forever when the goroutine started at line 8 returns at line 13: nobody receives from res and it has no buffer; the goroutine started at line 25 never ends`
	}()
	return pw, res
}

// Who finds it first tells the others, but one of them may be past the question.
func mine(from, to, parts int, good func(int) bool) int {
	over := make(chan struct{})
	found := make(chan int)
	dig := func(from, to int) {
		for i := from; i < to; i++ {
			select {
			case <-over:
				return
			default:
				if good(i) {
					found <- i // want `a goroutine started at line \d+ that comes to this send after mine has returned blocks forever: nobody receives from found and it has no buffer`
					return
				}
			}
		}
		found <- -1 // want `a goroutine started at line \d+ that comes to this send after mine has returned blocks forever`
	}
	for p := range parts {
		go dig(from+p*(to-from)/parts, from+(p+1)*(to-from)/parts)
	}
	for range parts {
		if i := <-found; i >= 0 {
			close(over)
			return i
		}
	}
	return -1
}

// What recover makes of a panic comes instead of the result, not after it.
func each(jobs []func(int) (int, bool)) ([]chan int, bool) {
	ok := true
	results := make([]chan int, len(jobs))
	ended := make(chan bool, len(jobs))
	for i, job := range jobs {
		result := make(chan int, 1)
		results[i] = result
		go func(i int, job func(int) (int, bool), result chan int) {
			defer func() {
				if p := recover(); p != nil {
					result <- -1
					close(result)
					ended <- false
				}
			}()
			n, stop := job(i)
			result <- n
			close(result)
			ended <- stop
		}(i, job, result)
	}
	for i := 0; i < len(jobs); i++ {
		if stop := <-ended; stop {
			ok = false
			break
		}
	}
	return results, ok
}
