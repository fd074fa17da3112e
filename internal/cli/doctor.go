package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// A diagnosis is one line of the doctor.
type diagnosis struct {
	level level
	what  string
	text  string
}

type level int

const (
	fine   level = iota
	warn         // heapvet works, but something is not as it should be
	broken       // heapvet cannot work here
)

// doctor looks for what is known to keep heapvet, and what it stands on, from
// working: exit 0 if nothing is broken.
func doctor(c *command, ctx context.Context, args []string) (int, error) {
	if len(args) == 2 && strings.TrimLeft(args[0], "-") == "C" {
		if err := os.Chdir(args[1]); err != nil {
			return 0, err
		}
		os.Unsetenv("PWD")
	} else if len(args) > 0 {
		return 0, errors.New("usage: heapvet doctor [-C dir]")
	}
	s := styleFor(c.stdout)
	code := exitClean
	for _, d := range c.diagnose(ctx) {
		mark := map[level]string{fine: s.good("ok  "), warn: s.mark("warn"), broken: s.bad("fail")}[d.level]
		fmt.Fprintf(c.stdout, "%s  %-10s %s\n", mark, d.what, strings.ReplaceAll(d.text, "\n", "\n                 "))
		if d.level == broken {
			code = exitFailure
		}
	}
	return code, nil
}

func (c *command) diagnose(ctx context.Context) (all []diagnosis) {
	say := func(l level, what, format string, args ...any) {
		all = append(all, diagnosis{l, what, fmt.Sprintf(format, args...)})
	}
	self, err := os.Executable()
	if err != nil {
		say(broken, "heapvet", "cannot find the program itself: %v", err)
	} else {
		say(fine, "heapvet", "%s, built with %s", realPath(self), runtime.Version())
	}
	env, err := readGoEnv(ctx)
	if err != nil {
		say(broken, "go", "%v", err)
		return all
	}
	if err := checkToolchain(env.GOVERSION, runtime.Version()); err != nil {
		say(broken, "go", "%v", err)
	} else {
		say(fine, "go", "%s selected here", env.GOVERSION)
	}
	if text := localToolchain(ctx, env); text != "" {
		say(warn, "gopls", "%s", text)
	}

	flagsFine := true
	for name := range env.goflags() {
		switch name {
		case "vettool":
			say(warn, "GOFLAGS", "-vettool has no effect in GOFLAGS: go vet reads it from its arguments only")
		case "trimpath":
			say(warn, "GOFLAGS", "with -trimpath, go vet -vettool may show positions of another copy of a package; heapvet turns it off")
		default:
			continue
		}
		flagsFine = false
	}
	if flagsFine {
		say(fine, "GOFLAGS", "%s", cmp.Or(env.GOFLAGS, "empty"))
	}

	switch err := checkWritable(env.GOCACHE); {
	case env.GOCACHE == "off":
		say(broken, "GOCACHE", "is off; the go command needs a cache")
	case err != nil:
		say(broken, "GOCACHE", "%v", err)
	default:
		say(fine, "GOCACHE", "%s", env.GOCACHE)
	}

	switch {
	case env.GOWORK != "" && env.GOWORK != "off":
		say(fine, "workspace", "%s", env.GOWORK)
	case !env.inModule():
		say(warn, "module", "no go.mod here or above: only packages of the standard library and single files can be analysed")
	default:
		say(fine, "module", "%s", env.GOMOD)
	}

	if dir, err := os.Getwd(); err == nil {
		configs := newConfigs(dir, c.checks)
		switch cfg, err := configs.of(dir); {
		case err != nil:
			say(broken, "config", "%v", err)
		case cfg == nil:
			say(fine, "config", "none; all defaults")
		default:
			say(fine, "config", "%s", cfg.name)
		}
	}
	if _, err := exec.LookPath("git"); err != nil {
		say(warn, "git", "not in PATH: -new-from cannot work")
	} else if top, err := git(ctx, "rev-parse", "--show-toplevel"); err != nil {
		say(warn, "git", "no work tree here: -new-from cannot work")
	} else {
		say(fine, "git", "%s", strings.TrimSpace(top))
	}
	return all
}

// localToolchain warns if the go command in PATH is older than the toolchain that it
// switches to. gopls then type-checks the standard library for the older one, and
// shows no findings of any analyzer (golang/go#68495).
func localToolchain(ctx context.Context, env *goEnv) string {
	if _, err := exec.LookPath("gopls"); err != nil {
		return ""
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GO111MODULE=off", "GOFLAGS=")
	out, err := cmd.Output()
	local := strings.TrimSpace(string(out))
	if err != nil || version.Compare(version.Lang(local), version.Lang(env.GOVERSION)) >= 0 {
		return ""
	}
	return fmt.Sprintf("the go command in PATH is %s and switches to %s: gopls is then silent about all analyzers; put %[2]s in PATH", local, env.GOVERSION)
}

// checkWritable returns an error unless files can be made in the directory.
func checkWritable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "heapvet-doctor-")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// mainModules returns the directories of the modules that the user works on.
func (env *goEnv) mainModules() []string {
	if env.GOWORK != "" && env.GOWORK != "off" {
		data, err := os.ReadFile(env.GOWORK)
		if err != nil {
			return nil
		}
		work, err := modfile.ParseWork(env.GOWORK, data, nil)
		if err != nil {
			return nil
		}
		var dirs []string
		dirs = slices.Grow(dirs, len(work.Use))
		for _, use := range work.Use {
			dir := filepath.FromSlash(use.Path)
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(filepath.Dir(env.GOWORK), dir)
			}
			dirs = append(dirs, realPath(dir))
		}
		return dirs
	}
	if !env.inModule() {
		return nil
	}
	return []string{realPath(filepath.Dir(env.GOMOD))}
}
