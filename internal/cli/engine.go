package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/heapvet/heapvet/internal/unit"
)

// An engine runs the checks: go vet with this program as its tool. The go command
// orders, runs and caches the analysis of each package.
type engine struct {
	self     string   // path of this program; "" for go vet as it is
	build    []string // flags for the go command, such as -tags
	tool     []string // flags for the vet tool
	scope    string
	kept     keptUnits // where to keep the units; "" for nowhere
	progress *progress
}

// A failure is a package that could not be analysed, and why.
type failure struct {
	Package string // "" if the go command did not name one
	Check   string // the check that failed; "" if the package could not be analysed at all
	Reason  string
	Tests   bool // its tests alone do not compile
	Without bool // so it was analysed without them
}

// broken reports whether the package does not compile, so that what imports it
// cannot be analysed either. Otherwise it was this program that failed.
func (f failure) broken() bool {
	ours := slices.ContainsFunc([]string{"heapvet: ", "panic: ", "fatal error: ", "runtime: "}, func(p string) bool { return strings.HasPrefix(f.Reason, p) })
	return f.Check == "" && !f.Tests && !ours
}

// A result is what a run of the engine found.
type result struct {
	Findings   []*finding
	Suppressed []*finding // by comments
	Failures   []failure
	NoMatch    []string // patterns that match no package
	Embeds     []string // packages that were analysed without the files that they embed
}

// run analyses the packages that the patterns name. It returns an error if it
// could analyse none for a reason that is not one package's.
func (e *engine) run(ctx context.Context, patterns []string) (result, error) {
	v, err := e.vet(ctx, patterns)
	if err != nil || v.ok {
		v.Failures = withDependents(v.Failures, nil)
		return v.result, err
	}
	if v.objects == 0 && len(v.NoMatch) == len(patterns) {
		return v.result, errors.New("no packages match " + strings.Join(patterns, " "))
	}

	// Something is wrong with some package; it is worth a look at all of them, to
	// tell which ones were not analysed.
	listed, err := list(ctx, e.build, patterns)
	if err != nil {
		return v.result, err
	}
	if without, err := e.withoutEmbeds(ctx, patterns, listed); without != nil || err != nil {
		return *without, err
	}
	var good []string
	var failed []failure
	for _, p := range listed {
		if reason := p.reason(); reason != "" {
			failed = append(failed, failure{Package: p.ImportPath, Reason: reason, Tests: p.tests})
		} else {
			good = append(good, p.ImportPath)
		}
	}
	if v.objects == 0 && len(failed) > 0 && len(good) > 0 {
		// go vet refuses all packages if it cannot load one: ask again without it.
		again, err := e.vet(ctx, good)
		if err != nil {
			return again.result, err
		}
		again.NoMatch = v.NoMatch
		v = again
	} else if v.objects == 0 && len(failed)+len(v.Failures) == 0 {
		return v.result, errors.New(cmp.Or(v.general, "go vet failed and did not say why"))
	}
	v.Failures = withDependents(append(failed, v.Failures...), listed)
	v.Failures = withRest(v.Failures, v.general)
	return v.result, e.withoutTests(ctx, &v, listed)
}

