package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/heat"
	"github.com/heapvet/heapvet/internal/inittrace"
	"github.com/heapvet/heapvet/internal/selection"
	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/lint"
)

// analyse is the command without a subcommand.
func (c *command) analyse(ctx context.Context, o *options) (int, error) {
	for _, name := range slices.Concat(o.selection.Enable, o.selection.Disable) {
		if err := c.checks.validate(name); err != nil {
			return 0, err
		}
	}
	if o.dir != "" {
		if err := os.Chdir(o.dir); err != nil {
			return 0, err
		}
		os.Unsetenv("PWD") // it names the directory before
	}
	dir, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	a := &analysis{options: o, command: c, dir: dir, sources: make(source.Files)}
	a.configs = newConfigs(dir, c.checks)
	if a.config, err = a.configs.of(dir); err != nil {
		return 0, err
	}
	o.all = o.all || a.config != nil && a.config.All
	if o.baseline != "" {
		if a.baseline, err = readBaseline(o.baseline); err != nil {
			return 0, err
		}
	}
	if a.leaks, err = readLeaks(o.leakProfiles); err != nil {
		return 0, err
	}
	if a.inits, err = readInits(o.initTraces); err != nil {
		return 0, err
	}
	if len(a.inits) > 0 {
		o.selection.Enable = append(o.selection.Enable, initCheck)
	}
	if a.heat, err = readProfile(o.profile); err != nil {
		return 0, err
	}
	if a.env, err = readGoEnv(ctx); err != nil {
		return 0, err
	}
	if err := checkToolchain(a.env.GOVERSION, runtime.Version()); err != nil {
		return 0, err
	}
	a.named = a.patterns
	if some, err := a.takeShard(ctx); err != nil {
		return 0, err
	} else if !some {
		return a.print()
	}
	err = a.run(ctx)
	if a.unfinished && o.writeBaseline == "" && !o.diff && !o.fix {
		a.notes = append(a.notes, "not all packages have been analysed")
		a.print() // what there is by now
	}
	if err != nil {
		return 0, err
	}
	switch {
	case o.writeBaseline != "":
		return a.writeBaseline()
	case o.diff:
		return a.printDiff()
	case o.fix:
		return a.applyFixes(ctx)
	}
	return a.print()
}

// An analysis is one run of the checks over packages and what becomes of it.
type analysis struct {
	*options
	command  *command
	dir      string // the current directory; paths are shown relative to it
	config   *config
	configs  configs
	env      *goEnv
	baseline *baseline
	sources  source.Files
	leaks    []*leak
	inits    []inittrace.Init
	heat     *heat.Map // of -profile, or nil

	named []string // what identifies the packages to be analysed: the patterns, and the shard

	shown    []*finding
	failures []failure
	notes    []string

	unfinished bool // it was interrupted
}

// run finds what is to be shown.
func (a *analysis) run(ctx context.Context) error {
	a.shown, a.failures, a.notes = nil, nil, nil
	var since changes
	if a.newFrom != "" {
		var err error
		if since, err = changesSince(ctx, a.newFrom); err != nil {
			return err
		}
	}
	engine, err := a.engine()
	if err != nil {
		return err
	}
	engine.progress = startProgress(ctx, a.command.stderr, engine.build, a.patterns)
	found, err := engine.run(ctx, a.patterns)
	if err == nil && a.vet {
		err = a.addVet(ctx, engine, &found)
	}
	engine.progress.finish()
	if errors.Is(err, errInterrupted) && a.format == "text" && len(found.Findings) > 0 {
		a.unfinished = true
		_, failed := a.show(found.Findings, since)
		return errors.Join(err, failed)
	}
	if err != nil {
		return err
	}
	a.failures = found.Failures
	for _, pattern := range found.NoMatch {
		a.notes = append(a.notes, "no packages match "+pattern)
	}

	if len(found.Embeds) > 0 {
		a.notes = append(a.notes, "analysed with empty files in place of those that //go:embed does not find: "+strings.Join(found.Embeds, ", "))
	}

	if len(a.leakProfiles) > 0 {
		if err := a.joinLeaks(ctx, engine, &found); err != nil {
			return err
		}
	}
	if len(a.inits) > 0 {
		if err := a.joinInits(ctx, engine, &found); err != nil {
			return err
		}
	}
	lost, err := a.show(found.Findings, since)
	if err != nil {
		return err
	}
	if a.baseline != nil {
		if err := a.tellLost(ctx, lost, engine); err != nil {
			return err
		}
	}
	if a.heat != nil {
		rank(a.heat, a.shown)
	}
	slices.SortStableFunc(a.shown, func(x, y *finding) int {
		return cmp.Or(x.leakRank()-y.leakRank(), cmp.Compare(y.InitMillis, x.InitMillis))
	})
	return nil
}

