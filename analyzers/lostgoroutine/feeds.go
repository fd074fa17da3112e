package lostgoroutine

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// Feeds is the fact of a function that starts a goroutine which sends to the channel that
// the function returns, and waits for a receiver.
type Feeds struct {
	Result int
}

// AFact marks Feeds as a fact.
func (*Feeds) AFact() {}

func (s *Feeds) String() string {
	return fmt.Sprintf("starts a goroutine that sends to result %d", s.Result)
}

// thrownAway reports calls that throw away a channel to which a goroutine sends.
func (f *finder) thrownAway() {
	own := make(map[*types.Func]*syncmodel.Feed)
	for _, feed := range f.model.Feeds() {
		obj := feed.Fn.Object().(*types.Func)
		own[obj] = feed
		if obj.Exported() && !lint.IsTest(f.pass, feed.Fn.Pos()) {
			f.pass.ExportObjectFact(obj, &Feeds{feed.Result})
		}
	}
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) || lint.IsTest(f.pass, fn.Pos()) && !f.all {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				obj, ok := lazyssa.Callee(call).(*types.Func)
				if !ok {
					continue
				}
				fact := new(Feeds)
				var rel []analysis.RelatedInformation
				if feed := own[obj.Origin()]; feed != nil {
					fact.Result = feed.Result
					rel = append(rel, analysis.RelatedInformation{Pos: feed.Send.Pos(), Message: "this send waits for a receiver"})
				} else if obj.Pkg() == f.pass.Pkg || !f.pass.ImportObjectFact(obj.Origin(), fact) {
					continue
				}
				if feed := own[obj.Origin()]; (feed == nil || !f.reported(feed.Send)) && !uses(call, fact.Result) {
					f.report(call, abandonedSend, fmt.Sprintf("the channel that %s returns is thrown away: the goroutine that sends to it blocks forever", obj.Name()), rel...)
				}
			}
		}
	}
}

// uses reports whether anything is done with a result of a call.
func uses(call *ssa.Call, result int) bool {
	for _, ref := range *call.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Extract:
			if ref.Index == result && len(*ref.Referrers()) > 0 {
				return true
			}
		default:
			return true
		}
	}
	return false
}
