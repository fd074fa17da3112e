package unit

import (
	"errors"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// escapeMode is the value of the -escape flag.
type escapeMode string

const (
	escapeAuto   escapeMode = "auto"
	escapeOff    escapeMode = "off"
	escapeVerify escapeMode = "verify"
)

func (m *escapeMode) String() string { return string(*m) }

func (m *escapeMode) Set(v string) error {
	switch escapeMode(v) {
	case escapeAuto, escapeOff, escapeVerify:
		*m = escapeMode(v)
		return nil
	}
	return errors.New("want auto, off or verify")
}

// A witness remembers why a source failed. Checks treat that as not knowing; those
// who verify the source want to hear of it.
type witness struct {
	escape.Builder
	mu  sync.Mutex
	out *escape.Output // what Load returned last
	err error
}

func (w *witness) Load(pass *analysis.Pass) (*escape.Output, error) {
	w.mu.Lock()
	out := w.out
	w.mu.Unlock()
	if out != nil {
		return out, nil
	}
	out, err := w.Builder.Load(pass)
	w.mu.Lock()
	w.out, w.err = out, err
	w.mu.Unlock()
	return out, err
}

// Release implements [escape.Releaser].
func (w *witness) Release(pass *analysis.Pass) string { return escape.ReleaseOf(w.Builder, pass) }

// result tells the failure under the name of the prerequisite.
func (w *witness) result() *result {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &result{job: job{Analyzer: escape.Analyzer}, err: w.err}
}

// withEscape gives the analyzers the unit's own files as the source of what the
// compiler decides.
func (t *tool) withEscape(cfg *Config, jobs []job) ([]job, *witness) {
	w := new(witness)
	var src escape.Source = w
	switch {
	case t.escape == escapeOff:
		src = nil
	case cfg.needsTypes():
		w.Builder = escape.GoList{} // without export data at hand, the go command has to make it
	default:
		w.Builder = escape.Unit{
			ID:          cfg.ID,
			ImportPath:  cfg.ImportPath,
			Dir:         cfg.Dir,
			GoVersion:   cfg.GoVersion,
			GoFiles:     cfg.GoFiles,
			NonGoFiles:  cfg.NonGoFiles,
			ImportMap:   cfg.ImportMap,
			PackageFile: cfg.PackageFile,
			Standard:    cfg.Standard,
			Verify:      t.escape == escapeVerify,
			Overlay:     cfg.overlay(),
		}
	}
	as := make([]*analysis.Analyzer, len(jobs))
	for i, j := range jobs {
		as[i] = j.Analyzer
	}
	with := make([]job, len(jobs))
	as = escape.With(src, as...)
	if len(t.hot) > 0 {
		as = lint.Replace(map[*analysis.Analyzer]*analysis.Analyzer{hot.Analyzer: hot.New(t.hot)}, as...)
	}
	for i, a := range as {
		with[i] = job{a, jobs[i].check}
	}
	return with, w
}
