package lostgoroutine

import (
	"fmt"
	"go/token"
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

// unstarted reports waits for a goroutine that nobody may have started.
func (f *finder) unstarted() {
	for _, u := range f.model.Unstarted() {
		start, name := u.Go.Parent().Name(), f.operand(u.Wait.Instr, token.NoPos)
		f.report(u.Wait.Instr, noPartner, fmt.Sprintf("this receive blocks forever unless %s has started the goroutine at %s, which alone closes %s: it refuses to when %s is set, so this may come first; ask whether it is started",
			start, f.line(u.Go.Pos()), name, u.Flag.Name()), analysis.RelatedInformation{Pos: u.Go.Pos(), Message: "the goroutine is started here"})
	}
}
