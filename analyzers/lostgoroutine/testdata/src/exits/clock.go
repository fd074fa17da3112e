// Package exits has loops that nothing ends, and some that something does.
package exits

import (
	"context"
	"log"
	"sync"
	"time"
)

func beat()

// A stopped ticker does not close its channel.
func withHeartbeat(work func() error) error {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	go func() { // want `this goroutine never ends: Stop at line 16 does not close the channel of the ticker that it waits for`
		for range t.C {
			beat()
		}
	}()
	return work()
}

type sampler struct {
	tick *time.Ticker
	n    int
}

func newSampler() *sampler {
	s := &sampler{tick: time.NewTicker(time.Minute)}
	go s.run() // want `this goroutine never ends: Stop at line 43 does not close the channel of the ticker that it waits for`
	return s
}

func (s *sampler) run() {
	for {
		<-s.tick.C
		s.n++
	}
}

func (s *sampler) close() { s.tick.Stop() }

// The caller gets Stop as what ends the goroutine.
func heartbeats() (stop func()) {
	t := time.NewTicker(time.Second)
	go func() { // want `this goroutine never ends: Stop at line 53 does not close the channel of the ticker that it waits for`
		for range t.C {
			beat()
		}
	}()
	return t.Stop
}

// This one ends the goroutine otherwise.
func heartbeatsUntil(done <-chan struct{}) (stop func()) {
	t := time.NewTicker(time.Second)
	go func() {
		for {
			select {
			case <-t.C:
				beat()
			case <-done:
				return
			}
		}
	}()
	return t.Stop
}

// One that is started again goes on.
type pulse struct{ tick *time.Ticker }

func newPulse() *pulse {
	p := &pulse{time.NewTicker(time.Second)}
	go func() {
		for range p.tick.C {
			beat()
		}
	}()
	return p
}

func (p *pulse) pause() { p.tick.Stop() }

func (p *pulse) goOn() { p.tick.Reset(time.Second) }

// Another one is stopped.
func twoTickers(work func()) {
	t := time.NewTicker(time.Second)
	u := time.NewTicker(time.Second)
	defer u.Stop()
	go func() {
		for range t.C {
			beat()
		}
	}()
	work()
	<-u.C
}

// The loop looks whether it is to end.
func withFlag(work func()) {
	t := time.NewTicker(time.Second)
	var mu sync.Mutex
	over := false
	defer t.Stop()
	go func() {
		for range t.C {
			mu.Lock()
			done := over
			mu.Unlock()
			if done {
				return
			}
			beat()
		}
	}()
	work()
	mu.Lock()
	over = true
	mu.Unlock()
}

// The goroutine stops its own ticker.
func until(n int) {
	t := time.NewTicker(time.Second)
	go func() {
		for range t.C {
			if n--; n == 0 {
				t.Stop()
				return
			}
		}
	}()
}

// A break leaves the select only.
func follow(events <-chan int, quit <-chan struct{}) {
	go func() {
		for {
			select {
			case e := <-events:
				if e > 0 {
					beat()
				}
			case <-quit:
				log.Print("quit")
				break // want `this break leaves the select, not the loop at line 142: nothing ends the loop`
			}
		}
	}()
}

func followWell(events <-chan int, quit <-chan struct{}) {
	go func() {
	loop:
		for {
			select {
			case <-events:
				beat()
			case <-quit:
				break loop
			}
		}
	}()
}

// What comes after the select is the work.
func woken(wake <-chan struct{}, tick <-chan time.Time) {
	for {
		select {
		case <-wake:
			break
		case <-tick:
		}
		beat()
	}
}

// Every case ends that way: it is a habit.
func habit(wake <-chan struct{}, events <-chan int) {
	for {
		select {
		case <-wake:
			break
		case e := <-events:
			println(e)
			break
		}
	}
}

// A case that only takes what comes.
func drained(wake <-chan struct{}, events <-chan int) {
	for {
		select {
		case <-wake:
		case e := <-events:
			println(e)
		}
	}
}

// When the context is done, this goes round and round.
func spin(ctx context.Context, events <-chan int) {
	for {
		select {
		case <-ctx.Done(): // want `this case does not leave the loop, and nothing else does: once the context is done, it is taken again and again`
			log.Print("done")
		case e := <-events:
			println(e)
		}
	}
}

func leave(ctx context.Context, events <-chan int) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			println(e)
		}
	}
}

// It leaves elsewhere.
func asks(ctx context.Context, tick <-chan time.Time) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick:
			beat()
		}
	}
}

// It ends the program.
func fatal(ctx context.Context, events <-chan int) {
	for {
		select {
		case <-ctx.Done():
			log.Fatal("done")
		case e := <-events:
			println(e)
		}
	}
}

// A Board shows what it is told to, until it is closed.
type Board struct {
	mu   sync.Mutex
	rows map[string]int
	quit chan struct{}
}

// Blink goes on when the board is closed.
func (b *Board) Blink(name string) {
	go func() { // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and Close does not end it either`
		for {
			time.Sleep(time.Second)
			b.mu.Lock()
			b.rows[name]++
			b.mu.Unlock()
		}
	}()
}

// Glow ends with the board.
func (b *Board) Glow(name string) {
	go func() {
		for {
			select {
			case <-time.After(time.Second):
			case <-b.quit:
				return
			}
			b.mu.Lock()
			b.rows[name]++
			b.mu.Unlock()
		}
	}()
}

// Refresh is started once, perhaps, and still goes on when the board is closed.
func (b *Board) Refresh(every time.Duration) {
	go func() { // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and Close, which closes quit, does not end it`
		for {
			time.Sleep(every)
			b.mu.Lock()
			clear(b.rows)
			b.mu.Unlock()
		}
	}()
}

func (b *Board) Close() { close(b.quit) }

// A Panel lives as long as the program.
type Panel struct{ rows map[string]int }

func (p *Panel) Blink(name string) {
	go func() {
		for {
			time.Sleep(time.Second)
			p.rows[name]++
		}
	}()
}

// A new one takes the place of what has failed, which is seldom.
type table interface{ broken() bool }

type memory struct{ n int }

func newMemory() *memory {
	m := new(memory)
	go m.age()
	return m
}

func (m *memory) age() {
	for {
		m.n++
		time.Sleep(time.Minute)
	}
}

func (m *memory) broken() bool { return false }

type front struct{ back table }

func (f *front) watch() {
	for {
		if f.back.broken() {
			f.back = newMemory()
		}
		time.Sleep(time.Second)
	}
}

// Here every round makes one.
type sheet struct{ n int }

func newSheet() *sheet {
	s := new(sheet)
	go s.age() // want `this goroutine never ends: it waits for the clock in a loop that has no way out, and line \d+ starts another one every time`
	return s
}

func (s *sheet) age() {
	for {
		s.n++
		time.Sleep(time.Minute)
	}
}

type book struct {
	top  *sheet
	full bool
}

func (b *book) write() {
	for {
		if b.full {
			b.top = newSheet()
		}
		beat()
	}
}
