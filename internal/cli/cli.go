// Package cli is the heapvet command: a front end of go vet, whose tool is the
// same program. What needs the source is done by the tool, and cached by the go
// command; what depends on the wishes of a user (configuration, baseline, formats) is done here.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/heapvet/heapvet/internal/selection"
	"github.com/heapvet/heapvet/lint"
)

// Exit codes.
const (
	exitClean    = 0
	exitFindings = 1
	exitFailure  = 2   // could not do its work
	exitSignal   = 130 // interrupted
)

var errInterrupted = errors.New("interrupted")

// Main runs the command with the arguments and returns its exit code.
func Main(suite []lint.Check, args []string, stdout, stderr io.Writer) int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	go func() {
		<-signals
		cancel(errInterrupted)
		signal.Stop(signals) // the second one ends the program
	}()

	c := &command{checks: newCatalogue(suite), stdout: stdout, stderr: stderr}
	code, err := c.main(ctx, args)
	if errors.Is(err, errInterrupted) || context.Cause(ctx) == errInterrupted {
		fmt.Fprintln(stderr, "heapvet: interrupted")
		return exitSignal
	}
	if err != nil {
		fmt.Fprintf(stderr, "heapvet: %v\n", err)
		return exitFailure
	}
	return code
}

type command struct {
	checks         catalogue
	stdout, stderr io.Writer
}

func (c *command) main(ctx context.Context, args []string) (int, error) {
	if len(args) > 0 {
		if run, ok := subcommands[args[0]]; ok {
			return run(c, ctx, args[1:])
		}
	}
	o, err := parseFlags(args)
	if errors.Is(err, flag.ErrHelp) {
		return help(c, ctx, nil)
	}
	if err != nil {
		return 0, err
	}
	return c.analyse(ctx, o)
}

var subcommands = map[string]func(*command, context.Context, []string) (int, error){
	"diff":    heapDiff,
	"explain": explain,
	"list":    listChecks,
	"doctor":  doctor,
	"init":    initialise,
	"lsp":     serve,
	"merge":   merge,
	"version": printVersion,
	"help":    help,
}

// options are the flags of an analysis.
type options struct {
	dir           string
	tags          string
	test          optionalBool
	all           bool
	selection     selection.Selection
	json          bool
	format        string
	fix, diff     bool
	newFrom       string
	baseline      string
	writeBaseline string
	leakProfiles  []string
	initTraces    []string
	profile       string
	vet           bool
	shard         shard
	patterns      []string
}

// An optionalBool is a boolean flag that knows whether it was given.
type optionalBool struct{ set, value bool }

func (b *optionalBool) String() string   { return "" }
func (b *optionalBool) IsBoolFlag() bool { return true }
func (b *optionalBool) Set(s string) error {
	switch s {
	case "true", "1":
		*b = optionalBool{true, true}
	case "false", "0":
		*b = optionalBool{true, false}
	default:
		return errors.New("want true or false")
	}
	return nil
}

// parseFlags parses the arguments of an analysis. Flags and packages may mix.
func parseFlags(args []string) (*options, error) {
	o := new(options)
	fs := flag.NewFlagSet("heapvet", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	list := func(names *[]string) func(string) error {
		return func(s string) error {
			*names = append(*names, strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })...)
			return nil
		}
	}
	fs.StringVar(&o.dir, "C", "", "")
	fs.StringVar(&o.tags, "tags", "", "")
	fs.Var(&o.test, "test", "")
	fs.BoolVar(&o.all, "all", false, "")
	fs.Func("enable", "", list(&o.selection.Enable))
	fs.Func("disable", "", list(&o.selection.Disable))
	fs.BoolVar(&o.json, "json", false, "")
	fs.StringVar(&o.format, "format", "", "")
	fs.BoolVar(&o.fix, "fix", false, "")
	fs.BoolVar(&o.diff, "diff", false, "")
	fs.StringVar(&o.newFrom, "new-from", "", "")
	fs.StringVar(&o.baseline, "baseline", "", "")
	fs.StringVar(&o.writeBaseline, "write-baseline", "", "")
	fs.Func("leakprofile", "", func(file string) error { o.leakProfiles = append(o.leakProfiles, file); return nil })
	fs.Func("inittrace", "", func(file string) error { o.initTraces = append(o.initTraces, file); return nil })
	fs.StringVar(&o.profile, "profile", "", "")
	fs.BoolVar(&o.vet, "vet", false, "")
	fs.Var(&o.shard, "shard", "")
	for {
		if err := fs.Parse(args); err != nil {
			if !errors.Is(err, flag.ErrHelp) {
				err = fmt.Errorf("%w\nheapvet -h shows the flags", err)
			}
			return nil, err
		}
		rest := fs.Args()
		if len(rest) == 0 {
			break
		}
		if i := len(args) - len(rest); i > 0 && args[i-1] == "--" {
			o.patterns = append(o.patterns, rest...)
			break
		}
		o.patterns = append(o.patterns, rest[0])
		args = rest[1:]
	}
	if len(o.patterns) == 0 {
		o.patterns = []string{"./..."}
	}
	switch {
	case o.json && o.format != "" && o.format != "json":
		return nil, errors.New("-json and -format " + o.format + " are two formats")
	case o.json:
		o.format = "json"
	case o.format == "":
		o.format = "text"
	case formats[o.format] == nil:
		return nil, fmt.Errorf("-format %s is unknown; there are %s", o.format, strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
	}
	switch {
	case o.fix && o.diff:
		o.fix = false // as with go fix, -diff shows what -fix would do
	case o.writeBaseline != "" && (o.baseline != "" || o.diff || o.fix):
		return nil, errors.New("-write-baseline cannot be used with -baseline, -fix or -diff")
	}
	return o, nil
}
