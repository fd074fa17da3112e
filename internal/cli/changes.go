package cli

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// changes are the lines of the work tree that a revision does not have, by file.
// A nil list means every line.
type changes map[string][]lineRange

type lineRange struct{ from, to int } // inclusive

func (c changes) has(pos position) bool {
	ranges, ok := c[realPath(pos.File)]
	if !ok {
		return false
	}
	if ranges == nil {
		return true
	}
	for _, r := range ranges {
		if r.from <= pos.Line && pos.Line <= r.to {
			return true
		}
	}
	return false
}

// touch reports whether the finding, or something that it points to as its
// cause, is on a changed line.
func (c changes) touch(f *finding) bool {
	if c.has(f.Pos) {
		return true
	}
	for _, r := range f.Related {
		if c.has(parsePosition(r.Posn)) {
			return true
		}
	}
	return false
}

// changesSince asks git for the lines changed since a revision, committed or not,
// untracked files included. As with git, "rev..." means since the merge base.
func changesSince(ctx context.Context, rev string) (changes, error) {
	if strings.HasPrefix(rev, "-") {
		return nil, fmt.Errorf("-new-from %s: not a revision", rev)
	}
	top, err := git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("-new-from needs a git work tree: %w", err)
	}
	top = realPath(strings.TrimSpace(top))
	args := []string{"diff", "-U0", "--no-color", "--no-ext-diff", "--no-prefix", "--find-renames", "--no-relative"}
	if base, ok := strings.CutSuffix(rev, "..."); ok {
		args = append(args, "--merge-base", base)
	} else {
		args = append(args, rev)
	}
	diff, err := git(ctx, append(args, "--")...)
	if err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", rev, err)
	}
	c := parseDiff(diff, top)
	untracked, err := git(ctx, "-C", top, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, fmt.Errorf("-new-from %s: %w", rev, err)
	}
	for name := range strings.SplitSeq(untracked, "\x00") {
		if name != "" {
			c[filepath.Join(top, filepath.FromSlash(name))] = nil
		}
	}
	return c, nil
}

// parseDiff reads the output of git diff -U0 --no-prefix.
func parseDiff(diff, top string) changes {
	c := make(changes)
	file := ""
	body := 0 // lines of a hunk still to come, which may look like anything
	for line := range strings.Lines(diff) {
		line = strings.TrimSuffix(line, "\n")
		if body > 0 && (strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-")) {
			body--
			continue
		}
		if name, ok := strings.CutPrefix(line, "+++ "); ok {
			name = strings.TrimSuffix(name, "\t") // git ends a name with spaces so
			if unquoted, err := strconv.Unquote(name); err == nil {
				name = unquoted
			}
			file = filepath.Join(top, filepath.FromSlash(name))
		} else if hunk, ok := strings.CutPrefix(line, "@@ "); ok {
			fields := strings.Fields(hunk)
			if len(fields) < 2 {
				continue
			}
			_, removed := parseRange(fields[0])
			start, added := parseRange(fields[1])
			body = removed + added
			c[file] = append(c[file], lineRange{start, start + added - 1})
		}
	}
	return c
}

// parseRange parses "+12,3" and "+12".
func parseRange(s string) (start, count int) {
	first, second, ok := strings.Cut(strings.TrimLeft(s, "+-"), ",")
	start, _ = strconv.Atoi(first)
	count = 1
	if ok {
		count, _ = strconv.Atoi(second)
	}
	return start, count
}

func git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	ownGroup(cmd)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && stderr.Len() > 0 {
		err = errors.New(strings.TrimPrefix(strings.TrimSpace(stderr.String()), "fatal: "))
	}
	return string(out), err
}
