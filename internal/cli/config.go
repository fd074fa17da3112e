package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/heapvet/heapvet/internal/selection"
)

// configNames are the names of a configuration file, the preferred one first.
var configNames = []string{"heapvet.toml", ".heapvet.toml"}

// A config is a configuration file. It is applied to findings, after the
// analysis, so that editing it costs no analysis; only All, and an opt-in check in
// Enable, ask for more of it.
type config struct {
	selection.Selection          // checks, and check/category
	All                 bool     `toml:"all"`     // findings of medium confidence too
	Test                *bool    `toml:"test"`    // findings in _test.go files; default true
	Exclude             []string `toml:"exclude"` // globs of files without findings
	Rules               []rule   `toml:"rule"`

	name    string // for messages
	dir     string // globs are relative to it
	exclude globs
}

// A rule selects checks for some of the files. Later rules win.
type rule struct {
	Paths []string `toml:"paths"`
	selection.Selection
	Reason string `toml:"reason"` // for people

	globs globs
}

// readConfig reads and checks a configuration, which messages call name.
func readConfig(file, name string, checks catalogue) (*config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c := &config{name: name, dir: filepath.Dir(file)}
	dec := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := dec.Decode(c); err != nil {
		return nil, tomlError(name, err)
	}
	bad := func(line int, err error) error { return fmt.Errorf("%s:%d: %w", name, line, err) }
	selections := []selection.Selection{c.Selection}
	for i := range c.Rules {
		r := &c.Rules[i]
		if len(r.Paths) == 0 || len(r.Enable)+len(r.Disable) == 0 {
			return nil, bad(lineOfRule(data, i), errors.New("a rule needs paths, and enable or disable"))
		}
		selections = append(selections, r.Selection)
		if r.globs, err = compileGlobs(r.Paths); err != nil {
			return nil, bad(lineOfRule(data, i), err)
		}
	}
	for _, s := range selections {
		for _, name := range slices.Concat(s.Enable, s.Disable) {
			if err := checks.validate(name); err != nil {
				return nil, bad(lineOf(data, name), err)
			}
		}
	}
	if c.exclude, err = compileGlobs(c.Exclude); err != nil {
		return nil, bad(lineOf(data, "exclude"), err)
	}
	return c, nil
}

// tomlError says where and why the file is not valid.
func tomlError(name string, err error) error {
	if e, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		lines := make([]string, 0, len(e.Errors))
		for _, e := range e.Errors {
			row, col := e.Position()
			key := e.Key()
			text := fmt.Sprintf("%s:%d:%d: unknown key %q", name, row, col, strings.Join(key, "."))
			if len(key) > 0 {
				if near := selection.Nearest(key[len(key)-1], configKeys); near != "" {
					text += fmt.Sprintf("; did you mean %q?", near)
				}
			}
			lines = append(lines, text)
		}
		return errors.New(strings.Join(lines, "\n"))
	}
	if e, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, col := e.Position()
		text := strings.TrimPrefix(e.Error(), "toml: ")
		if m := wrongType.FindStringSubmatch(text); m != nil {
			text = fmt.Sprintf("%s cannot be a %s", strings.Join(e.Key(), "."), m[1])
		}
		return fmt.Errorf("%s:%d:%d: %s", name, row, col, text)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// wrongType matches a message that speaks of Go types.
var wrongType = regexp.MustCompile(`^cannot decode TOML (\w+) into`)

var configKeys = []string{"enable", "disable", "all", "test", "exclude", "rule", "paths", "reason"}

// lineOf returns the first line that contains the text, as a quoted string if
// it does anywhere, or 1.
func lineOf(data []byte, text string) int {
	for _, form := range []string{strconv.Quote(text), "'" + text + "'", text} {
		if i := bytes.Index(data, []byte(form)); i >= 0 {
			return 1 + bytes.Count(data[:i], []byte("\n"))
		}
	}
	return 1
}

var ruleHeader = regexp.MustCompile(`(?m)^[ \t]*\[\[[ \t]*rule[ \t]*\]\]`)

