package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/heapvet/heapvet/evidence/alloc"
)

const diffHelp = `heapvet diff tells which places of the program begin to call the allocator, and which
stop doing so, between a revision and the work tree:

	heapvet diff main... ./...            since the merge base with main
	heapvet diff v1.4.0 ./server

or, for the same source, between the selected toolchain and another one:

	heapvet diff -toolchain go1.27.1 ./...

Both sides are compiled, and the machine code is compared function by function: what is listed was
seen there, not guessed, inlined functions included. A place that only moved, or whose line was
edited and allocates as before, is not a change.

flags
  -C dir                 run in dir
  -tags list             build tags
  -toolchain VERSION     compare with this toolchain instead of a revision
  -format text|json|markdown   markdown is a table for a comment on a pull request
  -json                  the same as -format json

Exit code: 0 no place added, 1 some added, 2 some package could not be compiled.
`

// heapDiff is the subcommand diff.
func heapDiff(c *command, ctx context.Context, args []string) (int, error) {
	var dir, tags, toolchain, format string
	var asJSON bool
	fs := flag.NewFlagSet("heapvet diff", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&dir, "C", "", "")
	fs.StringVar(&tags, "tags", "", "")
	fs.StringVar(&toolchain, "toolchain", "", "")
	fs.StringVar(&format, "format", "text", "")
	fs.BoolVar(&asJSON, "json", false, "")
	var rest []string
	for {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return help(c, ctx, []string{"diff"})
		} else if err != nil {
			return 0, fmt.Errorf("%w\nheapvet help diff shows the flags", err)
		}
		if fs.NArg() == 0 {
			break
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
	if asJSON {
		format = "json"
	}
	write := map[string]func(io.Writer, *heapChanges, style) error{"text": writeHeapText, "json": writeHeapJSON, "markdown": writeHeapMarkdown}[format]
	if write == nil {
		return 0, fmt.Errorf("-format %s is unknown; there are json, markdown, text", format)
	}
	if dir != "" {
		if err := os.Chdir(dir); err != nil {
			return 0, err
		}
		os.Unsetenv("PWD")
	}
	rev := ""
	if toolchain == "" {
		if len(rest) == 0 {
			return 0, errors.New("diff needs a revision, as in heapvet diff main ./pkg")
		}
		rev, rest = rest[0], rest[1:]
	}
	if len(rest) == 0 {
		rest = []string{"./..."}
	}
	wd, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	here := side{dir: wd, patterns: rest}
	if tags != "" {
		here.build = []string{"-tags=" + tags}
	}
	var before, after heapSites
	if toolchain != "" {
		there := here
		there.toolchain = toolchain
		if before, err = here.sites(ctx); err != nil {
			return 0, err
		}
		after, err = there.sites(ctx)
	} else {
		err = withRevision(ctx, rev, func(root string) (err error) {
			there := here
			there.dir, there.old = root, true
			if before, err = there.sites(ctx); err != nil {
				return err
			}
			after, err = here.sites(ctx)
			return err
		})
	}
	if err != nil {
		return 0, err
	}
	changes := compareSites(before, after)
	changes.From, changes.To = cmp.Or(rev, before.release), cmp.Or(toolchain, "the work tree")
	if err := write(c.stdout, changes, styleFor(c.stdout)); err != nil {
		return 0, err
	}
	for _, side := range []struct {
		heapSites
		name string
	}{{before, changes.From}, {after, changes.To}} {
		for _, f := range side.failures {
			fmt.Fprintf(c.stderr, "heapvet: %s was not compiled for %s, and is left out:\n\t%s\n",
				cmp.Or(f.Package, "a package"), side.name, strings.ReplaceAll(f.Reason, "\n", "\n\t"))
		}
	}
	switch {
	case len(before.failures)+len(after.failures) > 0:
		return exitFailure, nil
	case len(changes.Added) > 0:
		return exitFindings, nil
	}
	return exitClean, nil
}

// withRevision calls f with the directory that corresponds to the current one in a
// work tree of the revision, which is there only for that time.
func withRevision(ctx context.Context, rev string, f func(dir string) error) (err error) {
	if strings.HasPrefix(rev, "-") {
		return fmt.Errorf("%s is not a revision", rev)
	}
	top, err := git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return fmt.Errorf("diff needs a git work tree: %w", err)
	}
	top = strings.TrimSpace(top)
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(realPath(top), realPath(wd))
	if err != nil {
		return err
	}
	var commit string
	if base, ok := strings.CutSuffix(rev, "..."); ok {
		commit, err = git(ctx, "merge-base", base, "HEAD")
	} else {
		commit, err = git(ctx, "rev-parse", "--verify", "--quiet", rev+"^{commit}")
	}
	commit = strings.TrimSpace(commit)
	if err != nil || commit == "" {
		return fmt.Errorf("%s is not a revision of this repository", rev)
	}
	temp, err := os.MkdirTemp("", "heapvet-diff-")
	if err != nil {
		return err
	}
	tree := filepath.Join(temp, "tree")
	defer func() {
		// Also after an interrupt.
		ctx := context.WithoutCancel(ctx)
		_, gitErr := git(ctx, "-C", top, "worktree", "remove", "--force", tree)
		if rmErr := os.RemoveAll(temp); err == nil {
			err = rmErr
		}
		if gitErr != nil {
			git(ctx, "-C", top, "worktree", "prune")
		}
	}()
	if _, err := git(ctx, "-C", top, "-c", "core.hooksPath="+temp, "worktree", "add", "--detach", "--quiet", tree, commit); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("cannot check out %s: %w", rev, err)
	}
	dir := filepath.Join(tree, rel)
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("%s has no directory %s", rev, rel)
	}
	return f(dir)
}