// withoutTests analyses the packages of which only the tests do not compile once more, without
// them, unless the go command is told of another overlay.
func (e *engine) withoutTests(ctx context.Context, v *vetRun, listed []*listedPackage) error {
	if e.overlaid() {
		return nil
	}
	var paths []string
	gone := make(map[string]string)
	for _, p := range listed {
		if slices.ContainsFunc(v.Failures, func(f failure) bool { return f.Package == p.ImportPath && f.Tests }) {
			paths = append(paths, p.ImportPath)
			for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
				gone[filepath.Join(p.Dir, name)] = ""
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "heapvet-tests-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	without, err := e.withOverlay(dir, gone)
	if err != nil {
		return err
	}
	again, err := without.vet(ctx, paths)
	if err != nil {
		return err
	}
	v.Findings = append(v.Findings, again.Findings...)
	v.Suppressed = append(v.Suppressed, again.Suppressed...)
	for i, f := range v.Failures {
		v.Failures[i].Without = f.Tests && again.objects > 0 && !slices.ContainsFunc(again.Failures, func(x failure) bool { return x.Package == f.Package })
	}
	return nil
}

// overlaid reports whether the go command is told of an overlay.
func (e *engine) overlaid() bool {
	return slices.ContainsFunc(slices.Concat(e.build, strings.Fields(os.Getenv("GOFLAGS"))), func(flag string) bool { return strings.HasPrefix(flag, "-overlay=") })
}

// withOverlay returns an engine that finds some files replaced by others, or gone; dir is for
// what the go command reads that from.
func (e *engine) withOverlay(dir string, files map[string]string) (*engine, error) {
	overlay := filepath.Join(dir, "overlay.json")
	data, err := json.Marshal(struct{ Replace map[string]string }{files})
	if err := errors.Join(err, os.WriteFile(overlay, data, 0o600)); err != nil {
		return nil, err
	}
	other := *e
	other.build = append(slices.Clone(e.build), "-overlay="+overlay)
	return &other, nil
}

// withoutEmbeds analyses packages of which some embed files that are not there, such as a front
// end that has not been built: what is in the files does not matter. It returns nil if
// there is none, or the go command is told of another overlay.
func (e *engine) withoutEmbeds(ctx context.Context, patterns []string, listed []*listedPackage) (*result, error) {
	if e.overlaid() {
		return nil, nil
	}
	if below := embedsBelow(listed); below != nil {
		others, err := list(ctx, e.build, below)
		if err != nil {
			return new(result), err
		}
		listed = slices.Concat(listed, others)
	}
	var packages, missing []string
	for _, p := range listed {
		if names := p.missingEmbeds(); len(names) > 0 {
			packages = append(packages, p.ImportPath)
			missing = append(missing, names...)
		}
	}
	if len(missing) == 0 {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "heapvet-embeds-")
	if err != nil {
		return new(result), err
	}
	defer os.RemoveAll(dir)
	empty := filepath.Join(dir, "empty")
	files := make(map[string]string, len(missing))
	for _, name := range missing {
		files[name] = empty
	}
	without, err := e.withOverlay(dir, files)
	if err := errors.Join(err, os.WriteFile(empty, nil, 0o600)); err != nil {
		return new(result), err
	}
	r, err := without.run(ctx, patterns)
	r.Embeds = packages
	return &r, err
}

// embedsBelow returns the packages that are not among those listed, but imported by them, and do not
// find the files that they embed.
func embedsBelow(listed []*listedPackage) (paths []string) {
	for _, p := range listed {
		for _, e := range p.DepsErrors {
			if !strings.HasPrefix(e.Err, "pattern ") || len(e.ImportStack) == 0 {
				continue
			}
			path := packagePath(e.ImportStack[len(e.ImportStack)-1])
			if !slices.Contains(paths, path) && !slices.ContainsFunc(listed, func(p *listedPackage) bool { return p.ImportPath == path }) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// withDependents merges what was said about one package, and adds the packages
// that the go command leaves out in silence because one that they import does
// not compile.
func withDependents(failures []failure, listed []*listedPackage) []failure {
	var merged []failure
	broken := make(map[string]bool)
	for _, f := range failures {
		broken[f.Package] = broken[f.Package] || f.broken()
		i := slices.IndexFunc(merged, func(m failure) bool { return m.Package == f.Package && m.Check == f.Check })
		if i < 0 {
			merged = append(merged, f)
		} else if !strings.Contains(merged[i].Reason, f.Reason) {
			merged[i].Reason += "\n" + f.Reason
		}
	}
	for _, p := range listed {
		if broken[p.ImportPath] {
			continue
		}
		if i := slices.IndexFunc(p.Deps, func(dep string) bool { return broken[dep] }); i >= 0 {
			merged = append(merged, failure{Package: p.ImportPath, Reason: "it imports " + p.Deps[i] + ", which does not compile"})
		}
	}
	slices.SortFunc(merged, func(a, b failure) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Check, b.Check))
	})
	return merged
}

// withRest adds the lines of the go command that no failure has yet.
func withRest(failures []failure, text string) []failure {
	var rest []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if !slices.ContainsFunc(failures, func(f failure) bool { return strings.Contains(f.Reason, strings.TrimSpace(line)) }) {
			rest = append(rest, line)
		}
	}
	if len(rest) > 0 {
		failures = append(failures, failure{Reason: strings.Join(rest, "\n")})
	}
	return failures
}

// A vetRun is the outcome of one go vet.
type vetRun struct {
	result
	ok      bool   // the go command succeeded
	objects int    // JSON objects received: analysed units
	general string // text on standard error that names no package

	described []json.RawMessage // units, by themselves
}

// vet runs go vet once.
func (e *engine) vet(ctx context.Context, patterns []string) (vetRun, error) {
	var v vetRun
	args := []string{"vet", "-json"}
	if e.self != "" {
		args = append(args, "-vettool="+e.self)
	}
	tool := e.tool
	if e.kept != "" {
		tool = append(slices.Clone(tool), "-describe")
	}
	args = slices.Concat(args, e.build, tool, []string{"--"}, patterns)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(cmd.Environ(), scopeVariable+"="+e.scope)
	for _, flag := range e.build {
		if strings.HasPrefix(flag, "-tags=") {
			// The tool may ask the go command, too.
			cmd.Env = append(cmd.Env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" "+flag))
		}
	}
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return v, err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return v, fmt.Errorf("cannot run the go command: %w", err)
	}
	defer killGroup(cmd)

	readErr := e.read(stdout, &v)
	io.Copy(io.Discard, stdout)
	err = cmd.Wait()
	if ctx.Err() != nil {
		return v, context.Cause(ctx)
	}
	failures, general, noMatch := parseStderr(stderr.String())
	v.general = strings.TrimSpace(general)
	v.NoMatch = noMatch
	if _, isExit := errors.AsType[*exec.ExitError](err); err != nil && !isExit {
		return v, err
	}
	if readErr != nil {
		return v, fmt.Errorf("cannot read the output of go vet: %w\n%s", readErr, stderr.String())
	}
	if e.kept != "" {
		if err := e.kept.store(ctx, e, patterns, v.described); err != nil && ctx.Err() != nil {
			return v, context.Cause(ctx)
		}
	}
	v.ok = err == nil // the failure of a check is no failure of go vet
	if !v.ok {
		v.Failures = append(v.Failures, failures...)
	}
	return v, nil
}

