package unit

import (
	"errors"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
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

// withEscape gives the analyzers the unit's own files as the source of what the
// compiler decides.
func (t *tool) withEscape(cfg *Config, jobs []job) []job {
	var src escape.Source
	switch {
	case t.escape == escapeOff:
	case cfg.needsTypes():
		src = escape.GoList{} // without export data at hand, the go command has to make it
	default:
		src = escape.Unit{
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
		}
	}
	as := make([]*analysis.Analyzer, len(jobs))
	for i, j := range jobs {
		as[i] = j.Analyzer
	}
	with := make([]job, len(jobs))
	for i, a := range escape.With(src, as...) {
		with[i] = job{a, jobs[i].check}
	}
	return with
}
