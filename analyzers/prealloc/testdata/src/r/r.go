// Package r has functions that run seldom, by what they do.
package r

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"slices"
	"strings"
)

type store struct {
	items map[string]int
	names []string
	done  bool
}

// Silent: what is said about a mistake.

func (s *store) Check(want int) error {
	if len(s.items) != want {
		var names []string
		for name := range s.items {
			names = append(names, name)
		}
		return fmt.Errorf("have %s", strings.Join(names, ", "))
	}
	return nil
}

func (s *store) Must(want int) int {
	if len(s.items) != want {
		names := slices.Collect(maps.Keys(s.items))
		panic("have " + strings.Join(names, ", "))
	}
	return want
}

func (s *store) Find(want int) ([]string, error) {
	if s.done {
		names := slices.Collect(maps.Keys(s.items))
		return names, errors.New("done")
	}
	return nil, nil
}

// Silent: what sets up its object, once.

func (s *store) Provision() {
	s.names = prefixed(s.items)
}

func (s *store) register(in []string) {
	s.items = make(map[string]int)
	for i, name := range in {
		s.items[name] = i
	}
}

func Flags(in map[string]int) *flag.FlagSet {
	var out []string
	for name := range in {
		out = append(out, name)
	}
	fs := flag.NewFlagSet("x", flag.ExitOnError)
	fs.String("x", "", strings.Join(out, " "))
	return fs
}

func Load(in []string) []string {
	if len(in) == 0 {
		log.Fatal("nothing")
	}
	var out []string
	for _, name := range in {
		out = append(out, "/"+name)
	}
	return out
}

// Reported: neither.

func (s *store) DumpNames() []string {
	var out []string // want `out grows`
	for _, name := range s.names {
		out = append(out, name+"!")
	}
	return out
}

func (s *store) Report() string {
	var out []string // want `out grows`
	for _, name := range s.names {
		out = append(out, name+"!")
	}
	return strings.Join(out, ",")
}

func NewStoreForTest(in map[string]int) []string {
	var out []string // want `out grows`
	for name := range in {
		out = append(out, name)
	}
	return out
}

func (s *store) Close() []string {
	var out []string // want `out grows`
	for _, name := range s.names {
		out = append(out, name+"!")
	}
	return out
}

func prefixed(in map[string]int) []string {
	var out []string
	for name := range in {
		out = append(out, "/"+name)
	}
	return out
}

func (s *store) Export() ([]string, error) {
	if !s.done {
		var out []string // want `out grows`
		for _, name := range s.names {
			out = append(out, name+"!")
		}
		return out, nil
	}
	return nil, errors.New("done")
}

func (s *store) Reported() []string {
	var out []string // want `out grows`
	for _, name := range s.names {
		out = append(out, name+"!")
	}
	return out
}

func (s *store) Stored() (out []string) { // want `out grows`
	for _, name := range s.names {
		out = append(out, name+"!")
	}
	return out
}

func Testimony(in []string) (out []string) { // want `out grows`
	for _, name := range in {
		out = append(out, name+"!")
	}
	return out
}