// A side is one of the two states that are compared.
type side struct {
	dir       string
	toolchain string // "" for the selected one
	old       bool   // a revision, which may lack packages
	build     []string
	patterns  []string
}

// heapSites are the places that allocate on one side.
type heapSites struct {
	sites    []heapSite
	failures []failure
	release  string
}

// A heapSite is one place that allocates.
type heapSite struct {
	Package string `json:"package"`
	Func    string `json:"func"`
	File    string `json:"file"` // relative to the directory of the command
	Line    int    `json:"line"`
	What    string `json:"what"`
	Via     string `json:"via,omitempty"` // the inlined function that allocates
	Text    string `json:"text"`          // the line
}

// sites has the packages compiled and reads their machine code.
func (s side) sites(ctx context.Context) (found heapSites, err error) {
	out, err := s.goCommand(ctx, "env", "GOVERSION")
	if err != nil {
		return found, err
	}
	found.release = strings.TrimSpace(string(out))
	args := slices.Concat([]string{"list", "-e", "-export", "-json=ImportPath,Dir,Export,Error,DepsErrors,GoFiles,CgoFiles"}, s.build, []string{"--"}, s.patterns)
	if out, err = s.goCommand(ctx, args...); err != nil {
		return found, err
	}
	lines := make(map[string][]string)
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			ImportPath, Dir, Export string
			GoFiles, CgoFiles       []string
			Error                   *struct{ Err string }
			DepsErrors              []*struct{ Err string }
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return found, fmt.Errorf("cannot read the output of go list: %w", err)
		}
		if p.Export == "" {
			if len(p.GoFiles)+len(p.CgoFiles) == 0 && (s.old || p.Error == nil && len(p.DepsErrors) == 0) {
				continue // tests only, or not there yet
			}
			reason := "the go command says no more"
			if p.Error != nil {
				reason = p.Error.Err
			} else if len(p.DepsErrors) > 0 {
				reason = p.DepsErrors[0].Err
			}
			found.failures = append(found.failures, failure{Package: p.ImportPath, Reason: reason})
			continue
		}
		data, err := os.ReadFile(p.Export)
		if err != nil {
			return found, err
		}
		sites, err := alloc.Sites(data, p.ImportPath)
		if err != nil {
			return found, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		for _, site := range sites {
			if !filepath.IsAbs(site.File) {
				site.File = filepath.Join(p.Dir, filepath.Base(site.File)) // with -trimpath
			}
			h := heapSite{Package: p.ImportPath, Func: site.Func, File: site.File, Line: site.Line, What: site.Kind.String(), Via: site.Via}
			if rel, err := filepath.Rel(s.dir, site.File); err == nil {
				h.File = filepath.ToSlash(rel)
			}
			if _, ok := lines[site.File]; !ok {
				text, _ := os.ReadFile(site.File)
				lines[site.File] = strings.Split(string(text), "\n")
			}
			if text := lines[site.File]; site.Line >= 1 && site.Line <= len(text) {
				h.Text = strings.TrimSpace(text[site.Line-1])
			}
			found.sites = append(found.sites, h)
		}
	}
	return found, nil
}

func (s side) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "PWD="+s.dir)
	if s.toolchain != "" {
		cmd.Env = append(cmd.Env, "GOTOOLCHAIN="+s.toolchain)
	}
	ownGroup(cmd)
	defer killGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("go %s: %s", args[0], cmp.Or(strings.TrimSpace(stderr.String()), err.Error()))
	}
	return out, nil
}
