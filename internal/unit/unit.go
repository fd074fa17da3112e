// Package unit is heapvet as the go command runs it: go vet -vettool=heapvet
// and go fix -fixtool=heapvet start one process for each package and its
// dependencies, and describe each in a file whose name ends with ".cfg".
//
// It does what x/tools' unitchecker does, with three differences. Types come from
// the export data that the go command hands over, so that the units of the
// standard library and of other modules, nine of ten in most programs, have
// nothing to do and leave at once. A check that fails or panics does not take the
// findings of the others with it. And suppression comments that silence nothing
// are told. Where the go command hands over no export data, types travel through
// vetx files, as with unitchecker, in the same format.
package unit

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// Wanted reports whether the arguments (without the program's name) are those
// that the go command gives to a vet tool.
func Wanted(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "-flags", "--flags", "-V=full", "--V=full":
			return true
		}
	}
	return len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// Main is the vet tool: it does what args (without the program's name) ask for
// and returns the exit code. Fresh instances of the checks are made only if needed.
func Main(checks []lint.Check, args []string) int {
	if leave(args) {
		return 0
	}
	growHeap()
	t := newTool(checks)
	err := t.main(args)
	if err == nil {
		return t.code
	}
	if isSourceError(err) {
		fmt.Fprintln(os.Stderr, err)
	} else {
		fmt.Fprintf(os.Stderr, "heapvet: %v\n", err)
	}
	return 1
}

// leave handles the units that have nothing to do, before anything is set up.
// Only flags that bring work to such units matter here.
func leave(args []string) bool {
	if len(args) == 0 || !strings.HasSuffix(args[len(args)-1], ".cfg") {
		return false
	}
	cfg, err := readConfig(args[len(args)-1])
	if err != nil || !cfg.VetxOnly || cfg.own() || cfg.needsTypes() {
		return false
	}
	if cfg.foreign() && slices.ContainsFunc(args, func(arg string) bool {
		return strings.HasPrefix(strings.TrimLeft(arg, "-"), "deps")
	}) {
		return false
	}
	return vetx{}.write(cfg.VetxOutput) == nil
}

// A tool is one run of the vet tool.
type tool struct {
	checks    []lint.Check
	analyzers []*analysis.Analyzer // one for each check
	enable    map[string]*triState // by name of the check
	reveal    map[string]bool      // by name of the check: suppressed findings are wanted
	flags     *flag.FlagSet
	code      int

	list, json, fix, diff bool
	all, suppressed, deps bool
	prove, describe, soon bool
	context               int
	escape                escapeMode
	hot                   hot.Profile
	version               string
}

func newTool(checks []lint.Check) *tool {
	t := &tool{
		checks: checks,
		enable: make(map[string]*triState),
		flags:  flag.NewFlagSet("heapvet", flag.ContinueOnError),
		escape: escapeAuto,
		hot:    make(hot.Profile),
	}
	t.flags.SetOutput(io.Discard)
	t.flags.BoolVar(&t.list, "flags", false, "print the flags in JSON")
	t.flags.StringVar(&t.version, "V", "", "print the version (full: with a hash of the program)")
	t.flags.BoolVar(&t.json, "json", false, "print findings in JSON")
	t.flags.IntVar(&t.context, "c", -1, "show the line of a finding and this many around it")
	t.flags.BoolVar(&t.fix, "fix", false, "apply suggested fixes instead of printing findings")
	t.flags.BoolVar(&t.diff, "diff", false, "with -fix, print the changes instead of making them")
	t.flags.BoolVar(&t.all, lint.FlagAll, false, "report findings of medium confidence, too, in all checks")
	t.flags.BoolVar(&t.suppressed, lint.FlagSuppressed, false, "report suppressed findings, marked, and comments that suppress nothing")
	t.flags.BoolVar(&t.deps, "deps", false, "look into packages of other modules, too, for what checks can learn from them")
	t.flags.BoolVar(&t.prove, "provefixes", true, "compile the package again with the fixes that promise fewer allocations, and offer only those that keep the promise")
	t.flags.BoolVar(&t.soon, "soon", false, "with -json, print what needs no compiler when it is found, and then everything")
	t.flags.BoolVar(&t.describe, "describe", false, "with -json, print what a front end needs to run the unit again")
	t.flags.Var(&t.escape, "escape", "ask the compiler: auto, off, or verify (complete runs instead of shortened ones, compared)")
	t.flags.Var(t.hot, "hot", "`functions` that a profile found hot, by the names it has for them, separated by commas")
	for _, c := range checks {
		a := c.New()
		t.analyzers = append(t.analyzers, a)
		on := new(triState)
		t.enable[a.Name] = on
		usage := "run only this check and others so named (=false: run all but this)"
		if c.Stage == lint.Opt {
			usage = "run this check, which is off by default, and others so named"
		}
		t.flags.Var(on, a.Name, usage)
		a.Flags.VisitAll(func(f *flag.Flag) {
			t.flags.Var(f.Value, a.Name+"."+f.Name, f.Usage)
		})
	}
	return t
}

func (t *tool) main(args []string) error {
	if err := t.flags.Parse(args); err != nil {
		return err
	}
	switch {
	case t.list:
		return t.printFlags()
	case t.version != "":
		return printVersion()
	case t.flags.NArg() != 1:
		return errors.New("want one unit, a file that the go command writes: use 'go vet -vettool=heapvet'")
	}
	if err := analysis.Validate(t.analyzers); err != nil {
		return err
	}
	t.setFlags()
	cfg, err := readConfig(t.flags.Arg(0))
	if err != nil {
		return err
	}
	return t.run(cfg)
}

