package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/leakprofile"
	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/lint"
)

// leakCheck is the name under which goroutines are reported that leaked, as a profile
// of the runtime says, and that no check has an explanation for.
const leakCheck = "leakprofile"

// readLeaks reads goroutine leak profiles.
func readLeaks(files []string) ([]*leak, error) {
	var leaks []*leak
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("-leakprofile: %w", err)
		}
		found, err := leakprofile.Parse(data)
		if err != nil {
			if errors.Is(err, leakprofile.ErrNotLeaks) {
				err = fmt.Errorf("%w; heapvet help leakprofile tells how to collect one", err)
			}
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, l := range found {
			leaks = append(leaks, &leak{Leak: l})
		}
	}
	return leaks, nil
}

// A leak is what a profile says of goroutines blocked at one place, and where that
// is in the source at hand.
type leak struct {
	*leakprofile.Leak
	stack     []position // of its frames; zero where the frame is in no package of the analysis
	creator   position
	explained bool // by a finding
}

// local reports whether some of the leak's source is analysed.
func (l *leak) local() bool {
	return len(l.places()) > 0
}

// places returns where goroutines are stuck, from the blocked operation outwards, and
// last where they were started.
func (l *leak) places() []position {
	return slices.DeleteFunc(append(slices.Clone(l.stack), l.creator), func(p position) bool { return p.File == "" })
}

// explainsLeaks reports whether findings of the check name operations that block.
func (c catalogue) explainsLeaks(check string) bool {
	n := c.find(check)
	return n != nil && n.Group == lint.Goroutines
}

// confirm marks the findings at which goroutines have leaked, and the leaks that
// are thereby explained. A leak goes to the finding that is nearest to the blocked
// operation.
func (c catalogue) confirm(leaks []*leak, findings []*finding) {
	at := make(map[position][]*finding)
	for _, f := range sortFindings(findings) {
		if c.explainsLeaks(f.Check) {
			place := position{realPath(f.Pos.File), f.Pos.Line, 0}
			at[place] = append(at[place], f)
		}
	}
	for _, l := range leaks {
		if l.explained {
			continue
		}
		for _, place := range l.places() {
			for _, f := range at[place] {
				f.Leaked += l.Count
				l.explained = true
			}
			if l.explained {
				break
			}
		}
	}
}

// joinLeaks marks what the profiles confirm among the findings, adds the findings of
// medium confidence that they confirm, and those leaks that nothing explains.
func (a *analysis) joinLeaks(ctx context.Context, e *engine, found *result) error {
	tree, err := listTree(ctx, e.build, a.patterns)
	if err != nil {
		return err
	}
	tree.locate(a.leaks)
	checks := a.command.checks
	checks.confirm(a.leaks, slices.Concat(found.Findings, found.Suppressed))
	if medium := a.mediumPackages(tree); len(medium) > 0 {
		again := *e
		again.tool = []string{"-" + lint.FlagSuppressed, "-" + lint.FlagAll}
		for _, check := range checks.checks {
			if check.Stage == lint.On && check.Group == lint.Goroutines {
				again.tool = append(again.tool, "-"+check.Name)
			}
		}
		again.scope = a.env.scope(a.dir, medium)
		more, err := again.vet(ctx, medium)
		if err != nil {
			return err
		}
		checks.confirm(a.leaks, slices.Concat(more.Findings, more.Suppressed))
		for _, f := range more.Findings {
			if f.Leaked > 0 {
				found.Findings = append(found.Findings, f)
			}
		}
	}
	for _, l := range unexplained(a.leaks) {
		found.Findings = append(found.Findings, tree.report(l, a.sources))
	}
	a.noteLeaks()
	return nil
}