// read reads what go vet -json prints.
func (e *engine) read(r io.Reader, v *vetRun) error {
	return readUnits(r, func(one unitResults) error {
		err := v.add(one)
		e.progress.step(v.objects, len(v.Findings))
		return err
	})
}

// unitResults are what a vet tool prints of one unit, and go vet -json of many:
//
//	{package ID: {analyzer: [diagnostic…] or {"error": …}}}
type unitResults map[string]map[string]json.RawMessage

func readUnits(r io.Reader, use func(unitResults) error) error {
	dec := json.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	for {
		var one unitResults
		if err := dec.Decode(&one); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := use(one); err != nil {
			return err
		}
	}
}

// add adds the results of a unit.
func (v *vetRun) add(one unitResults) error {
	v.objects++
	for pkg, checks := range one {
		for check, raw := range checks {
			if check == unit.Description {
				v.described = append(v.described, raw)
				continue
			}
			var diags []diagnostic
			if json.Unmarshal(raw, &diags) == nil {
				for _, d := range diags {
					if f := newFinding(pkg, check, d); f.suppressed() {
						v.Suppressed = append(v.Suppressed, f)
					} else {
						v.Findings = append(v.Findings, f)
					}
				}
				continue
			}
			var failed struct{ Error string }
			if err := json.Unmarshal(raw, &failed); err != nil {
				return err
			}
			v.Failures = append(v.Failures, failure{Package: packagePath(pkg), Check: check, Reason: failed.Error})
		}
	}
	return nil
}

// parseStderr splits what the go command says into packages: "# path" begins a
// package, and "# [path]" repeats it.
func parseStderr(text string) (failures []failure, general string, noMatch []string) {
	var cur *failure
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "# "); ok {
			if name = packagePath(strings.Trim(name, "[]")); cur == nil || cur.Package != name {
				failures = append(failures, failure{Package: name})
				cur = &failures[len(failures)-1]
			}
			continue
		}
		line = strings.TrimPrefix(line, "vet: ")
		switch {
		case strings.HasPrefix(line, "go: downloading ") || strings.HasPrefix(line, "go: finding "):
		case strings.HasPrefix(line, "go: warning: ") && strings.HasSuffix(line, " matched no packages"):
			pattern := strings.TrimSuffix(strings.TrimPrefix(line, "go: warning: "), " matched no packages")
			noMatch = append(noMatch, strings.Trim(pattern, `"`))
		case cur == nil:
			general += line + "\n"
		case line != "" && !strings.Contains(cur.Reason, line):
			// The go command does not tell a package from the one together with its tests.
			if !strings.HasPrefix(line, "\t") {
				cur.Tests = strings.Contains(line, "_test.go:") && (cur.Tests || cur.Reason == "")
			}
			cur.Reason = strings.TrimPrefix(cur.Reason+"\n"+line, "\n")
		}
	}
	return failures, general, noMatch
}

