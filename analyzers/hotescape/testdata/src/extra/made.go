package extra

import (
	"context"
	"log/slog"
)

type server struct{ n int }

func (s *server) handle(int) {}

func each(s *server, xs []int, run func(func(int), int)) {
	for _, x := range xs {
		run(s.handle, x) // want `the method value s.handle is allocated on every iteration, though s stays the same; assign it to a variable before the loop`
	}
}

func eachOther(all []*server, run func(func(int))) {
	for _, s := range all {
		run(s.handle) // another one each time
	}
}

// A value that is copied, and a field that is set.

type stamp struct{ n int }

func (s stamp) at(int) {}

type front struct{ now *server }

func copies(s *stamp, xs []int, run func(func(int), int)) {
	for _, x := range xs {
		s.n++
		run(s.at, x)
	}
}

func moves(f *front, all []*server, run func(func(int))) {
	for _, s := range all {
		f.now = s
		run(f.now.handle)
	}
}

func (f *front) turn(s *server) { f.now = s }

func turns(f *front, all []*server, run func(func(int))) {
	for _, s := range all {
		f.turn(s)
		run(f.now.handle)
	}
}

func stays(f *front, xs []int, run func(func(int), int)) {
	for _, x := range xs {
		run(f.now.handle, x) // want `the method value f.now.handle is allocated on every iteration`
	}
}

func direct(s *server, xs []int) {
	for _, x := range xs {
		s.handle(x)
	}
}

type pixel struct{ x, y int }

func fill(xs []int) []*pixel {
	var list []*pixel
	for _, x := range xs {
		list = append(list, &pixel{x, x}) // want `each element of list \(16 bytes\) is allocated by itself on every iteration; keep values in list, if nobody needs their addresses while it grows`
	}
	return list
}

func index(xs []int) map[int]*pixel {
	m := make(map[int]*pixel)
	for _, x := range xs {
		m[x] = &pixel{x, x} // want `each element of m \(16 bytes\) is allocated by itself on every iteration`
	}
	return m
}

func fillValues(xs []int) []pixel {
	var list []pixel
	for _, x := range xs {
		list = append(list, pixel{x, x})
	}
	return list
}

func wait(xs []int, start func(int, chan struct{})) {
	for _, x := range xs {
		done := make(chan struct{}) // want `the channel done is allocated on every iteration; a sync.WaitGroup that is kept needs none`
		start(x, done)
	}
}

func record(log *slog.Logger, xs []int, names []string) {
	for i, x := range xs {
		log.Debug("seen", "x", x+1000, "name", names[i]) // want `is copied to the heap on every iteration to pass it to log.Debug as an interface; slog.LogAttrs with typed attributes needs no interface`
		log.Debug("seen")
	}
}

func guarded(log *slog.Logger, ctx context.Context, xs []int) {
	verbose := log.Enabled(ctx, slog.LevelDebug)
	for _, x := range xs {
		if verbose {
			log.Debug("seen", "x", x+1000)
		}
		if log.Enabled(ctx, slog.LevelInfo) {
			log.Info("seen", "x", x+1000)
		}
	}
}

func rules(xs []int, keep func([]string)) {
	for range xs {
		keep([]string{"GET", "HEAD"}) // want `a list of 2 constants is allocated on every iteration; make it a package variable, if nobody changes it`
	}
}

func lookups(words []string) (n int) {
	for _, w := range words {
		m := map[string]int{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9}
		m[w]++ // its own
		n += len(m)
		few := map[string]int{"a": 1, "b": 2}
		n += few[w]
	}
	return n
}

// A logger of the package hands on what it is given.

type journal struct{ log *slog.Logger }

func (j *journal) note(msg string, kv ...any) { j.log.Debug(msg, kv...) }

func (j *journal) count(msg string, kv ...any) int { return len(msg) + len(kv) }

func (j *journal) steps(xs []int) (n int) {
	for _, x := range xs {
		j.note("step", "x", x+1000) // want `is copied to the heap on every iteration to pass it to j.note as an interface`
		n += j.count("step", "x", x+1000)
	}
	return n
}
