// Package b has loops that are short, slow or cold.
package b

import (
	"context"
	"go/ast"
	"io"
	"os/exec"
	"reflect"
	"sync"
)

type Config struct{ Hosts []string }

type HostConfig struct{ Name string }

type server struct {
	opts  Config
	names []string
}

// Silent: short by nature.

func Arguments(call *ast.CallExpr) []ast.Node {
	var out []ast.Node
	for _, e := range call.Args {
		out = append(out, e)
	}
	return out
}

func Types(in []reflect.Type) []string {
	var out []string
	for _, t := range in {
		out = append(out, t.Name())
	}
	return out
}

func Variadic(in ...string) []string {
	var out []string
	for _, s := range in {
		out = append(out, s+"!")
	}
	return out
}

func (s *server) Settings() []string {
	var out []string
	for _, h := range s.opts.Hosts {
		out = append(out, h+"!")
	}
	return out
}

func Hosts(in []*HostConfig) map[string]*HostConfig {
	m := make(map[string]*HostConfig)
	for _, h := range in {
		m[h.Name] = h
	}
	return m
}

func CommandLine(cmd *exec.Cmd) []string {
	var out []string
	for _, arg := range cmd.Args {
		out = append(out, arg+"!")
	}
	return out
}

// Reported: neither.

func (s *server) Names() []string {
	var out []string // want `out grows`
	for _, h := range s.names {
		out = append(out, h+"!")
	}
	return out
}

// Silent: an iteration takes far longer than the growth.

func Remote(ctx context.Context, in []string, get func(context.Context, string) string) []string {
	var out []string
	for _, s := range in {
		out = append(out, get(ctx, s))
	}
	return out
}

func Open(in []string, open func(string) (io.ReadCloser, error)) ([]io.ReadCloser, error) {
	var out []io.ReadCloser
	for _, s := range in {
		f, err := open(s)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func Start(in []string, f func(string)) []chan bool {
	var out []chan bool
	for _, s := range in {
		done := make(chan bool)
		go func() { f(s); close(done) }()
		out = append(out, done)
	}
	return out
}

// Silent: runs once.

func NewServer(in []string) *server {
	s := &server{}
	for _, name := range in {
		s.names = append(s.names, name)
	}
	return s
}

func (s *server) UnmarshalYAML(unmarshal func(any) error) error {
	var raw []string
	if err := unmarshal(&raw); err != nil {
		return err
	}
	var names []string
	for _, r := range raw {
		names = append(names, r+"!")
	}
	s.names = names
	return nil
}

var (
	once  sync.Once
	words []string
	upper = func(in []string) []string {
		var out []string
		for _, w := range in {
			out = append(out, w+"!")
		}
		return out
	}(words)
)

func Words() []string {
	once.Do(func() {
		var out []string
		for _, w := range upper {
			out = append(out, w+"!")
		}
		words = out
	})
	return words
}

func init() {
	words = setup(upper)
	for range 100 {
		words = repeated(upper)
	}
}

func setup(in []string) []string {
	var out []string
	for _, w := range in {
		out = append(out, w+"!")
	}
	return out
}

// Reported: called again and again.
func repeated(in []string) []string {
	var out []string // want `out grows`
	for _, w := range in {
		out = append(out, w+"!")
	}
	return out
}
