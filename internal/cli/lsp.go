package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/heapvet/heapvet/internal/lsp"
	"github.com/heapvet/heapvet/lint"
)

const lspHelp = `heapvet lsp is a language server on standard input and output, to be run beside gopls. It shows
the findings of the packages whose files are open, with the steps that lead to them, quick fixes,
and, on any line, what the compiler allocates there and why ("Explain what this line allocates").

A file is analysed when it is opened and when it is saved. What was found in it is withdrawn as
soon as it is edited; with -live, the text is analysed as it is, when nothing was typed for a moment.

	heapvet lsp [-live] [-all] [-enable list] [-disable list] [-tags list] [-test=false]

The other flags are those of heapvet, and so is heapvet.toml. docs/editors.md of the repository shows
settings for editors.
`

// serve speaks the language server protocol on standard input and output.
func serve(c *command, ctx context.Context, args []string) (int, error) {
	given := len(args)
	args = slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "-live" || arg == "--live" })
	live := len(args) < given
	o, err := parseFlags(args)
	if err != nil {
		return 0, err
	}
	if o.fix || o.diff || o.writeBaseline != "" || o.json || o.format != "text" || o.dir != "" || len(o.patterns) != 1 || o.patterns[0] != "./..." {
		return 0, errors.New("lsp takes only flags that say what to look for: heapvet help lsp")
	}
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("cannot find the program itself, which does the analysis: %w", err)
	}
	kept, err := os.MkdirTemp("", "heapvet-lsp-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(kept)
	server := &lsp.Server{
		Run: func(ctx context.Context, dir string, args ...string) lsp.Output {
			return runSelf(ctx, self, dir, args, keptVariable+"="+kept)
		},
		Again: func(ctx context.Context, dir string, texts map[string]string, tell func([]byte, []string)) error {
			return c.again(ctx, keptUnits(kept), dir, texts, args, tell)
		},
		Live:    live,
		Flags:   args,
		Version: toolVersion(),
		Sure:    c.checks.defaultOn,
		URL:     lint.URL,
		Logf:    func(format string, args ...any) { fmt.Fprintf(c.stderr, "heapvet: "+format+"\n", args...) },
	}
	return server.Serve(ctx, stdio{os.Stdin, os.Stdout}), nil
}

// runSelf runs the program until it ends, or the context does.
func runSelf(ctx context.Context, self, dir string, args []string, env ...string) lsp.Output {
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	killGroup(cmd)
	if _, isExit := errors.AsType[*exec.ExitError](err); isExit {
		err = nil
	}
	code := 0
	if cmd.ProcessState != nil {
		code = cmd.ProcessState.ExitCode()
	}
	return lsp.Output{Stdout: stdout.Bytes(), Stderr: stderr.Bytes(), Code: code, Err: err}
}

type stdio struct {
	io.Reader
	io.Writer
}

func (stdio) Close() error { return os.Stdin.Close() }