// A listedPackage is what go list -e tells about a package and its tests.
type listedPackage struct {
	ImportPath string
	Dir        string
	ForTest    string
	Deps       []string
	Error      *packageError
	DepsErrors []*packageError

	TestGoFiles, XTestGoFiles                            []string
	EmbedPatterns, TestEmbedPatterns, XTestEmbedPatterns []string

	tests bool // its errors are those of its tests
}

type packageError struct {
	ImportStack []string
	Pos, Err    string
}

// reason says why go vet refuses the package, or "".
func (p *listedPackage) reason() string {
	errs := p.DepsErrors
	if p.Error != nil {
		errs = append(errs, p.Error)
	}
	var lines []string
	for _, e := range errs {
		line := e.Err
		if e.Pos != "" {
			line = e.Pos + ": " + line
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// someName makes a name of a pattern that matches it.
var someName = strings.NewReplacer("*", "x", "?", "x")

// missingEmbeds returns a name for each pattern of files to embed that matches none.
func (p *listedPackage) missingEmbeds() (names []string) {
	if !strings.Contains(p.reason(), "pattern ") {
		return nil
	}
	for _, pattern := range slices.Concat(p.EmbedPatterns, p.TestEmbedPatterns, p.XTestEmbedPatterns) {
		pattern = filepath.Join(p.Dir, filepath.FromSlash(strings.TrimPrefix(pattern, "all:")))
		switch found, err := filepath.Glob(pattern); {
		case err != nil || strings.Contains(pattern, "["):
		case len(found) == 0:
			names = append(names, someName.Replace(pattern))
		default:
			for _, name := range found {
				if info, err := os.Stat(name); err == nil && info.IsDir() { // perhaps one with nothing to embed
					names = append(names, filepath.Join(name, "x"))
				}
			}
		}
	}
	return names
}

// list asks the go command which packages the patterns name, broken ones included.
func list(ctx context.Context, build, patterns []string) ([]*listedPackage, error) {
	// Without EmbedFiles the go command does not look for the files of //go:embed.
	args := slices.Concat([]string{"list", "-e", "-test", "-json=ImportPath,Dir,ForTest,Deps,Error,DepsErrors,TestGoFiles,XTestGoFiles,EmbedFiles,EmbedPatterns,TestEmbedPatterns,XTestEmbedPatterns"}, build, []string{"--"}, patterns)
	out, err := goOutput(ctx, args...)
	var pkgs []*listedPackage
	byPath := make(map[string]*listedPackage)
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listedPackage)
		if dec.Decode(p) != nil {
			break
		}
		for i, dep := range p.Deps {
			p.Deps[i] = packagePath(dep)
		}
		path := cmp.Or(p.ForTest, p.ImportPath)
		if of := byPath[path]; of != nil { // a test variant
			of.tests = of.tests || of.reason() == ""
			of.Deps = append(of.Deps, p.Deps...)
			of.DepsErrors = append(of.DepsErrors, p.DepsErrors...)
			of.Error = cmp.Or(of.Error, p.Error)
		} else if !strings.HasSuffix(path, ".test") {
			byPath[path] = p
			pkgs = append(pkgs, p)
		}
	}
	if err != nil && len(pkgs) == 0 {
		return nil, err
	}
	return pkgs, nil
}

// listDirs returns the import paths of the packages that the patterns name, by
// directory.
func listDirs(ctx context.Context, build, patterns []string) (map[string]string, error) {
	args := slices.Concat([]string{"list", "-e", "-f", "{{.ImportPath}}\t{{.Dir}}"}, build, []string{"--"}, patterns)
	out, err := goOutput(ctx, args...)
	dirs := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, dir, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		dirs[realPath(dir)] = path
	}
	if len(dirs) == 0 {
		return nil, err
	}
	return dirs, nil
}
