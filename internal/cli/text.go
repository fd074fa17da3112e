package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
)

// A style colours text, or leaves it as it is.
type style bool

func (s style) paint(code, text string) string {
	if !s || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string { return s.paint("1", text) }
func (s style) dim(text string) string  { return s.paint("2", text) }
func (s style) mark(text string) string { return s.paint("1;33", text) }
func (s style) rule(text string) string { return s.paint("36", text) }
func (s style) bad(text string) string  { return s.paint("1;31", text) }
func (s style) good(text string) string { return s.paint("32", text) }

// styleFor returns colours for a terminal whose user did not refuse them (no-color.org).
func styleFor(w io.Writer) style {
	return style(isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// writeText writes findings for people: the place and the message on one line,
// which editors parse, then the source and what led to the finding, each line of
// it behind a tab.
func writeText(out io.Writer, r *report) error {
	w := bufio.NewWriter(out)
	s := r.Style
	for i, f := range r.Findings {
		if f.Check == leakCheck && (i == 0 || r.Findings[i-1].Check != leakCheck) {
			fmt.Fprintf(w, "\n%s\n", s.bold("Leaked, says the profile, and no check explains it:"))
		}
		message := f.Message
		if c := f.confirmation(); c != "" {
			message += "; " + s.bad(c)
		}
		fmt.Fprintf(w, "%s %s %s\n", s.bold(f.Pos.relative(r.Dir)+":"), message, s.rule("("+ruleText(f)+")"))
		writeSnippets(w, r, f)
	}
	if len(r.Findings) > 0 {
		fmt.Fprintf(w, "\n%s\n", s.bold(summary(r)))
	}
	for _, note := range r.Notes {
		fmt.Fprintln(w, note)
	}
	return w.Flush()
}

func ruleText(f *finding) string {
	if f.unsure() {
		return f.rule() + ", " + f.Confidence + " confidence"
	}
	return f.rule()
}

// A snippet is a place in the source that belongs to a finding.
type snippet struct {
	pos, end position
	label    string // what is to be seen there; "" for the finding itself
	line     string // the source; "" if it is not at hand
}

// writeSnippets shows the source of a finding and of what led to it.
func writeSnippets(w io.Writer, r *report, f *finding) {
	s := r.Style
	list := append(make([]snippet, 0, 1+len(f.Related)), snippet{pos: f.Pos, end: f.EndPos})
	for _, rel := range f.Related {
		list = append(list, snippet{pos: parsePosition(rel.Posn), end: parsePosition(rel.End), label: rel.Message})
	}
	// What is on the line of the finding itself belongs right below it.
	slices.SortStableFunc(list[1:], func(a, b snippet) int {
		elsewhere := func(p snippet) int {
			if p.pos.File == f.Pos.File && p.pos.Line == f.Pos.Line {
				return 0
			}
			return 1
		}
		return elsewhere(a) - elsewhere(b)
	})
	digits, indents := 0, make(map[string]int) // what the lines of a file have in common
	for i := range list {
		p := &list[i]
		p.line = r.Sources.Line(p.pos.File, p.pos.Line)
		if p.pos.Col < 1 || p.pos.Col > len(p.line) {
			p.line = ""
			continue
		}
		digits = max(digits, len(fmt.Sprint(p.pos.Line)))
		indent := min(len(p.line)-len(strings.TrimLeft(p.line, " \t")), p.pos.Col-1)
		if common, ok := indents[p.pos.File]; ok {
			indent = min(indent, common)
		}
		indents[p.pos.File] = indent
	}
	last, shown := position{File: f.Pos.File}, ""
	for _, p := range list {
		place := s.dim(p.pos.relative(r.Dir) + ":")
		if p.line == "" {
			if p.label != "" {
				fmt.Fprintf(w, "\t%s %s\n", place, p.label)
			}
			continue
		}
		if p.pos.File != last.File {
			fmt.Fprintf(w, "\t%s\n", place)
		}
		to := p.pos.Col + 1
		if p.end.File == p.pos.File && p.end.Line == p.pos.Line {
			to = max(to, p.end.Col)
		}
		indent := indents[p.pos.File]
		text, blank, marks := excerpt(p.line[indent:], p.pos.Col-indent, to-indent)
		if p.pos.File != last.File || p.pos.Line != last.Line || text != shown {
			fmt.Fprintf(w, "\t%s %s\n", s.dim(fmt.Sprintf("%*d |", digits, p.pos.Line)), text)
		}
		under := s.mark(strings.Repeat("^", marks))
		if p.label != "" {
			under = s.rule(strings.Repeat("-", marks) + " " + p.label)
		}
		fmt.Fprintf(w, "\t%s %*s%s\n", s.dim(fmt.Sprintf("%*s |", digits, "")), blank, "", under)
		last, shown = p.pos, text
	}
}

// summary is the last line: "3 findings in 2 packages; -fix can repair 1 of them".
func summary(r *report) string {
	text := plural(len(r.Findings), "finding") + " in " + plural(r.Packages, "package")
	fixable := 0
	for _, f := range r.Findings {
		if len(f.SuggestedFixes) > 0 {
			fixable++
		}
	}
	switch {
	case fixable == len(r.Findings):
		text += "; -fix can repair " + map[bool]string{true: "it", false: "them"}[fixable == 1]
	case fixable > 0:
		text += fmt.Sprintf("; -fix can repair %d of them", fixable)
	}
	return text
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
