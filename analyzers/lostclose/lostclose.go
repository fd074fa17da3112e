package lostclose

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
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
		Name:     "lostclose",
		Doc:      lint.Doc(doc, "lostclose"),
		URL:      lint.URL("lostclose"),
		Requires: []*analysis.Analyzer{resource.Analyzer, hot.Analyzer},
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
		{Name: file, Title: "a file, connection or listener is not closed on some path"},
		{Name: writer, Title: "a compressor or archive is not closed, and its output cut short"},
		{Name: transaction, Title: "a transaction is neither committed nor rolled back on some path"},
		{Name: mmap, Title: "mapped memory is not unmapped on some path"},
		{Name: signals, Title: "signal.Notify without signal.Stop in a function that returns"},
		{Name: subscription, Title: "a subscription is left open on some path"},
	},
}

const (
	file         = "file"
	writer       = "writer"
	transaction  = "transaction"
	mmap         = "mmap"
	signals      = "signal"
	subscription = "subscription"
)

type checker struct {
	all bool
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	for _, q := range resource.Of(pass).Acquired {
		if q.Kind == resource.Body || q.Lost == nil || q.EndsProcess() {
			continue
		}
		site := q.Site(pass)
		if site == nil || !c.worth(pass, q, site) {
			continue
		}
		pass.Report(lost(pass, q, site))
	}
	return nil, nil
}

// worth reports whether a resource that is lost matters. What is meant to last as long
// as the process, and is asked for once, does not.
func (c *checker) worth(pass *analysis.Pass, q *resource.Acquired, site *resource.Site) bool {
	switch q.Kind {
	case resource.Writer:
		return (c.all || !q.Lost.Failed) && !q.Lost.Unused // nothing was written to what is not kept
	case resource.Signals, resource.Subscription:
		if q.Lost.Unused && !q.Lost.Within {
			return false // meant to go on for ever
		}
		if q.Kind == resource.Signals && site.Loop {
			return true // even in main: each round keeps another channel
		}
		// A package of commands, that is not main itself, gives main functions that it
		// runs once.
		h := hot.Of(pass)
		once := pass.Pkg.Name() != "main" && (slices.Contains(strings.Split(pass.Pkg.Path(), "/"), "cmd") || h.HasCommands())
		return !h.Once(site.Call) && (!once || site.Loop)
	case resource.File:
		// The end of a command closes a few files as well.
		h := hot.Of(pass)
		return c.all || site.Loop || !h.Once(site.Call) && !h.Command()
	}
	return true
}

// words are what there is to say about a kind of resource.
type words struct {
	category string
	undone   string // what has not been done to it
	cost     string
	call     string // that releases it, with %s for its name
}

func wordsFor(q *resource.Acquired, site *resource.Site) words {
	switch q.Kind {
	case resource.Writer:
		return words{writer, "closed", "what it still holds is not written, and the output is cut short", "%s.Close()"}
	case resource.Transaction:
		return words{transaction, "committed or rolled back", "it keeps a connection of the pool, and its locks in the database", "%s.Rollback()"}
	case resource.Region:
		return words{mmap, "unmapped", "the memory stays mapped for as long as the process lives", q.Unmap()}
	case resource.Signals:
		return words{signals, "given to signal.Stop", "the runtime keeps it and goes on delivering to it, and the signals no longer end the process", "signal.Stop(%s)"}
	case resource.Subscription:
		if fn := q.Call.Call.StaticCallee(); fn != nil && fn.Signature.Recv() == nil && strings.HasPrefix(fn.Name(), "New") { // it is made, not got from one who publishes
			return words{subscription, "closed", "its goroutine and what it watches with stay for as long as the process lives", q.EndCall()}
		}
		return words{subscription, "ended", "whoever publishes keeps it and goes on delivering to it", q.EndCall()}
	}
	w := words{file, "closed", "its file descriptor stays open until the garbage collector finds it", "%s.Close()"}
	if lint.IsMethod(lazyssa.Callee(q.Call), "archive/zip", "File", "Open") {
		w.cost = "its decompressor is not used again, and the next file allocates one of 44 KB"
	}
	if q.Holds {
		w.cost = "the file or connection that it holds stays open until the garbage collector finds it"
	}
	return w
}

// lost describes a resource that nobody releases.
func lost(pass *analysis.Pass, q *resource.Acquired, site *resource.Site) analysis.Diagnostic {
	w := wordsFor(q, site)
	name := site.Name
	if name == "" {
		name = "what " + lint.Text(site.Call.Fun) + " returns"
	}
	if q.Lost.Failed {
		w.cost = "what it holds, such as the goroutines and buffers of an encoder, is not let go"
	}
	call := ""
	if site.Name != "" && w.call != "" {
		call = fmt.Sprintf(w.call, site.Name)
	}
	when := q.Lost.Where(pass)
	switch {
	case q.Lost.Again && q.Lost.Return == nil:
		when = "before the loop comes round"
	case !q.Released && !q.HandedOn && q.Kind != resource.Transaction:
		when = ""
	}
	d := analysis.Diagnostic{
		Pos: site.Call.Pos(), End: site.Call.End(), Category: w.category,
		Message: fmt.Sprintf("%s is never %s: %s", name, w.undone, w.cost),
		Related: q.Lost.Related(pass),
	}
	switch {
	case q.Lost.Inflated != nil:
		d.Message = fmt.Sprintf("%s is not closed by Close of %s, and who gets that has nothing else to close it by: %s; hand on a type that closes both", name, q.Lost.Inflater(pass), w.cost)
		return d
	case q.Lost.Sent:
		d.Message = fmt.Sprintf("%s is sent on a channel, and who receives it does not close it %s: %s", name, when, w.cost)
		return d
	case q.Lost.Unused:
		d.Message = fmt.Sprintf("%s is dropped, and never %s: %s", name, w.undone, w.cost)
	case when != "":
		d.Message = fmt.Sprintf("%s is not %s %s: %s", name, w.undone, when, w.cost)
	}
	if call == "" {
		return d
	}
	switch {
	case q.Kind == resource.Writer:
		d.Message += fmt.Sprintf("; call %s and check its error", call)
	case site.Loop && q.Lost.Again:
		d.Message += fmt.Sprintf("; call %s in each round", call)
	case q.HandedOn:
		d.Message += fmt.Sprintf("; call %s there", call)
	default:
		d.Message += fmt.Sprintf("; defer %s right here", call)
		if res := q.Call.Call.Signature().Results(); site.Insert.IsValid() && q.Index >= 0 && lint.IsError(res.At(res.Len()-1).Type()) {
			d.Message = d.Message[:len(d.Message)-len("right here")] + "after the error check"
		}
		d.SuggestedFixes = site.Defer(pass, q, call)
	}
	return d
}
