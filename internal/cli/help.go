package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"

	explainer "github.com/heapvet/heapvet/internal/explain"
	"github.com/heapvet/heapvet/lint"
)

const usage = `heapvet finds heap allocations, goroutine leaks and retained memory that a Go program need not have.

usage: heapvet [flags] [packages]      default: ./...
       heapvet diff REV [packages]     allocations that a change adds and removes: heapvet help diff
       heapvet explain CHECK           what a check finds, and what it does not
       heapvet explain FILE:LINE       what the compiler allocates on a line, and why
       heapvet list [-json]            all checks
       heapvet list -assumptions [packages]   what //heapvet:assume-noalloc takes for granted
       heapvet doctor [-C dir]         is this a place where heapvet can work?
       heapvet init PROGRAM            write the file that sets heapvet up for CI or an editor
       heapvet merge FILE.sarif…       one log of those that -shard and -format sarif make
       heapvet lsp [flags]             language server, beside gopls: heapvet help lsp
       heapvet version

what is analysed
  -C dir                 run in dir
  -tags list             build tags
  -all                   report findings of medium confidence too, marked as such
  -vet                   run the checks of go vet, too
  -shard i/n             the i-th of n parts of the packages, for n machines: docs/hosts.md

what is shown
  -enable list           checks, or check/category; "all" is all of them
  -disable list          as -enable; what is named more exactly wins; whole checks do not run
  -test=false            hide findings in _test.go files
  -new-from REV          only what changed since REV ("main..." is since its merge base)
  -baseline FILE         hide the findings in FILE
  -write-baseline FILE   write the findings to FILE, for -baseline
  -profile FILE          rank by a profile of pprof, and look closely where it is hot: heapvet help profile
  -leakprofile FILE      mark what the runtime has seen leak: heapvet help leakprofile
  -inittrace FILE        what takes long before main begins, measured: heapvet help inittrace

what is done
  -format text|json|github|gitlab|sarif|rdjson|checkstyle
  -json                  the same as -format json: the shape of go vet -json, with "confidence": "medium" where it is
  -fix                   repair what can be repaired safely
  -diff                  print what -fix would change

A file heapvet.toml sets what a team wants to see: heapvet help config.
A comment silences a finding: //nolint:CHECK // reason. See heapvet help suppression.
Exit code: 0 clean, 1 findings, 2 some package could not be analysed.
`

const configHelp = `heapvet.toml (or .heapvet.toml) is found in the directory of a package or above it, up to the
root of the repository; the nearest one counts alone. It is applied to findings, so that editing
it costs no analysis. Flags win over it. Unknown keys and unknown checks are errors.

` + configExample + `
Globs are relative to the file: * and ? match within one element of a path, ** any number of
them. A glob that names a directory covers what is below it; one without a slash matches at
any depth.

enable and disable take names of checks, check/category, and "all"; what is named more
exactly wins, and disable wins over enable. all, and enable of a check that is off by default,
ask for more analysis; of these, the configuration of the current directory is what counts.
`

const profileHelp = `A profile tells which allocations matter. Given one in the format of pprof, of what the program
has allocated or where its time went,

	heapvet -profile allocs.pprof ./...

puts the findings with the largest share first and tells the share ("12.4 % of alloc_space"), and
takes functions that have half a percent or more themselves as hot, as if their authors had marked
them: checks of allocations then report what they else report only in loops. A function marked
//heapvet:cold stays cold. Of a heap profile, alloc_space is taken, else cpu or what there is;
-profile alloc_objects=FILE takes another.

From a server that imports net/http/pprof:

	curl -o allocs.pprof http://localhost:6060/debug/pprof/allocs
	curl -o cpu.pprof 'http://localhost:6060/debug/pprof/profile?seconds=30'

From benchmarks:

	go test -run '^$' -bench . -memprofile allocs.pprof

The source at hand should be the source of the profile: lines are matched by file and number.
Without the flag nothing changes, and what the go command has cached stays valid.
`

const leakHelp = `The Go runtime can tell which goroutines are blocked forever: those that wait for something that
no running goroutine can reach. It does not guess; but it sees only what a run has done.

	heapvet -leakprofile leaks.txt ./...

marks the findings at which goroutines have leaked, shows them first, and adds those that are
else shown only with -all. Leaks that no check explains are listed at the end; they are
findings as well (` + leakCheck + `), so that the exit code is 1. The flag may be given several times.
A leak whose finding is suppressed, disabled or in the baseline is not listed either.

Go 1.27 has the profile; a program built by Go 1.26 has it when it is built with

	GOEXPERIMENT=goroutineleakprofile

From a server that imports net/http/pprof:

	curl -o leaks.txt 'http://localhost:6060/debug/pprof/goroutineleak?debug=2'

From a test:

	func TestMain(m *testing.M) {
		code := m.Run()
		if p := pprof.Lookup("goroutineleak"); p != nil { // runtime/pprof
			if f, err := os.Create("leaks.txt"); err == nil {
				p.WriteTo(f, 2)
				f.Close()
			}
		}
		os.Exit(code)
	}

The text of debug=2 tells where the goroutines were started; the format of pprof (debug=0) is
read as well. Lines must be those of the source at hand; the machine and -trimpath do not matter.
`

