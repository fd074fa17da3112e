package a

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"
)

// Requests.

type server struct{ db map[string][]byte }

func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		runtime.GC()
		return
	}
	s.save(b)
	runtime.GC() // want `runtime.GC marks the whole heap on every request`
}

func (s *server) save(b []byte) {
	s.db["x"] = b
	s.cleanUp()
}

func (s *server) cleanUp() {
	debug.FreeOSMemory() // want `debug.FreeOSMemory collects the whole heap on every request and gives back pages`
}

func routes(s *server) {
	http.HandleFunc("/convert", func(w http.ResponseWriter, r *http.Request) {
		s.save(nil)
		defer debug.FreeOSMemory() // want `debug.FreeOSMemory collects the whole heap on every request`
	})
	http.HandleFunc("/gc", func(w http.ResponseWriter, r *http.Request) {
		s.save(nil)
		runtime.GC()
	})
	http.HandleFunc("/collect", func(w http.ResponseWriter, r *http.Request) {
		runtime.GC()
		fmt.Fprintln(w, "done")
	})
	http.HandleFunc("/debug/vars", vars)
	http.HandleFunc("/big", func(w http.ResponseWriter, r *http.Request) {
		s.save(nil)
		if len(s.db) > 1000 {
			runtime.GC()
		}
	})
	http.HandleFunc("/heap", func(w http.ResponseWriter, r *http.Request) {
		s.save(nil)
		runtime.GC()
		pprof.WriteHeapProfile(w)
	})
}

func vars(w http.ResponseWriter, r *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	json.NewEncoder(w).Encode(m)
}

func health(w http.ResponseWriter, r *http.Request) {
	json.NewEncoder(w).Encode(memory())
}

func memory() map[string]uint64 {
	m := new(runtime.MemStats)
	runtime.ReadMemStats(m) // want `runtime.ReadMemStats stops all goroutines on every request; runtime/metrics does not: read /gc/heap/objects:objects, /gc/heap/allocs:objects$`
	return map[string]uint64{"objects": m.HeapObjects, "mallocs": m.Mallocs}
}

func all(w http.ResponseWriter, r *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m) // want `stops all goroutines on every request; runtime/metrics does not$`
	fmt.Fprint(w, m.Alloc, m.Frees, m.Mallocs, m.NumGC, m.Sys)
}

func tune(w http.ResponseWriter, r *http.Request) {
	debug.SetGCPercent(400) // want `debug.SetGCPercent changes the collector for all requests`
	http.ServeFile(w, r, name())
	debug.SetMemoryLimit(1 << 30) // want `debug.SetMemoryLimit changes the collector for all requests`
}

func name() string { return "x" }

func ask(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, debug.SetMemoryLimit(-1), name())
}

// Items.

func work(jobs <-chan []byte) {
	for job := range jobs {
		handle(job)
		runtime.GC() // want `runtime.GC marks the whole heap on every iteration`
	}
}

func workAndTell(jobs <-chan []byte, usr <-chan os.Signal, done <-chan struct{}) {
	for {
		select {
		case job := <-jobs:
			handle(job)
			debug.FreeOSMemory() // want `debug.FreeOSMemory collects the whole heap on every iteration`
		case <-usr:
			debug.FreeOSMemory()
		case <-done:
			runtime.GC()
			return
		case <-time.After(time.Second):
			runtime.GC() // want `runtime.GC marks the whole heap every second`
		}
	}
}

func sometimes(jobs [][]byte) {
	for i, job := range jobs {
		handle(job)
		if i%1000 == 0 {
			runtime.GC() // want `runtime.GC marks the whole heap on every iteration`
		}
		if i == len(jobs)/2 {
			runtime.GC()
		}
	}
	runtime.GC()
}

func bySize(jobs [][]byte) {
	n := 0
	for _, job := range jobs {
		handle(job)
		if n += len(job); n > 1<<30 {
			debug.FreeOSMemory()
			n = 0
		}
	}
}

func throttled(jobs [][]byte, m *runtime.MemStats) {
	last := time.Now()
	for i, job := range jobs {
		handle(job)
		if i%100 != 0 {
			continue
		}
		collectAfter(&last)
	}
	for range jobs {
		collectAfter(&last)
	}
}

func collectAfter(last *time.Time) {
	if time.Since(*last) < time.Minute {
		return
	}
	*last = time.Now()
	runtime.GC()
}

func settle(pending func() int) {
	for pending() > 0 {
		runtime.GC()
		runtime.Gosched()
	}
}

func peak(jobs [][]byte) (max uint64) {
	var m, end runtime.MemStats
	go func() {
		for {
			runtime.ReadMemStats(&m)
			time.Sleep(time.Second)
		}
	}()
	runtime.ReadMemStats(&end)
	return end.Sys
}

func toggles(jobs [][]byte) {
	for _, job := range jobs {
		old := debug.SetGCPercent(-1) // want `debug.SetGCPercent changes the collector of the whole program on every iteration, and where it switches it off waits for the collection that runs; set it once, before the loop`
		handle(job)
		debug.SetGCPercent(old)
	}
}