// show makes those of the findings that are wanted, and neither known by the baseline nor older than
// the changes, what is to be shown, in order. It returns what the baseline knows and is not found.
func (a *analysis) show(found []*finding, since changes) (lost []*known, err error) {
	a.shown = nil
	for _, f := range sortFindings(found) {
		if ok, err := a.wanted(f); err != nil {
			return nil, err
		} else if ok {
			a.shown = append(a.shown, f)
		}
	}
	if a.baseline != nil {
		a.shown, lost = a.baseline.remove(a.shown, a.sources)
	}
	if since != nil {
		a.shown = slices.DeleteFunc(a.shown, func(f *finding) bool { return !since.touch(f) })
	}
	return lost, nil
}

// engine returns the engine for the flags and the configuration of the current directory.
func (a *analysis) engine() (*engine, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find the program itself, which go vet is to run: %w", err)
	}
	e := &engine{
		self:  realPath(self),
		build: a.env.overrides(),
		tool:  []string{"-" + lint.FlagSuppressed},
		scope: a.env.scope(a.dir, a.named),
		kept:  keptUnits(os.Getenv(keptVariable)),
	}
	if a.tags != "" {
		e.build = append(e.build, "-tags="+a.tags)
	}
	flags := a.selection
	if len(a.leakProfiles) > 0 {
		flags.Disable = nil // hidden findings explain leaks, too
	}
	var selections []selection.Selection
	if a.config != nil {
		selections = append(selections, a.config.Selection)
		for _, r := range a.config.Rules {
			selections = append(selections, r.Selection)
		}
	}
	if a.all {
		e.tool = append(e.tool, "-"+lint.FlagAll)
	}
	if a.heat != nil {
		if names := a.heat.Hot(minShare); len(names) > 0 {
			e.tool = append(e.tool, "-hot="+strings.Join(names, ","))
		}
	}
	e.tool = append(e.tool, a.command.checks.toolFlags(flags, selections...)...)
	e.tool = append(e.tool, a.unwatched()...)
	return e, nil
}

// addVet adds what the checks of go vet find. As with go vet, comments do not silence it.
func (a *analysis) addVet(ctx context.Context, e *engine, found *result) error {
	standard := engine{build: e.build}
	more, err := standard.run(ctx, a.patterns)
	if err != nil {
		return err
	}
	found.Findings = append(found.Findings, more.Findings...)
	for _, f := range more.Failures {
		if !slices.ContainsFunc(found.Failures, func(known failure) bool { return known.Package == f.Package }) {
			found.Failures = append(found.Failures, f)
		}
	}
	return nil
}

// takeShard leaves of the packages those of the shard that was asked for. It reports whether there
// are any.
func (a *analysis) takeShard(ctx context.Context) (bool, error) {
	if a.shard.of == 0 {
		return true, nil
	}
	e, err := a.engine()
	if err != nil {
		return false, err
	}
	a.named = append(a.patterns, fmt.Sprintf("shard %d/%d", a.shard.part, a.shard.of))
	a.patterns, err = a.shard.packages(ctx, e.build, a.patterns)
	return len(a.patterns) > 0, err
}

// wanted reports whether the flags, or else the configuration of the package,
// want to see the finding.
func (a *analysis) wanted(f *finding) (bool, error) {
	cfg, err := a.configs.of(filepath.Dir(f.Pos.File))
	if err != nil {
		return false, err
	}
	if f.inTest() {
		show := true
		if cfg != nil && cfg.Test != nil {
			show = *cfg.Test
		}
		if a.test.set {
			show = a.test.value
		}
		if !show {
			return false, nil
		}
	}
	return cfg.shows(f, a.selection, a.command.checks), nil
}