const initHelp = `The Go runtime can tell what the initialization of each package takes: of its variables and its
init functions, all that happens before main begins. A program that runs with

	GODEBUG=inittrace=1 ./program 2>trace.txt

writes a line for each to standard error. What else is written there does not matter; one run is
enough, and of several traces the slowest counts.

	heapvet -inittrace trace.txt ./...

runs the check ` + initCheck + ` also where it is off, puts its findings of the slowest packages first,
each with the milliseconds and allocations of its package, and adds those that are else shown only
with -all to slow packages without others. Packages of 1 ms or more that no finding explains are
findings as well (` + traceCheck + `). The notes at the end name what is slow in other modules.
`

const configExample = `	disable = ["prealloc/map"]              # checks, or check/category
	enable  = []                            # the same
	all     = false                         # findings of medium confidence, too
	test    = true                          # findings in _test.go files
	exclude = ["third_party", "**/gen/*.go"]  # globs of files without findings

	[[rule]]                                # for some files; the last one that fits wins
	paths   = ["cmd/**", "*_test.go"]
	disable = ["hotescape"]                 # or enable, or both
	reason  = "run once"                    # for people
`

func help(c *command, ctx context.Context, args []string) (int, error) {
	text := usage
	if len(args) > 0 {
		switch args[0] {
		case "config":
			text = configHelp
		case "lsp":
			text = lspHelp
		case leakCheck:
			text = leakHelp
		case traceCheck:
			text = initHelp
		case "diff":
			text = diffHelp
		case "profile":
			text = profileHelp
		default:
			return explain(c, ctx, args)
		}
	}
	_, err := io.WriteString(c.stdout, text)
	return exitClean, err
}

// toolVersion returns the version of the module that the program was built from.
func toolVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

func printVersion(c *command, ctx context.Context, args []string) (int, error) {
	_, err := fmt.Fprintf(c.stdout, "heapvet %s, built with %s for %s/%s\n", toolVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitClean, err
}

// title and text are the two parts of an analyzer's documentation.
func splitDoc(doc string) (title, text string) {
	title, text, _ = strings.Cut(doc, "\n")
	return title, strings.Trim(text, "\n")
}

// linePosition parses FILE:LINE or FILE:LINE:COL of a Go file that exists.
func linePosition(arg string) (position, bool) {
	pos := parsePosition(arg)
	if pos.Line == 0 || !strings.HasSuffix(pos.File, ".go") {
		return pos, false
	}
	info, err := os.Stat(pos.File)
	return pos, err == nil && !info.IsDir()
}

// explain prints the documentation of checks, or what the compiler says of a line.
func explain(c *command, ctx context.Context, args []string) (int, error) {
	if len(args) == 0 {
		return 0, fmt.Errorf("explain which check? heapvet list shows them")
	}
	for i, arg := range args {
		if pos, ok := linePosition(arg); ok {
			lines, err := explainer.Line(ctx, pos.File, pos.Line)
			if err != nil {
				return 0, err
			}
			for _, line := range lines {
				fmt.Fprintln(c.stdout, line)
			}
			continue
		}
		name, category, _ := strings.Cut(arg, "/")
		check := c.checks.find(name)
		if check == nil || category != "" && !check.hasCategory(category) {
			switch arg {
			case suppressionCheck:
				fmt.Fprint(c.stdout, suppressionDoc)
				continue
			case leakCheck:
				fmt.Fprint(c.stdout, leakHelp)
				continue
			case traceCheck:
				fmt.Fprint(c.stdout, initHelp)
				continue
			}
			err := c.checks.validate(arg)
			if err == nil {
				err = fmt.Errorf("%s is no check", arg)
			}
			return 0, err
		}
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		c.explainCheck(check, category)
	}
	return exitClean, nil
}

const suppressionDoc = `suppression: comments that silence findings, and do not

	//nolint:heapvet                       all checks, on this line or what begins on the next
	//nolint:prealloc,hotescape // reason  these checks
	//lint:ignore prealloc reason          this line and the next one
	//lint:file-ignore prealloc reason     the whole file

A comment that silences nothing is reported (suppression/unused), and so is one that is not
well formed (suppression/malformed).
`

func (n *namedCheck) hasCategory(name string) bool {
	for _, cat := range n.Categories {
		if cat.Name == name {
			return true
		}
	}
	return false
}

func (c *command) explainCheck(check *namedCheck, category string) {
	w, s := c.stdout, styleFor(c.stdout)
	analyzer := check.New()
	title, text := splitDoc(analyzer.Doc)
	fmt.Fprintf(w, "%s: %s\n\n", s.bold(check.Name), title)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "    "):
			code, comment, found := strings.Cut(line, "//")
			if found {
				comment = s.dim("//" + comment)
			}
			fmt.Fprintf(w, "%s%s\n", code, comment)
		case strings.HasPrefix(line, "# "):
			fmt.Fprintln(w, s.bold(strings.TrimSpace(line[2:])))
		default:
			fmt.Fprintln(w, line)
		}
	}
	if text != "" {
		fmt.Fprintln(w)
	}
	if len(check.Categories) > 0 {
		fmt.Fprintf(w, "%s\n", s.bold("Categories"))
		tw := tabwriter.NewWriter(w, 0, 8, 3, ' ', 0)
		for _, cat := range check.Categories {
			mark := "  "
			if cat.Name == category {
				mark = "> "
			}
			fmt.Fprintf(tw, "%s%s/%s\t%s\n", mark, check.Name, cat.Name, cat.Title)
		}
		tw.Flush()
		fmt.Fprintln(w)
	}
	if check.Group == lint.Goroutines && check.Origin == "" {
		fmt.Fprintf(w, "%s\n%s\n", s.bold("Confirmed by the runtime"), leakHelp)
	}
	if check.Name == initCheck {
		fmt.Fprintf(w, "%s\n%s\n", s.bold("Measured by the runtime"), initHelp)
	}
	fmt.Fprintf(w, "%s\n", s.dim(check.facts()))
	if analyzer.URL != "" {
		fmt.Fprintf(w, "%s\n", s.dim(analyzer.URL))
	}
}