func measure(f func(), n int) uint64 {
	var before, after runtime.MemStats
	var sum uint64
	for range n {
		runtime.GC()
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		sum += after.Mallocs - before.Mallocs
	}
	return sum
}

func waitForFinalizer(x *server) {
	done := make(chan bool, 1)
	runtime.SetFinalizer(x, func(*server) { done <- true })
	for {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// Ticks.

func monitor(ctx context.Context, gauge func(uint64)) {
	t := time.NewTicker(100 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			var m runtime.MemStats
			runtime.ReadMemStats(&m) // want `runtime.ReadMemStats stops all goroutines every 100ms; runtime/metrics does not: read /memory/classes/total:bytes`
			gauge(m.Sys)
		case <-ctx.Done():
			return
		}
	}
}

type watcher struct{ stats runtime.MemStats }

func (w *watcher) run() {
	for {
		w.collect()
		time.Sleep(5 * time.Second)
	}
}

func (w *watcher) collect() {
	runtime.ReadMemStats(&w.stats) // want `stops all goroutines every 5s; runtime/metrics does not: read /gc/heap/goal:bytes`
	fmt.Println(w.stats.NextGC)
}

func free() {
	go func() {
		for range time.Tick(2 * time.Second) {
			debug.FreeOSMemory() // want `debug.FreeOSMemory collects the whole heap every 2s`
		}
	}()
	go func() {
		for range time.Tick(time.Minute) {
			debug.FreeOSMemory()
		}
	}()
}

func trim(period time.Duration, done <-chan struct{}) {
	t := time.NewTicker(period)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			giveBack()
		case <-done:
			return
		}
	}
}

func giveBack() {
	debug.FreeOSMemory() // want `debug.FreeOSMemory collects the whole heap on every tick`
}

func configured(period time.Duration, m *runtime.MemStats) {
	for range time.Tick(period) {
		runtime.ReadMemStats(m)
	}
}

func every(period time.Duration, m *runtime.MemStats) {
	for range time.Tick(period) {
		runtime.ReadMemStats(m) // want `stops all goroutines every second`
	}
}

func start(m *runtime.MemStats) {
	go every(time.Second, m)
}

func tuner(next func() int) {
	for range time.Tick(time.Second) {
		debug.SetGCPercent(next())
	}
}

func few() {
	for range 3 {
		runtime.GC()
	}
}

func handle([]byte) {}

func init() {
	http.HandleFunc("/upload", new(server).upload)
}

// A handler that calls nothing but packages that help to answer, and yet is there for
// another purpose than the setting.

func parse(w http.ResponseWriter, r *http.Request) {
	old := debug.SetGCPercent(400) // want `debug.SetGCPercent changes the collector for all requests, not for this one`
	defer debug.SetGCPercent(old)
	if err := r.ParseMultipartForm(32 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func setTo(w http.ResponseWriter, r *http.Request) {
	debug.SetGCPercent(400)
	fmt.Fprintln(w, "ok")
}

func decoded(w http.ResponseWriter, r *http.Request) {
	var rows []map[string]string
	if err := json.NewDecoder(r.Body).Decode(&rows); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	runtime.GC() // want `runtime.GC marks the whole heap on every request`
	fmt.Fprintln(w, len(rows))
}

// Lists are loaded anew when somebody has changed them.
type lists struct {
	changed chan []string
	done    chan struct{}
	now     []string
}

func (l *lists) load(names []string) {
	l.now = append([]string(nil), names...)
	debug.FreeOSMemory()
}

func (l *lists) run() {
	for {
		select {
		case names := <-l.changed:
			l.load(names)
		case <-l.done:
			return
		}
	}
}

// Who asks for the memory statistics gets them.
func memStats(w http.ResponseWriter, r *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Fprintln(w, m)
}

// What is weighed in a comment is meant.
func loadWeighed(rows <-chan []byte) (n int) {
	seen := make(map[string]int)
	for row := range rows {
		seen[string(row)]++
		// Collect once in so many rows: what the decoder leaves behind would double the heap until the
		// load is done, and nobody waits for an answer yet.
		if n++; n%100000 == 0 {
			runtime.GC()
		}
	}
	return len(seen)
}

func loadUnweighed(rows <-chan []byte) (n int) {
	seen := make(map[string]int)
	for row := range rows {
		seen[string(row)]++
		// free memory
		if n++; n%100000 == 0 {
			runtime.GC() // want `runtime.GC marks the whole heap on every iteration`
		}
	}
	return len(seen)
}

func loadWeighedAtOnce(rows <-chan []byte) (n int) {
	seen := make(map[string]int)
	for row := range rows {
		seen[string(row)]++
		/* Collect once in so many rows: what the decoder leaves behind would double the heap until the
		load is done, and nobody waits for an answer yet. */
		if n++; n%100000 == 0 {
			runtime.GC()
		}
	}
	return len(seen)
}
