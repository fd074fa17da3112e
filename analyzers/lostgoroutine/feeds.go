package lostgoroutine

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
)

// Feeds is the fact of a function that starts a goroutine which sends to the channel that
// the function returns, and waits for a receiver, or does not always close it.
type Feeds struct {
	Result int
	Waits  bool // for a receiver
	Many   bool // it may send more than once
	Fails  bool // it sends only when something has failed
	Open   bool // it may return without closing the channel
}

// AFact marks Feeds as a fact.
func (*Feeds) AFact() {}

func (s *Feeds) String() string {
	if s.Open {
		return fmt.Sprintf("starts a goroutine that may leave result %d open", s.Result)
	}
	return fmt.Sprintf("starts a goroutine that sends to result %d", s.Result)
}

// thrownAway reports calls that throw away a channel to which a goroutine sends, or that
// leave it behind.
func (f *finder) thrownAway() {
	own := make(map[*types.Func]*syncmodel.Feed)
	for _, feed := range f.model.Feeds() {
		obj := feed.Fn.Object().(*types.Func)
		own[obj] = feed
		f.deaf(feed)
		if obj.Exported() && !f.tests.Has(feed.Fn.Pos()) && (feed.Send != nil || feed.Open != nil) {
			f.pass.ExportObjectFact(obj, &Feeds{feed.Result, feed.Send != nil, feed.Many, feed.Fails, feed.Open != nil})
		}
	}
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) || f.tests.Has(fn.Pos()) && !f.all {
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
					if feed.Send == nil {
						continue
					}
					fact.Result, fact.Waits, fact.Many, fact.Fails = feed.Result, true, feed.Many, feed.Fails
					rel = append(rel, analysis.RelatedInformation{Pos: feed.Send.Pos(), Message: "this send waits for a receiver"})
				} else if obj.Pkg() == f.pass.Pkg || !f.pass.ImportObjectFact(obj.Origin(), fact) {
					continue
				}
				if feed := own[obj.Origin()]; feed != nil && f.reported(feed.Send) {
					continue
				}
				if fact.Open {
					f.neverClosed(call, fact, obj)
				}
				if !fact.Waits {
					continue
				}
				if !uses(call, fact.Result) {
					if fact.Fails && !f.all {
						continue // it may be known not to
					}
					when := ""
					if fact.Fails {
						when = " when something has failed"
					}
					f.report(call, abandonedSend, fmt.Sprintf("the channel that %s returns is thrown away: the goroutine that sends to it%s blocks forever", obj.Name(), when), rel...)
				} else if ret := f.unheard(call, fact); ret != nil {
					if ret.Pos().IsValid() {
						rel = append(rel, analysis.RelatedInformation{Pos: ret.Pos(), Message: "this return leaves the channel behind"})
					}
					what := "no receive"
					if fact.Many {
						what = "values left"
					}
					f.report(call, abandonedSend, fmt.Sprintf("%s returns%s with %s from the channel that %s returns: the goroutine that sends to it blocks forever, for the channel has no buffer",
						f.nameOf(fn), f.atLine(ret.Pos()), what, obj.Name()), rel...)
				}
			}
		}
	}
}

// leftFeeds reports goroutines of functions of other packages that send for as long as they have
// something to send, to a channel that the function which starts them leaves behind.
func (f *finder) leftFeeds() {
	for _, x := range f.model.LeftFeeds() {
		fn := x.Go.Parent()
		if f.ends(fn) || f.tests.Has(fn.Pos()) && !f.all {
			continue
		}
		var rel []analysis.RelatedInformation
		if x.Ret.Pos().IsValid() {
			rel = append(rel, analysis.RelatedInformation{Pos: x.Ret.Pos(), Message: "nobody receives after this return"})
		}
		f.report(x.Go, partnerExits, fmt.Sprintf("the goroutine that runs %s blocks forever once %s has returned%s with values left: it sends to a channel from which nobody else receives, and it has no buffer",
			x.Go.Call.StaticCallee().Name(), f.nameOf(fn), f.atLine(x.Ret.Pos())), rel...)
	}
}

// deaf reports sends of a goroutine that should end with the context of who receives, but does not
// while it sends.
func (f *finder) deaf(feed *syncmodel.Feed) {
	if f.tests.Has(feed.Fn.Pos()) {
		return
	}
	for _, d := range feed.Deaf {
		asks := d.Asks.Pos()
		if test, ok := d.Asks.(*ssa.If); ok {
			asks = asked(test.Cond)
		}
		f.report(d.Send, abandonedSend, fmt.Sprintf("this send blocks forever when the caller of %s ends the context and receives no more: the goroutine asks for that at %s, but not here",
			feed.Fn.Name(), f.line(asks)), analysis.RelatedInformation{Pos: asks, Message: "this ends with the context"})
	}
}

// neverClosed reports a loop over the channel of a call that only its close ends.
func (f *finder) neverClosed(call *ssa.Call, fact *Feeds, by *types.Func) {
	ch := lazyssa.Result(call, fact.Result)
	if ch == nil {
		return
	}
	for _, ref := range *ch.Referrers() {
		if recv, ok := ref.(*ssa.UnOp); ok && syncmodel.IsRange(recv) && f.model.EndsByClose(recv) {
			f.report(recv, unclosedRange, fmt.Sprintf("this range never ends if the goroutine that %s starts returns without closing the channel, as it may: nobody else does", by.Name()))
		}
	}
}

// unheard returns a return that leaves the channel of a call behind with somebody who sends.
func (f *finder) unheard(call *ssa.Call, fact *Feeds) *ssa.Return {
	ch := lazyssa.Result(call, fact.Result)
	if ch == nil {
		return nil
	}
	return f.model.Unheard(ch, call, fact.Many)
}

// uses reports whether anything is done with a result of a call that has more than one, or
// with the only one.
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