// facts tells the metadata of a check in a line.
func (n *namedCheck) facts() string {
	stage := "on by default"
	if n.Stage == lint.Opt {
		stage = "off by default: -enable " + n.Name
	}
	fixes := map[lint.Fix]string{lint.NoFix: "no fixes", lint.SafeFix: "safe fixes", lint.SomeSafe: "safe fixes for some categories"}[n.Fix]
	evidence := map[lint.Evidence]string{lint.Types: "types", lint.Flow: "control and value flow", lint.Compiler: "the compiler's escape analysis"}[n.Evidence]
	line := fmt.Sprintf("%s; %s; evidence: %s; since %s", stage, fixes, evidence, n.Since)
	if n.Origin != "" {
		line += "; from " + n.Origin
	}
	return line
}

// A listedCheck is an element of heapvet list -json.
type listedCheck struct {
	Name       string           `json:"name"`
	Title      string           `json:"title"`
	Group      lint.Group       `json:"group"`
	Stage      lint.Stage       `json:"stage"`
	Fix        lint.Fix         `json:"fix"`
	Evidence   lint.Evidence    `json:"evidence"`
	Since      string           `json:"since"`
	Origin     string           `json:"origin,omitempty"`
	URL        string           `json:"url,omitempty"`
	Categories []listedCategory `json:"categories,omitempty"`
}

type listedCategory struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

func listChecks(c *command, ctx context.Context, args []string) (int, error) {
	if len(args) > 0 && strings.TrimLeft(args[0], "-") == "assumptions" {
		return listAssumptions(c, ctx, args[1:])
	}
	asJSON := len(args) == 1 && strings.TrimLeft(args[0], "-") == "json"
	if len(args) > 0 && !asJSON {
		return 0, fmt.Errorf("usage: heapvet list [-json], heapvet list -assumptions [-json] [packages]")
	}
	var list []listedCheck
	list = slices.Grow(list, len(c.checks.checks))
	for _, check := range c.checks.checks {
		a := check.New()
		title, _ := splitDoc(a.Doc)
		l := listedCheck{check.Name, title, check.Group, check.Stage, check.Fix, check.Evidence, check.Since, check.Origin, a.URL, nil}
		for _, cat := range check.Categories {
			l.Categories = append(l.Categories, listedCategory(cat))
		}
		list = append(list, l)
	}
	if asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "\t")
		return exitClean, enc.Encode(list)
	}
	c.printList(list)
	return exitClean, nil
}

func (c *command) printList(list []listedCheck) {
	s := styleFor(c.stdout)
	width := 0
	var groups []lint.Group
	byGroup := make(map[lint.Group][]listedCheck)
	for _, l := range list {
		width = max(width, len(l.Name))
		for _, cat := range l.Categories {
			width = max(width, len(cat.Name)+2)
		}
		if byGroup[l.Group] == nil {
			groups = append(groups, l.Group)
		}
		byGroup[l.Group] = append(byGroup[l.Group], l)
	}
	for i, group := range groups {
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		fmt.Fprintln(c.stdout, s.dim(string(group)))
		for _, l := range byGroup[group] {
			title := l.Title
			if l.Stage == lint.Opt {
				title += s.dim(" (off by default)")
			}
			if l.Origin != "" {
				title += s.dim(" (" + l.Origin + ")")
			}
			fmt.Fprintf(c.stdout, "  %s%s  %s\n", s.bold(l.Name), strings.Repeat(" ", width-len(l.Name)), title)
			for _, cat := range l.Categories {
				fmt.Fprintf(c.stdout, "    %s%s  %s\n", s.rule(cat.Name), strings.Repeat(" ", width-2-len(cat.Name)), cat.Title)
			}
		}
	}
}
