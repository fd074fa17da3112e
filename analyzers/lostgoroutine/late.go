package lostgoroutine

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/syncmodel"
)

// lateEnds reports waits for goroutines that are told to end only after the wait.
func (f *finder) lateEnds() {
	for _, l := range f.model.LateEnds() {
		if f.ends(l.Wait.Fn) || f.reportedGate(l.Gate) {
			continue
		}
		category, what := waitGroup, "this Wait never returns"
		if l.Wait.Kind != syncmodel.Wait {
			category, what = lostSignal, "this receive blocks forever"
		}
		var ways []string
		for _, s := range l.Gate.Waits {
			way := "its context is cancelled"
			if s.Chan != nil {
				way = "somebody sends to " + f.operand(s.At, s.Pos()) + " or closes it"
			}
			if !slices.Contains(ways, way) {
				ways = append(ways, way)
			}
		}
		end := l.End.Pos()
		f.report(l.Wait.Instr, category, fmt.Sprintf("%s: it waits for the goroutine started at %s, which ends only when %s, and that comes after it, at %s",
			what, f.line(l.Gate.Go.Pos()), strings.Join(ways, " or "), f.line(end)),
			analysis.RelatedInformation{Pos: l.Gate.Go.Pos(), Message: "the goroutine is started here"},
			analysis.RelatedInformation{Pos: end, Message: "this would end it"})
	}
}