// mediumPackages returns the packages with leaks that the findings so far do not
// explain, for a second look.
func (a *analysis) mediumPackages(tree *sourceTree) (paths []string) {
	if a.all {
		return nil
	}
	dirs := make(map[string]bool)
	for _, l := range a.leaks {
		if l.explained {
			continue
		}
		for _, p := range l.places() {
			dirs[filepath.Dir(p.File)] = true
		}
	}
	for path, dir := range tree.dirs {
		if dirs[dir] {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// unexplained returns the leaks in analysed source that no finding explains, those
// that wait at the same place as one: the stacks below it may differ, and not every
// format knows the creator.
func unexplained(leaks []*leak) (merged []*leak) {
	type where struct {
		position
		reason string
	}
	seen := make(map[where]*leak)
	for _, l := range leaks {
		if l.explained || !l.local() {
			continue
		}
		at := where{l.places()[0], l.Reason}
		if same := seen[at]; same == nil {
			seen[at] = &leak{&leakprofile.Leak{Stack: l.Stack, Reason: l.Reason, Creator: l.Creator, Count: l.Count}, l.stack, l.creator, false}
			merged = append(merged, seen[at])
		} else {
			same.Count += l.Count
			if same.creator.File == "" {
				same.creator, same.Creator = l.creator, l.Creator
			}
		}
	}
	return merged
}

// report makes a finding of a leak that no other finding explains: at the blocked
// operation, or the nearest call or go statement that is analysed.
func (t *sourceTree) report(l *leak, src source.Files) *finding {
	reason := cmp.Or(l.Reason, "blocking operation")
	at := slices.IndexFunc(l.stack, func(p position) bool { return p.File != "" })
	pos, frame, message := l.creator, l.Creator, ""
	switch {
	case at == 0:
		pos, frame = l.stack[0], l.Stack[0]
		message = "blocked forever here: " + reason
	case at > 0:
		pos, frame = l.stack[at], l.Stack[at]
		message = fmt.Sprintf("blocked forever in a call from here: %s in %s", reason, l.Stack[0].Func)
	default:
		message = fmt.Sprintf("started here, blocked forever: %s in %s", reason, l.Stack[0].Func)
	}
	d := diagnostic{Message: plural(l.Count, "goroutine") + " " + message, Leaked: l.Count}
	d.Posn, d.End = wholeLine(src, pos)
	if l.creator.File != "" && l.creator != pos {
		r := related{Message: "started here"}
		r.Posn, r.End = wholeLine(src, l.creator)
		d.Related = []related{r}
	}
	pkg := frame.Package()
	for path, dir := range t.dirs {
		if dir == filepath.Dir(pos.File) {
			pkg = path
		}
	}
	return newFinding(pkg, leakCheck, d)
}

// noteLeaks tells what of the profiles is not to be seen among the findings.
func (a *analysis) noteLeaks() {
	if len(a.leaks) == 0 {
		a.notes = append(a.notes, "no goroutine has leaked, says "+strings.Join(a.leakProfiles, ", "))
		return
	}
	n, stale, local := 0, 0, 0
	var away []string
	for _, l := range a.leaks {
		switch {
		case !l.local():
			n += l.Count
			away = append(away, l.Stack[0].Package())
		case l.stack[0].File != "":
			local++
			if !mayBlock(a.sources, l.stack[0]) {
				stale++
			}
		}
	}
	slices.Sort(away)
	away = slices.Compact(away)
	if len(away) > 3 {
		away = append(away[:3], "…")
	}
	switch {
	case len(away) > 0 && local == 0 && a.noneLocal():
		a.notes = append(a.notes, fmt.Sprintf("no leaked goroutine of the profile is in the packages analysed, all are in others (%s): is it a profile of this module?", strings.Join(away, ", ")))
	case n > 0:
		a.notes = append(a.notes, fmt.Sprintf("%s leaked in packages that are not analysed here (%s)", plural(n, "more goroutine"), strings.Join(away, ", ")))
	}
	if stale > 0 && 2*stale >= local {
		a.notes = append(a.notes, "the profile names lines that do not block in the source at hand: is it of another version?")
	}
}

func (a *analysis) noneLocal() bool { return !slices.ContainsFunc(a.leaks, (*leak).local) }

// mayBlock reports whether the line has anything that can block: an operation on a
// channel, or a call.
func mayBlock(src source.Files, p position) bool {
	line := src.Line(p.File, p.Line)
	return strings.ContainsAny(line, "(") || strings.Contains(line, "<-") ||
		strings.Contains(line, "select") || strings.Contains(line, "range")
}

// wholeLine returns the range of what is on a line, as a diagnostic has it.
func wholeLine(src source.Files, p position) (from, to string) {
	line := src.Line(p.File, p.Line)
	if line == "" {
		return p.relative(""), p.relative("")
	}
	p.Col = 1 + len(line) - len(strings.TrimLeft(line, " \t"))
	end := p
	end.Col = 1 + len(strings.TrimRight(line, " \t"))
	return p.relative(""), end.relative("")
}

// confirmation says what profiles and traces add to the message of a finding.
func (f *finding) confirmation() string {
	if m := f.measured(); m != "" {
		return m
	}
	if f.Leaked == 0 || f.Check == leakCheck {
		return ""
	}
	return "confirmed by the leak profile: " + plural(f.Leaked, "goroutine")
}

// leakRank orders findings for people: confirmed ones, the others, and leaks without
// an explanation, which form a section at the end.
func (f *finding) leakRank() int {
	switch {
	case f.Check == leakCheck:
		return 2
	case f.Leaked > 0:
		return 0
	}
	return 1
}
