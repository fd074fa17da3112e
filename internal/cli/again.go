package cli

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
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

	"github.com/heapvet/heapvet/internal/source"
	"github.com/heapvet/heapvet/internal/unit"
)

// In an editor, a package is analysed after every save. Nine times of ten go vet would only
// find out that nothing but the package has changed, and take most of the time for
// it. So the units of packages that are open are kept as go vet described them, and run
// again without it; what go vet says afterwards counts.

// keptVariable names, to a run of this program, the directory where units are kept.
const keptVariable = "HEAPVET_KEPT"

// keptUnits are the descriptions of units in a directory.
type keptUnits string

func (k keptUnits) file(dir string) string {
	return filepath.Join(string(k), fmt.Sprintf("%x.json", sha256.Sum256([]byte(dir))))
}

// store keeps what the units said of themselves in a run of go vet.
func (k keptUnits) store(ctx context.Context, e *engine, patterns []string, described []json.RawMessage) error {
	byDir := make(map[string][]*unit.Config)
	var exports map[string]string
	for _, raw := range described {
		cfg := new(unit.Config)
		if err := json.Unmarshal(raw, cfg); err != nil {
			return err
		}
		for path, file := range cfg.PackageFile {
			if exists(file) {
				continue
			}
			// The go command has just built it, and deleted it since.
			if exports == nil {
				var err error
				if exports, err = listExports(ctx, e.build, patterns); err != nil {
					return err
				}
			}
			if exports[path] == "" {
				return fmt.Errorf("there is no export data of %s", path)
			}
			cfg.PackageFile[path] = exports[path]
		}
		byDir[cfg.Dir] = append(byDir[cfg.Dir], cfg)
	}
	for dir, units := range byDir {
		data, err := json.Marshal(units)
		if err != nil {
			return err
		}
		name := k.file(realPath(dir))
		if err := os.WriteFile(name+".new", data, 0o600); err != nil {
			return err
		}
		if err := os.Rename(name+".new", name); err != nil {
			return err
		}
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// listExports returns the files with the compiled packages that the patterns name and
// import, by ID.
func listExports(ctx context.Context, build, patterns []string) (map[string]string, error) {
	args := slices.Concat([]string{"list", "-e", "-export", "-deps", "-test", "-f", "{{.ImportPath}}\t{{.Export}}"}, build, []string{"--"}, patterns)
	out, err := goOutput(ctx, args...)
	if err != nil {
		return nil, err
	}
	exports := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		id, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		exports[id] = file
	}
	return exports, nil
}

// of returns the units of the package in a directory, if they are made of the files that
// are there now.
func (k keptUnits) of(dir string) ([]*unit.Config, error) {
	data, err := os.ReadFile(k.file(realPath(dir)))
	if err != nil {
		return nil, err
	}
	var units []*unit.Config
	if err := json.Unmarshal(data, &units); err != nil {
		return nil, err
	}
	var known []string
	for _, cfg := range units {
		for _, name := range slices.Concat(cfg.GoFiles, cfg.IgnoredFiles) {
			known = append(known, filepath.Base(name))
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s is new", name)
		}
	}
	return units, nil
}

// again analyses the package in a directory as the last run of go vet there did, with
// other texts of some files. It tells the findings as -json prints them, and the
// files that were looked at: not those of external tests, which import the package. Those that
// need no compiler it may tell before the rest, and then again with it. It fails
// if the package does not compile or imports something new.
func (c *command) again(ctx context.Context, kept keptUnits, dir string, texts map[string]string, flags []string, tell func(found []byte, files []string)) error {
	units, err := kept.of(dir)
	if err != nil {
		return err
	}
	overlay := make(map[string]string, len(texts))
	for name, text := range texts {
		copied, err := writeTemp(string(kept), "*.go", []byte(text))
		if copied != "" {
			defer os.Remove(copied)
		}
		if err != nil {
			return err
		}
		overlay[name] = copied
	}
	o, err := parseFlags(append(slices.Clone(flags), "-json", "."))
	if err != nil {
		return err
	}
	a := &analysis{options: o, command: c, dir: dir, env: new(goEnv), sources: make(source.Files)}
	a.configs = newConfigs(dir, c.checks)
	if a.config, err = a.configs.of(dir); err != nil {
		return err
	}
	o.all = o.all || a.config != nil && a.config.All
	e, err := a.engine()
	if err != nil {
		return err
	}
	units = slices.DeleteFunc(units, func(cfg *unit.Config) bool {
		return strings.HasSuffix(packagePath(cfg.ImportPath), "_test")
	})
	var files []string
	byUnit := make([][]*finding, len(units))
	var last []byte
	for i, cfg := range units {
		cfg.Overlay = overlay
		files = append(files, cfg.GoFiles...)
		err := runUnit(ctx, e, kept, cfg, func(found []*finding) error {
			byUnit[i] = found
			out, err := a.again(slices.Concat(byUnit...))
			if err == nil && !bytes.Equal(out, last) {
				tell(out, files)
			}
			last = out
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// again returns what is wanted of the findings, as -json prints it.
func (a *analysis) again(found []*finding) ([]byte, error) {
	if _, err := a.show(found, nil); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err := formats["json"](&out, &report{Findings: a.shown, Dir: a.dir, Sources: a.sources, Checks: a.command.checks})
	return out.Bytes(), err
}

// runUnit runs the vet tool on one unit, and calls tell with the findings that it makes without
// the compiler, if that takes less time, and with all of them.
func runUnit(ctx context.Context, e *engine, kept keptUnits, cfg *unit.Config, tell func([]*finding) error) error {
	data, err := json.Marshal(cfg)
	if err != nil {
		return err
	}
	name, err := writeTemp(string(kept), "*.cfg", data)
	if name != "" {
		defer os.Remove(name)
	}
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, e.self, append(slices.Clone(e.tool), "-json", "-soon", name)...)
	cmd.Dir = cfg.Dir
	cmd.Env = append(os.Environ(), cfg.Env...)
	ownGroup(cmd)
	cmd.WaitDelay = time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	told := readUnits(stdout, func(one unitResults) error {
		var v vetRun
		if err := v.add(one); err != nil {
			return err
		}
		return tell(v.Findings)
	})
	io.Copy(io.Discard, stdout) // else the tool might wait for somebody to read it
	err = cmd.Wait()
	killGroup(cmd)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && stderr.Len() > 0:
		return errors.New(strings.TrimSpace(stderr.String()))
	}
	return cmp.Or(err, told)
}

func writeTemp(dir, pattern string, data []byte) (name string, err error) {
	f, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return f.Name(), errors.Join(err, f.Close())
}
