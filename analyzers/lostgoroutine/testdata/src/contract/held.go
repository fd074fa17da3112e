package contract

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"life"
)

// A recorder writes its lines now and then; what ends that is a function that it was given.
type recorder struct {
	mu    sync.Mutex
	lines []string
	out   io.Writer
	stop  func()
}

func newRecorder(out io.Writer) *recorder { // want newRecorder:`starts a goroutine that close of 0 ends`
	r := &recorder{out: out}
	r.stop = life.Refresh(func() { r.flush() })
	return r
}

func (r *recorder) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	io.WriteString(r.out, strings.Join(r.lines, "\n"))
	r.lines = nil
}

func (r *recorder) add(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line)
}

func (r *recorder) view() *[]string { return &r.lines }

func (r *recorder) close() {
	r.flush()
	r.stop()
}

func record(lines []string, out io.WriteCloser, ok func(*[]string) bool) error {
	r := newRecorder(out) // want `newRecorder starts a goroutine that ends only after close: record returns at line \d+ without calling it, and nobody else can`
	for _, l := range lines {
		r.add(l)
		if !ok(r.view()) {
			return out.Close()
		}
	}
	r.close()
	return nil
}

type pulses struct {
	beats  <-chan time.Time
	cancel func()
}

func openPulses(d time.Duration) (*pulses, error) { // want openPulses:`starts a goroutine that Close of 0 ends`
	if d <= 0 {
		return nil, errors.New("no time between pulses")
	}
	beats, cancel := life.Beats(d)
	return &pulses{beats, cancel}, nil
}

func (p *pulses) Close() error {
	p.cancel()
	return nil
}

func (p *pulses) next() time.Time { return <-p.beats }

func firstPulse(d time.Duration) (time.Time, error) {
	p, err := openPulses(d) // want `openPulses starts a goroutine that ends only after Close: firstPulse returns`
	if err != nil {
		return time.Time{}, err
	}
	return p.next(), nil
}

// None of these forgets it.

func recordWell(lines []string, out io.Writer) {
	r := newRecorder(out)
	defer r.close()
	for _, l := range lines {
		r.add(l)
	}
}

func recordElsewhere(out io.Writer, to chan<- *recorder) bool {
	r := newRecorder(out)
	r.add("begin")
	select {
	case to <- r:
		return true
	default:
		r.close()
		return false
	}
}

// Others have what ends it.
type shared struct{ stop func() }

func newShared(all *[]func()) *shared {
	s := &shared{stop: life.Refresh(func() {})}
	*all = append(*all, s.stop)
	return s
}

func (s *shared) close() { s.stop() }

func share(all *[]func()) {
	s := newShared(all)
	if len(*all) > 1 {
		return
	}
	s.close()
}

// It is kept by somebody from the beginning.
var recorders []*recorder

func newKept(out io.Writer) *recorder {
	r := &recorder{out: out}
	r.stop = life.Refresh(r.flush)
	recorders = append(recorders, r)
	return r
}

func keep(out io.Writer) {
	newKept(out).add("begin")
}

// Its context ends it.
type changes struct {
	lines <-chan string
	stop  func()
}

func watchChanges(ctx context.Context, path string) *changes { // want watchChanges:`starts a goroutine that close of 0 ends`
	lines, stop, err := life.Changes(ctx, path)
	if err != nil {
		return nil
	}
	return &changes{lines, stop}
}

func (c *changes) close() { c.stop() }

func firstChangeOf(ctx context.Context, path string) string {
	return <-watchChanges(ctx, path).lines
}

// Another function takes the place of the first.
type restarted struct{ stop func() }

func newRestarted() *restarted { return &restarted{life.Refresh(func() {})} }

func (r *restarted) restart() {
	r.stop()
	r.stop = life.Refresh(func() {})
}

func (r *restarted) close() { r.stop() }

func restartOnce() {
	newRestarted().restart()
}
