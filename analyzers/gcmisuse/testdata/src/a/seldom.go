package a

import (
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"time"
)

// A loop of which each iteration waits for a signal.

func reloads(create func() func()) {
	sigs := make(chan os.Signal, 1)
	signal.Notify(sigs, os.Interrupt)
	for {
		end := create()
		debug.FreeOSMemory()
		for {
			sig := <-sigs
			end()
			if sig == os.Interrupt {
				return
			}
			break
		}
	}
}

func counts(jobs [][]byte, sigs chan os.Signal) {
	for _, j := range jobs {
		handle(j)
		runtime.GC() // want `on every iteration`
		select {
		case <-sigs:
			return
		default:
		}
	}
}

// Clocks kept in a field, whose period is a setting.

type fetcher struct {
	period time.Duration
	clock  *time.Ticker
	lists  map[string][]byte
}

func newFetcher(setting time.Duration) *fetcher {
	var period time.Duration
	if setting > 0 {
		period = setting
	} else {
		period = 12 * time.Hour
	}
	return &fetcher{period: period}
}

func (f *fetcher) start() { f.clock = time.NewTicker(f.period) }

func (f *fetcher) run(stop chan error, fetch func() map[string][]byte) {
	for {
		runtime.GC()
		select {
		case <-stop:
			return
		case <-f.clock.C:
			f.lists = fetch()
		}
	}
}

type sampler struct {
	period time.Duration
	clock  *time.Ticker
}

func newSampler(setting time.Duration) *sampler {
	s := &sampler{period: time.Second}
	if setting > 0 {
		s.period = setting
	}
	s.clock = time.NewTicker(s.period)
	return s
}

func (s *sampler) run(sample func()) {
	for range s.clock.C {
		sample()
		runtime.GC() // want `marks the whole heap every second`
	}
}
