package a

import (
	"sync"
	"sync/atomic"
	"time"
)

// Elements.

func param(n int, jobs [][]int) []int64 {
	sums := make([]int64, n)
	for i := 0; i < n; i++ {
		go func(id int) {
			for _, v := range jobs[id] {
				atomic.AddInt64(&sums[id], int64(v)) // want `each goroutine writes its element of sums again and again, and 8 elements of 8 bytes`
			}
		}(i)
	}
	return sums
}

type stat struct {
	n    atomic.Int64
	size atomic.Int64
}

func structs(jobs [][]int) {
	var stats [4]stat
	for i := range stats {
		go func() {
			for range jobs[i] {
				stats[i].n.Add(1) // want `each goroutine writes its element of stats again and again, and 4 elements of 16 bytes`
			}
		}()
	}
}

type padded struct {
	n atomic.Int64
	_ [56]byte
}

func right(jobs [][]int) {
	var stats [4]padded
	results := make([]int, len(jobs))
	for i := range stats {
		go func() {
			n := 0
			local := make([]int, 8)
			for j := range jobs[i] {
				stats[i].n.Add(1)
				local[i]++
				n += j
			}
			results[i] += n
		}()
	}
	for i := range jobs {
		for range jobs[i] {
			results[i]++
		}
	}
}

// Fields.

type pipe struct {
	read    atomic.Int64
	written atomic.Int64 // want `read and written are written again and again by different goroutines, and lie 8 bytes apart in one cache line of 64`
}

func (p *pipe) reader(in []byte) {
	for range in {
		p.read.Add(1)
	}
}

func (p *pipe) start(in []byte) {
	go p.reader(in)
	go func() {
		for range in {
			p.written.Add(1)
		}
	}()
}

type apart struct {
	read    int64
	_       [64]byte
	written int64
}

func (p *apart) start(in []byte) {
	go func() {
		for range in {
			atomic.AddInt64(&p.read, 1)
		}
	}()
	go func() {
		for range in {
			atomic.AddInt64(&p.written, 1)
		}
	}()
}

type together struct{ a, b atomic.Int64 }

func (t *together) work(in []byte, wg *sync.WaitGroup) {
	for range 4 {
		wg.Go(func() {
			for range in {
				t.a.Add(1)
				t.b.Add(1)
			}
		})
	}
}

// The function that starts a goroutine goes on itself.

type meter struct {
	sent     int64
	received int64 // want `sent and received are written again and again by different goroutines, and lie 8 bytes apart`
}

func (m *meter) relay(out, in []byte) int64 {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range out {
			atomic.AddInt64(&m.sent, 1)
		}
	}()
	for i := range in {
		if in[i] > 0 {
			atomic.AddInt64(&m.received, 1)
		}
	}
	<-done
	return m.sent + m.received
}

// It has waited before it writes, or wrote before it started the other one.

type phases struct{ before, during, after int64 }

func (p *phases) run(in []byte) {
	for range in {
		p.before++
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for range in {
			p.during++
		}
	})
	wg.Wait()
	for range in {
		p.after++
	}
}

type gathered struct{ parts, sum int64 }

func (g *gathered) run(in []byte) {
	done := make(chan bool, 2)
	for range 2 {
		go func() {
			for range in {
				atomic.AddInt64(&g.parts, 1)
			}
			done <- true
		}()
	}
	for range 2 {
		<-done
	}
	for range in {
		g.sum++
	}
}

type summed struct{ parts, sum int64 }

func (s *summed) run(in []byte, results chan int) {
	go func() {
		defer close(results)
		for i := range in {
			s.parts++
			results <- i
		}
	}()
	n := 0
	for r := range results {
		n += r
	}
	for range n {
		s.sum++
	}
}

// Flags that are set once, though each in a loop.

type flags struct {
	closed, drained atomic.Bool
	state           atomic.Int32
}

func (f *flags) run(in, out []byte) {
	go func() {
		for _, b := range in {
			if b == 0 {
				f.closed.Store(true)
			}
		}
	}()
	go func() {
		for _, b := range out {
			if b == 0 && !f.drained.Load() {
				f.drained.Store(true)
			}
		}
	}()
	for _, b := range in {
		if b == 1 {
			f.state.CompareAndSwap(0, 1)
		}
	}
}

// Who starts goroutines may be the same, one time after the other.

type directions struct{ up, down int64 }

func (d *directions) copyUp(in []byte) {
	go pause()
	for range in {
		d.up++
	}
}

func (d *directions) copyDown(in []byte) {
	go pause()
	for range in {
		d.down++
	}
}

func (d *directions) both(in, out []byte) {
	d.copyUp(in)
	d.copyDown(out)
}

func pause() { time.Sleep(time.Second) }