// setFlags hands global flags to the checks. Suppressed findings are always asked
// for: what is told on a line must not depend on whether they are wanted.
func (t *tool) setFlags() {
	t.reveal = make(map[string]bool)
	for _, a := range t.analyzers {
		if f := a.Flags.Lookup(lint.FlagAll); f != nil && t.all {
			f.Value.Set("true")
		}
		if f := a.Flags.Lookup(lint.FlagSuppressed); f != nil {
			t.reveal[a.Name] = t.suppressed || f.Value.String() == "true"
			f.Value.Set("true")
		}
	}
}

// A job is an analyzer to run and, if it is a check rather than a prerequisite
// that is run for its facts, the check.
type job struct {
	*analysis.Analyzer
	check *lint.Check
}

// selected returns the checks to run: those enabled by name if there are any,
// else all but those disabled by name and those off by default.
func (t *tool) selected() (jobs []job) {
	named := slices.ContainsFunc(t.analyzers, func(a *analysis.Analyzer) bool {
		return *t.enable[a.Name] == setTrue
	})
	for i, a := range t.analyzers {
		on, c := *t.enable[a.Name], &t.checks[i]
		if on == setTrue || !named && on == unset && c.Stage != lint.Opt {
			jobs = append(jobs, job{a, c})
		}
	}
	return jobs
}

// producers returns the analyzers that make facts for the checks. Adopted checks
// have to do without: what they know about other packages is not worth a second
// run over each package that others import.
func producers(jobs []job) (facts []job) {
	var own []*analysis.Analyzer
	for _, j := range jobs {
		if j.check.Origin == "" {
			own = append(own, j.Analyzer)
		}
	}
	walk(own, func(a *analysis.Analyzer) {
		if len(a.FactTypes) > 0 {
			facts = append(facts, job{a, nil})
		}
	})
	return facts
}

// printFlags tells the go command which flags it may pass on.
func (t *tool) printFlags() error {
	type jsonFlag struct {
		Name  string
		Bool  bool
		Usage string
	}
	var list []jsonFlag
	t.flags.VisitAll(func(f *flag.Flag) {
		if f.Name == "fix" {
			return // go vet and go fix have flags of this name and pass on what they mean
		}
		b, ok := f.Value.(interface{ IsBoolFlag() bool })
		list = append(list, jsonFlag{f.Name, ok && b.IsBoolFlag(), f.Usage})
	})
	data, err := json.MarshalIndent(list, "", "\t")
	if err == nil {
		_, err = os.Stdout.Write(append(data, '\n'))
	}
	return err
}

// printVersion prints what the go command takes as the identity of the tool in
// its cache: a hash of the program.
func printVersion() error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	_, err = fmt.Printf("%s version devel heapvet buildID=%x\n", filepath.Base(name), h.Sum(nil))
	return err
}

// run analyses one unit.
func (t *tool) run(cfg *Config) error {
	jobs := t.selected()
	if cfg.VetxOnly {
		if cfg.own() || t.deps && cfg.foreign() {
			jobs = producers(jobs)
		} else {
			jobs = nil
		}
		if len(jobs) == 0 && !cfg.needsTypes() {
			return vetx{}.write(cfg.VetxOutput)
		}
	}
	registerFacts(t.analyzers)
	u, err := load(cfg)
	if err != nil {
		return err
	}
	jobs, compiler := t.withEscape(cfg, jobs)
	var soon func([]*result)
	if t.soon && t.json {
		soon = func(results []*result) {
			u.rate(results)
			if err := printJSON(os.Stdout, u, t.wanted(results), false); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}
	results := u.analyze(jobs, soon)
	if t.prove && !cfg.VetxOnly {
		t.proveFixes(u, results, compiler)
	}
	if t.escape == escapeVerify {
		results = append(results, compiler.result())
	}
	if err := u.writeVetx(); err != nil {
		return err
	}
	if cfg.VetxOnly {
		var errs []error
		for _, r := range results {
			if r.err != nil {
				errs = append(errs, fmt.Errorf("package %s: %s: %v", cfg.ImportPath, r.Name, r.err))
			}
		}
		return errors.Join(errs...)
	}

	if t.json && !t.fix {
		u.rate(results)
	}
	var useless *result
	if t.suppressed && !t.fix {
		useless = t.suppressions(u, results)
	}
	results = t.wanted(results)
	if useless != nil {
		results = append(results, useless)
	}

	var out bytes.Buffer
	if t.fix {
		err = t.applyFixes(u, results, &out)
	} else if t.json {
		err = printJSON(&out, u, results, t.describe)
	} else {
		t.printText(u, results)
	}
	if err != nil {
		return err
	}
	if cfg.Stdout == "" {
		_, err = os.Stdout.Write(out.Bytes())
		return err
	}
	return os.WriteFile(cfg.Stdout, out.Bytes(), 0o666)
}

// wanted removes the findings that comments silence, unless somebody asks for them.
func (t *tool) wanted(results []*result) []*result {
	for _, r := range results {
		if !t.reveal[r.Name] {
			r.diagnostics = slices.DeleteFunc(r.diagnostics, suppressed)
		}
	}
	return results
}

// A triState is a boolean flag that knows whether it was set.
type triState int

const (
	unset triState = iota
	setTrue
	setFalse
)

func (s *triState) IsBoolFlag() bool { return true }

func (s *triState) String() string {
	if s == nil || *s == unset {
		return ""
	}
	return fmt.Sprint(*s == setTrue)
}

func (s *triState) Set(v string) error {
	switch v {
	case "true", "1":
		*s = setTrue
	case "false", "0":
		*s = setFalse
	default:
		return errors.New("want true or false")
	}
	return nil
}
