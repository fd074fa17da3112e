package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
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
	for _, f := range r.Findings {
		place := shortPath(r.Dir, f.Pos.File)
		if f.Pos.Line > 0 {
			place += fmt.Sprintf(":%d:%d", f.Pos.Line, f.Pos.Col)
		}
		fmt.Fprintf(w, "%s %s %s\n", s.bold(place+":"), f.Message, s.rule("("+f.rule()+")"))
		writeExcerpt(w, s, r.Sources, f.Pos, f.EndPos)
		for _, rel := range f.Related {
			pos := parsePosition(rel.Posn)
			fmt.Fprintf(w, "\t%s %s\n", s.dim(fmt.Sprintf("%s:%d:%d:", shortPath(r.Dir, pos.File), pos.Line, pos.Col)), rel.Message)
		}
	}
	if len(r.Findings) > 0 {
		fmt.Fprintf(w, "\n%s\n", s.bold(summary(r)))
	}
	for _, note := range r.Notes {
		fmt.Fprintln(w, note)
	}
	return w.Flush()
}

func writeExcerpt(w io.Writer, s style, src sources, pos, end position) {
	to := 0 // the end of the line
	if end.File == pos.File && end.Line == pos.Line {
		to = max(end.Col, pos.Col+1)
	}
	text, marks := excerpt(src.line(pos.File, pos.Line), pos.Col, to)
	if text == "" {
		return
	}
	number := fmt.Sprint(pos.Line)
	bar := s.dim("|")
	fmt.Fprintf(w, "\t%s %s %s\n", s.dim(number), bar, text)
	indent := len(marks) - len(strings.TrimLeft(marks, " "))
	fmt.Fprintf(w, "\t%s %s %s%s\n", strings.Repeat(" ", len(number)), bar, marks[:indent], s.mark(marks[indent:]))
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
