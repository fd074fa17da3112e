// Package heapvet is the suite: the one list of the checks that heapvet makes.
//
// Every face (command, vet tool, plugin, language server) takes its checks from
// here, each with instances and flags of its own.
//
// Some ideas were tried or considered and are not here, so that nobody need
// repeat the work:
//
//   - "function returns pointer to struct, return a value": true of half of all
//     constructors, and free wherever the caller inlines; hotescape reports it
//     only where the compiler confirms an allocation per iteration.
//   - struct field order (fieldalignment): its maintainers withdrew it from
//     editors for noise; it says nothing about how often the struct is allocated.
//   - "add a sync.Pool here": a pool that is not hot costs more than it saves,
//     and nothing in the source tells that it is hot.
//   - copied locks, lost cancel functions, missing contexts in requests, unclosed
//     SQL rows: vet, noctx and sqlclosecheck do these well.
package heapvet

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/analyzers/badcap"
	"github.com/heapvet/heapvet/analyzers/ctxgrows"
	"github.com/heapvet/heapvet/analyzers/ctxlost"
	"github.com/heapvet/heapvet/analyzers/ctxvalue"
	"github.com/heapvet/heapvet/analyzers/deferloop"
	"github.com/heapvet/heapvet/analyzers/dirtypool"
	"github.com/heapvet/heapvet/analyzers/fakedirective"
	"github.com/heapvet/heapvet/analyzers/falseshare"
	"github.com/heapvet/heapvet/analyzers/gcmisuse"
	"github.com/heapvet/heapvet/analyzers/hotescape"
	"github.com/heapvet/heapvet/analyzers/initwork"
	"github.com/heapvet/heapvet/analyzers/lostbody"
	"github.com/heapvet/heapvet/analyzers/lostclose"
	"github.com/heapvet/heapvet/analyzers/lostgoroutine"
	"github.com/heapvet/heapvet/analyzers/losttimer"
	"github.com/heapvet/heapvet/analyzers/needlesscopy"
	"github.com/heapvet/heapvet/analyzers/noalloc"
	"github.com/heapvet/heapvet/analyzers/nodeadline"
	"github.com/heapvet/heapvet/analyzers/poolalias"
	"github.com/heapvet/heapvet/analyzers/prealloc"
	"github.com/heapvet/heapvet/analyzers/rebuilt"
	"github.com/heapvet/heapvet/analyzers/retention"
	"github.com/heapvet/heapvet/analyzers/stackslice"
	"github.com/heapvet/heapvet/analyzers/stucklock"
	"github.com/heapvet/heapvet/analyzers/syncmap"
	"github.com/heapvet/heapvet/analyzers/unboundedgo"
	"github.com/heapvet/heapvet/analyzers/unsafealias"
	"github.com/heapvet/heapvet/analyzers/wastedpool"
	"github.com/heapvet/heapvet/lint"
)

// Suite lists all checks: heapvet's own in the order of the catalogue, then the
// adopted ones.
var Suite = slices.Concat(own, Adopted)

// own are the checks of the analyzers folder.
var own = []lint.Check{
	lostgoroutine.Check,
	losttimer.Check,
	unboundedgo.Check,
	dirtypool.Check,
	poolalias.Check,
	wastedpool.Check,
	ctxvalue.Check,
	ctxgrows.Check,
	ctxlost.Check,
	prealloc.Check,
	badcap.Check,
	hotescape.Check,
	needlesscopy.Check,
	rebuilt.Check,
	stackslice.Check,
	deferloop.Check,
	noalloc.Check,
	stucklock.Check,
	gcmisuse.Check,
	initwork.Check,
	fakedirective.Check,
	unsafealias.Check,
	syncmap.Check,
	falseshare.Check,
	lostbody.Check,
	lostclose.Check,
	nodeadline.Check,
	retention.Check,
}

// Analyzers returns fresh instances of all checks, those that are off by
// default included; the driver decides which of them run.
func Analyzers() []*analysis.Analyzer {
	as := make([]*analysis.Analyzer, 0, len(Suite))
	for _, c := range Suite {
		as = append(as, c.New())
	}
	return as
}
