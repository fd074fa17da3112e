package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A goEnv is what the go command says about the current directory.
type goEnv struct {
	GOVERSION, GOFLAGS, GOMOD, GOWORK, GOCACHE, GOMODCACHE, GOROOT, GOTOOLCHAIN string
}

func readGoEnv(ctx context.Context) (*goEnv, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, errors.New("the go command is not in PATH; heapvet works through it: https://go.dev/dl")
	}
	out, err := goOutput(ctx, "env", "-json",
		"GOVERSION", "GOFLAGS", "GOMOD", "GOWORK", "GOCACHE", "GOMODCACHE", "GOROOT", "GOTOOLCHAIN")
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("the go command does not work here: %w", err)
	}
	env := new(goEnv)
	if err := json.Unmarshal(out, env); err != nil {
		return nil, fmt.Errorf("cannot read the output of go env: %w", err)
	}
	env.GOVERSION, _, _ = strings.Cut(env.GOVERSION, " ") // "go1.27.0 X:experiment"
	return env, nil
}

// goOutput runs the go command, and returns what it prints, also if it fails. The error is
// what it says of its failure.
func goOutput(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		err = errors.New(cmp.Or(strings.TrimSpace(stderr.String()), err.Error()))
	}
	return out, err
}

// inModule reports whether there is a go.mod or go.work here or above.
func (env *goEnv) inModule() bool {
	return env.GOMOD != "" && env.GOMOD != os.DevNull || env.GOWORK != "" && env.GOWORK != "off"
}

// oldestGo is the oldest release whose go vet prints JSON that can be read and
// caches it.
const oldestGo = "go1.26"

// checkToolchain returns an error if this program, built by Go release built, cannot
// analyse packages built by the selected release.
func checkToolchain(selected, built string) error {
	if !version.IsValid(selected) {
		return nil // a development version: nothing is known about it
	}
	if version.Compare(selected, oldestGo) < 0 {
		return fmt.Errorf("the go command here is %s; heapvet needs %s or newer (GOTOOLCHAIN=%s.0 heapvet … selects it)", selected, oldestGo, oldestGo)
	}
	built, _, _ = strings.Cut(built, " ")
	if !version.IsValid(built) || version.Compare(version.Lang(selected), version.Lang(built)) <= 0 {
		return nil
	}
	return fmt.Errorf(`this heapvet was built with %[2]s and cannot analyse packages for %[1]s, which is selected here
build it with the newer Go:
	GOTOOLCHAIN=%[1]s go install %[3]s@latest
or let each module build its own:
	go get -tool %[3]s@latest
	go tool heapvet`, selected, built, commandPath)
}

const commandPath = "github.com/heapvet/heapvet/cmd/heapvet"

// overrides returns the flags that undo what in GOFLAGS would spoil the output
// of go vet or its truth: with -trimpath, the go command replays results that were
// found for a copy of the package elsewhere.
func (env *goEnv) overrides() (flags []string) {
	for name := range env.goflags() {
		switch name {
		case "trimpath", "n", "x", "v", "fix", "diff":
			flags = append(flags, "-"+name+"=false")
		}
	}
	return flags
}

// goflags yields the flags in GOFLAGS.
func (env *goEnv) goflags() func(yield func(name string) bool) {
	return func(yield func(string) bool) {
		for _, field := range strings.Fields(env.GOFLAGS) {
			field = strings.Trim(field, `'"`)
			if !strings.HasPrefix(field, "-") {
				continue // inside a quoted flag
			}
			name, _, _ := strings.Cut(strings.TrimLeft(field, "-"), "=")
			if !yield(name) {
				return
			}
		}
	}
}