// tellLost notes which entries of the baseline are of no use any more: those that
// this run would have found.
func (a *analysis) tellLost(ctx context.Context, lost []*known, e *engine) error {
	if len(lost) == 0 || a.baseline.All && !a.all {
		return nil
	}
	dirs, err := listDirs(ctx, e.build, a.patterns)
	if err != nil {
		return err
	}
	n := 0
	for _, k := range lost {
		file := filepath.Join(a.baseline.dir, filepath.FromSlash(k.File))
		check, category, _ := strings.Cut(k.Rule, "/")
		if ok, err := a.wanted(&finding{diagnostic: diagnostic{Category: category}, Check: check, Pos: position{File: file}}); err != nil || !ok {
			continue // found or not, it would not be shown
		}
		_, err := os.Lstat(file)
		path, analysed := dirs[realPath(filepath.Dir(file))]
		failed := slices.ContainsFunc(a.failures, func(f failure) bool { return f.Package == path })
		if analysed && !failed || errors.Is(err, os.ErrNotExist) {
			n += k.Count
		}
	}
	if n > 0 {
		a.notes = append(a.notes, fmt.Sprintf("%s: %s no longer found; -write-baseline %[1]s brings it up to date",
			a.options.baseline, map[bool]string{true: "1 entry is", false: fmt.Sprint(n) + " entries are"}[n == 1]))
	}
	return nil
}

// print writes the findings and returns the exit code.
func (a *analysis) print() (int, error) {
	packages := make(map[string]bool)
	for _, f := range a.shown {
		packages[filepath.Dir(f.Pos.File)] = true
	}
	r := &report{
		Findings: a.shown,
		Notes:    a.notes,
		Packages: len(packages),
		Dir:      a.dir,
		Sources:  a.sources,
		Style:    styleFor(a.command.stdout),
		Checks:   a.command.checks,
		Failures: a.failures,
	}
	if err := formats[a.format](a.command.stdout, r); err != nil {
		return 0, err
	}
	code := exitClean
	if len(a.shown) > 0 {
		code = exitFindings
	}
	return a.tellFailures(code), nil
}

// tellFailures names the packages that could not be analysed.
func (a *analysis) tellFailures(code int) int {
	s := styleFor(a.command.stderr)
	for _, f := range a.failures {
		what := s.bad(cmp.Or(f.Package, "a package")) + " was not analysed"
		switch {
		case f.Without:
			what = s.bad(f.Package) + " was analysed without its tests"
		case f.Check != "":
			what = f.Check + " failed on " + s.bad(f.Package)
		}
		fmt.Fprintf(a.command.stderr, "heapvet: %s:\n\t%s\n", what, strings.ReplaceAll(once(f.Reason), "\n", "\n\t"))
	}
	if len(a.failures) == 0 {
		return code
	}
	if !a.env.inModule() {
		fmt.Fprintln(a.command.stderr, "heapvet: there is no go.mod here or above, so only Go files and packages of the standard library can be named")
	}
	return exitFailure
}

// once leaves out the lines of a reason that say at another place what an earlier one says, as
// each import does of a module that cannot be had.
func once(reason string) string {
	var lines []string
	first := make(map[string]int) // by what a line says, behind its place
	more := make(map[int]int)
	for line := range strings.SplitSeq(reason, "\n") {
		where, what, ok := strings.Cut(line, ": ")
		if !ok || !strings.Contains(where, ":") {
			lines = append(lines, line)
			continue
		}
		if i, said := first[what]; said {
			more[i]++
			continue
		}
		first[what] = len(lines)
		lines = append(lines, line)
	}
	for i, n := range more {
		lines[i] += fmt.Sprintf(" (and at %s)", plural(n, "other place"))
	}
	return strings.Join(lines, "\n")
}

func (a *analysis) writeBaseline() (int, error) {
	if code := a.tellFailures(exitClean); code != exitClean {
		return 0, fmt.Errorf("%s was not written: it would lack the findings of these packages", a.options.writeBaseline)
	}
	b, err := newBaseline(a.options.writeBaseline)
	if err != nil {
		return 0, err
	}
	b.All = a.all
	b.add(a.shown, a.sources)
	if err := b.write(); err != nil {
		return 0, err
	}
	fmt.Fprintf(a.command.stdout, "%s: %s written\n", a.options.writeBaseline, plural(len(a.shown), "finding"))
	return exitClean, nil
}
