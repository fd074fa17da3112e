package lostbody

import (
	_ "embed"
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/resource"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "lostbody",
		Doc:      lint.Doc(doc, "lostbody"),
		URL:      lint.URL("lostbody"),
		Requires: []*analysis.Analyzer{resource.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report findings of medium confidence too")
	return lint.New(a)
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Resources,
	Stage:    lint.On,
	Since:    "v0.2.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: open, Title: "a response body is not closed on some path"},
		{Name: discarded, Title: "a response is discarded, and its body stays open"},
		{Name: overwritten, Title: "a loop puts the next response in the place of one that is open"},
		{Name: unread, Title: "a body is closed unread, and its connection with it"},
	},
}

const (
	open        = "open"
	discarded   = "discarded"
	overwritten = "overwritten"
	unread      = "unread"
)

type checker struct {
	all bool
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	for _, q := range resource.Of(pass).Acquired {
		if q.Kind != resource.Body || q.EndsProcess() {
			continue
		}
		site := q.Site(pass)
		if site == nil {
			continue
		}
		if q.Lost != nil {
			if q.Lost.Ended && (q.Released || q.HandedOn) && !c.all {
				continue // nothing is left of it
			}
			pass.Report(lost(pass, q, site))
		} else if c.all && q.Released && !q.HandedOn && !q.Read {
			pass.Report(analysis.Diagnostic{
				Pos: site.Call.Pos(), End: site.Call.End(), Category: unread,
				Message: "the body of " + name(site) + " is closed unread, and the connection with it: the next request dials anew; io.Copy(io.Discard, …) of what is left lets it be used again",
			})
		}
	}
	return nil, nil
}

// lost describes a body that nobody closes.
func lost(pass *analysis.Pass, q *resource.Acquired, site *resource.Site) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: site.Call.Pos(), End: site.Call.End(), Category: open}
	if q.Lost.Inflated != nil {
		d.Message = fmt.Sprintf("the body of %s is not closed by Close of %s, and who gets that has nothing else to close it by: where it is not read to its end, its connection and two goroutines stay until the server hangs up or the request times out; hand on a type that closes both", name(site), q.Lost.Inflater(pass))
		d.Related = q.Lost.Related(pass)
		return d
	}
	closing := closeCall(q, site)
	cost := "its connection and two goroutines stay until the server hangs up or the request times out"
	if q.Lost.Ended {
		cost = "it has been read to its end, and http.Transport takes the connection back then, but a client with Timeout keeps some 640 B until that is over, and a wrapper around a transport may wait for Close"
	}
	switch {
	case q.Lost.Unused:
		d.Category = discarded
		d.Message = fmt.Sprintf("the response of %s is discarded, and its body stays open: %s; close it", lint.Text(site.Call.Fun), cost)
	case q.Lost.Sent:
		where := q.Lost.Where(pass)
		if q.Lost.Again {
			where = "before the next"
		}
		d.Message = fmt.Sprintf("the body of %s is sent on a channel, and who receives it does not close it %s: %s; close it there", name(site), where, cost)
	case q.Lost.Again && (site.Outer || q.HandedOn):
		d.Category = overwritten
		d.Message = fmt.Sprintf("the body of %s is still open when the loop puts the next response in its place: %s, for each attempt; %s before the next", name(site), cost, closing)
	case q.Lost.Again && q.Lost.Return == nil:
		d.Message = fmt.Sprintf("the body of %s is still open when the loop comes round: %s, for each round; %s before that", name(site), cost, closing)
	case !q.Released && !q.HandedOn:
		d.Message = fmt.Sprintf("the body of %s is never closed: %s; defer %s after the error check", name(site), cost, closing)
	case q.HandedOn:
		d.Message = fmt.Sprintf("the body of %s is not closed %s: %s; call %s there", name(site), q.Lost.Where(pass), cost, closing)
	default:
		d.Message = fmt.Sprintf("the body of %s is not closed %s: %s; defer %s right after the error check", name(site), q.Lost.Where(pass), cost, closing)
	}
	d.Related = q.Lost.Related(pass)
	d.SuggestedFixes = site.Defer(pass, q, closing)
	return d
}

func name(site *resource.Site) string {
	if site.Name == "" {
		return "the response"
	}
	return site.Name
}

// closeCall returns the call that closes the body.
func closeCall(q *resource.Acquired, site *resource.Site) string {
	v := site.Name
	if v == "" {
		v = "resp"
	}
	if q.InBody() {
		return v + ".Body.Close()"
	}
	return v + ".Close()"
}
