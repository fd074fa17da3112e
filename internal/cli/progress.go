package cli

import (
	"context"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// A progress is a line on a terminal that says how far a run is. A nil progress
// shows nothing.
type progress struct {
	done, findings atomic.Int64
	cancel         context.CancelFunc
	ended          chan struct{}
}

// patience is how long a run may take before the progress line appears. A run
// whose packages are all cached ends before it.
const patience = time.Second

// startProgress shows the progress of an analysis of the packages on w, or
// returns nil if w is no terminal.
func startProgress(ctx context.Context, w io.Writer, build, patterns []string) *progress {
	if !isTerminal(w) {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &progress{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		select {
		case <-time.After(patience):
			p.show(ctx, w, build, patterns)
		case <-ctx.Done():
		}
	}()
	return p
}

// show draws the line until the context ends.
func (p *progress) show(ctx context.Context, w io.Writer, build, patterns []string) {
	erase := func() { io.WriteString(w, "\r\x1b[K") }
	defer erase()
	options := []progressbar.Option{
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(24),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "━", SaucerPadding: "┄", BarStart: " ", BarEnd: " "}),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine of its own, which would outlive the spinner
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetPredictTime(false),
	}
	bar := progressbar.NewOptions(-1, options...)
	total := countUnits(ctx, build, patterns)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case n := <-total:
			if total = nil; n > 0 {
				erase()
				bar = progressbar.NewOptions(n, append(options, progressbar.OptionShowCount())...)
			}
		case <-tick.C:
			bar.Describe("heapvet: " + plural(int(p.findings.Load()), "finding"))
			if done := int(p.done.Load()); total != nil || done < bar.GetMax() {
				bar.Set(done)
			}
		case <-ctx.Done():
			return
		}
	}
}

// countUnits asks how many units go vet prints an object for.
func countUnits(ctx context.Context, build, patterns []string) <-chan int {
	const dots = `{{if or .GoFiles .CgoFiles .TestGoFiles}}.{{end}}{{if .XTestGoFiles}}.{{end}}`
	total := make(chan int, 1)
	go func() {
		cmd := exec.CommandContext(ctx, "go", slices.Concat([]string{"list", "-e", "-f", dots}, build, []string{"--"}, patterns)...)
		ownGroup(cmd)
		out, _ := cmd.Output()
		total <- strings.Count(string(out), ".")
	}()
	return total
}

// step says that so many units are done and so many findings are known.
func (p *progress) step(done, findings int) {
	if p != nil {
		p.done.Store(int64(done))
		p.findings.Store(int64(findings))
	}
}

// finish removes the line.
func (p *progress) finish() {
	if p != nil {
		p.cancel()
		<-p.ended
	}
}