// lineOfRule returns the line of the i-th [[rule]].
func lineOfRule(data []byte, i int) int {
	if all := ruleHeader.FindAllIndex(data, -1); i < len(all) {
		return 1 + bytes.Count(data[:all[i][0]], []byte("\n"))
	}
	return 1
}

// shows reports whether a finding is to be shown: the flags decide, or else the
// last rule for its file that says something of it, or else the configuration,
// or else the maturity of the check. Excluded files have no findings at all.
func (c *config) shows(f *finding, flags selection.Selection, checks catalogue) bool {
	var selections []selection.Selection // the strongest first
	selections = append(selections, flags)
	if c != nil {
		name := ""
		if rel, err := filepath.Rel(c.dir, f.Pos.File); err == nil && filepath.IsLocal(rel) {
			name = filepath.ToSlash(rel)
		}
		if c.exclude.match(name) {
			return false
		}
		for _, r := range slices.Backward(c.Rules) {
			if r.globs.match(name) {
				selections = append(selections, r.Selection)
			}
		}
		selections = append(selections, c.Selection)
	}
	for _, s := range selections {
		if on, known := s.Decide(f.Check, f.rule()); known {
			return on
		}
	}
	return checks.defaultOn(f.Check)
}

// configs finds the configuration of each directory: the nearest one upwards, up
// to the root of the repository. There is no merging.
type configs struct {
	cwd    string // messages name files relative to it
	checks catalogue
	byDir  map[string]*config
}

func newConfigs(cwd string, checks catalogue) configs {
	return configs{cwd, checks, make(map[string]*config)}
}

func (c *configs) of(dir string) (*config, error) {
	if cfg, ok := c.byDir[dir]; ok {
		return cfg, nil
	}
	cfg, err := c.find(dir)
	if err != nil {
		return nil, err
	}
	c.byDir[dir] = cfg
	return cfg, nil
}

func (c *configs) find(dir string) (*config, error) {
	for _, name := range configNames {
		file := filepath.Join(dir, name)
		cfg, err := readConfig(file, shortPath(c.cwd, file), c.checks)
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			return cfg, err
		}
	}
	parent := filepath.Dir(dir)
	if parent == dir {
		return nil, nil
	}
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
		return nil, nil
	}
	return c.of(parent)
}

// globs are patterns of paths: * and ? match within one element, ** any number
// of elements. A pattern that names a directory matches all that is below it; one
// without a slash matches at any depth.
type globs []*regexp.Regexp

func compileGlobs(patterns []string) (globs, error) {
	var gs globs
	for _, p := range patterns {
		glob := path.Clean(p)
		if glob == "." || glob == "/" {
			return nil, fmt.Errorf("%q names no files", p)
		}
		var b strings.Builder
		b.WriteString("^")
		if !strings.Contains(glob, "/") {
			b.WriteString("(?:.*/)?")
		}
		for glob = strings.TrimPrefix(glob, "/"); glob != ""; {
			switch {
			case strings.HasPrefix(glob, "**/"):
				b.WriteString("(?:.*/)?")
				glob = glob[3:]
			case strings.HasPrefix(glob, "**"):
				b.WriteString(".*")
				glob = glob[2:]
			case glob[0] == '*':
				b.WriteString("[^/]*")
				glob = glob[1:]
			case glob[0] == '?':
				b.WriteString("[^/]")
				glob = glob[1:]
			default:
				n := strings.IndexAny(glob, "*?")
				if n < 0 {
					n = len(glob)
				}
				b.WriteString(regexp.QuoteMeta(glob[:n]))
				glob = glob[n:]
			}
		}
		b.WriteString("(?:/.*)?$")
		re, err := regexp.Compile(b.String())
		if err != nil {
			return nil, fmt.Errorf("%q: %w", p, err)
		}
		gs = append(gs, re)
	}
	return gs, nil
}

func (gs globs) match(name string) bool {
	return name != "" && slices.ContainsFunc(gs, func(re *regexp.Regexp) bool { return re.MatchString(name) })
}
